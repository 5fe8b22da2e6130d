from wire import *

# The packet with the certificate is lost, another handshake is TLS 1.3, a third began before the capture.
wire = Wire()
with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
    flow.play(tls(cucm.tomcat, version="1.2", server_name="cucm-pub.example.com"), lost={2: (1,)})
with wire.tcp("10.48.36.46", "10.48.36.215", 6972) as flow:
    flow.play(tls(cucm.tomcat, version="1.3", server_name="cucm-pub.example.com"))
late = Tcp(wire, "10.48.36.46", 40000, "10.48.36.215", 8443, ("client", "server"), opened=False)
for who, data in tls(cucm.tomcat, version="1.2", server_name="cucm-pub.example.com", say=[("client", b"x" * 200), ("server", b"y" * 400)]).turns[4:]:
    late.say(who, data)
late.fin("client")
write("login.pcapng", wire.pcapng())
