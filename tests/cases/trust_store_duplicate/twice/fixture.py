from signed_and_certificates import *

root = certificate("CN=Example Root;O=Example", "ca", ca=True, not_after="2040-01-01")
write("store.pem", root.pem + root.pem)
