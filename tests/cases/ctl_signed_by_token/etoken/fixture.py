from tlvfixtures import *

host, address = "192.0.2.10", "192.0.2.10"
records = [
    record(SAST, cucm.token(1), token=True, ip=address),
    record(SAST, cucm.token(2), token=True, ip=address),
    record(CCM_TFTP, cucm.callmanager, dns=host, ip=address),
    record(CAPF, cucm.capf, dns=host, ip=address),
]
write("CTLFile.tlv", ctl(cucm.token(1), records, token=True))
