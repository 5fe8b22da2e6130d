from tlvfixtures import *

records = cucm.ctl_records()
write("CTLFile.tlv", ctl(records=[records[0], *records[2:]]))
