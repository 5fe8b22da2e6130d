# The serial that an old Wireshark prints for record 3 of the list: its last 32 bits with a sign.
from tlvfixtures import *

records = cucm.itl_records()
write("ITLSEP001122334455.tlv", itl(records=records))
serial = int.from_bytes(cucm.tvs.serial[-4:], "big", signed=True)
write("detail.txt", f"    signedCertificate\n        version: v3 (2)\n        serialNumber: {serial}\n        serialNumber : 0x{cucm.tvs.serial.hex()}\n        serialNumber: 0x7470ee62271e1d13\n")
