from signed_and_certificates import *

write("SEP000000000001.cnf.xml", configuration(mode=1))
write("SEP000000000002.cnf.xml", configuration(mode=3))
write("SEP000000000003.cnf.xml", configuration(mode=1))
