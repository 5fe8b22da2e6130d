from wire import *

# Two TFTP servers, two lists.
wire = Wire()
wire.tftp("10.48.36.77", "10.48.36.215", "ITLFile.tlv", itl(timestamp="2025-01-01"))
wire.tftp("10.48.36.78", "10.48.36.216", "ITLFile.tlv", itl())
wire.tftp("10.48.36.79", "10.48.36.216", "ITLFile.tlv", itl())
write("boot.pcapng", wire.pcapng())
