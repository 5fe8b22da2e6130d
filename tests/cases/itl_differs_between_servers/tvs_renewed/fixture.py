from tlvfixtures import *

records = cucm.itl_records()
write("node1-ITLFile.tlv", itl())
write("node2-ITLFile.tlv", itl(records=[*records[:3], record(TVS, cucm.tvs_new, by_hash=True), records[4]]))
