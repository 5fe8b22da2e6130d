from origins import *

write("tomcat.pem", node("cucm-pub", "tomcat", root).pem)
write("tomcat-ECDSA.pem", node("cucm-pub", "ec384", ending="-EC").pem)
write("store.pem", root.pem)
