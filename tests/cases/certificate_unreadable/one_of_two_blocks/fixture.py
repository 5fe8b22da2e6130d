from signed_and_certificates import *

lines = cucm.tvs.pem.splitlines()
write("bundle.pem", cucm.tomcat.pem + "\n".join(lines[:6] + lines[-2:]) + "\n")
