from signed_and_certificates import *

plain = configuration(extra="<sshUserId>admin</sshUserId>\n<sshPassword>not-a-real-one</sshPassword>")
write("ITLSEP001122334455.tlv", two_nodes())
write("SEP001122334455.cnf.xml.enc.sgn", enc_sgn("SEP001122334455.cnf.xml.enc.sgn", plain, cucm.phone))
write("phone-key.pem", cucm.phone.key.pem)
