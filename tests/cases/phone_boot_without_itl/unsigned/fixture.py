from wire import *

# A TFTP server that is no CUCM: no ITL under any name, and an unsigned configuration.
wire = Wire()
phone, server = "10.48.36.77", "10.48.36.5"
for name in ("CTLSEP001122334455.tlv", "ITLSEP001122334455.tlv", "ITLFile.tlv"):
    wire.tftp(phone, server, name)
wire.tftp(phone, server, "SEP001122334455.cnf.xml", CONFIGURATION.encode())
write("boot.pcapng", wire.pcapng())
