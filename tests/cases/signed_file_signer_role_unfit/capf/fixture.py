from signed_and_certificates import *

write("ITLSEP001122334455.tlv", itl(records=[
    record(SAST, cucm.itlrecovery),
    record(CCM_TFTP, cucm.callmanager),
    record(TVS, cucm.tvs, by_hash=True),
    record(TVS, cucm.tvs_sub, by_hash=True),
    record(CAPF, cucm.capf),
]))
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", configuration(), cucm.capf))
