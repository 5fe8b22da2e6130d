from containers import *

other = certificate(cucm.name("Example Root CA"), "other", ca=True)
write("ca.crl", revocation_list(other, [signed_leaf()]))
write("ca.pem", cucm.ca.pem)
write("tomcat.pem", signed_leaf().pem)
