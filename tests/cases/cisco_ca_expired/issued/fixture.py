from signed_and_certificates import *

authority = cisco_authority("CAP-RTP-002", "2003-10-10", "2023-10-10")
write("SEP001122334455.pem", phone_certificate("CP-7961G-SEP001122334455", authority, not_before="2010-01-01").pem)
