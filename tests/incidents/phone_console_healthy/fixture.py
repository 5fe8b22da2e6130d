"""The same phone before the renewal: it takes its list and its configuration, and TVS vouches for a server."""

from traces import *

DEVICE = "SEP001122334455"
directory = certificate("CN=directory.example.com;O=Example", "other")
held = itl(cucm.callmanager, cucm.old_itl_records(), timestamp="2025-06-01")
configuration = sgn(f"{DEVICE}.cnf.xml.sgn", CONFIGURATION, signer=cucm.callmanager)
write("phone.tlv", held)
write(f"ITL{DEVICE}.tlv", held)
write("tvs.txt", tvs_trace(tvs_request(f"CP-7965-{DEVICE}", directory), tvs_answer(directory)))
write("console.txt", f"""\
837: NOT 06:30:17.561856 SECD: tlRequestFile: Request CTL{DEVICE}.tlv
868: NOT 06:30:17.860613 TFTP: [28]:Requesting ITL{DEVICE}.tlv from 10.48.36.215
869: NOT 06:30:17.875059 TFTP: [28]:Finished --> rcvd {len(held)} bytes
870: NOT 06:30:17.901003 SECD: verifyFile: verify SUCCESS </usr/ram/ITL{DEVICE}.tlv>
926: NOT 06:30:18.540562 TFTP: [10]:Requesting {DEVICE}.cnf.xml.sgn from 10.48.36.215 with size limit of 550001
927: NOT 06:30:18.559326 TFTP: [10]:Finished --> rcvd {len(configuration)} bytes
937: NOT 06:30:18.656906 SECD: verifyFile: verify SUCCESS </usr/ram/{DEVICE}.cnf.xml>
""")
