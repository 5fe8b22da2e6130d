from tlvfixtures import *

records = cucm.itl_records()
new = [records[0], record(SAST, cucm.callmanager_new), record(CCM_TFTP, cucm.callmanager_new), *records[3:]]
write("phone.tlv", itl())
write("server.tlv", itl(records=new))
