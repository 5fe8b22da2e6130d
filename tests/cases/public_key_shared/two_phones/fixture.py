from signed_and_certificates import *

authority = cisco_authority("Cisco Manufacturing CA", "2005-06-10", "2029-05-14")
write("a.pem", phone_certificate("CP-6901-SEP001122334455", authority, not_after="2029-05-01").pem)
write("b.pem", phone_certificate("CP-6901-SEP667788990011", authority, not_after="2029-05-01").pem)
