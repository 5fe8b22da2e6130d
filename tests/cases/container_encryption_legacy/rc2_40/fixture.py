from containers import *

write("tomcat.pfx", pkcs12("tomcat", [signed_leaf(), cucm.ca], "-legacy"))
