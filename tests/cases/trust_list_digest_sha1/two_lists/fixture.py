from tlvfixtures import *

write("CTLFile.tlv", ctl())
write("ITLSEP001122334455.tlv", itl())
write("ITLSEP00112233445F.tlv", itl(digest="sha512"))
