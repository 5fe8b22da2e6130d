from signed_and_certificates import *

write("CallManager.pem", cucm.callmanager.pem)
write("TVS.pem", cucm.tvs.pem)
write("tomcat.pem", cucm.tomcat.pem)
write("ITLFile.tlv", itl())
