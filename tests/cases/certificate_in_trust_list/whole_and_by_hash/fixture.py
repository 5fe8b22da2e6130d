from signed_and_certificates import *

write("CallManager.pem", cucm.callmanager.pem)
write("TVS.der", cucm.tvs.der)
write("ITLFile.tlv", itl())
