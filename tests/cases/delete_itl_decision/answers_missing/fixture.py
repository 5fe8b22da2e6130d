from tlvfixtures import *

old = cucm.old_itl_records()
new = [
    record(SAST, cucm.callmanager_new),
    record(CCM_TFTP, cucm.callmanager_new),
    record(TVS, cucm.tvs_new, by_hash=True),
    old[3],
]
write("phone.tlv", itl(cucm.callmanager, old))
write("server.tlv", itl(cucm.callmanager_new, new))
