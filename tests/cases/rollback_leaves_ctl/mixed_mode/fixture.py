from tlvfixtures import *

write("CTLFile.tlv", ctl())
write("ITLSEP001122334455.tlv", itl(records=cucm.itl_records()[:2]))
