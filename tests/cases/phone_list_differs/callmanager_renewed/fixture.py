from tlvfixtures import *

old = cucm.old_itl_records()
new = [record(SAST, cucm.callmanager_new), record(CCM_TFTP, cucm.callmanager_new), *old[2:]]

write("phone.tlv", itl(cucm.callmanager, old))
write("server.tlv", itl(cucm.callmanager_new, new))
