"""Our own vectors, in the form of `tests/vectors`: what those do not hold, one file for each rule."""

import json

from tlvfixtures import *


def put(kind, name, data, expected, why, signer, **more):
    ending = {"itl": "tlv", "ctl": "tlv", "sgn": "cnf.xml.sgn", "enc": "cnf.xml.enc.sgn"}[kind]
    truth = {
        "name": name,
        "file": f"{name}.{ending}",
        "kind": kind,
        "expected": expected,
        "why": why,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "signer_certificate": f"keys/{signer}.crt",
        **more,
    }
    write(f"{kind}/{name}.{ending}", data)
    write(f"{kind}/{name}.json", json.dumps(truth, indent=1) + "\n")


def keep(name, one):
    write(f"keys/{name}.crt", one.pem)
    return name


small = certificate(cucm.name("cucm-pub.example.com"), "rsa512")
short = certificate(cucm.name("cucm-pub.example.com"), "rsa1024")
long = certificate(cucm.name("cucm-pub.example.com"), "rsa4096")
expired = certificate(cucm.name("cucm-old.example.com"), "callmanager", not_before="2010-01-01", not_after="2015-01-01")
for name, one in {
    "itlrecovery": cucm.itlrecovery, "callmanager": cucm.callmanager, "rsa512": small, "rsa1024": short,
    "rsa4096": long, "expired": expired, "token1": cucm.token(1), "phone": cucm.phone, "capf": cucm.capf, "tvs": cucm.tvs,
    "other": cucm.other,
}.items():
    keep(name, one)
for name in ("phone", "rsa4096", "other"):
    write(f"keys/{name}.pem", Key(name).pem)

rest = cucm.itl_records()[2:]
recovery = record(SAST, cucm.itlrecovery)


def itl_good(name, why, signer="itlrecovery", **header):
    put("itl", name, itl(**header), "accept", why, signer)


itl_good("good_sha1", "SHA-1, the default")
itl_good("good_sha256", "SHA-256, code 2", digest="sha256")
itl_good("good_sha512", "SHA-512, code 3", digest="sha512")
itl_good("good_signer_version_10", "tag 28 = 1.0", signer_version=(1, 0))
itl_good("good_signer_version_11", "tag 28 = 1.1", signer_version=(1, 1))
itl_good("good_version_1_0", "version 1.0", version=(1, 0))
itl_good("good_version_1_1", "version 1.1", version=(1, 1))
itl_good("good_version_1_7", "a newer minor version", version=(1, 7))
itl_good("good_no_padding", "no padding though the header is no multiple of 4", padding=0)
itl_good("good_seven_padding", "seven padding bytes", padding=7)
itl_good("good_timestamp_after_2038", "TIMESTAMP is unsigned", timestamp="2100-01-01T00:00:00")
itl_good("good_no_timestamp", "no TIMESTAMP", timestamp=None)
itl_good("good_unknown_element", "an element that no version names, behind the others", extra=element(77, b"tomorrow"))
for bits, one in ((512, small), (1024, short), (4096, long)):
    records = [record(SAST, one), *cucm.itl_records()[1:]]
    put("itl", f"good_rsa{bits}", itl(one, records), "accept", f"signer of {bits} bits", f"rsa{bits}")
for curve in (256, 384, 521):
    one = certificate(cucm.name("cucm-pub.example.com"), f"ec{curve}")
    records = [*cucm.itl_records(), record(TFTP, one, dns="cucm-pub")]
    put("itl", f"good_ec{curve}_record", itl(records=records), "accept", f"a P-{curve} record", "itlrecovery")
put("itl", "good_many_records", itl(records=cucm.itl_records() + [record(TFTP, cucm.callmanager_sub)] * 60), "accept",
    "more than 64 KiB", "itlrecovery")
put("itl", "good_hash_code_absent", itl(records=[recovery, *cucm.itl_records()[1:3], record(TVS, cucm.tvs, by_hash=True, hash_code=None),
    record(CAPF, cucm.capf, by_hash=True, hash_code=None)]), "accept", "CERTHASH without HASH ALGORITHM", "itlrecovery")
put("itl", "good_hash_code_0", itl(records=[recovery, *cucm.itl_records()[1:3], record(TVS, cucm.tvs, by_hash=True, hash_code=0),
    record(CAPF, cucm.capf, by_hash=True, hash_code=0)]), "accept", "HASH ALGORITHM 0, a hash of 20 bytes: `null` of 11.5", "itlrecovery")
put("itl", "good_hash_sha256", itl(records=[recovery, *cucm.itl_records()[1:3], record(TVS, cucm.tvs, by_hash=True, hash_code=2, hash=cucm.tvs.sha256)]),
    "accept", "CERTHASH of 32 bytes", "itlrecovery")
put("itl", "good_expired_signer", itl(expired, [record(SAST, expired), *rest]), "accept",
    "the signer has expired: a list is still well formed and signed", "expired")
put("ctl", "good_tokenless", ctl(), "accept", "tokenless, mixed mode", "itlrecovery")
tokens = [record(SAST, cucm.token(1), token=True, ip="0.0.0.0"), record(SAST, cucm.token(2), token=True, ip="0.0.0.0")]
server = record(CCM_TFTP, dns="192.0.2.10", ip="192.0.2.10")
put("ctl", "good_token", ctl(cucm.token(1), [*tokens, server], token=True), "accept", "signed by a security token", "token1")

put("itl", "bad_version_2_9_major", itl(version=(3, 0)), "reject", "an unknown major version", "itlrecovery")
put("itl", "bad_signature_shorter", itl(modulus_code=1, key="rsa1024"), "reject", "1024-bit signature under a 2048-bit key", "itlrecovery")
put("itl", "bad_algorithm_code", itl(algorithm_code=1), "reject", "an unknown SIGNATUREALGORITHM", "itlrecovery")
put("itl", "bad_signer_certificate_of_other", itl(records=[record(SAST, cucm.other, subject=cucm.itlrecovery.subject,
    issuer=cucm.itlrecovery.issuer, serial=cucm.itlrecovery.serial), *rest], key="other"), "reject",
    "the signer's record has the right names and serial, another key and certificate, and that key signs", "other")
put("itl", "bad_signer_public_key_of_other", itl(records=[record(SAST, cucm.itlrecovery, public_key=cucm.other.public_key),
    *rest], key="other"), "reject", "PUBLICKEY of the signer's record is another, and that key signs", "other")
put("itl", "bad_two_signers_one_serial", itl(records=[recovery, record(SAST, cucm.other, serial=cucm.itlrecovery.serial,
    issuer=cucm.itlrecovery.issuer, subject=cucm.itlrecovery.subject), *rest]), "reject", "two certificates claim to be the signer", "itlrecovery")
put("itl", "bad_record_over_end", itl(records=[*cucm.itl_records(), record(TFTP, cucm.callmanager_sub, length=1600)]),
    "reject", "the last record is longer than the file, signed like that", "itlrecovery")
put("itl", "bad_duplicate_function", itl(records=[recovery, record(TFTP, cucm.callmanager, extra=element(4, b"\0\0")), *rest]),
    "reject", "a record with two FUNCTIONs, signed like that", "itlrecovery")
put("itl", "bad_timestamp_length", itl(extra=element(15, b"\0\0"), timestamp=None), "reject", "TIMESTAMP of 2 bytes", "itlrecovery")
put("itl", "bad_no_signature", itl(omit=(12,)), "reject", "no SIGNATURE", "itlrecovery")
put("itl", "bad_no_signer", itl(omit=(3,)), "reject", "no SIGNERID", "itlrecovery")
put("itl", "bad_signer_absent", itl(records=cucm.itl_records()[1:]), "reject", "the signer has no record", "itlrecovery")
put("itl", "bad_element_behind_padding", itl(extra=b"\x0d" + element(14, b"ITLFile.tlv\0"), filename=None), "reject",
    "an element behind padding, signed like that", "itlrecovery")

put("itl", "odd_certhash_and_certificate", itl(records=[recovery, record(CCM_TFTP, cucm.callmanager, extra=element(11, cucm.other.sha1)),
    *rest[1:]]), "policy", "a record with a certificate and the hash of another", "itlrecovery")
put("itl", "odd_subject_of_other", itl(records=[recovery, record(CCM_TFTP, cucm.callmanager, subject="CN=elsewhere"), *rest[1:]]),
    "policy", "SUBJECTNAME of a record is not the certificate's", "itlrecovery")
put("itl", "odd_key_of_other", itl(records=[recovery, record(CCM_TFTP, cucm.callmanager, public_key=cucm.other.public_key), *rest[1:]]),
    "policy", "PUBLICKEY of a record is not the certificate's", "itlrecovery")
put("itl", "odd_signature_last", itl(order=(1, 2, 28, 3, 7, 14, 15, 12)), "policy", "SIGNATURE stands behind FILENAME and TIMESTAMP", "itlrecovery")
put("itl", "odd_signature_first", itl(order=(1, 2, 28, 3, 12, 7, 14, 15)), "policy", "SIGNATURE stands before SIGNATUREINFO", "itlrecovery")
put("itl", "odd_unknown_record_element", itl(records=[recovery, record(CCM_TFTP, cucm.callmanager, extra=element(33, b"new")), *rest[1:]]),
    "policy", "a record element that no version names", "itlrecovery")
put("itl", "odd_certificate_with_tail", itl(records=[recovery, record(CCM_TFTP, cucm.callmanager, der=cucm.callmanager.der + b"\0\0"), *rest[1:]]),
    "policy", "two bytes behind the DER of a CERTIFICATE", "itlrecovery")
put("itl", "odd_signer_record_twice", itl(records=[recovery, *cucm.itl_records()]), "policy", "the signer's record twice", "itlrecovery")

body = CONFIGURATION.encode()
name = "SEP001122334455.cnf.xml.sgn"
put("sgn", "good_rsa1024", sgn(name, body, short), "accept", "1024 bits", "rsa1024")
put("sgn", "good_body_starts_with_cr", sgn(name, b"\r\n" + body), "accept", "the body begins with the byte that pads headers", "callmanager")
put("sgn", "good_body_empty", sgn("empty.raw.sgn", b""), "accept", "a signed file of nothing", "callmanager")
put("sgn", "good_body_binary", sgn("tones.jar.sgn", bytes(range(256)) * 40), "accept", "any bytes", "callmanager")
put("sgn", "good_with_directory", sgn("English_United_States/mk-sip.jar.sgn", b"PK"), "accept", "FILENAME with a directory", "callmanager")
put("sgn", "good_signer_version", sgn(name, body, signer_version=(1, 1), digest="sha512"), "accept", "tag 28 and SHA-512", "callmanager")
put("sgn", "good_no_timestamp", sgn(name, body, timestamp=None), "accept", "no TIMESTAMP", "callmanager")
put("sgn", "odd_filename_of_other_phone", sgn("SEP999999999999.cnf.xml.sgn", body), "policy", "FILENAME of another phone: a replay", "callmanager")
put("sgn", "odd_signature_last", sgn(name, body, order=(1, 2, 28, 3, 7, 14, 15, 12)), "policy", "SIGNATURE stands last", "callmanager")
put("sgn", "bad_signer_name", sgn(name, body, name="CN=elsewhere"), "reject", "the header names another subject", "callmanager")
put("sgn", "bad_signer_issuer", sgn(name, body, issuer="CN=elsewhere"), "reject", "the header names another issuer", "callmanager")
put("sgn", "bad_signer_serial", sgn(name, body, serial=b"\1\2\3"), "reject", "the header names another serial", "callmanager")
put("sgn", "bad_cut_body", sgn(name, body)[:-1], "reject", "the last byte is missing", "callmanager")

encrypted = "SEP001122334455.cnf.xml.enc.sgn"


def enc(name, expected, why, plain=body, device=cucm.phone, key="phone", **more):
    data = enc_sgn(encrypted, plain, device, **more)
    extra = {"device_key": f"keys/{key}.pem"}
    if expected == "accept":
        write(f"enc/{name}.plain.xml", plain)
        extra["plain_file"] = f"{name}.plain.xml"
    put("enc", name, data, expected, why, "callmanager", **extra)


enc("good_sha1", "accept", "SHA-1")
enc("good_sha512", "accept", "SHA-512", digest="sha512")
enc("good_sixteen_pad_bytes", "accept", "a whole block of padding", plain=body + b" " * (-len(body) % 16))
enc("good_rsa4096_device", "accept", "a 4096-bit device key", device=long, key="rsa4096")
enc("odd_pad_count_17", "policy", "pad count 17", pad_count=17)
enc("odd_digest_of_other", "policy", "the digest of the plain text is another", plain_digest=hashlib.sha1(b"x").digest())
enc("odd_wrapped_bits", "policy", "the bits of the wrapped key contradict its length", wrapped_bits=1024)
enc("odd_key_of_other_phone", "policy", "the key given is another phone's", key="other")
