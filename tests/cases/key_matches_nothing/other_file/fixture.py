from containers import *

write("tomcat.key", Key("other").pem)
write("tomcat.pem", signed_leaf().pem)
