from signed_and_certificates import *

authority = cisco_authority("Cisco Manufacturing CA SHA2", "2012-11-12", "2037-11-12")
write("mic.pem", phone_certificate("CP-6941-SEP001122334455", authority).pem)
write("lsc.pem", phone_certificate("CP-6941-SEP001122334455", cucm.capf, key="other", not_after="2029-01-01").pem)
