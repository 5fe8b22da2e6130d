//! Signatures: RSA PKCS#1 v1.5 and PSS, ECDSA on the NIST curves, Ed25519.
//!
//! Only public-key operations; every key and signature may be hostile. Nothing here decides trust.

use core::fmt;
use std::borrow::Cow;

use crypto_bigint::modular::BoxedMontyForm;
use ed25519_dalek::Verifier;
use md5::Md5;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, RsaPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha224, Sha384, Sha512};

use super::certificate::{Certificate, SignatureAlgorithm};
use super::der;
use super::key::{Curve, PublicKey};
use super::pss::{PssKey, PssParameters};
use crate::{digest, limits};

/// Hash functions that signatures of the domain use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HashAlgorithm {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
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
            Self::Sha1 => digest::sha1_of(pieces).to_vec(),
            Self::Sha224 => of::<Sha224>(pieces),
            Self::Sha256 => digest::sha256_of(pieces).to_vec(),
            Self::Sha384 => of::<Sha384>(pieces),
            Self::Sha512 => of::<Sha512>(pieces),
        }
    }

    /// Bytes of the hash.
    pub fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
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
            Self::Sha224 => {
                b"\x30\x2d\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1c"
            }
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

    /// By the dotted object identifier of the hash.
    pub(super) fn from_object_identifier(oid: &str) -> Option<Self> {
        match oid {
            "1.2.840.113549.2.5" => Some(Self::Md5),
            "1.3.14.3.2.26" => Some(Self::Sha1),
            "2.16.840.1.101.3.4.2.4" => Some(Self::Sha224),
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
            Self::Sha224 => "sha224",
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

/// A public key made ready to verify many signatures: what RSA needs of its modulus is worked out once.
#[derive(Clone, Debug)]
pub(super) struct PreparedKey<'k> {
    key: Cow<'k, PublicKey>,
    rsa: Option<Result<RsaPublicKey, SignatureError>>,
}

impl<'k> PreparedKey<'k> {
    /// Of `key`; what is wrong with it is told when it is used.
    pub(super) fn of(key: &'k PublicKey) -> Self {
        let rsa = matches!(key, PublicKey::Rsa { .. }).then(|| rsa_key(key));
        Self { key: Cow::Borrowed(key), rsa }
    }

    /// The same key, to be kept.
    pub(super) fn into_owned(self) -> PreparedKey<'static> {
        PreparedKey { key: Cow::Owned(self.key.into_owned()), rsa: self.rsa }
    }

    fn rsa(&self) -> Result<&RsaPublicKey, SignatureError> {
        match &self.rsa {
            Some(Ok(key)) => Ok(key),
            Some(Err(error)) => Err(error.clone()),
            None => Err(SignatureError::BadKey("it is no RSA key".to_owned())),
        }
    }
}

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
    verify_rsa(PreparedKey::of(key).rsa()?, hash, digest, signature)
}

fn verify_rsa(
    key: &RsaPublicKey,
    hash: HashAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let encoded = encoded_digest(hash, digest, key.size()).ok_or(SignatureError::Mismatch)?;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, key.n_bits_precision()).ok();
    let (Some(encoded), Some(signature)) = (
        number(&encoded),
        number(signature)
            .filter(|number| signature.len() == key.size() && number < key.n().as_ref()),
    ) else {
        return Err(SignatureError::Mismatch);
    };
    if public_power(key, signature) == encoded { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// The only bytes that a signature of `length` bytes may stand for (EMSA-PKCS1-v1_5, RFC 8017 section 9.2): comparing with
/// them leaves nothing of a forged padding to be parsed. `None` where they have no room, or the digest is not of this hash.
fn encoded_digest(hash: HashAlgorithm, digest: &[u8], length: usize) -> Option<Vec<u8>> {
    /// 00, 01, at least eight times ff, 00.
    const LEAST: usize = 11;
    let prefix = hash.digest_info();
    let padding = length.checked_sub(prefix.len())?.checked_sub(digest.len())?;
    if padding < LEAST || digest.len() != hash.length() {
        return None;
    }
    let mut encoded = vec![0xff; padding];
    *encoded.first_mut()? = 0;
    *encoded.get_mut(1)? = 1;
    *encoded.last_mut()? = 0;
    encoded.extend_from_slice(prefix);
    encoded.extend_from_slice(digest);
    Some(encoded)
}

/// A number to the power of the public exponent. Exponents are mostly 65537: 16 squares and a product, where the general way,
/// which hides the exponent, takes forty products.
fn public_power(key: &RsaPublicKey, number: BoxedUint) -> BoxedUint {
    let base = BoxedMontyForm::new(number, key.n_params());
    let mut power = base.clone();
    let exponent = key.e();
    for place in (0..exponent.bits_vartime().saturating_sub(1)).rev() {
        power = power.square();
        if exponent.bit_vartime(place) {
            power = power.mul(&base);
        }
    }
    power.retrieve()
}

/// Verifies ECDSA (FIPS 186-5) over `message`, whose pieces are hashed in order; `signature` is the DER of r and s.
pub fn verify_ecdsa(
    key: &PublicKey,
    hash: HashAlgorithm,
    message: &[&[u8]],
    signature: &[u8],
) -> Result<(), SignatureError> {
    verify_ecdsa_with(key, hash, message, signature, &Curves::ALL)
}

fn verify_ecdsa_with(
    key: &PublicKey,
    hash: HashAlgorithm,
    message: &[&[u8]],
    signature: &[u8],
    curves: &Curves,
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
        Curve::P521 => return (curves.p521)(point, &padded(66), signature),
        Curve::Other(name) => return Err(SignatureError::Unsupported(format!("the curve {name}"))),
    }
    .map_err(|_| SignatureError::Mismatch)
}

/// Verification on the curves that CUCM does not sign with: a build that names only [`Curves::USUAL`] does not carry them.
struct Curves {
    /// The point of the key, the hash in 66 bytes, the DER of r and s.
    p521: Verify<[u8]>,
    /// The key, the message, the signature.
    ed25519: Verify<PublicKey>,
}

type Verify<Key> = fn(&Key, &[u8], &[u8]) -> Result<(), SignatureError>;

impl Curves {
    const ALL: Self = Self { p521: verify_p521, ed25519: verify_ed25519 };

    const USUAL: Self = Self {
        p521: |_, _, _| Err(SignatureError::Unsupported("P-521".to_owned())),
        ed25519: |_, _, _| Err(SignatureError::Unsupported("Ed25519".to_owned())),
    };
}

fn verify_p521(point: &[u8], hash: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(|_| {
        SignatureError::BadKey(format!("its point is not on {}", Curve::P521.name()))
    })?;
    let signature =
        p521::ecdsa::Signature::from_der(signature).map_err(|_| SignatureError::Mismatch)?;
    key.verify_prehash(hash, &signature).map_err(|_| SignatureError::Mismatch)
}

/// Verifies the signature of `subject` with the key of its issuer.
///
/// A certificate whose two signature algorithms differ is a mismatch (RFC 5280 section 4.1.1.2).
pub fn verify_certificate(
    subject: &Certificate,
    issuer_key: &PublicKey,
) -> Result<(), SignatureError> {
    verify_certificate_with(subject, &PreparedKey::of(issuer_key))
}

/// [`verify_certificate`] with a key that was made ready before.
pub(super) fn verify_certificate_with(
    subject: &Certificate,
    issuer_key: &PreparedKey<'_>,
) -> Result<(), SignatureError> {
    verify_certificate_on(subject, issuer_key, &Curves::ALL)
}

fn verify_certificate_on(
    subject: &Certificate,
    issuer_key: &PreparedKey<'_>,
    curves: &Curves,
) -> Result<(), SignatureError> {
    if !subject.signature_algorithms_agree {
        return Err(SignatureError::Mismatch);
    }
    verify_signed_with(
        &subject.signature_algorithm,
        subject.to_be_signed(),
        &subject.signature,
        issuer_key,
        curves,
    )
}

/// Verifies a signature over the bytes of a certificate, a certificate request or a revocation list.
pub fn verify_signed(
    algorithm: &SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
    key: &PublicKey,
) -> Result<(), SignatureError> {
    verify_signed_with(algorithm, message, signature, &PreparedKey::of(key), &Curves::ALL)
}

fn verify_signed_with(
    algorithm: &SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
    key: &PreparedKey<'_>,
    curves: &Curves,
) -> Result<(), SignatureError> {
    let pieces = [message];
    let rsa = |hash: HashAlgorithm| verify_rsa(key.rsa()?, hash, &hash.digest(&pieces), signature);
    let ecdsa = |hash| verify_ecdsa_with(&key.key, hash, &pieces, signature, curves);
    match algorithm.name.as_str() {
        "md5WithRSAEncryption" => rsa(HashAlgorithm::Md5),
        "sha1WithRSAEncryption" | "sha1WithRSA" => rsa(HashAlgorithm::Sha1),
        "sha224WithRSAEncryption" => rsa(HashAlgorithm::Sha224),
        "sha256WithRSAEncryption" => rsa(HashAlgorithm::Sha256),
        "sha384WithRSAEncryption" => rsa(HashAlgorithm::Sha384),
        "sha512WithRSAEncryption" => rsa(HashAlgorithm::Sha512),
        "rsassaPss" => match PssParameters::of_algorithm(&algorithm.raw) {
            Ok(parameters) => verify_pss(key.rsa()?, &parameters, &pieces, signature),
            Err(what) => Err(SignatureError::Unsupported(format!("RSASSA-PSS {what}"))),
        },
        "ecdsa-with-SHA1" => ecdsa(HashAlgorithm::Sha1),
        "ecdsa-with-SHA224" => ecdsa(HashAlgorithm::Sha224),
        "ecdsa-with-SHA256" => ecdsa(HashAlgorithm::Sha256),
        "ecdsa-with-SHA384" => ecdsa(HashAlgorithm::Sha384),
        "ecdsa-with-SHA512" => ecdsa(HashAlgorithm::Sha512),
        "ED25519" => (curves.ed25519)(&key.key, message, signature),
        other => Err(SignatureError::Unsupported(other.to_owned())),
    }
}

/// Verifies the signature of `subject` with the key of `issuer`, and with what that key may be used for: a key under the
/// identifier of RSASSA-PSS signs with nothing else, and with the parameters that stand beside it (RFC 4055 section 3.3).
pub fn verify_issued(subject: &Certificate, issuer: &Certificate) -> Result<(), SignatureError> {
    verify_issued_on(subject, issuer, &Curves::ALL)
}

/// [`verify_issued`] for keys that are not [`is_unusual`]; their signatures do not hold here.
pub fn verify_issued_usual(
    subject: &Certificate,
    issuer: &Certificate,
) -> Result<(), SignatureError> {
    verify_issued_on(subject, issuer, &Curves::USUAL)
}

/// A key on a curve that CUCM does not sign with.
pub fn is_unusual(key: &PublicKey) -> bool {
    matches!(key, PublicKey::Ec { curve: Curve::P521, .. } | PublicKey::Ed25519(_))
}

fn verify_issued_on(
    subject: &Certificate,
    issuer: &Certificate,
    curves: &Curves,
) -> Result<(), SignatureError> {
    permitted(subject, issuer)?;
    verify_certificate_on(subject, &PreparedKey::of(&issuer.public_key), curves)
}

/// Whether the key of `issuer` is for signatures of this kind (RFC 4055 section 3.3).
pub(super) fn permitted(subject: &Certificate, issuer: &Certificate) -> Result<(), SignatureError> {
    let bad = |what: &str| Err(SignatureError::BadKey(what.to_owned()));
    if let Some(key) = &issuer.pss_key {
        let algorithm = &subject.signature_algorithm;
        if algorithm.name != "rsassaPss" {
            return bad("it is for RSASSA-PSS only");
        }
        match (key, PssParameters::of_algorithm(&algorithm.raw)) {
            (PssKey::Unreadable, _) => return bad("its RSASSA-PSS parameters cannot be read"),
            (PssKey::Restricted(key), Ok(used)) if !key.permit(&used) => {
                return bad("it is for other RSASSA-PSS parameters");
            }
            _ => {}
        }
    }
    Ok(())
}

/// Verifies RSASSA-PSS (RFC 8017 section 8.1.2) over `message`, whose pieces are hashed in order. The limits of
/// [`verify_rsa_pkcs1`] hold; the salt is as long as the parameters say, exactly.
pub fn verify_rsa_pss(
    key: &PublicKey,
    parameters: &PssParameters,
    message: &[&[u8]],
    signature: &[u8],
) -> Result<(), SignatureError> {
    verify_pss(PreparedKey::of(key).rsa()?, parameters, message, signature)
}

fn verify_pss(
    key: &RsaPublicKey,
    parameters: &PssParameters,
    message: &[&[u8]],
    signature: &[u8],
) -> Result<(), SignatureError> {
    if signature.len() != key.size() {
        return Err(SignatureError::Mismatch);
    }
    let number = BoxedUint::from_be_slice(signature, key.n_bits_precision())
        .ok()
        .filter(|number| number < key.n().as_ref())
        .ok_or(SignatureError::Mismatch)?;
    let encoded = rsa::hazmat::rsa_encrypt(key, &number)
        .map_err(|error| SignatureError::BadKey(error.to_string()))?
        .to_be_bytes();
    // The number is as long as the limbs of the key; the encoding is one bit shorter than the modulus.
    let bits = usize::try_from(key.n().bits()).unwrap_or_default().saturating_sub(1);
    let (padding, encoded) = encoded
        .len()
        .checked_sub(bits.div_ceil(8))
        .and_then(|at| encoded.split_at_checked(at))
        .ok_or(SignatureError::Mismatch)?;
    let holds = padding.iter().all(|byte| *byte == 0)
        && parameters.fits(encoded, bits, &parameters.hash.digest(message));
    if holds { Ok(()) } else { Err(SignatureError::Mismatch) }
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

    /// The public power is that of RustCrypto, for every shape of exponent and for moduli that do not fill their words.
    #[test]
    fn public_powers_are_those_of_the_library() {
        for (length, highest) in [(64, 0xd5), (128, 0x80), (129, 0x01), (257, 0xff)] {
            let bytes = (0..length).map(|n: u32| u8::try_from(((n * 37 + 11) % 256) | 1).unwrap());
            let mut modulus: Vec<u8> = bytes.collect();
            *modulus.first_mut().unwrap() = highest;
            for exponent in [3_u64, 5, 0x11, 0x101, 0x1_0001, 0xabcd_ef01, 0x1_ffff_ffff] {
                let key = rsa(modulus.clone(), exponent.to_be_bytes().to_vec());
                let key = rsa_key(&key).unwrap();
                for filling in [0x00, 0x01, 0x5a] {
                    let mut number = vec![filling; modulus.len()];
                    *number.first_mut().unwrap() = 0;
                    let number = BoxedUint::from_be_slice(&number, key.n_bits_precision()).unwrap();
                    let theirs = rsa::hazmat::rsa_encrypt(&key, &number).unwrap();
                    assert_eq!(public_power(&key, number), theirs, "{length} {exponent:#x}");
                }
            }
        }
    }

    #[test]
    fn encoded_digests_fill_the_modulus() {
        let encoded = encoded_digest(HashAlgorithm::Sha1, &[7; 20], 64).unwrap();
        let prefix = HashAlgorithm::Sha1.digest_info();
        let expected = [&[0, 1][..], &[0xff; 26], &[0], prefix, &[7; 20]].concat();
        assert_eq!(encoded, expected);
        // Eight bytes of padding are the least.
        assert!(encoded_digest(HashAlgorithm::Sha1, &[7; 20], 46).is_some());
        assert_eq!(encoded_digest(HashAlgorithm::Sha1, &[7; 20], 45), None);
        assert_eq!(encoded_digest(HashAlgorithm::Sha512, &[7; 64], 64), None);
        assert_eq!(encoded_digest(HashAlgorithm::Sha256, &[7; 20], 128), None);
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
            HashAlgorithm::Sha224,
            HashAlgorithm::Sha256,
            HashAlgorithm::Sha384,
            HashAlgorithm::Sha512,
        ] {
            assert_eq!(hash.digest(&[]).len(), hash.length());
            assert_eq!(hash.digest_info().last().copied().map(usize::from), Some(hash.length()));
        }
    }
}
