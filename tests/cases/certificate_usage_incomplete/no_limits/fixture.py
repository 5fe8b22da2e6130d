from signed_and_certificates import *

plain = leaf("cucm-pub.example.com", "callmanager", usage=None, extended=None)
write("ITLFile.tlv", itl(records=[
    record(SAST, cucm.itlrecovery),
    record(CCM_TFTP, plain),
    record(TVS, cucm.tvs, by_hash=True),
    record(CAPF, cucm.capf, by_hash=True),
]))
