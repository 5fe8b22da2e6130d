from wire import *

# The server takes the connection and the request, and answers neither over HTTP nor with anything else.
wire = Wire()
flow = wire.tcp("10.48.36.77", "10.48.36.215", 6970)
flow.say("client", b"GET /SEP001122334455.cnf.xml.sgn HTTP/1.1\r\nHost: 10.48.36.215:6970\r\n\r\n")
wire.wait(30)
flow.fin("client")
flow.fin("server")
write("boot.pcapng", wire.pcapng())
