from signed_and_certificates import *

authority = cisco_authority("Cisco Manufacturing CA", "2005-06-10", "2029-05-14")
write("a.pem", phone_certificate("CP-8861-SEP001122334455", authority).pem)
