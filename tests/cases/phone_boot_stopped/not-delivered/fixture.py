from wire import *

# Asked over HTTP and TFTP, delivered by neither.
wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"
wire.tftp(phone, server, "ITLSEP001122334455.tlv", itl())
wire.http(phone, server, 6970, "GET", "/SEP001122334455.cnf.xml.sgn", 404, "Not Found")
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn")
write("boot.pcapng", wire.pcapng())
