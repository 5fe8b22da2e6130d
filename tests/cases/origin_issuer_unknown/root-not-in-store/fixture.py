from origins import *

write("tomcat.pem", chain(node("cucm-pub", "tomcat", issuing), issuing, root))
write("store.pem", cucm.capf.pem)
