"""The bundle of the same Expressway-C when both nodes are accepted."""

from expressway_bundle import *

log = login("cucm.steven.lab", "10.48.36.215", 6972) + login("cucm2.steven.lab", "10.48.36.216", 8443, second=31)
write("diagnostic.tar.gz", bundle(log))
