from wire import *

wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"

# The new CallManager certificate signs the configuration, and TVS vouches for it.
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION, signer=cucm.callmanager_new)
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn", configuration)
wire.tvs(phone, server, ("client", tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)), ("server", tvs_answer(cucm.callmanager_new)))
write("boot.pcapng", wire.pcapng())
write("phone.tlv", itl())
