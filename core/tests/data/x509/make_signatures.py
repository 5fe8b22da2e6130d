#!/usr/bin/env python3
"""Writes the certificates of `signed/` whose signatures are rarer: SHA-224, and RSASSA-PSS with another hash for the mask, salts of
any length, moduli that are no multiple of eight bits, and keys that are for RSASSA-PSS only. Needs only `openssl` (3.0 or later).

    python3 make_signatures.py [DIRECTORY]

Every run makes new keys, which are thrown away.
"""
import pathlib
import subprocess
import sys
import tempfile

OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "signed"
WORK = tempfile.TemporaryDirectory()


def openssl(*args):
    done = subprocess.run(["openssl", *map(str, args)], capture_output=True)
    if done.returncode:
        raise SystemExit(f"openssl {args}: {done.stderr.decode()}")


def key(label, algorithm, *options):
    path = pathlib.Path(WORK.name) / f"{label}.pem"
    openssl("genpkey", "-algorithm", algorithm, *[part for option in options for part in ("-pkeyopt", option)], "-out", path)
    return path


def write(label, path, digest, *options):
    openssl("req", "-x509", "-key", path, f"-{digest}", "-days", "7300", "-set_serial", "0x1234",
            "-subj", "/C=NZ/O=Example/CN=host.example.com", *options, "-outform", "DER", "-out", OUT / f"{label}.der")


def pss(salt, mask):
    return ("-sigopt", "rsa_padding_mode:pss", "-sigopt", f"rsa_pss_saltlen:{salt}", "-sigopt", f"rsa_mgf1_md:{mask}")


rsa = key("rsa", "RSA", "rsa_keygen_bits:2048")
write("rsa2048-sha224", rsa, "sha224")
for label, curve in (("p256", "prime256v1"), ("p521", "secp521r1")):
    path = key(label, "EC", f"ec_paramgen_curve:{curve}", "ec_param_enc:named_curve")
    write(f"{label}-sha224", path, "sha224")
for digest, mask, salt in (
    ("sha224", "sha224", 28),
    ("sha256", "sha1", 20),
    ("sha256", "sha512", 222),
    ("sha512", "sha256", 7),
    ("sha1", "sha384", 0),
):
    write(f"pss-{digest}-mask-{mask}-salt{salt}", rsa, digest, *pss(salt, mask))
for bits in (1025, 1026, 1031, 1033):
    path = key(f"rsa{bits}", "RSA", f"rsa_keygen_bits:{bits}")
    write(f"pss-rsa{bits}", path, "sha256", *pss(32, "sha256"))
write("pss-key-any", key("any", "RSA-PSS", "rsa_keygen_bits:2048"), "sha384", *pss(48, "sha384"))
restricted = key("restricted", "RSA-PSS", "rsa_keygen_bits:2048", "rsa_pss_keygen_md:sha256",
                 "rsa_pss_keygen_mgf1_md:sha1", "rsa_pss_keygen_saltlen:17")
write("pss-key-restricted", restricted, "sha256", *pss(21, "sha1"))
