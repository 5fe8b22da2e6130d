from containers import *

write("ITLSEP001122334455.tlv", two_nodes())
write("phone.key", encrypted_pkcs8("phone", "not-a-real-one"))
write("SEP001122334455.cnf.xml.enc.sgn", enc_sgn("SEP001122334455.cnf.xml.enc.sgn", configuration(mode=3), cucm.phone))
