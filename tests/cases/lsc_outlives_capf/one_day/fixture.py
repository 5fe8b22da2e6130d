from signed_and_certificates import *

write("CAPF.pem", cucm.capf.pem)
write("SEP001122334455.pem", phone_certificate("CP-8861-SEP001122334455", cucm.capf, not_after="2030-01-15").pem)
