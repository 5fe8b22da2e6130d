from signed_and_certificates import *

root = certificate("CN=Example Root;O=Example", "ca", ca=True, not_after="2040-01-01")
write("store.pem", certificate("CN=Example Issuing;O=Example", "other", ca=True, issuer=root).pem + root.pem)
