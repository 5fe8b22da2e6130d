from signed_and_certificates import *

old = certificate("CN=Example Root;O=Example", "ca", ca=True, not_before="2015-01-01", not_after="2035-01-01")
new = certificate("CN=Example Root;O=Example", "ca", ca=True, not_after="2040-01-01")
write("store.pem", old.pem + new.pem)
