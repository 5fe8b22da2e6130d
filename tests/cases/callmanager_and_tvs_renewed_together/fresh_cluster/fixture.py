from tlvfixtures import *

host = "cucm-pub.example.com"
tvs = certificate(cucm.name(host), "tvs-new", dns=[host], not_before="2026-11-02T06:30:00", not_after="2031-11-01")
old = cucm.old_itl_records()
new = [record(SAST, cucm.callmanager_new), record(CCM_TFTP, cucm.callmanager_new), record(TVS, tvs, by_hash=True), old[3]]

write("server.tlv", itl(cucm.callmanager_new, new))
write("tvs.pem", tvs.pem)
