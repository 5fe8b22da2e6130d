from wire import *

# A client that offers TLS 1.0 and leaves before the server could answer was not refused; nor one whose answer is lost.
wire = Wire()
hello = tls(cucm.other, client_version="1.0", server_version="1.0").turns[0]
flow = wire.tcp("10.48.79.117", "10.10.0.53", 443)
flow.say(*hello)
flow.rst("client")
half = wire.tcp("10.48.79.118", "10.10.0.53", 443, sides=("client",))
half.say(*hello)
half.fin("client")
write("tms.pcapng", wire.pcapng())
