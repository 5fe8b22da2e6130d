from signed_and_certificates import *

import hashlib

local = phone_certificate("CP-8861-SEP001122334455", cucm.capf)
write("LSC.pem", local.pem)
write("SEP001122334455.cnf.xml", configuration(full=False, encrypted=True, cert_hash=hashlib.md5(local.der).hexdigest()))
