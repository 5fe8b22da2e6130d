from tlvfixtures import *

# Ten bytes before the end is the CERTHASH of the CAPF record: nothing becomes unreadable, only unsigned.
whole = itl()
write("ITLSEP001122334455.tlv", flip(whole, len(whole) - 10))
