from wire import *

# The phone gets its list; a minute later it still has not asked for its configuration, and others talk on.
wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"
wire.tftp(phone, server, "CTLSEP001122334455.tlv")
wire.tftp(phone, server, "ITLSEP001122334455.tlv", itl())
wire.refused(phone, server, 2445)
wire.wait(60)
wire.dns("10.48.36.99", "10.48.36.10", "printer.example.com", answers=["10.48.36.98"])
write("boot.pcapng", wire.pcapng())
