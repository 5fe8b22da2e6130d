from wire import *

# With a search domain behind it the name does not exist, by itself it does; somebody else asks for nothing of ours.
wire = Wire()
phone, server, dns = "10.48.36.77", "10.48.36.215", "10.48.36.10"
wire.dns(phone, dns, "cucm-pub.example.com.branch.example.com", code=3)
wire.dns(phone, dns, "cucm-pub.example.com", answers=[server])
wire.dns("10.48.36.99", dns, "printer.example.com", code=3)
wire.tftp(phone, server, "ITLSEP001122334455.tlv", itl())
write("boot.pcapng", wire.pcapng())
