from containers import *

good = pkcs12("tomcat", [signed_leaf(), cucm.ca])
write("tomcat.p12", flip(good, 700))
