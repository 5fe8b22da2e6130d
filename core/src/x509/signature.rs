//! Signatures: RSA PKCS#1 v1.5 and PSS, ECDSA on the NIST curves, Ed25519.
//!
//! Only public-key operations; every key and signature may be hostile. Nothing here decides trust.

use core::fmt;

use ed25519_dalek::Verifier;
use md5::Md5;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_parser::prelude::FromDer;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::AlgorithmIdentifier;

use super::certificate::{Certificate, SignatureAlgorithm};
use super::der;
use super::key::{Curve, PublicKey};
use crate::limits;

/// Hash functions that signatures of the domain use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HashAlgorithm {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// The hash of `pieces`, in order.
    pub fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        fn of<D: Digest>(pieces: &[&[u8]]) -> Vec<u8> {
            let mut hasher = D::new();
            for piece in pieces {
                hasher.update(piece);
            }
            hasher.finalize().to_vec()
        }
        match self {
            Self::Md5 => of::<Md5>(pieces),
            Self::Sha1 => of::<Sha1>(pieces),
            Self::Sha256 => of::<Sha256>(pieces),
            Self::Sha384 => of::<Sha384>(pieces),
            Self::Sha512 => of::<Sha512>(pieces),
        }
    }

    /// Bytes of the hash.
    pub fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The DER of DigestInfo up to the hash (RFC 8017 section 9.2 note 1).
    fn digest_info(self) -> &'static [u8] {
        match self {
            Self::Md5 => {
                b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10"
            }
            Self::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
            Self::Sha256 => {
                b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
            }
            Self::Sha384 => {
                b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
            }
            Self::Sha512 => {
                b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
            }
        }
    }

    fn from_object_identifier(oid: &str) -> Option<Self> {
        match oid {
            "1.2.840.113549.2.5" => Some(Self::Md5),
            "1.3.14.3.2.26" => Some(Self::Sha1),
            "2.16.840.1.101.3.4.2.1" => Some(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" => Some(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" => Some(Self::Sha512),
            _ => None,
        }
    }
}

/// Lower-case name: `md5`, `sha1`, `sha256`, …
impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        })
    }
}

/// Why a signature is not verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureError {
    /// The signature was checked, and it is not this key's signature over these bytes.
    Mismatch,
    /// The signature could not be checked: the algorithm, in words.
    Unsupported(String),
    /// The signature could not be checked: what is wrong with the key.
    BadKey(String),
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch => f.write_str("the signature does not match"),
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
            Self::BadKey(what) => write!(f, "the key cannot be used: {what}"),
        }
    }
}

impl core::error::Error for SignatureError {}

/// Verifies RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2) over `message`, whose pieces are hashed in order.
///
/// The signature is as long as the modulus, exactly. Keys of [`limits::RSA_BITS`] are used, others
/// are [`SignatureError::BadKey`], as are even moduli and exponents that are even, below 3 or above 33 bits.
pub fn verify_rsa_pkcs1(
    key: &PublicKey,
    hash: HashAlgorithm,
    message: &[&[u8]],
    signature: &[u8],
) -> Result<(), SignatureError> {
    verify_rsa_pkcs1_digest(key, hash, &hash.digest(message), signature)
}

/// [`verify_rsa_pkcs1`] over a message that was hashed before.
pub fn verify_rsa_pkcs1_digest(
    key: &PublicKey,
    hash: HashAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let key = rsa_key(key)?;
    let scheme = Pkcs1v15Sign { hash_len: Some(hash.length()), prefix: hash.digest_info().into() };
    key.verify(scheme, digest, signature).map_err(|_| SignatureError::Mismatch)
}

/// Verifies ECDSA (FIPS 186-5) over `message`, whose pieces are hashed in order; `signature` is the DER of r and s.
pub fn verify_ecdsa(
    key: &PublicKey,
    hash: HashAlgorithm,
    message: &[&[u8]],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let PublicKey::Ec { curve, point } = key else {
        return Err(SignatureError::BadKey("it is no EC key".to_owned()));
    };
    let digest = hash.digest(message);
    let off_curve = || SignatureError::BadKey(format!("its point is not on {}", curve.name()));
    // A shorter hash is a smaller number: zero bytes in front change nothing, but RustCrypto refuses
    // hashes below half of the field.
    let padded = |field: usize| {
        let mut padded = vec![0; field.saturating_sub(digest.len())];
        padded.extend_from_slice(&digest);
        padded
    };
    match curve {
        Curve::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| off_curve())?;
            let signature = p256::ecdsa::Signature::from_der(signature)
                .map_err(|_| SignatureError::Mismatch)?;
            key.verify_prehash(&padded(32), &signature)
        }
        Curve::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| off_curve())?;
            let signature = p384::ecdsa::Signature::from_der(signature)
                .map_err(|_| SignatureError::Mismatch)?;
            key.verify_prehash(&padded(48), &signature)
        }
        Curve::P521 => {
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| off_curve())?;
            let signature = p521::ecdsa::Signature::from_der(signature)
                .map_err(|_| SignatureError::Mismatch)?;
            key.verify_prehash(&padded(66), &signature)
        }
        Curve::Other(name) => return Err(SignatureError::Unsupported(format!("the curve {name}"))),
    }
    .map_err(|_| SignatureError::Mismatch)
}

/// Verifies the signature of `subject` with the key of its issuer.
///
/// A certificate whose two signature algorithms differ is a mismatch (RFC 5280 section 4.1.1.2).
pub fn verify_certificate(
    subject: &Certificate,
    issuer_key: &PublicKey,
) -> Result<(), SignatureError> {
    if !subject.signature_algorithms_agree {
        return Err(SignatureError::Mismatch);
    }
    verify_signed(
        &subject.signature_algorithm,
        subject.to_be_signed(),
        &subject.signature,
        issuer_key,
    )
}

/// Verifies a signature over the bytes of a certificate, a certificate request or a revocation list.
pub fn verify_signed(
    algorithm: &SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
    key: &PublicKey,
) -> Result<(), SignatureError> {
    let pieces = [message];
    let rsa = |hash| verify_rsa_pkcs1(key, hash, &pieces, signature);
    let ecdsa = |hash| verify_ecdsa(key, hash, &pieces, signature);
    match algorithm.name.as_str() {
        "md5WithRSAEncryption" => rsa(HashAlgorithm::Md5),
        "sha1WithRSAEncryption" | "sha1WithRSA" => rsa(HashAlgorithm::Sha1),
        "sha256WithRSAEncryption" => rsa(HashAlgorithm::Sha256),
        "sha384WithRSAEncryption" => rsa(HashAlgorithm::Sha384),
        "sha512WithRSAEncryption" => rsa(HashAlgorithm::Sha512),
        "rsassaPss" => verify_pss(key, &algorithm.raw, &pieces, signature),
        "ecdsa-with-SHA1" => ecdsa(HashAlgorithm::Sha1),
        "ecdsa-with-SHA256" => ecdsa(HashAlgorithm::Sha256),
        "ecdsa-with-SHA384" => ecdsa(HashAlgorithm::Sha384),
        "ecdsa-with-SHA512" => ecdsa(HashAlgorithm::Sha512),
        "ED25519" => verify_ed25519(key, message, signature),
        other => Err(SignatureError::Unsupported(other.to_owned())),
    }
}

/// Verifies RSASSA-PSS with the parameters of an AlgorithmIdentifier (RFC 4055 section 3.1).
fn verify_pss(
    key: &PublicKey,
    algorithm: &[u8],
    message: &[&[u8]],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let unsupported = |what: String| SignatureError::Unsupported(format!("RSASSA-PSS {what}"));
    let key = rsa_key(key)?;
    let (_, algorithm) = AlgorithmIdentifier::from_der(algorithm)
        .map_err(|_| unsupported("without readable parameters".to_owned()))?;
    let parameters = algorithm
        .parameters
        .as_ref()
        .and_then(|any| RsaSsaPssParams::try_from(any).ok())
        .ok_or_else(|| unsupported("without readable parameters".to_owned()))?;
    let oid = parameters.hash_algorithm_oid().to_id_string();
    let hash = HashAlgorithm::from_object_identifier(&oid)
        .ok_or_else(|| unsupported(format!("with the hash {oid}")))?;
    let mask = parameters
        .mask_gen_algorithm()
        .map_err(|_| unsupported("with an unreadable mask generation".to_owned()))?;
    if mask.mgf.to_id_string() != "1.2.840.113549.1.1.8" || mask.hash.to_id_string() != oid {
        return Err(unsupported("with a mask of another hash".to_owned()));
    }
    if parameters.trailer_field() != 1 {
        return Err(unsupported(format!("with trailer {}", parameters.trailer_field())));
    }
    // No salt is longer than the block; the bound keeps the library's sums in range.
    let salt = usize::try_from(parameters.salt_length())
        .ok()
        .filter(|salt| *salt <= signature.len())
        .ok_or(SignatureError::Mismatch)?;
    let digest = hash.digest(message);
    match hash {
        HashAlgorithm::Md5 => key.verify(Pss::<Md5>::new_with_salt(salt), &digest, signature),
        HashAlgorithm::Sha1 => key.verify(Pss::<Sha1>::new_with_salt(salt), &digest, signature),
        HashAlgorithm::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt), &digest, signature),
        HashAlgorithm::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt), &digest, signature),
        HashAlgorithm::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt), &digest, signature),
    }
    .map_err(|_| SignatureError::Mismatch)
}

fn verify_ed25519(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let PublicKey::Ed25519(bytes) = key else {
        return Err(SignatureError::BadKey("it is no Ed25519 key".to_owned()));
    };
    let key = <&[u8; 32]>::try_from(bytes.as_slice())
        .ok()
        .and_then(|bytes| ed25519_dalek::VerifyingKey::from_bytes(bytes).ok())
        .ok_or_else(|| SignatureError::BadKey("it is no point of Ed25519".to_owned()))?;
    let signature =
        ed25519_dalek::Signature::from_slice(signature).map_err(|_| SignatureError::Mismatch)?;
    key.verify(message, &signature).map_err(|_| SignatureError::Mismatch)
}

/// The key for the `rsa` crate, refused where a hostile one would cost time or panic.
fn rsa_key(key: &PublicKey) -> Result<RsaPublicKey, SignatureError> {
    let bad = |what: &str| SignatureError::BadKey(what.to_owned());
    let PublicKey::Rsa { modulus, exponent } = key else {
        return Err(bad("it is no RSA key"));
    };
    let bits = key.bits();
    if !limits::RSA_BITS.contains(&usize::try_from(bits).unwrap_or(usize::MAX)) {
        return Err(SignatureError::BadKey(format!(
            "it has {bits} bits, {} to {} are accepted",
            limits::RSA_BITS.start(),
            limits::RSA_BITS.end()
        )));
    }
    if modulus.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(bad("its modulus is even"));
    }
    let exponent = der::magnitude(exponent);
    if exponent.last().is_none_or(|byte| byte % 2 == 0) || exponent == [1] {
        return Err(bad("its exponent is even or 1"));
    }
    if exponent.len() > 5 {
        return Err(bad("its exponent is longer than 33 bits"));
    }
    RsaPublicKey::new_with_size_limits(
        BoxedUint::from_be_slice_vartime(der::magnitude(modulus)),
        BoxedUint::from_be_slice_vartime(exponent),
        limits::RSA_BITS,
    )
    .map_err(|error| SignatureError::BadKey(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rsa(modulus: Vec<u8>, exponent: Vec<u8>) -> PublicKey {
        PublicKey::Rsa { modulus, exponent }
    }

    /// A hostile key is an error, whatever the signature is.
    #[test]
    fn hostile_rsa_keys_are_bad_keys() {
        let odd = vec![0xff; 128];
        let mut even = odd.clone();
        *even.last_mut().unwrap() = 0xfe;
        let keys = [
            rsa(vec![], vec![3]),
            rsa(vec![0; 128], vec![3]),
            rsa(even, vec![3]),
            rsa(odd.clone(), vec![]),
            rsa(odd.clone(), vec![0]),
            rsa(odd.clone(), vec![1]),
            rsa(odd.clone(), vec![2]),
            rsa(odd.clone(), vec![4]),
            rsa(odd.clone(), vec![0xff; 5]),
            rsa(odd.clone(), vec![0xff; 128]),
            rsa(vec![0xff; 63], vec![3]),
            rsa(vec![0xff; 1025], vec![3]),
            PublicKey::Ed25519(vec![0; 32]),
        ];
        for key in keys {
            for length in [0, 1, 63, 64, 127, 128, 129] {
                let result =
                    verify_rsa_pkcs1(&key, HashAlgorithm::Sha1, &[b"x"], &vec![0xee; length]);
                assert!(matches!(result, Err(SignatureError::BadKey(_))), "{key:?}: {result:?}");
            }
        }
        // Odd, of a good size, and yet no product of two primes: nothing verifies.
        for length in [0, 127, 128, 129] {
            let signature = vec![0; length];
            let result =
                verify_rsa_pkcs1(&rsa(odd.clone(), vec![3]), HashAlgorithm::Sha1, &[], &signature);
            assert_eq!(result, Err(SignatureError::Mismatch));
        }
    }

    #[test]
    fn points_off_the_curve_are_bad_keys() {
        for length in [65, 97, 133] {
            let mut point = vec![1; length];
            *point.first_mut().unwrap() = 4;
            let key = PublicKey::from_ec_point(&point).unwrap();
            let result = verify_ecdsa(&key, HashAlgorithm::Sha1, &[b"x"], &[]);
            assert!(matches!(result, Err(SignatureError::BadKey(_))), "{result:?}");
        }
    }

    #[test]
    fn pieces_are_hashed_in_order() {
        assert_eq!(
            HashAlgorithm::Sha256.digest(&[b"ab", b"", b"c"]),
            HashAlgorithm::Sha256.digest(&[b"abc"])
        );
        for hash in [
            HashAlgorithm::Md5,
            HashAlgorithm::Sha1,
            HashAlgorithm::Sha256,
            HashAlgorithm::Sha384,
            HashAlgorithm::Sha512,
        ] {
            assert_eq!(hash.digest(&[]).len(), hash.length());
            assert_eq!(hash.digest_info().last().copied().map(usize::from), Some(hash.length()));
        }
    }
}
