from signed_and_certificates import *

write("held.tlv", itl())
write("offered.tlv", itl(cucm.itlrecovery, [
    record(SAST, cucm.itlrecovery),
    record(SAST, cucm.callmanager_new),
    record(CCM_TFTP, cucm.callmanager_new),
    record(TVS, cucm.tvs, by_hash=True),
    record(CAPF, cucm.capf, by_hash=True),
]))
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", configuration(), cucm.callmanager_new))
