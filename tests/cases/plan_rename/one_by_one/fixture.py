from tlvfixtures import *

two = certificate("CN=cucm-sub.example.com;O=Example", "tvs-sub", not_before="2026-01-15")
write("ITLFile.tlv", itl(cucm.callmanager, [*cucm.old_itl_records(), record(TVS, two, by_hash=True)]))
