from wire import *

# The capture ends while a list is on its way.
wire = Wire()
wire.tftp("10.48.36.77", "10.48.36.215", "ITLSEP001122334455.tlv", itl(), lost=(14,))
del wire.packets[-1:]
write("boot.pcapng", wire.pcapng())
