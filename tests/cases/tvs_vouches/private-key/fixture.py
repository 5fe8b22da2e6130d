from wire import *

# No key log: RSA key exchange, and the private key of TVS.
wire = Wire()
say = (("client", tvs_request("CP-8861-SEP001122334455", cucm.callmanager_new)), ("server", tvs_answer(cucm.callmanager_new)))
with wire.tcp("10.48.36.77", "10.48.36.215", 2445) as flow:
    flow.play(tls(cucm.tvs, trust=cucm.tvs, client=cucm.phone, client_trust=cucm.capf, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0", say=say))
write("boot.pcapng", wire.pcapng())
write("phone.tlv", itl())
write("tvs.key.pem", cucm.tvs.key.pem)
