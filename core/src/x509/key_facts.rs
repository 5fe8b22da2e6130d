//! What may be said about a private key: its kind, its size, and the public key that belongs to it.

use serde::{Deserialize, Serialize};

use super::container::{Kind, sniff};
use super::der;
use super::key::{Curve, PublicKey};
use crate::bytes::Reader;
use crate::report::model;

/// What a password protects, and whether it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Protection {
    /// Nothing: whoever has the bytes can read it, at most by giving an empty password.
    Clear,
    /// A password is needed, and none was given.
    NeedsPassword,
    /// A password that was given opened it.
    Opened,
    /// It was not opened, for a reason that is no password's, in words.
    Unsupported(String),
    /// None of the passwords that were given opens it, or it was changed.
    WrongPassword,
}

impl Protection {
    /// Nobody reads it without a password.
    pub fn is_encrypted(&self) -> bool {
        *self != Self::Clear
    }

    /// The report's form.
    pub fn to_report(&self) -> model::Protection {
        match self {
            Self::Clear => model::Protection::Clear,
            Self::NeedsPassword => model::Protection::NeedsPassword,
            Self::Opened => model::Protection::Opened,
            Self::Unsupported(_) => model::Protection::Unsupported,
            Self::WrongPassword => model::Protection::WrongPassword,
        }
    }

    /// It was not opened.
    pub fn is_locked(&self) -> bool {
        !matches!(self, Self::Clear | Self::Opened)
    }
}

/// What may be said about a private key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateKeyFacts {
    /// `rsa`, `ec`, `ed25519`, `dsa`, the dotted object identifier, or `unknown`.
    pub kind: String,
    /// Size in bits; 0 when not known.
    pub bits: u32,
    /// The password it is under.
    pub protection: Protection,
    /// The public half, to find its certificate; `None` while it is not readable.
    pub public_key: Option<PublicKey>,
}

impl PrivateKeyFacts {
    /// A key of which no more than this is known.
    pub(super) fn new(kind: &str, bits: u32, protection: Protection) -> Self {
        Self { kind: kind.to_owned(), bits, protection, public_key: None }
    }

    /// Of a DER key that is not encrypted: PKCS#1, PKCS#8 or SEC 1. The kind is `unknown` where it cannot be read.
    pub(super) fn of(bytes: &[u8], protection: Protection) -> Self {
        let found = match sniff(bytes) {
            Some(Kind::Pkcs1PrivateKey) => rsa(bytes),
            Some(Kind::Sec1PrivateKey) => sec1(bytes, None),
            Some(Kind::Pkcs8PrivateKey) => pkcs8(bytes),
            _ => None,
        };
        let Some(Found { kind, bits, public_key }) = found else {
            return Self::new("unknown", 0, protection);
        };
        Self { kind, bits, protection, public_key }
    }
}

struct Found {
    kind: String,
    bits: u32,
    public_key: Option<PublicKey>,
}

impl Found {
    fn without_public_key(kind: &str, bits: u32) -> Self {
        Self { kind: kind.to_owned(), bits, public_key: None }
    }
}

/// RSAPrivateKey (RFC 8017 appendix A.1.2).
fn rsa(bytes: &[u8]) -> Option<Found> {
    let mut numbers = der::enter(bytes, der::SEQUENCE)?;
    der::expect(&mut numbers, der::INTEGER, "version").ok()?;
    let modulus = der::expect(&mut numbers, der::INTEGER, "modulus").ok()?;
    let exponent = der::expect(&mut numbers, der::INTEGER, "publicExponent").ok()?;
    let key = PublicKey::Rsa {
        modulus: der::magnitude(modulus.content).to_vec(),
        exponent: der::magnitude(exponent.content).to_vec(),
    };
    Some(Found { kind: "rsa".to_owned(), bits: key.bits(), public_key: Some(key) })
}

/// ECPrivateKey (RFC 5915 section 3). `outer` is the curve that PKCS#8 names around it.
fn sec1(bytes: &[u8], outer: Option<Curve>) -> Option<Found> {
    let mut parts = der::enter(bytes, der::SEQUENCE)?;
    der::expect(&mut parts, der::INTEGER, "version").ok()?;
    let scalar = der::expect(&mut parts, der::OCTET_STRING, "privateKey").ok()?;
    let inner = match der::optional(&mut parts, 0xa0, "parameters") {
        Ok(Some(explicit)) => curve(&mut explicit.reader()),
        _ => None,
    };
    let Some(curve) = inner.or(outer) else {
        return Some(Found::without_public_key("ec", 0));
    };
    let written = match der::optional(&mut parts, 0xa1, "publicKey") {
        Ok(Some(explicit)) => der::expect(&mut explicit.reader(), der::BIT_STRING, "publicKey")
            .ok()
            .and_then(|bits| bits.content.strip_prefix(&[0]).map(<[u8]>::to_vec)),
        _ => None,
    };
    // The number decides; what stands beside it is believed only for curves that are not computed here.
    let point = match curve {
        Curve::P256 | Curve::P384 | Curve::P521 => point_of(&curve, scalar.content),
        Curve::Other(_) => written,
    };
    let bits = curve.bits();
    let public_key = point.map(|point| PublicKey::Ec { curve, point });
    Some(Found { kind: "ec".to_owned(), bits, public_key })
}

/// The public point, uncompressed, of the private number `scalar`, big-endian.
fn point_of(curve: &Curve, scalar: &[u8]) -> Option<Vec<u8>> {
    // Some writers drop zero bytes in front, some add them.
    let padded = |length: usize| -> Option<Vec<u8>> {
        let number = der::magnitude(scalar);
        let mut padded = vec![0; length.checked_sub(number.len())?];
        padded.extend_from_slice(number);
        Some(padded)
    };
    let point = match curve {
        Curve::P256 => {
            let key = p256::SecretKey::from_slice(&padded(32)?).ok()?.public_key();
            key.to_sec1_bytes()
        }
        Curve::P384 => {
            let key = p384::SecretKey::from_slice(&padded(48)?).ok()?.public_key();
            key.to_sec1_bytes()
        }
        Curve::P521 => {
            let key = p521::SecretKey::from_slice(&padded(66)?).ok()?.public_key();
            key.to_sec1_bytes()
        }
        Curve::Other(_) => return None,
    };
    Some(point.into_vec())
}

/// PrivateKeyInfo (RFC 5208 section 5), OneAsymmetricKey (RFC 5958 section 2).
fn pkcs8(bytes: &[u8]) -> Option<Found> {
    let mut parts = der::enter(bytes, der::SEQUENCE)?;
    der::expect(&mut parts, der::INTEGER, "version").ok()?;
    let mut algorithm = der::expect(&mut parts, der::SEQUENCE, "algorithm").ok()?.reader();
    let oid = der::expect(&mut algorithm, der::OBJECT_IDENTIFIER, "algorithm").ok()?;
    let key = der::expect(&mut parts, der::OCTET_STRING, "privateKey").ok()?;
    match der::object_identifier(oid.content).as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => rsa(key.content),
        "1.2.840.10045.2.1" => sec1(key.content, curve(&mut algorithm)),
        "1.3.101.112" => {
            let seed = der::expect(&mut key.reader(), der::OCTET_STRING, "privateKey").ok()?;
            let seed = <&[u8; 32]>::try_from(seed.content).ok()?;
            let key = ed25519_dalek::SigningKey::from_bytes(seed).verifying_key();
            let public_key = Some(PublicKey::Ed25519(key.as_bytes().to_vec()));
            Some(Found { kind: "ed25519".to_owned(), bits: 256, public_key })
        }
        "1.2.840.10040.4.1" => Some(Found::without_public_key("dsa", 0)),
        other => Some(Found::without_public_key(other, 0)),
    }
}

fn curve(parameters: &mut Reader<'_>) -> Option<Curve> {
    let oid = der::expect(parameters, der::OBJECT_IDENTIFIER, "parameters").ok()?;
    Some(Curve::from_object_identifier(&der::object_identifier(oid.content)))
}
