import gzip

from wire import *

# What travels is packed with gzip, and unpacked it is the file that was handed over.
wire = Wire()
configuration = sgn("SEP001122334455.cnf.xml.sgn", CONFIGURATION)
packed = gzip.compress(configuration, mtime=0)
wire.http("10.48.36.77", "10.48.36.215", 6970, "GET", "/SEP001122334455.cnf.xml.sgn", 200, "OK", ["Content-Encoding: gzip"], packed)
write("boot.pcapng", wire.pcapng())
write("SEP001122334455.cnf.xml.sgn", configuration)
