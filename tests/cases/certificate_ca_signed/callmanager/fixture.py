from signed_and_certificates import *

signed_by_ca = leaf("cucm-pub.example.com", "callmanager", issuer=cucm.ca, dns=["cucm-pub.example.com"])
write("ITLFile.tlv", itl(records=[
    record(SAST, cucm.itlrecovery),
    record(CCM_TFTP, signed_by_ca),
    record(TVS, cucm.tvs, by_hash=True),
    record(CAPF, cucm.capf, by_hash=True),
]))
