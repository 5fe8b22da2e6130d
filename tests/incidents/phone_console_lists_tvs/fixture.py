"""A phone after CallManager was renewed: its console log, the list it holds, the list on the server, and the trace of TVS, which
does not know the new signer."""

from traces import *

DEVICE = "SEP001122334455"
new = [record(SAST, cucm.callmanager_new), record(CCM_TFTP, cucm.callmanager_new), record(TVS, cucm.tvs, by_hash=True), record(CAPF, cucm.capf, by_hash=True)]
server = itl(cucm.callmanager_new, new, timestamp="2026-11-18")
configuration = sgn(f"{DEVICE}.cnf.xml.sgn", CONFIGURATION, signer=cucm.callmanager_new)
write("phone.tlv", itl(cucm.callmanager, cucm.old_itl_records(), timestamp="2025-06-01"))
write(f"ITL{DEVICE}.tlv", server)
write("tvs.txt", tvs_trace(tvs_request(f"CP-7965-{DEVICE}", cucm.callmanager_new), tvs_answer(status=1), status=1))
write("console.txt", f"""\
837: NOT 06:30:17.561856 SECD: tlRequestFile: Request CTL{DEVICE}.tlv
868: NOT 06:30:17.860613 TFTP: [28]:Requesting ITL{DEVICE}.tlv from 10.48.36.215
869: NOT 06:30:17.875059 TFTP: [28]:Finished --> rcvd {len(server)} bytes
926: NOT 06:30:18.540562 TFTP: [10]:Requesting {DEVICE}.cnf.xml.sgn from 10.48.36.215 with size limit of 550001
927: NOT 06:30:18.559326 TFTP: [10]:Finished --> rcvd {len(configuration)} bytes
935: ERR 06:30:18.655584 SECD: EROR:verifyFile: sgn verify file failed </usr/ram/{DEVICE}.cnf.xml>, errclass 8, errcode 19 (signer not in CTL)
936: ERR 06:30:18.656327 SECD: EROR:verifyFile: verify FAILED, </usr/ram/{DEVICE}.cnf.xml>
""")
