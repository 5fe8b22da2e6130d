from signed_and_certificates import *

root = certificate("CN=Example Root;O=Example", "ca", ca=True, not_after="2040-01-01")
write("CAPF.pem", certificate("CN=CAPF-9c4cba7d;O=Example", "capf", ca=True, issuer=root).pem)
