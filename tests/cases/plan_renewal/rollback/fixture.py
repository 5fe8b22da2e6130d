from tlvfixtures import *

write("ITLFile.tlv", itl(records=cucm.itl_records()[:2]))
