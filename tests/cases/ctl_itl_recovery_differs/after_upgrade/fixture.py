from tlvfixtures import *

renewed = certificate(cucm.name("ITLRECOVERY_cucm-pub.example.com"), "other", not_before="2026-09-01", not_after="2046-08-27")

write("CTLFile.tlv", ctl())
write("ITLFile.tlv", itl(renewed, [record(SAST, renewed), *cucm.itl_records()[1:]]))
