from tlvfixtures import *

write("ITLFile.tlv", itl(cucm.callmanager, cucm.old_itl_records()))
