from tlvfixtures import *

records = cucm.itl_records()
records[4] = record(CAPF, cucm.capf, by_hash=True, hash_code=None)
write("ITLSEP001122334455.tlv", itl(records=records))
write("tvs.pem", cucm.tvs.pem)
