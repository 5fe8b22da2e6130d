from wire import *

# The server answers a second phone, not the first; a block of the third is lost.
wire = Wire()
wire.tftp("10.48.36.77", "10.48.36.215", "ITLSEP001122334455.tlv", answered=False)
wire.tftp("10.48.36.78", "10.48.36.215", "ITLSEP001122334466.tlv", itl())
wire.tftp("10.48.36.79", "10.48.36.215", "ITLSEP001122334477.tlv", itl(), lost=(3,))
wire.wait(5)
wire.dns("10.48.36.99", "10.48.36.10", "printer.example.com", answers=["10.48.36.98"])
write("boot.pcapng", wire.pcapng())
