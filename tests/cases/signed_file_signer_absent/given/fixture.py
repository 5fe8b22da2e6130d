from signed_and_certificates import *

write("ITLSEP001122334455.tlv", two_nodes())
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", configuration(), cucm.other))
write("other.pem", cucm.other.pem)
