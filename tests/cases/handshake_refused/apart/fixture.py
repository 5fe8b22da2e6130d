from wire import *

# Two phones refuse two certificates of one server; the file that a third fetched there is not whole.
wire = Wire()
with wire.tcp("10.48.36.71", "10.48.36.215", 2445) as flow:
    flow.play(tls(cucm.tvs_new, trust=cucm.tvs, client=cucm.phone, client_trust=cucm.capf, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0"))
with wire.tcp("10.48.36.72", "10.48.36.215", 8443) as flow:
    flow.play(tls(cucm.tomcat, trust=cucm.tvs, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0"))
wire.tftp("10.48.36.79", "10.48.36.215", "ITLSEP001122334477.tlv", itl(), lost=(3,))
write("morning.pcapng", wire.pcapng())
