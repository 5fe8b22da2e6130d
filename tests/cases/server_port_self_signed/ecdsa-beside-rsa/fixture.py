from origins import *
from wire import *

# As in the seed of this item: RSA signed by the CA on 8443, self-signed ECDSA on 6972.
rsa = node("cucm", "tomcat", issuer=root)
ec = node("cucm", "ec256", ending="-EC")
wire = Wire()
for port, own in ((8443, rsa), (6972, ec)):
    with wire.tcp("10.48.36.46", "10.48.36.215", port) as flow:
        flow.play(tls(own, version="1.2", server_name="cucm.example.com"))
write("login.pcapng", wire.pcapng())
