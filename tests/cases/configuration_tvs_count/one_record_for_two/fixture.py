from signed_and_certificates import *

write("ITLSEP001122334455.tlv", itl())
write("SEP001122334455.cnf.xml", configuration())
