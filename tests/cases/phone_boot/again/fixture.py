from wire import *

# Two phones behind one address, and one that asks for the same list twice; the lists come from two servers.
wire = Wire()
for device in ("SEP001122334455", "SEP001122334466"):
    wire.tftp("10.48.36.70", "10.48.36.215", f"ITL{device}.tlv", itl())
wire.tftp("10.48.36.77", "10.48.36.215", "ITLSEP001122334477.tlv", itl())
wire.tftp("10.48.36.77", "10.48.36.216", "ITLSEP001122334477.tlv", itl())
write("boot.pcapng", wire.pcapng())
