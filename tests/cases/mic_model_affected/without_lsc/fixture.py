from signed_and_certificates import *

authority = cisco_authority("Cisco Manufacturing CA SHA2", "2012-11-12", "2037-11-12")
write("6941.pem", phone_certificate("CP-6941-SEP001122334455", authority).pem)
write("8861.pem", phone_certificate("CP-8861-SEP667788990011", authority, key="other").pem)
