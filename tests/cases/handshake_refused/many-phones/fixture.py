from wire import *

# TVS was renewed: seven phones that still hold the old list refuse it, one of them twice.
wire = Wire()
for number in (1, 2, 3, 4, 5, 6, 7, 1):
    with wire.tcp(f"10.48.36.7{number}", "10.48.36.215", 2445) as flow:
        flow.play(tls(cucm.tvs_new, trust=cucm.tvs, client=cucm.phone, client_trust=cucm.capf, version="1.2", ciphers="AES256-SHA:@SECLEVEL=0"))
write("morning.pcapng", wire.pcapng())
