from tlvfixtures import *

records = cucm.itl_records()
records[2] = record(TFTP, cucm.callmanager, serial=b"\x01\x02")
write("ITLSEP001122334455.tlv", itl(records=records))
