from tlvfixtures import *

old = cucm.old_itl_records()
new = [record(SAST, cucm.callmanager_new), record(CCM_TFTP, cucm.callmanager_new), *old[2:]]

records = cucm.ctl_records()
new_ctl = [records[0], record(SAST, cucm.callmanager_new), record(CCM_TFTP, cucm.callmanager_new), records[3]]
write("phone-ctl.tlv", ctl())
write("phone-itl.tlv", itl(cucm.callmanager, old))
write("server-ctl.tlv", ctl(records=new_ctl))
write("server-itl.tlv", itl(cucm.callmanager_new, new))
