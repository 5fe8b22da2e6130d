from origins import *
from wire import *

wire = Wire()
for port, own in ((8443, node("cucm", "tomcat", issuer=root)), (6972, node("cucm", "callmanager", issuer=root))):
    with wire.tcp("10.48.36.46", "10.48.36.215", port) as flow:
        flow.play(tls(own, version="1.2", server_name="cucm.example.com"))
write("login.pcapng", wire.pcapng())
