from origins import *

# A small cluster before the upgrade to X14.2: publisher signed but advertised by its short name, one subscriber self-signed and
# advertised by its IP address, the other whose intermediate CA is missing, IM and Presence in order.
write("pub-tomcat.pem", node("cucm-pub", "tomcat", root).pem)
write("pub-tomcat-ECDSA.pem", node("cucm-pub", "ec384", ending="-EC").pem)
write("pub-CallManager.pem", node("cucm-pub", "callmanager", root).pem)
write("sub1-tomcat.pem", node("cucm-sub1", "callmanager-sub").pem)
write("sub2-tomcat.pem", node("cucm-sub2", "tvs-sub", issuing).pem)
write("imp-tomcat.pem", node("imp1", "tvs", root).pem)
write("store.pem", root.pem)
