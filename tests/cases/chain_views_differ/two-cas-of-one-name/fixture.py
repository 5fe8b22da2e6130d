from origins import *

# The CA was renewed with a new key under its old name; both stand in the store, one has expired.
renewed = certificate(cucm.name("Example Root CA"), "token2", ca=True, not_before="2024-01-01", not_after="2044-01-01")
write("tomcat.pem", node("cucm-pub", "tomcat", renewed).pem)
write("store.pem", chain(root, renewed))
