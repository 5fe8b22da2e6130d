from signed_and_certificates import *

head = len(sgn("SEP001122334455.cnf.xml.sgn", ""))
plain = configuration()
blanks = 550002 - head - len(plain)
write("ITLSEP001122334455.tlv", two_nodes())
write("SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", plain + " " * blanks))
