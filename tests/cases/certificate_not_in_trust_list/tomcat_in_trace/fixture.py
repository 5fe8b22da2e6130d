from traces import *

# The phone asks TVS about tomcat, which shares CallManager's common name and is in no list.
request = tvs_request("CP-8861-SEP001122334455", cucm.tomcat)
write("tvs.txt", tvs_trace(request, tvs_answer(cucm.tomcat)))
write("ITLFile.tlv", itl())
