from tlvfixtures import *

# The phone's log tells the length of the list that it received.
data = itl()
write("ITLSEP0011215A1AE3.tlv", data)
log = f"""868: NOT 09:13:17.860613 TFTP: [28]:Requesting ITLSEP0011215A1AE3.tlv from
14 . 48 . 44 . 80
869: NOT 09:13:17.875059 TFTP: [28]:Finished --> rcvd {len(data)} bytes
"""
write("console.txt", log.encode())
