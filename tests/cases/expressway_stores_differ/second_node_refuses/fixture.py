"""Two peers: the second one does not have the authority of CUCM, and refuses its certificate."""
import io, zipfile

from origins import *

other = certificate("CN=Another CA;O=Example;C=IT", "other", ca=True, not_after="2036-01-01", usage="keyCertSign,cRLSign", extended=None)


def bundle(host, store, log):
    stamp = f"{host}_2026-11-19_06_30_00"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {f"loggingsnapshot_{stamp}.txt": log, f"ca_{stamp}.pem": store}.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 19, 6, 30, 0)), text)
    return out.getvalue()


answered = '2026-11-19T06:29:00.000+00:00 {host} traffic_server[1]: UTCTime="2026-11-19 06:29:00,000" Module="network.http.trafficserver" Level="DEBUG": Detail="Receive Response" Txn-id="189" TrackingID="a-1" Src-ip="10.48.36.215" Src-port="8443" Msg="HTTP/1.1 200 "\n'
refused = "2026-11-19T06:29:30.016+00:00 {host} traffic_server[1]: [ET_NET 0] WARNING: Core server certificate verification failed for (cucm-pub.example.com). Action=Terminate Error=unable to get local issuer certificate server=cucm-pub.example.com(10.48.36.215) depth=0\n"
write("exp-c1.zip", bundle("exp-c1", root.pem + other.pem, answered.format(host="exp-c1")))
write("exp-c2.zip", bundle("exp-c2", other.pem, refused.format(host="exp-c2")))
