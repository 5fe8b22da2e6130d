from tlvfixtures import *

write("phone.tlv", itl())
write("server.tlv", itl())
