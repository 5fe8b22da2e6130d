from wire import *

# TVS was renewed; the phone still holds the list that names the certificate before, and refuses the new one.
wire = Wire()
with wire.tcp("10.48.36.77", "10.48.36.215", 2445) as flow:
    flow.play(tls(cucm.tvs_new, trust=cucm.tvs, client=cucm.phone, client_trust=cucm.capf, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0"))
write("boot.pcapng", wire.pcapng())
write("phone.tlv", itl())
