from signed_and_certificates import *

write("TVS.pem", cucm.tvs_new.pem)
write("ITLFile.tlv", itl())
