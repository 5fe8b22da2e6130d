from tlvfixtures import *

write("ITLFile.tlv", itl())
