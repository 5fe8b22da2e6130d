from containers import *

write("tomcat.pem", signed_leaf().pem)
write("tomcat.key", Key("tomcat").pem)
