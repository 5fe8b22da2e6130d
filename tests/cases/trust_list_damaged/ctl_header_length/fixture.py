from tlvfixtures import *

whole = ctl()
length = int.from_bytes(whole[8:10], "big")
write("CTLFile.tlv", ctl(header_length=length + 8))
