from traces import *

# Both messages are dumped whole: the certificate in the answer becomes an input.
request = tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)
write("tvs.txt", tvs_trace(request, tvs_answer(cucm.callmanager_new)))
