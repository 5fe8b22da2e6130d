from tlvfixtures import *

records = cucm.itl_records()
write("ITLSEP001122334455.tlv", itl(records=[records[0], *records[3:]]))
