from origins import *

write("tomcat.pem", node("cucm-pub", "tomcat", root, extended="clientAuth").pem)
write("store.pem", root.pem)
