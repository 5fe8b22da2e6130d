from origins import *

import pathlib

# A handshake of real peers, with the server's port as on CUCM (TCP checksums are not looked at).
captured = pathlib.Path(__file__).parents[3] / "captures" / "tls12_unknown_ca.pcapng"
port = (40661).to_bytes(2, "big")
write("login.pcapng", captured.read_bytes().replace(port, (8443).to_bytes(2, "big")))
write("store.pem", root.pem)
