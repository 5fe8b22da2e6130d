from signed_and_certificates import *

write("CAPF-old.pem", leaf("CAPF-11223344", "ca", ca=True, not_before="2022-01-01").pem)
write("CAPF.pem", cucm.capf.pem)
write("ITLFile.tlv", itl())
