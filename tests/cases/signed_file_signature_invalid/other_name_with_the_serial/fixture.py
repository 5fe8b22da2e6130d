from signed_and_certificates import *

namesake = certificate(cucm.name("cucm-pub.example.com"), "callmanager", serial="4a01")
impostor = leaf("elsewhere.example.net", issuer=cucm.ca, serial="4a01")
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", configuration(), cucm.other, issuer=impostor.issuer, serial=impostor.serial, name=namesake.subject))
write("impostor.pem", impostor.pem)
