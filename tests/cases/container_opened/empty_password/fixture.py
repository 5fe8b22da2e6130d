from containers import *

write("tomcat.p12", pkcs12("tomcat", [signed_leaf()], password=""))
