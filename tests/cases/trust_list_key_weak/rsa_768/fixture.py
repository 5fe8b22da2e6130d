from tlvfixtures import *

weak = certificate(cucm.name("tftp-old.example.com"), "rsa768", digest="sha1")
write("ITLSEP001122334455.tlv", itl(records=[*cucm.itl_records(), record(TFTP, weak)]))
