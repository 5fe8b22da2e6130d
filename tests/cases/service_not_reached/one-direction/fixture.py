from wire import *

# A capture of one direction shows no answers to anything: nothing can be said of 8443, and of TVS only that.
wire = Wire()
wire.silent("10.48.36.77", "10.48.36.215", 8443)
flow = wire.tcp("10.48.36.77", "10.48.36.215", 2445, sides=("client",))
for who, data in tls(cucm.tvs, version="1.2").turns:
    flow.say(who, data)
write("half.pcapng", wire.pcapng())
