//! Signatures that openssl made: each verifies, and with any bit flipped none does.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use tlvet_core::x509::signature::{
    verify_certificate, verify_issued, verify_rsa_pkcs1, verify_rsa_pss,
};
use tlvet_core::x509::{
    Certificate, HashAlgorithm, PssKey, PssParameters, PublicKey, SignatureError,
};

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
    "rsa2048-sha224",
    "p256-sha224",
    "p521-sha224",
    "pss-sha224-mask-sha224-salt28",
    "pss-sha256-mask-sha1-salt20",
    "pss-sha256-mask-sha512-salt222",
    "pss-sha512-mask-sha256-salt7",
    "pss-sha1-mask-sha384-salt0",
    "pss-rsa1025",
    "pss-rsa1026",
    "pss-rsa1031",
    "pss-rsa1033",
    "pss-key-any",
    "pss-key-restricted",
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

fn signed(name: &str) -> Certificate {
    let (_, der) = SIGNED.iter().find(|(known, _)| *known == name).unwrap();
    Certificate::parse(der, 0).unwrap()
}

/// RFC 4055 section 3.3: hash and mask as the key says, a salt as long or longer.
#[test]
fn keys_for_pss_keep_to_their_parameters() {
    let good = signed("pss-key-restricted");
    let of_key =
        PssParameters { hash: HashAlgorithm::Sha256, mask_hash: HashAlgorithm::Sha1, salt: 17 };
    assert_eq!(good.pss_key, Some(PssKey::Restricted(of_key.clone())));
    assert_eq!(verify_issued(&good, &good), Ok(()));
    assert_eq!(signed("pss-key-any").pss_key, Some(PssKey::Any));
    assert_eq!(signed("pss-sha256-salt32").pss_key, None);

    let with = |parameters: PssParameters| {
        let mut issuer = good.clone();
        issuer.pss_key = Some(PssKey::Restricted(parameters));
        verify_issued(&good, &issuer)
    };
    let refused = Err(SignatureError::BadKey("it is for other RSASSA-PSS parameters".to_owned()));
    assert_eq!(with(PssParameters { salt: 21, ..of_key.clone() }), Ok(()));
    assert_eq!(with(PssParameters { salt: 22, ..of_key.clone() }), refused);
    assert_eq!(with(PssParameters { hash: HashAlgorithm::Sha512, ..of_key.clone() }), refused);
    assert_eq!(with(PssParameters { mask_hash: HashAlgorithm::Sha256, ..of_key }), refused);

    let mut unreadable = good.clone();
    unreadable.pss_key = Some(PssKey::Unreadable);
    assert!(matches!(verify_issued(&good, &unreadable), Err(SignatureError::BadKey(_))));
}

/// A key for RSASSA-PSS is no key for PKCS #1 v1.5, also where the numbers fit.
#[test]
fn keys_for_pss_sign_nothing_else() {
    let subject = signed("rsa2048-sha256");
    let mut issuer = subject.clone();
    assert_eq!(verify_issued(&subject, &issuer), Ok(()));
    issuer.pss_key = Some(PssKey::Any);
    let refused = Err(SignatureError::BadKey("it is for RSASSA-PSS only".to_owned()));
    assert_eq!(verify_issued(&subject, &issuer), refused);
}

/// Another length of salt, hash or mask than the one the signature was made with.
#[test]
fn parameters_of_pss_are_part_of_the_signature() {
    let good = signed("pss-sha256-mask-sha1-salt20");
    let message = [good.to_be_signed()];
    let verify = |hash, mask_hash, salt| {
        let parameters = PssParameters { hash, mask_hash, salt };
        verify_rsa_pss(&good.public_key, &parameters, &message, &good.signature)
    };
    use HashAlgorithm::{Md5, Sha1, Sha256, Sha512};
    assert_eq!(verify(Sha256, Sha1, 20), Ok(()));
    for (hash, mask_hash, salt) in [
        (Sha256, Sha1, 19),
        (Sha256, Sha1, 21),
        (Sha256, Sha1, 0),
        (Sha256, Sha1, 222),
        (Sha256, Sha1, 223),
        (Sha256, Sha1, u32::MAX),
        (Sha256, Sha256, 20),
        (Sha256, Md5, 20),
        (Sha1, Sha1, 20),
        (Sha512, Sha1, 20),
        (Sha512, Sha1, 190),
        (Sha512, Sha1, 191),
    ] {
        let result = verify(hash, mask_hash, salt);
        assert_eq!(result, Err(SignatureError::Mismatch), "{hash} {mask_hash} {salt}");
    }
}

/// AlgorithmIdentifier without the NULL that RFC 3279 asks for, in both places.
#[test]
fn an_algorithm_without_null_verifies() {
    let der = include_bytes!("data/x509/odd/alg-no-null.der");
    let certificate = Certificate::parse(der, 0).unwrap();
    assert_eq!(certificate.signature_algorithm.raw.last(), Some(&0x0b));
    assert_eq!(verify_issued(&certificate, &certificate), Ok(()));
}
