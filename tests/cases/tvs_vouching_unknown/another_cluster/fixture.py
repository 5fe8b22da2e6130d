from tlvfixtures import *

other = Cluster(domain="example.net")
signer = certificate("CN=cucm-a.example.net;O=Other", "callmanager-sub", not_before="2026-03-01")
write("phone.tlv", itl(cucm.callmanager, cucm.old_itl_records()))
write("server.tlv", itl(signer, [record(SAST, signer), record(CCM_TFTP, signer), record(TVS, certificate("CN=cucm-a.example.net;O=Other", "tvs-sub", not_before="2026-04-01"), by_hash=True)]))
