from signed_and_certificates import *

write("server.pem", cucm.tomcat.pem + cucm.tomcat.key.pem)
