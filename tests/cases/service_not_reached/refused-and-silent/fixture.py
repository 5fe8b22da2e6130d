from wire import *

# TVS does not run on the node, CAPF is behind a firewall; the TFTP server answers.
wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"
wire.tftp(phone, server, "ITLSEP001122334455.tlv", itl())
wire.refused(phone, server, 2445)
wire.silent(phone, server, 3804)
write("boot.pcapng", wire.pcapng())
