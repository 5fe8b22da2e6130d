from signed_and_certificates import *

write("ITLSEP001122334455.tlv", itl(records=cucm.itl_records()[:4] + [record(TVS, cucm.tvs_sub, by_hash=True)]))
write("SEP001122334455.cnf.xml", configuration(capf="cucm-pub.example.com"))
