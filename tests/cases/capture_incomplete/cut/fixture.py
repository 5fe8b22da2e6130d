from wire import *

# A snap length of 96 bytes: the handshakes are seen, the certificates are not.
wire = Wire()
with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
    flow.play(tls(cucm.tomcat, version="1.2", server_name="cucm-pub.example.com"), cut=96)
write("login.pcapng", wire.pcapng())
