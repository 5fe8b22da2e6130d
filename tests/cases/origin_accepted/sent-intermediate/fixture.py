from origins import *

write("tomcat.pem", chain(node("cucm-pub", "tomcat", issuing), issuing))
write("store.pem", root.pem)
