from wire import *

# The client offers suites with RSA keys only, the server has an ECDSA certificate only.
wire = Wire()
with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
    ec = certificate("CN=cucm-EC.example.com;O=Example", "ec256", dns=["cucm.example.com"])
    flow.play(tls(ec, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0"))
write("login.pcapng", wire.pcapng())
