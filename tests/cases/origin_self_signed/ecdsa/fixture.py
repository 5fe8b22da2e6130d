from origins import *

# RSA was signed by the CA, ECDSA was forgotten: the node looks right in a browser that prefers RSA.
write("tomcat.pem", node("cucm-pub", "tomcat", root).pem)
write("tomcat-ECDSA.pem", node("cucm-pub", "ec384", ending="-EC").pem)
write("store.pem", root.pem)
