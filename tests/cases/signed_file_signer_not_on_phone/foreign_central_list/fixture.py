from signed_and_certificates import *

write("held.tlv", itl(cucm.other, [
    record(SAST, cucm.other),
    record(CCM_TFTP, cucm.other),
    record(CAPF, cucm.capf, by_hash=True),
]))
write("offered.tlv", itl())
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", configuration()))
