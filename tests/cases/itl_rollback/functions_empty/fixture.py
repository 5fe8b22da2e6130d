from tlvfixtures import *

records = cucm.itl_records()
empty = [record(role, None) for role in (CCM_TFTP, TVS, CAPF)]
write("ITLSEP001122334455.tlv", itl(records=[*records[:2], *empty]))
