from wire import *

wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"

# TVS takes the question and closes.
wire.tvs(phone, server, ("client", tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)))
write("boot.pcapng", wire.pcapng())
write("phone.tlv", itl())
