from tlvfixtures import *

records = cucm.itl_records()
write("phone.tlv", itl())
write("server.tlv", itl(records=[*records[:3], record(TVS, cucm.tvs_new, by_hash=True), records[4]]))
