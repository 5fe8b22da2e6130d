#!/usr/bin/env python3
"""Writes the odd and the signed certificates of this directory. Needs only `openssl` (3.0 or later).

    python3 make_odd.py [DIRECTORY]

Every run makes new keys, which are thrown away; the tests know names, times and problems, no keys.
`odd/NAME.der`     one certificate per oddity, self-signed unless the test says otherwise
`signed/NAME.der`  one self-signed certificate per signature algorithm
`container/`       the same certificates in PEM and PKCS#7, and private keys in their forms
`authority.der issued.der`  a pair: the first signed the second
"""
import pathlib
import subprocess
import sys
import tempfile

OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
TMP = tempfile.TemporaryDirectory()
WORK = pathlib.Path(TMP.name)


def openssl(*args, data=None):
    done = subprocess.run(["openssl", *map(str, args)], input=data, capture_output=True)
    if done.returncode:
        raise SystemExit(f"openssl {args}: {done.stderr.decode()}")
    return done.stdout


def tlv(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        length = bytes([size])
    else:
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + content


def seq(*parts):
    return tlv(0x30, *parts)


def oid(text):
    first, second, *rest = map(int, text.split("."))
    out = b""
    for arc in [first * 40 + second, *rest]:
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.insert(0, 0x80 | (arc & 0x7F))
        out += bytes(octets)
    return tlv(6, out)


CN, C, O = "2.5.4.3", "2.5.4.6", "2.5.4.10"
UTF8, PRINTABLE, NUMERIC, IA5, TELETEX, BMP, UNIVERSAL = 0x0C, 0x13, 0x12, 0x16, 0x14, 0x1E, 0x1C


def attribute(kind, tag, value):
    return seq(oid(kind), tlv(tag, value))


def name(*attributes):
    return seq(*(tlv(0x31, a) for a in attributes))


HOST = attribute(CN, UTF8, b"host.example.com")
SHA256_RSA = seq(oid("1.2.840.113549.1.1.11"), b"\x05\x00")
SHA1_RSA = seq(oid("1.2.840.113549.1.1.5"), b"\x05\x00")
MD5_RSA = seq(oid("1.2.840.113549.1.1.4"), b"\x05\x00")
BEFORE, AFTER = tlv(0x17, b"200101000000Z"), tlv(0x17, b"400101000000Z")
V3 = tlv(0xA0, tlv(2, b"\x02"))


def extension(kind, value, critical=b""):
    return seq(oid(kind), critical, tlv(4, value))


TRUE = tlv(1, b"\xff")
SAN = "2.5.29.17"
SAN_VALUE = seq(tlv(0x82, b"host.example.com"), tlv(0x87, bytes([10, 0, 0, 1])))
BASIC = extension("2.5.29.19", seq(), TRUE)
USUAL = [BASIC, extension(SAN, SAN_VALUE)]


class Key:
    def __init__(self, *options, algorithm="RSA"):
        self.path = WORK / f"key{len(list(WORK.iterdir()))}.pem"
        args = [x for option in options for x in ("-pkeyopt", option)]
        openssl("genpkey", "-algorithm", algorithm, *args, "-out", self.path)
        self.info = openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")

    def sign(self, data, digest="sha256"):
        return openssl("dgst", f"-{digest}", "-sign", self.path, data=data)


KEY = Key("rsa_keygen_bits:2048")


def certificate(key=None, version=V3, serial=b"\x12\x34", algorithm=SHA256_RSA, outer=None, issuer=None,
                before=BEFORE, after=AFTER, subject=None, ids=b"", extensions=USUAL, digest="sha256", trailing=b""):
    key = key or KEY
    subject = subject if subject is not None else name(HOST)
    issuer = issuer if issuer is not None else subject
    tail = tlv(0xA3, seq(*extensions)) if extensions is not None else b""
    signed = seq(version, tlv(2, serial), algorithm, issuer, seq(before, after), subject, key.info, ids, tail)
    return seq(signed, outer or algorithm, tlv(3, b"\x00" + key.sign(signed, digest))) + trailing


def san(value, critical=b""):
    return {"extensions": [BASIC, extension(SAN, value, critical)]}


def extra(kind, value, critical=b""):
    return {"extensions": [*USUAL, extension(kind, value, critical)]}


def common_name(tag, value):
    return {"subject": name(attribute(CN, tag, value))}


NOSUBJECT = name(attribute(CN, UTF8, b"issuer.example.com"))
ODD = {
    "00-normal": {},
    "alg-mismatch": {"outer": SHA1_RSA},
    "alg-no-null": {"algorithm": seq(oid("1.2.840.113549.1.1.11"))},
    "ext-bad-keyusage": extra("2.5.29.15", b"\x03\x01\x00", TRUE),
    "ext-bad-nameconstraints": extra("2.5.29.30", seq()),
    "ext-bad-san": san(b"\x30\x40\x82\x10host.example.com"),
    "ext-bool-01": {"extensions": [extension("2.5.29.19", seq(), tlv(1, b"\x01")), extension(SAN, SAN_VALUE)]},
    "ext-crit-false-explicit": san(seq(tlv(0x82, b"host.example.com")), tlv(1, b"\x00")),
    "ext-dup-san": {"extensions": [BASIC, *2 * [extension(SAN, seq(tlv(0x82, b"host.example.com")))]]},
    "ext-empty-seq": {"extensions": []},
    "ext-san-dns-utf8": san(seq(tlv(0x82, "höst.example.com".encode()))),
    "ext-san-empty": san(seq()),
    "ext-san-ip5": san(seq(tlv(0x82, b"host.example.com"), tlv(0x87, bytes([10, 0, 0, 1, 2])))),
    "ext-unknown-crit": extra("1.2.3.4.5", seq(), TRUE),
    "md5": {"algorithm": MD5_RSA, "digest": "md5"},
    "sha1": {"algorithm": SHA1_RSA, "digest": "sha1"},
    "name-bmp-odd": common_name(BMP, b"\x00h\x00o\x00"),
    "name-bmp": common_name(BMP, "hößt€.example.com".encode("utf-16-be")),
    "name-country-3": {"subject": name(attribute(C, PRINTABLE, b"NZL"), HOST), "issuer": NOSUBJECT},
    "name-empty-cn": common_name(UTF8, b""),
    "name-empty": {"subject": name()},
    "name-ia5": common_name(IA5, b"host.example.com"),
    "name-multi-rdn": {"subject": seq(tlv(0x31, attribute(O, UTF8, b"Example"), HOST)), "issuer": NOSUBJECT},
    "name-numeric": common_name(NUMERIC, b"12 34"),
    "name-printable-bad": common_name(PRINTABLE, b"*_host@example.com"),
    "name-teletex": common_name(TELETEX, b"h\xf6st.example.com"),
    "name-universal": common_name(UNIVERSAL, "hö😀".encode("utf-32-be")),
    "name-utf8-bad": common_name(UTF8, b"h\xffst.example.com"),
    "name-utf8": common_name(UTF8, "höst.例.com".encode()),
    "serial-21-leading0": {"serial": b"\x00" + b"\x81" * 20},
    "serial-25bytes": {"serial": b"\x41" * 25},
    "serial-empty": {"serial": b""},
    "serial-negative": {"serial": b"\x81\x02"},
    "serial-nonminimal": {"serial": b"\x00\x00\x12"},
    "serial-zero": {"serial": b"\x00"},
    "time-bad": {"after": tlv(0x17, b"401301000000Z")},
    "time-gen-2040": {"after": tlv(0x18, b"20400101000000Z")},
    "time-gen-9999": {"after": tlv(0x18, b"99991231235959Z")},
    "time-gen-before2050": {"before": tlv(0x18, b"20200101000000Z")},
    "time-gen-frac": {"before": tlv(0x18, b"20200101000000.5Z")},
    "time-utc-1950": {"before": tlv(0x17, b"500101000000Z")},
    "time-utc-nosec": {"before": tlv(0x17, b"2001010000Z")},
    "time-utc-offset": {"before": tlv(0x17, b"200101000000+0100")},
    "trailing-garbage": {"trailing": b"\xde\xad\xbe"},
    "uid": {"ids": tlv(0x81, b"\x00\x01") + tlv(0x82, b"\x00\x02")},
    "v1-with-ext": {"version": b""},
    "v1": {"version": b"", "extensions": None},
    "v2": {"version": tlv(0xA0, tlv(2, b"\x01")), "extensions": None},
    "v4": {"version": tlv(0xA0, tlv(2, b"\x03"))},
}


def self_signed(path, key, *options, digest="sha256"):
    openssl("req", "-x509", "-key", key.path, f"-{digest}", "-days", "7300", "-set_serial", "0x1234",
            "-subj", "/C=NZ/O=Example/CN=host.example.com", *options, "-outform", "DER", "-out", path)


def pss(salt, digest):
    return ("-sigopt", "rsa_padding_mode:pss", "-sigopt", f"rsa_pss_saltlen:{salt}", "-sigopt", f"rsa_mgf1_md:{digest}")


def main():
    odd, signed, container = OUT / "odd", OUT / "signed", OUT / "container"
    for folder in (odd, signed, container):
        folder.mkdir(parents=True, exist_ok=True)
    for label, options in ODD.items():
        (odd / f"{label}.der").write_bytes(certificate(**options))
    for bits in (512, 1024):
        key = Key(f"rsa_keygen_bits:{bits}")
        (odd / f"rsa{bits}.der").write_bytes(certificate(key=key))

    curves = ["prime192v1", "secp256k1", "brainpoolP256r1", "secp521r1"]
    for curve in curves:
        key = Key(f"ec_paramgen_curve:{curve}", "ec_param_enc:named_curve", algorithm="EC")
        self_signed(odd / f"ec-{curve}.der", key)
    self_signed(odd / "ed448.der", Key(algorithm="ED448"))
    parameters = WORK / "dsa.pem"
    openssl("genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:1024", "-out", parameters)
    dsa = Key.__new__(Key)
    dsa.path = WORK / "dsa-key.pem"
    openssl("genpkey", "-paramfile", parameters, "-out", dsa.path)
    self_signed(odd / "dsa.der", dsa)
    self_signed(odd / "pss-salt20.der", KEY, *pss(20, "sha256"))
    self_signed(odd / "rsassa-pss-key.der", Key("rsa_keygen_bits:2048", algorithm="RSA-PSS"))

    keys = {1024: Key("rsa_keygen_bits:1024"), 2048: KEY, 4096: Key("rsa_keygen_bits:4096")}
    for bits, key in keys.items():
        for digest in ("md5", "sha1", "sha256", "sha384", "sha512"):
            self_signed(signed / f"rsa{bits}-{digest}.der", key, digest=digest)
    for digest, salt in (("sha1", 20), ("sha256", 32), ("sha384", 48), ("sha512", 64), ("sha256", 0)):
        self_signed(signed / f"pss-{digest}-salt{salt}.der", KEY, *pss(salt, digest), digest=digest)
    ec = {}
    for label, curve in (("p256", "prime256v1"), ("p384", "secp384r1"), ("p521", "secp521r1")):
        ec[label] = Key(f"ec_paramgen_curve:{curve}", "ec_param_enc:named_curve", algorithm="EC")
        for digest in ("sha1", "sha256", "sha384", "sha512"):
            self_signed(signed / f"{label}-{digest}.der", ec[label], digest=digest)
    self_signed(signed / "ed25519.der", Key(algorithm="ED25519"))

    root_key, issued_key = Key("rsa_keygen_bits:2048"), Key("rsa_keygen_bits:2048")
    root = name(attribute(C, PRINTABLE, b"NZ"), attribute(O, UTF8, b"Example"), attribute(CN, UTF8, b"Root"))
    usage = [
        extension("2.5.29.19", seq(TRUE, tlv(2, b"\x01")), TRUE),
        extension("2.5.29.15", b"\x03\x02\x01\x06", TRUE),
        extension("2.5.29.14", tlv(4, b"\x01\x02\x03\x04")),
    ]
    (OUT / "authority.der").write_bytes(certificate(key=root_key, subject=root, extensions=usage))
    leaf = [
        extension("2.5.29.15", b"\x03\x02\x05\xa0", TRUE),
        extension("2.5.29.37", seq(*map(oid, ("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.5", "1.2.3")))),
        extension("2.5.29.35", seq(tlv(0x80, b"\x01\x02\x03\x04"))),
        extension(SAN, seq(
            tlv(0x82, b"host.example.com"), tlv(0x82, b"a\x00b"), tlv(0x81, b"a@example.com"),
            tlv(0x86, b"https://example.com/"), tlv(0x87, bytes([10, 0, 0, 1])),
            tlv(0x87, bytes.fromhex("20010db8000000000000000000000001")), tlv(0xA4, name(HOST)))),
    ]
    issued = seq(V3, tlv(2, b"\x00\x8a\xdc"), SHA256_RSA, root, seq(BEFORE, AFTER), name(HOST), issued_key.info,
                 tlv(0xA3, seq(*leaf)))
    (OUT / "issued.der").write_bytes(seq(issued, SHA256_RSA, tlv(3, b"\x00" + root_key.sign(issued))))

    pems = []
    for label in ("authority", "issued"):
        pem = openssl("x509", "-inform", "DER", "-in", OUT / f"{label}.der")
        (WORK / f"{label}.pem").write_bytes(pem)
        pems.append(pem)
    (container / "bundle.pem").write_bytes(b"Root of the example\n" + pems[0] + b"\nand a host:\r\n" + pems[1].replace(b"\n", b"\r\n"))
    openssl("x509", "-in", WORK / "authority.pem", "-trustout", "-addtrust", "serverAuth", "-out", container / "trusted.pem")
    both = ("-nocrl", "-certfile", WORK / "authority.pem", "-certfile", WORK / "issued.pem")
    openssl("crl2pkcs7", *both, "-out", container / "pkcs7.pem")
    openssl("crl2pkcs7", *both, "-outform", "DER", "-out", container / "pkcs7.der")
    openssl("req", "-new", "-key", KEY.path, "-subj", "/CN=x", "-out", container / "request.pem")
    openssl("req", "-new", "-key", KEY.path, "-subj", "/CN=x", "-outform", "DER", "-out", container / "request.der")
    openssl("pkcs12", "-export", "-nokeys", "-in", WORK / "authority.pem", "-passout", "pass:x", "-out", container / "store.p12")

    small = keys[1024].path
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", small, "-out", container / "key-pkcs8.pem")
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", small, "-outform", "DER", "-out", container / "key-pkcs8.der")
    openssl("pkcs8", "-topk8", "-passout", "pass:x", "-in", small, "-out", container / "key-encrypted.pem")
    openssl("pkcs8", "-topk8", "-passout", "pass:x", "-in", small, "-outform", "DER", "-out", container / "key-encrypted.der")
    openssl("rsa", "-traditional", "-in", small, "-out", container / "key-pkcs1.pem")
    openssl("rsa", "-traditional", "-in", small, "-outform", "DER", "-out", container / "key-pkcs1.der")
    openssl("rsa", "-traditional", "-aes128", "-passout", "pass:x", "-in", small, "-out", container / "key-pkcs1-encrypted.pem")
    openssl("ec", "-in", ec["p384"].path, "-out", container / "key-ec.pem")
    openssl("ec", "-in", ec["p384"].path, "-outform", "DER", "-out", container / "key-ec.der")
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", ec["p256"].path, "-out", container / "key-ec-pkcs8.pem")
    tiny = Key("rsa_keygen_bits:512").path
    openssl("rsa", "-traditional", "-in", tiny, "-out", container / "key-512.pem")
    for label, path in (("1024", small), ("512", tiny)):
        public = WORK / "public.pem"
        openssl("pkey", "-in", path, "-pubout", "-out", public)
        wrapped = openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", public, data=bytes(range(16)))
        (container / f"wrapped-{label}.bin").write_bytes(wrapped)


main()
