from wire import *

# HTTP first, then TFTP; the list of the phone's own name first, then ITLFile.tlv: in the end nothing is missing.
wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"
wire.tftp(phone, server, "ITLSEP001122334455.tlv")
wire.tftp(phone, server, "ITLFile.tlv", itl())
wire.http(phone, server, 6970, "GET", "/SEP001122334455.cnf.xml.sgn", 503, "Service Unavailable")
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION))
write("boot.pcapng", wire.pcapng())
