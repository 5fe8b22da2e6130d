from signed_and_certificates import *

expired = leaf("cucm-pub.example.com", "callmanager", not_before="2011-07-06", not_after="2012-07-05")
write("ITLFile.tlv", itl(records=[
    record(SAST, cucm.itlrecovery),
    record(CCM_TFTP, expired),
    record(TVS, cucm.tvs, by_hash=True),
    record(CAPF, cucm.capf, by_hash=True),
]))
