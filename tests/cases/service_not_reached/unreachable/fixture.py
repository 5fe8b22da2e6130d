from wire import *

# A router says that the first TVS server cannot be reached; the second one answers.
wire = Wire()
flow = wire.silent("10.48.36.77", "10.48.36.215", 2445, times=1)
wire.unreachable("10.48.36.1", "10.48.36.77", wire.port, "10.48.36.215", 2445)
wire.silent("10.48.36.77", "10.48.36.215", 3804, times=1)
wire.unreachable("10.48.36.1", "10.48.36.77", wire.port, "10.48.36.215", 3804)
with wire.tcp("10.48.36.77", "10.48.36.216", 2445) as flow:
    flow.play(tls(cucm.tvs, version="1.2"))
write("boot.pcapng", wire.pcapng())
write("itl.tlv", itl())
