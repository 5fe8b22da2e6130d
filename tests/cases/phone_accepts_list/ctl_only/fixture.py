from tlvfixtures import *

write("phone.tlv", ctl())
write("server.tlv", itl(cucm.callmanager, cucm.old_itl_records()))
