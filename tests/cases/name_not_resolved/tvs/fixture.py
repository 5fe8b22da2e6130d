from wire import *

# The configuration names TVS and CAPF by a name that the phone's DNS does not know.
wire = Wire()
phone, server, dns = "10.48.36.77", "10.48.36.215", "10.48.36.10"
wire.tftp(phone, server, "ITLSEP001122334455.tlv", itl())
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION))
wire.dns(phone, dns, "cucm-pub.example.com", code=3)
wire.dns(phone, dns, "cucm-pub.example.com", kind="AAAA", code=3)
wire.dns(phone, dns, "proxy.example.com", code=3)
write("boot.pcapng", wire.pcapng())
