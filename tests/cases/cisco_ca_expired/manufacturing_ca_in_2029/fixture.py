from signed_and_certificates import *

authority = cisco_authority("Cisco Manufacturing CA", "2005-06-10", "2029-05-14", extensions=["subjectKeyIdentifier=D0:C5:22:26:AB:4F:46:60:EC:AE:05:91:C7:DC:5A:D1:B0:47:F7:6C"])
write("a.pem", phone_certificate("CP-8861-SEP001122334455", authority).pem)
