from tlvfixtures import *

short = certificate(cucm.name("ITLRECOVERY_cucm-pub.example.com"), "rsa1024", not_before="2015-06-01", not_after="2035-05-27")
write("ITLSEP001122334455.tlv", itl(cucm.callmanager, [*cucm.old_itl_records(), record(SAST, short)]))
