from tlvfixtures import *

whole = itl()
write("ITLSEP001122334455.tlv", cut(whole, len(whole) - 100))
