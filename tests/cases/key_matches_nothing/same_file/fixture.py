from containers import *

write("tomcat.pem", signed_leaf().pem + cucm.ca.pem + Key("other").pem)
