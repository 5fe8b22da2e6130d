from containers import *

write("tomcat.p12", pkcs12("tomcat", [signed_leaf()], "-legacy", "-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-3DES"))
