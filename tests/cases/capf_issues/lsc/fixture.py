from wire import *

wire = Wire()
phone, server = "10.48.36.77", "10.48.36.215"

der = cucm.phone.der
package = b"\1" + (len(der) + 2).to_bytes(2) + b"\0\1" + der
wire.capf(phone, server, ("server", capf_message(1, (7, b"\3"), (8, b"\2"))), ("client", capf_message(2, (1, b"\1"), (7, b"\3"), (13, b"SEP001122334455\0"), (11, b"\0"))), ("server", capf_message(9, (3, b"\1"), (4, package))), ("client", capf_message(10, (1, b"\1"))), ("server", capf_message(15, (1, b"\1"))))
write("capf.pcapng", wire.pcapng())
