from containers import *

write("ca.crl", revocation_list(cucm.ca, [signed_leaf()]))
write("tomcat.pem", signed_leaf().pem)
