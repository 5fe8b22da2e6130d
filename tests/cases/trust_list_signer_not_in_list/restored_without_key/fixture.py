from tlvfixtures import *

write("ITLSEP001122334455.tlv", itl(cucm.other, cucm.old_itl_records()))
