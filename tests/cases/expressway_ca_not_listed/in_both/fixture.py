from expressway_bundle import *

log = login("cucm.steven.lab", "10.48.36.215", 8443) + line(27, 16, "[ET_NET 0] ERROR: SSL connection failed for 'cucm.steven.lab': error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca")
write("diagnostic_log_vcsc.tar.gz", bundle(log))

rows = ["Certificate,Common Name/Common Name_SerialNumber,Usage,Type,Key Type,Distribution,Issued By,Expiration,Description"]
for store in ("CallManager", "tomcat"):
    rows.append(f"{store},cucm.steven.lab_{'0a1b2c3d' if store == 'tomcat' else '0a1b2c3e'},Identity,Self-signed,RSA,cucm.steven.lab,cucm.steven.lab,11/03/2029,by hand")
for store in ("CallManager-trust", "tomcat-trust"):
    rows.append(f"{store},other-CA_5d4c3b2a19080706,Trust,Self-signed,RSA,other-CA,other-CA,01/01/2035,by hand")
for store in ("tomcat-trust", "CallManager-trust"):
    rows.append(f"{store},steven-lab-CA_{CA.serial.hex()},Trust,Self-signed,RSA,steven-lab-CA,steven-lab-CA,01/01/2040,by hand")
write("list.csv", "".join(row + "\n" for row in rows))
