from signed_and_certificates import *

write("SEP001122334455.cnf.xml.sgn", cut(sgn("SEP001122334455.cnf.xml.sgn", configuration()), 60))
