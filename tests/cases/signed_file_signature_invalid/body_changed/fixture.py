from signed_and_certificates import *

whole = sgn("SEP001122334455.cnf.xml.sgn", configuration())
write("ITLSEP001122334455.tlv", two_nodes())
write("SEP001122334455.cnf.xml.sgn", flip(whole, len(whole) - 20))
