from origins import *

# Expired, and for clients only: the product would show one after the other.
write("tomcat.pem", node("cucm-pub", "tomcat", root, extended="clientAuth", not_after="2026-01-01").pem)
write("store.pem", root.pem)
