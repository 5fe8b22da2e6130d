from tlvfixtures import *

other = "CN=cucm-a.example.net;O=Other"
signer = certificate(other, "callmanager-sub", not_before="2026-03-01")
server = itl(signer, [record(SAST, signer), record(CCM_TFTP, signer), record(TVS, certificate(other, "tvs-sub", not_before="2026-04-01"), by_hash=True), record(CAPF, certificate("CN=CAPF-9c4cba7d;O=Other", "capf", not_before="2026-03-01"), by_hash=True)])
write("phone.tlv", itl(cucm.callmanager, cucm.old_itl_records()))
write("server.tlv", server)


def row(store, name, serial, node):
    return f"{store},{name}_{serial.hex()},Identity,Self-signed,RSA,{node},{name},11/03/2029,by hand"


def listing(name, own, certificate, stores):
    """The certificate list of a node: its own certificates, and what was uploaded."""
    lines = ["Certificate,Common Name/Common Name_SerialNumber,Usage,Type,Key Type,Distribution,Issued By,Expiration,Description"]
    lines += [row("CallManager", own, certificate.serial, own), row("tomcat", own, b"\x01\x02\x03\x04", own)]
    lines += [row(store, "CAPF-5a1b2c3d", b"\x05\x06\x07\x08", own) for store in ("CallManager-trust", "Phone-SAST-trust")]
    lines += [row(store, "cucm-a.example.net", signer.serial, "cucm-a.example.net") for store in stores]
    write(name, "".join(line + "\n" for line in lines))


listing("destination.csv", "cucm-a.example.net", signer, ())
