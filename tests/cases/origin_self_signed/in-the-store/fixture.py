from origins import *

# What a guide tells to do in a lab: the certificate itself is uploaded as a CA.
write("tomcat.pem", node("cucm-pub", "tomcat").pem)
write("store.pem", chain(root, node("cucm-pub", "tomcat")))
