from tlvfixtures import *

write("CTLFile.tlv", ctl())
