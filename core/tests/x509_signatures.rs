//! Signatures that openssl made: each verifies, and with any bit flipped none does.

use tlvet_core::x509::signature::{verify_certificate, verify_rsa_pkcs1};
use tlvet_core::x509::{Certificate, HashAlgorithm, PublicKey, SignatureError};

macro_rules! signed {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("data/x509/signed/", $name, ".der")).as_slice())),*]
    };
}

const SIGNED: &[(&str, &[u8])] = signed![
    "rsa1024-md5",
    "rsa1024-sha1",
    "rsa1024-sha256",
    "rsa1024-sha384",
    "rsa1024-sha512",
    "rsa2048-md5",
    "rsa2048-sha1",
    "rsa2048-sha256",
    "rsa2048-sha384",
    "rsa2048-sha512",
    "rsa4096-md5",
    "rsa4096-sha1",
    "rsa4096-sha256",
    "rsa4096-sha384",
    "rsa4096-sha512",
    "pss-sha1-salt20",
    "pss-sha256-salt0",
    "pss-sha256-salt32",
    "pss-sha384-salt48",
    "pss-sha512-salt64",
    "p256-sha1",
    "p256-sha256",
    "p256-sha384",
    "p256-sha512",
    "p384-sha1",
    "p384-sha256",
    "p384-sha384",
    "p384-sha512",
    "p521-sha1",
    "p521-sha256",
    "p521-sha384",
    "p521-sha512",
    "ed25519",
];

#[test]
fn good_signatures_verify() {
    for (name, der) in SIGNED {
        let certificate = Certificate::parse(der, 0).unwrap();
        assert_eq!(certificate.problems, [], "{name}");
        assert_eq!(verify_certificate(&certificate, &certificate.public_key), Ok(()), "{name}");
        assert!(certificate.self_signed(), "{name}");
    }
}

/// One bit in the signature, in the middle and at the end, and one in the serial.
#[test]
fn a_flipped_bit_verifies_nowhere() {
    for (name, der) in SIGNED {
        let good = Certificate::parse(der, 0).unwrap();
        let serial = der.windows(4).position(|window| window == [2, 2, 0x12, 0x34]).unwrap() + 3;
        let end = der.len();
        for index in [serial, end - 1, end - good.signature.len() / 2] {
            let mut der = der.to_vec();
            der[index] ^= 1;
            let certificate = Certificate::parse(&der, 0).unwrap();
            assert_ne!(certificate, good, "{name} {index}");
            assert_eq!(
                verify_certificate(&certificate, &good.public_key),
                Err(SignatureError::Mismatch),
                "{name} {index}"
            );
            assert!(!certificate.self_signed(), "{name} {index}");
        }
        let mut short = good.clone();
        short.signature.pop();
        assert_eq!(
            verify_certificate(&short, &good.public_key),
            Err(SignatureError::Mismatch),
            "{name}"
        );
        let mut long = good.clone();
        long.signature.insert(0, 0);
        assert_eq!(
            verify_certificate(&long, &good.public_key),
            Err(SignatureError::Mismatch),
            "{name}"
        );
        let mut none = good.clone();
        none.signature.clear();
        assert_eq!(
            verify_certificate(&none, &good.public_key),
            Err(SignatureError::Mismatch),
            "{name}"
        );
    }
}

/// A key of another kind is no key for the signature.
#[test]
fn keys_of_another_kind_are_bad_keys() {
    let find = |name: &str| {
        let (_, der) = SIGNED.iter().find(|(known, _)| *known == name).unwrap();
        Certificate::parse(der, 0).unwrap()
    };
    let kinds = ["rsa2048-sha256", "p256-sha256", "ed25519"];
    for subject in kinds {
        for issuer in kinds.iter().filter(|issuer| **issuer != subject) {
            let result = verify_certificate(&find(subject), &find(issuer).public_key);
            assert!(
                matches!(result, Err(SignatureError::BadKey(_))),
                "{subject} {issuer}: {result:?}"
            );
        }
    }
    let result = verify_certificate(&find("p256-sha256"), &find("p384-sha256").public_key);
    assert_eq!(result, Err(SignatureError::Mismatch));
}

#[test]
fn the_issuer_signed_the_issued() {
    let root = Certificate::parse(include_bytes!("data/x509/authority.der"), 0).unwrap();
    let issued = Certificate::parse(include_bytes!("data/x509/issued.der"), 0).unwrap();
    assert_eq!(verify_certificate(&issued, &root.public_key), Ok(()));
    assert_eq!(verify_certificate(&issued, &issued.public_key), Err(SignatureError::Mismatch));
    assert_eq!(verify_certificate(&root, &root.public_key), Ok(()));
}

#[test]
fn algorithms_outside_the_list_are_unsupported() {
    for (der, name) in [
        (&include_bytes!("data/x509/odd/dsa.der")[..], "dsa_with_SHA256"),
        (&include_bytes!("data/x509/odd/ed448.der")[..], "ED448"),
        (&include_bytes!("data/x509/odd/ec-secp256k1.der")[..], "the curve secp256k1"),
    ] {
        let certificate = Certificate::parse(der, 0).unwrap();
        assert_eq!(
            verify_certificate(&certificate, &certificate.public_key),
            Err(SignatureError::Unsupported(name.to_owned()))
        );
    }
}

/// The primitive that trust lists use: pieces in order, the exact block length, the named hash only.
#[test]
fn pkcs1_signatures_over_pieces() {
    let certificate = Certificate::parse(include_bytes!("data/x509/authority.der"), 0).unwrap();
    let key = &certificate.public_key;
    let (first, second) = certificate.to_be_signed().split_at(100);
    let signature = &certificate.signature;
    let verify =
        |hash, pieces: &[&[u8]], signature: &[u8]| verify_rsa_pkcs1(key, hash, pieces, signature);
    assert_eq!(verify(HashAlgorithm::Sha256, &[first, second], signature), Ok(()));
    assert_eq!(
        verify(HashAlgorithm::Sha256, &[second, first], signature),
        Err(SignatureError::Mismatch)
    );
    for hash in
        [HashAlgorithm::Md5, HashAlgorithm::Sha1, HashAlgorithm::Sha384, HashAlgorithm::Sha512]
    {
        assert_eq!(
            verify(hash, &[first, second], signature),
            Err(SignatureError::Mismatch),
            "{hash}"
        );
    }
    let mut padded = vec![0];
    padded.extend_from_slice(signature);
    for wrong in [&signature[1..], &padded, &vec![0xff; 256], &[]] {
        assert_eq!(
            verify(HashAlgorithm::Sha256, &[first, second], wrong),
            Err(SignatureError::Mismatch)
        );
    }
}

/// Small keys of old trust lists verify; the limits stand in `limits.rs`.
#[test]
fn a_key_of_512_bits_verifies() {
    let certificate = Certificate::parse(include_bytes!("data/x509/odd/rsa512.der"), 0).unwrap();
    assert_eq!(certificate.public_key.bits(), 512);
    assert_eq!(verify_certificate(&certificate, &certificate.public_key), Ok(()));
    let PublicKey::Rsa { modulus, exponent } = &certificate.public_key else {
        panic!("an RSA key is expected");
    };
    assert_eq!((modulus.len(), exponent.as_slice()), (64, &[1, 0, 1][..]));
}
