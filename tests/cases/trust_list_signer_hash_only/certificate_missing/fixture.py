from tlvfixtures import *

records = cucm.itl_records()
write("ITLSEP001122334455.tlv", itl(records=[record(SAST, cucm.itlrecovery, by_hash=True), *records[1:]]))
