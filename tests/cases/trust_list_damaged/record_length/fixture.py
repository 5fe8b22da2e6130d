from tlvfixtures import *

signed = record(SAST, cucm.itlrecovery)
records = [record(SAST, cucm.itlrecovery, length=len(signed) - 4), *cucm.itl_records()[1:]]
write("ITLSEP001122334455.tlv", itl(records=records))
