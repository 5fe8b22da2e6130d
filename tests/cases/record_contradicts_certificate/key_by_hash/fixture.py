from tlvfixtures import *

records = cucm.itl_records()
records[3] = record(TVS, cucm.tvs, by_hash=True, public_key=cucm.other.public_key)
write("ITLSEP001122334455.tlv", itl(records=records))
write("tvs.pem", cucm.tvs.pem)
