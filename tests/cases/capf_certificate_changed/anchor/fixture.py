from signed_and_certificates import *

write("store.pem", leaf("CAPF-77aa88bb", "ca", ca=True).pem)
write("ITLFile.tlv", itl())
