from tlvfixtures import *

other = "CN=cucm-a.example.net;O=Other"
signer = certificate(other, "callmanager-sub", not_before="2026-03-01")
server = itl(signer, [record(SAST, signer), record(CCM_TFTP, signer), record(TVS, certificate(other, "tvs-sub", not_before="2026-04-01"), by_hash=True), record(CAPF, certificate("CN=CAPF-9c4cba7d;O=Other", "capf", not_before="2026-03-01"), by_hash=True)])
write("phone.tlv", itl(records=cucm.itl_records()[:2]))
write("server.tlv", server)
