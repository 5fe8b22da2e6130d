from tlvfixtures import *

records = cucm.itl_records()
records[2] = record(CCM_TFTP, cucm.callmanager, subject=cucm.callmanager.subject.encode())
write("ITLSEP001122334455.tlv", itl(records=records, extra=element(40, b"new")))
