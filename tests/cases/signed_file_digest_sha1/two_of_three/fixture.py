from signed_and_certificates import *

write("ITLFile.tlv", two_nodes(digest="sha512"))
write("SEP000000000001.cnf.xml.sgn", sgn("SEP000000000001.cnf.xml.sgn", configuration()))
write("SEP000000000002.cnf.xml.sgn", sgn("SEP000000000002.cnf.xml.sgn", configuration(), digest="sha512"))
write("SEP000000000003.cnf.xml.sgn", sgn("SEP000000000003.cnf.xml.sgn", configuration()))
