from wire import *

# The phone fetches its ITL, which still names the TVS certificate before renewal, and then meets the new one.
wire = Wire()
wire.tftp("10.48.36.77", "10.48.36.215", "ITLSEP001122334455.tlv", itl())
with wire.tcp("10.48.36.77", "10.48.36.215", 2445) as flow:
    flow.play(tls(cucm.tvs_new, client=cucm.phone, client_trust=cucm.capf, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0"))
write("boot.pcapng", wire.pcapng())
