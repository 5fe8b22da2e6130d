from origins import *

write("pub.pem", node("cucm-pub", "tomcat", root).pem)
write("sub.pem", node("cucm-sub", "tvs", root).pem)
write("store.pem", root.pem)
