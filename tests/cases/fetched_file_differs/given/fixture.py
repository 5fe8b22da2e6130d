from wire import *

# The list that was handed over was made before the one that the phone gets; the configuration is the same.
wire = Wire()
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION)
wire.tftp("10.48.36.77", "10.48.36.215", "ITLSEP001122334455.tlv", itl())
wire.tftp("10.48.36.77", "10.48.36.215", "SEP001122334455.cnf.xml.sgn", configuration)
write("boot.pcapng", wire.pcapng())
write("ITLSEP001122334455.tlv", itl(timestamp="2025-01-01"))
write("SEP001122334455.cnf.xml.sgn", configuration)
