from wire import *

# A monitor looks whether the port is open; then somebody talks TLS.
wire = Wire()
with wire.tcp("10.48.36.5", "10.48.36.215", 8443) as flow:
    flow.rst("client")
with wire.tcp("10.48.36.46", "10.48.36.215", 8443) as flow:
    flow.play(tls(cucm.tomcat, version="1.2", server_name="cucm-pub.example.com"))
write("monitor.pcapng", wire.pcapng())
