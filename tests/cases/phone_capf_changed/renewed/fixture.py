from tlvfixtures import *

records = cucm.itl_records()
capf = certificate(cucm.name("CAPF-9e8d7c6b"), "other", not_before="2026-08-01", ca=True)
write("phone.tlv", itl())
write("server.tlv", itl(records=[*records[:4], record(CAPF, capf, by_hash=True)]))
