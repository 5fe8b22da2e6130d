from signed_and_certificates import *

write("store.pem", cisco_authority("Cisco Manufacturing CA SHA2", "2012-11-12", "2037-11-12").pem)
