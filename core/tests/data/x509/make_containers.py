#!/usr/bin/env python3
"""Writes `containers/`: PKCS#12, PKCS#7, requests, revocation lists and keys as openssl and keytool write them.

    python3 make_containers.py [DIRECTORY]

Needs `openssl` (3.0 or later) and, for the two stores of Java, `keytool`. Every run makes new keys; the tests know
names, passwords and numbers. All keys exist for these tests only.

`server.der server-ec.der`   what every store holds, signed by `authority.der`, with their keys `*.key.pem`
`*.p12`                      stores; the password is "changeit" unless the name says otherwise
`*.p7b`                      the certificates (and the revocation list) without a signature
`*.csr *.crl *.key.pem`      requests, revocation lists, private keys in their forms
"""
import base64
import hashlib
import hmac
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "containers")
TMP = tempfile.TemporaryDirectory()
WORK = pathlib.Path(TMP.name)
PASSWORD = "changeit"


def run(program, *args, data=None):
    done = subprocess.run([program, *map(str, args)], input=data, capture_output=True)
    if done.returncode:
        raise SystemExit(f"{program} {args}: {done.stdout.decode()} {done.stderr.decode()}")
    return done.stdout


def openssl(*args, data=None):
    return run("openssl", *args, data=data)


def der_of(pem):
    lines = [line for line in pem.decode().splitlines() if line and not line.startswith("-----")]
    return base64.b64decode("".join(lines))


def write(name, data):
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_bytes(data)


# --- BER and DER ------------------------------------------------------------------------------------------------


def length(size):
    if size < 128:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def tlv(tag, *parts):
    content = b"".join(parts)
    return bytes([tag]) + length(len(content)) + content


def split(data):
    """Tag, content and what follows."""
    size, start = data[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    return data[0], data[start : start + size], data[start + size :]


def children(content):
    found = []
    while content:
        tag, inner, rest = split(content)
        found.append((tag, inner))
        content = rest
    return found


def streamed(data, depth):
    """The same as BER: indefinite lengths down to `depth`, OCTET STRINGs in pieces of 100 bytes; below, DER."""
    tag, content, _ = split(data)
    if depth == 0:
        return tlv(tag, content)
    if tag == 0x04:
        pieces = [tlv(0x04, content[at : at + 100]) for at in range(0, len(content), 100)]
        return bytes([0x24, 0x80]) + b"".join(pieces) + b"\0\0"
    if tag == 0x80:
        pieces = [tlv(0x04, content[at : at + 100]) for at in range(0, len(content), 100)]
        return bytes([0xA0, 0x80]) + b"".join(pieces) + b"\0\0"
    if tag & 0x20:
        inner = b"".join(streamed(tlv(tag, inner), depth - 1) for tag, inner in children(content))
        return bytes([tag, 0x80]) + inner + b"\0\0"
    return tlv(tag, content)


# --- keys, certificates, requests, revocation lists ---------------------------------------------------------------

ROOT_KEY, RSA_KEY, EC_KEY = WORK / "root.key", WORK / "server.key", WORK / "server-ec.key"
openssl("genrsa", "-out", ROOT_KEY, "1024")
openssl("genrsa", "-out", RSA_KEY, "1024")
openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", EC_KEY)
(WORK / "ca.cnf").write_text(
    "[ca]\ndefault_ca=me\n[me]\ndatabase=index.txt\nserial=serial\ncrlnumber=crlnumber\nnew_certs_dir=.\n"
    "default_md=sha256\nunique_subject=no\npolicy=any\ncrl_extensions=crl\ncopy_extensions=copy\n"
    "[any]\ncommonName=supplied\norganizationName=optional\n[crl]\nauthorityKeyIdentifier=keyid\n"
)
(WORK / "index.txt").write_text("")
(WORK / "serial").write_text("0A01\n")
(WORK / "crlnumber").write_text("2A\n")
ROOT = WORK / "authority.pem"
openssl("req", "-x509", "-key", ROOT_KEY, "-out", ROOT, "-subj", "/O=Example/CN=Container Root", "-days", "7300",
        "-set_serial", "0x4321")
NAMES = ["-addext", "subjectAltName=DNS:cucm-pub.example.com,DNS:example.com", "-addext",
         "extendedKeyUsage=serverAuth,clientAuth", "-addext", "keyUsage=digitalSignature"]


def ca(*args):
    done = subprocess.run(["openssl", "ca", "-batch", "-config", "ca.cnf", "-cert", ROOT, "-keyfile", ROOT_KEY, *args],
                          cwd=WORK, capture_output=True)
    if done.returncode:
        raise SystemExit(f"ca {args}: {done.stderr.decode()}")


for name, key in (("server", RSA_KEY), ("server-ec", EC_KEY)):
    openssl("req", "-new", "-key", key, "-out", WORK / f"{name}.csr", "-subj", "/O=Example/CN=cucm-pub.example.com", *NAMES)
    ca("-in", f"{name}.csr", "-out", f"{name}.pem", "-notext", "-startdate", "20260101000000Z", "-enddate", "20360101000000Z")
    write(f"{name}.csr", (WORK / f"{name}.csr").read_bytes())
    write(f"{name}.der", der_of((WORK / f"{name}.pem").read_bytes()))
    write(f"{name}.key.pem", openssl("pkey", "-in", key))
write("authority.der", der_of(ROOT.read_bytes()))
write("server.csr.der", der_of((WORK / "server.csr").read_bytes()))
(WORK / "challenge.cnf").write_text(
    "[req]\ndistinguished_name=dn\nattributes=at\nprompt=no\n[dn]\nCN=challenge.example.com\n[at]\nchallengePassword=hunter2hunter2\n"
)
write("challenge.csr", openssl("req", "-new", "-key", EC_KEY, "-config", WORK / "challenge.cnf"))
openssl("req", "-x509", "-key", EC_KEY, "-out", WORK / "gone.pem", "-subj", "/CN=gone", "-set_serial", "0x00C0FFEE")
ca("-revoke", "server-ec.pem", "-crl_reason", "keyCompromise")
ca("-gencrl", "-out", "list.pem", "-crl_lastupdate", "20260201000000Z", "-crl_nextupdate", "20260301000000Z")
write("list.crl", (WORK / "list.pem").read_bytes())
write("list.crl.der", der_of((WORK / "list.pem").read_bytes()))

# --- PKCS#7 ---------------------------------------------------------------------------------------------------------

openssl("crl2pkcs7", "-in", WORK / "list.pem", "-certfile", WORK / "server.pem", "-certfile", ROOT, "-outform", "DER",
        "-out", WORK / "chain.p7b")
chain = (WORK / "chain.p7b").read_bytes()
write("chain-crl.p7b", chain)
write("chain-crl-ber.p7b", streamed(chain, 4))
write("signed-stream.p7b", openssl("cms", "-sign", "-stream", "-binary", "-nodetach", "-outform", "DER", "-signer", WORK / "server.pem",
                                   "-inkey", RSA_KEY, "-certfile", ROOT, data=b"x" * 5000))
write("trusted.pem", openssl("x509", "-in", ROOT, "-trustout", "-addtrust", "serverAuth"))

# --- PKCS#12 --------------------------------------------------------------------------------------------------------


def store(name, *args, key=EC_KEY, certificate="server-ec", password=PASSWORD):
    base = ["pkcs12", "-export", "-inkey", key, "-in", WORK / f"{certificate}.pem", "-certfile", ROOT, "-name", "tomcat"]
    data = openssl(*base, "-passout", f"pass:{password}", *args)
    write(f"{name}.p12", data)
    return data


store("modern")
store("modern-rsa", key=RSA_KEY, certificate="server")
store("legacy", "-legacy")
store("triple-des", "-legacy", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES")
store("rc2-128", "-legacy", "-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-RC2-128")
store("rc4", "-legacy", "-certpbe", "PBE-SHA1-RC4-128")
store("aes-128-sha512", "-keypbe", "AES-128-CBC", "-certpbe", "AES-192-CBC", "-macalg", "sha512")
store("no-mac", "-nomac")
store("plain", "-keypbe", "NONE", "-certpbe", "NONE")
store("empty-password", password="")
store("umlaut-password", password="pässwörd\N{KEY}")
store("many-rounds", "-iter", "100000")
small = store("one-round", "-iter", "1")
write("one-round-legacy.p12", openssl("pkcs12", "-export", "-inkey", EC_KEY, "-in", WORK / "server-ec.pem", "-legacy", "-iter", "1",
                                      "-passout", f"pass:{PASSWORD}"))

# The file as a stream, and its authSafe in pieces.
write("modern-ber.p12", streamed((OUT / "modern.p12").read_bytes(), 4))

# RFC 9579: the same content under PBMAC1, PBKDF2 and HMAC with SHA-256.
version, safe, _ = children(split((OUT / "modern.p12").read_bytes())[1])
content = split(children(safe[1])[1][1])[1]
salt, rounds = bytes(range(16)), 2048
mac = hmac.new(hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt, rounds, 32), content, "sha256").digest()
oid = lambda text: tlv(6, bytes.fromhex(text))
hmac_sha256 = tlv(0x30, oid("2a864886f70d0209"), tlv(5))
kdf = tlv(0x30, oid("2a864886f70d01050c"), tlv(0x30, tlv(4, salt), tlv(2, rounds.to_bytes(2, "big")), tlv(2, b"\x20"), hmac_sha256))
pbmac1 = tlv(0x30, oid("2a864886f70d01050e"), tlv(0x30, kdf, hmac_sha256))
data = tlv(0x30, tlv(0x30, pbmac1, tlv(4, mac)), tlv(4, b"NOT USED"), tlv(2, b"\x01"))
write("pbmac1.p12", tlv(0x30, tlv(*version), tlv(*safe), data))

# The same content with nothing that tells that it was changed.
write("no-mac-encrypted.p12", tlv(0x30, tlv(*version), tlv(*safe)))

# Java: a store with a key, and a trust store; the first also in the form that Java wrote until 2020.
for name, options in (("java", []), ("java-legacy", ["-J-Dkeystore.pkcs12.legacy"])):
    path = WORK / f"{name}.p12"
    run("keytool", *options, "-importkeystore", "-srckeystore", OUT / "modern-rsa.p12", "-srcstoretype", "PKCS12", "-srcstorepass",
        PASSWORD, "-destkeystore", path, "-deststoretype", "PKCS12", "-deststorepass", PASSWORD)
    write(path.name, path.read_bytes())
path = WORK / "java-trust.p12"
run("keytool", "-importcert", "-noprompt", "-alias", "root", "-file", ROOT, "-keystore", path, "-storetype", "PKCS12", "-storepass", PASSWORD)
write(path.name, path.read_bytes())

# --- private keys under a password ----------------------------------------------------------------------------------

for name, options in {
    "pbes2-aes256": ["-v2", "aes-256-cbc"],
    "pbes2-aes128-sha1": ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"],
    "pbes2-3des": ["-v2", "des3"],
    "pbes1-md5-des": ["-provider", "legacy", "-provider", "default", "-v1", "PBE-MD5-DES"],
    "pbes1-sha1-rc2": ["-provider", "legacy", "-provider", "default", "-v1", "PBE-SHA1-RC2-64"],
    "pkcs12-3des": ["-v1", "PBE-SHA1-3DES"],
    "pkcs12-rc2-40": ["-provider", "legacy", "-provider", "default", "-v1", "PBE-SHA1-RC2-40"],
    "scrypt": ["-scrypt"],
}.items():
    write(f"{name}.key.pem", openssl("pkcs8", "-topk8", "-in", EC_KEY, *options, "-passout", f"pass:{PASSWORD}"))
for cipher in ("aes256", "des3"):
    write(f"openssl-{cipher}.key.pem", openssl("rsa", "-traditional", f"-{cipher}", "-in", RSA_KEY, "-passout", f"pass:{PASSWORD}"))
write("server-pkcs1.key.pem", openssl("rsa", "-traditional", "-in", RSA_KEY))
write("server-sec1.key.pem", openssl("ec", "-in", EC_KEY))
write("server-sec1-no-public.key.der", openssl("ec", "-in", EC_KEY, "-no_public", "-outform", "DER"))
openssl("genpkey", "-algorithm", "ed25519", "-out", WORK / "ed25519.key")
write("ed25519.key.pem", (WORK / "ed25519.key").read_bytes())
write("ed25519.der", openssl("req", "-x509", "-key", WORK / "ed25519.key", "-subj", "/CN=ed25519.example.com", "-outform", "DER"))
for curve in ("secp384r1", "secp521r1"):
    openssl("ecparam", "-name", curve, "-genkey", "-noout", "-out", WORK / f"{curve}.key")
    write(f"{curve}.key.pem", openssl("pkey", "-in", WORK / f"{curve}.key"))
    write(f"{curve}.der", openssl("req", "-x509", "-key", WORK / f"{curve}.key", "-subj", f"/CN={curve}.example.com", "-outform", "DER"))
