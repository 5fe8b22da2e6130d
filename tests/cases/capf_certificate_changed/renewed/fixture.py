from signed_and_certificates import *

write("CAPF.pem", leaf("CAPF-77aa88bb", "ca", ca=True, not_before="2026-11-02", not_after="2031-11-01").pem)
write("ITLFile.tlv", itl())
