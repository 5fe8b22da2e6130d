"""A diagnostic bundle of an Expressway-C after X14.2: one CUCM node presents a self-signed certificate on 6972, the other is
known to clients by its address, which its certificate does not hold."""

from expressway_bundle import *

log = (
    login("cucm.steven.lab", "10.48.36.215", 6972, refused="Core server certificate verification failed for (cucm.steven.lab). Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0")
    + login("10.48.36.216", "10.48.36.216", 8443, second=31, refused="SNI (10.48.36.216) not in certificate. Action=Terminate server=10.48.36.216(10.48.36.216)")
)
write("diagnostic.tar.gz", bundle(log))
