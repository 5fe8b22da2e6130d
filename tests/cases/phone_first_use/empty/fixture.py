from tlvfixtures import *

write("phone.tlv", b"")
write("server.tlv", itl())
