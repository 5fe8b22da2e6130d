from tlvfixtures import *

write("ITLSEP001122334455.tlv", itl())
