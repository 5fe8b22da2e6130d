from origins import *

write("tomcat.pem", node("cucm-pub", "tomcat", issuing).pem)
write("store.pem", issuing.pem)
