from wire import *

# Handshakes that come up, in TLS 1.2 and 1.3, and one that the end of the capture cuts: nothing failed.
wire = Wire()
for version in ("1.2", "1.3"):
    with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
        flow.play(tls(cucm.tomcat, version=version, server_name="cucm-pub.example.com", say=[("client", b"GET / HTTP/1.1\r\n\r\n")]))
cut = wire.tcp("10.48.36.46", "10.48.36.215", 8443)
for who, data in tls(cucm.tomcat, version="1.2", server_name="cucm-pub.example.com").turns[:2]:
    cut.say(who, data)
write("login.pcapng", wire.pcapng())
