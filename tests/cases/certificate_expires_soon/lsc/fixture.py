from signed_and_certificates import *

write("SEP001122334455.der", phone_certificate("CP-8861-SEP001122334455", cucm.capf, not_after="2026-11-20T23:59:59").der)
