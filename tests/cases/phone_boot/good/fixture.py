from wire import *

# A phone's boot in a cluster without a CTL: per-phone names, then its configuration, then a tone file over HTTP.
wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"
wire.dns(phone, "10.48.36.10", "cucm-pub.example.com", answers=[server])
wire.tftp(phone, server, "CTLSEP001122334455.tlv")
wire.tftp(phone, server, "ITLSEP001122334455.tlv", itl())
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION))
wire.http(phone, server, 6970, "GET", "/Italy/g3-tones.xml.sgn", 404, "Not Found")
write("boot.pcapng", wire.pcapng())
