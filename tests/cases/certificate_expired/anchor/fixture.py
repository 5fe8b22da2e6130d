from signed_and_certificates import *

write("store.pem", leaf("Old Root CA", "ca", ca=True, not_before="2010-01-01", not_after="2020-01-01").pem)
