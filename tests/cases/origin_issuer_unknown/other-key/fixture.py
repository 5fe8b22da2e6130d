from origins import *

# The root was renewed with a new key; the store still holds the old one.
renewed = certificate(cucm.name("Example Root CA"), "token2", ca=True, not_before="2024-01-01", not_after="2044-01-01")
write("tomcat.pem", node("cucm-pub", "tomcat", renewed).pem)
write("store.pem", root.pem)
