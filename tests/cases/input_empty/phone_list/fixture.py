from tlvfixtures import *

write("ITLFile.tlv", b"")
