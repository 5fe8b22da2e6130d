from tlvfixtures import *

write("phone.tlv", itl(records=cucm.itl_records()[:2]))
write("server.tlv", itl(cucm.callmanager_sub, [record(SAST, cucm.callmanager_sub), record(CCM_TFTP, cucm.callmanager_sub), record(TVS, cucm.tvs_sub, by_hash=True), record(CAPF, cucm.capf, by_hash=True)]))
