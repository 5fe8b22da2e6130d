from origins import *

# A browser accepts the address, Traffic Server never looks at iPAddress entries.
write("tomcat.pem", node("cucm-pub", "tomcat", root, ip=["10.48.36.215"]).pem)
write("store.pem", root.pem)
