from signed_and_certificates import *

import hashlib

authority = cisco_authority("Cisco Manufacturing CA SHA2", "2012-11-12", "2037-11-12")
local = phone_certificate("CP-8861-SEP001122334455", cucm.capf)
write("MIC.pem", phone_certificate("CP-8861-SEP001122334455", authority, key="other").pem)
short = configuration(full=False, encrypted=True, cert_hash=hashlib.md5(local.der).hexdigest())
write("SEP001122334455.cnf.xml", short)
