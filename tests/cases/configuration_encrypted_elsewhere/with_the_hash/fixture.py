from signed_and_certificates import *

write("SEP001122334455.cnf.xml", configuration(full=False, encrypted=True, cert_hash="00112233445566778899aabbccddeeff"))
