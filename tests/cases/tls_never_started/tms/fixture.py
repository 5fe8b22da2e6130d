from wire import *

# TMS opens 443, says nothing, and asks over HTTP instead.
wire = Wire()
with wire.tcp("10.48.79.117", "10.10.0.53", 443) as flow:
    flow.fin("client")
    flow.fin("server")
wire.http("10.48.79.117", "10.10.0.53", 80, "GET", "/tcs/systemunit.xml", 301, "Moved Permanently", ["Location: https://10.10.0.53/tcs/systemunit.xml"])
write("tms.pcapng", wire.pcapng())
