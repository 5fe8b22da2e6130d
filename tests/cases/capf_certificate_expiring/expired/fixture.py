from signed_and_certificates import *

write("CAPF.pem", leaf("CAPF-5a1b2c3d", "capf", ca=True, not_before="2021-11-01", not_after="2026-10-31").pem)
