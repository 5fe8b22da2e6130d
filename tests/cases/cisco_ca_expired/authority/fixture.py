from signed_and_certificates import *

write("store.pem", cisco_authority("CAP-RTP-001", "2003-02-06", "2023-02-07").pem)
