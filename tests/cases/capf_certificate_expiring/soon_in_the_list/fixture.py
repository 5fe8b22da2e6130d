from signed_and_certificates import *

capf = leaf("CAPF-5a1b2c3d", "capf", ca=True, not_before="2021-12-20", not_after="2026-12-20")
write("ITLFile.tlv", itl(records=[
    record(SAST, cucm.itlrecovery),
    record(CCM_TFTP, cucm.callmanager),
    record(TVS, cucm.tvs, by_hash=True),
    record(CAPF, capf),
]))
