from signed_and_certificates import *

import hashlib

old = phone_certificate("CP-8861-SEP001122334455", cucm.capf, key="other")
write("LSC.pem", phone_certificate("CP-8861-SEP001122334455", cucm.capf).pem)
short = configuration(full=False, encrypted=True, cert_hash=hashlib.md5(old.der).hexdigest())
write("SEP001122334455.cnf.xml", short)
