from origins import *

# CallManager and tomcat of one node, both self-signed, one common name: the store can hold one of them.
write("tomcat.pem", node("cucm-pub", "tomcat").pem)
write("CallManager.pem", node("cucm-pub", "callmanager").pem)
write("store.pem", root.pem)
