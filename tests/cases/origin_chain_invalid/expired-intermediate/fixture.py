from origins import *

old = certificate(cucm.name("Example Issuing CA"), "itlrecovery", issuer=root, ca=True, not_before="2016-01-01", not_after="2026-06-01")
write("tomcat.pem", chain(node("cucm-pub", "tomcat", old), old))
write("store.pem", root.pem)
