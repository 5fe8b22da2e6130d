from tlvfixtures import *

ec = certificate(cucm.name("cucm-pub-EC.example.com"), "ec384", digest="sha384", not_before="2025-01-15")
write("ITLSEP001122334455.tlv", itl(records=[*cucm.itl_records(), record(TFTP, ec, dns="cucm-pub")]))
