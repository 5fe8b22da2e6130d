from wire import *

# The DNS server does not answer about CAPF; a question at the very end has had no time.
wire = Wire()
phone, server, dns = "10.48.36.77", "10.48.36.215", "10.48.36.10"
wire.tftp(phone, server, "SEP001122334455.cnf.xml.sgn", sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION.replace("<processNodeName>cucm-pub.example.com</processNodeName></capf>", "<processNodeName>capf.example.com</processNodeName></capf>")))
wire.dns(phone, dns, "capf.example.com", answered=False)
wire.wait(10)
wire.dns(phone, dns, "cucm-pub.example.com", answered=False)
write("boot.pcapng", wire.pcapng())
