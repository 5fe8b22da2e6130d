from tlvfixtures import *

write("CTLSEP001122334455.tlv", ctl())
