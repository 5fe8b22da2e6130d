"""The diagnostic archive of one Expressway: its log, a trust store and its own certificate."""
import gzip, io, tarfile

from origins import *

STAMP = "exp-c1_2026-11-19_06_30_00"
own = certificate("CN=exp-c1.example.com;O=Example;C=IT", "tvs", dns=["exp-c1.example.com"], issuer=root)
files = {
    f"loggingsnapshot_{STAMP}.txt": '2026-11-19T07:30:00.016+01:00 exp-c1 traffic_server[18242]: [ET_NET 0] WARNING: Core server certificate verification failed for (cucm-pub.example.com). Action=Terminate Error=self signed certificate server=cucm-pub.example.com(10.48.36.215) depth=0\n',
    f"ca_{STAMP}.pem": root.pem,
    f"server_{STAMP}.pem": own.pem,
}
out = io.BytesIO()
with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
    for name, text in files.items():
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(text.encode()), 1795071000
        archive.addfile(info, io.BytesIO(text.encode()))
packed = io.BytesIO()
with gzip.GzipFile("", "wb", 9, packed, 1795071000) as file:
    file.write(out.getvalue())
write("diagnostic_log_exp-c1.tar.gz", packed.getvalue())
