from wire import *

wire = Wire()
with wire.tcp("10.48.36.77", "10.48.36.215", 2445) as flow:
    flow.play(tls(cucm.tvs, trust=cucm.tvs, client=cucm.phone, client_trust=cucm.capf, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0"))
with wire.tcp("10.48.36.77", "10.48.36.215", 3804) as flow:
    flow.play(tls(cucm.capf, version="1.2"))
write("boot.pcapng", wire.pcapng())
write("phone.tlv", itl())
