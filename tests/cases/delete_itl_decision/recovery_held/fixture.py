from tlvfixtures import *

old = cucm.itl_records()
new = [
    old[0],
    record(SAST, cucm.callmanager_new),
    record(CCM_TFTP, cucm.callmanager_new),
    record(TVS, cucm.tvs_new, by_hash=True),
    old[4],
]
write("phone.tlv", itl(cucm.callmanager, old))
write("server.tlv", itl(cucm.callmanager_new, new))
