from signed_and_certificates import *

write("a.pem", phone_certificate("CP-8861-SEP001122334455", cucm.capf).pem)
write("b.pem", phone_certificate("CP-8861-SEP001122334455", cucm.capf, not_before="2026-01-01").pem)
