from traces import *

# The new CallManager certificate signs the configuration; TVS, asked about it, says no.
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION, signer=cucm.callmanager_new)
write("SEP001122334455.cnf.xml.sgn", configuration)
request = tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)
write("tvs.txt", tvs_trace(request, tvs_answer(status=1), status=1))
write("phone.tlv", itl())
