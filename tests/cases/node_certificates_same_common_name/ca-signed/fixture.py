from origins import *

write("tomcat.pem", node("cucm-pub", "tomcat", root).pem)
write("CallManager.pem", node("cucm-pub", "callmanager", root).pem)
write("store.pem", root.pem)
