from origins import *

# The classic: tomcat was never signed by the CA that stands in Expressway's list.
write("tomcat.pem", node("cucm-pub", "tomcat").pem)
write("store.pem", root.pem)
