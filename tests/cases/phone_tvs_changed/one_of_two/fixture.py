from tlvfixtures import *

old = cucm.old_itl_records()
sub = record(TVS, cucm.tvs_sub, by_hash=True)
new = [record(SAST, cucm.callmanager_new), record(CCM_TFTP, cucm.callmanager_new), record(TVS, cucm.tvs_new, by_hash=True), sub, old[3]]
write("phone.tlv", itl(cucm.callmanager, [*old[:3], sub, old[3]]))
write("server.tlv", itl(cucm.callmanager_new, new))
