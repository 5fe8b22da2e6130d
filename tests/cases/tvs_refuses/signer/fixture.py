from wire import *

wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"

# The new CallManager certificate signs the configuration, and TVS has never heard of it; nor of a web server.
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION, signer=cucm.callmanager_new)
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn", configuration)
wire.tvs(phone, server, ("client", tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)), ("server", tvs_answer(status=1)))
wire.tvs(phone, server, ("client", tvs_request("CP-8861-SEP001122334455", cucm.other, session=0x3EA, whole=True)), ("server", tvs_answer(session=0x3EA, status=1, whole=True)))
write("boot.pcapng", wire.pcapng())
write("phone.tlv", itl())
