from signed_and_certificates import *

write("SEP001122334455.cnf.xml", configuration(tvs=()))
