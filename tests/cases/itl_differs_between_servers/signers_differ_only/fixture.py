from tlvfixtures import *

records = cucm.old_itl_records()
write("node1-ITLFile.tlv", itl(cucm.callmanager, records))
node2 = [record(SAST, cucm.callmanager_sub), record(CCM_TFTP, cucm.callmanager_sub), *records[2:]]
write("node2-ITLFile.tlv", itl(cucm.callmanager_sub, node2))
