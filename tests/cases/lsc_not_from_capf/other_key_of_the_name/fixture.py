from signed_and_certificates import *

write("CAPF.pem", leaf("CAPF-5a1b2c3d", "ca", ca=True).pem)
write("SEP001122334455.pem", phone_certificate("CP-8861-SEP001122334455", cucm.capf).pem)
