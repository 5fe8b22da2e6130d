from traces import *

# The new CallManager certificate signs the configuration; TVS says no, and yes after it was uploaded and the service restarted.
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION, signer=cucm.callmanager_new)
write("SEP001122334455.cnf.xml.sgn", configuration)
request = tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)
no = tvs_trace(request, tvs_answer(status=1), status=1)
yes = tvs_trace(request, tvs_answer(cucm.callmanager_new), clock="08:41:07.002")
write("tvs.txt", no + yes)
write("phone.tlv", itl())
