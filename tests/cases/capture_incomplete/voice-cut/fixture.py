from wire import *

# Cut packets of voice take nothing from the handshake beside them.
wire = Wire()
with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
    flow.play(tls(cucm.tomcat, version="1.2", server_name="cucm-pub.example.com"))
for number in range(20):
    head = struct.pack(">HHHH", 20000, 20002, 180, 0) + bytes([0x80, 0]) + bytes(170)
    wire.packet("10.48.36.77", "10.48.36.78", 17, head, cut=60)
write("login.pcapng", wire.pcapng())
