from signed_and_certificates import *

write("ITLSEP001122334455.tlv", two_nodes())
write("SEP001122334455.cnf.xml.enc.sgn", enc_sgn("SEP001122334455.cnf.xml.enc.sgn", configuration(), cucm.phone, iv=bytes(16)))
write("phone-key.pem", cucm.phone.key.pem)
