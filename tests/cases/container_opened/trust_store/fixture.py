from containers import *

write("store.p12", pkcs12(None, [cucm.ca]))
write("tomcat.pem", signed_leaf().pem)
