from signed_and_certificates import *

# Up to 11.x CallManager signs. Its certificate was renewed, and the server's list is signed by the new one.
def server(tvs):
    return itl(cucm.callmanager_new, [
        record(SAST, cucm.callmanager_new),
        record(CCM_TFTP, cucm.callmanager_new),
        record(TVS, tvs, by_hash=True),
        record(CAPF, cucm.capf, by_hash=True),
    ])

write("held.tlv", itl(cucm.callmanager, cucm.old_itl_records()))
write("offered.tlv", server(cucm.tvs_new))
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", configuration(), cucm.callmanager_new))
