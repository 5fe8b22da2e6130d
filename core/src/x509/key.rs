//! Public keys.

use serde::{Deserialize, Serialize};
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::{der, object_identifier};
use crate::bytes::Reader;
use crate::error::ParseError;
use crate::report::model;

/// Curve of an EC key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Curve {
    /// prime256v1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
    /// Any other: its OpenSSL name where known, else the dotted object identifier, else `explicit`.
    Other(String),
}

impl Curve {
    /// The name as OpenSSL prints it (`prime256v1`).
    pub fn name(&self) -> &str {
        match self {
            Self::P256 => "prime256v1",
            Self::P384 => "secp384r1",
            Self::P521 => "secp521r1",
            Self::Other(name) => name,
        }
    }

    pub(super) fn bits(&self) -> u32 {
        match self {
            Self::P256 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
            Self::Other(name) => match name.as_str() {
                "prime192v1" => 192,
                "secp224r1" => 224,
                "secp256k1" | "brainpoolP256r1" => 256,
                "brainpoolP384r1" => 384,
                "brainpoolP512r1" => 512,
                _ => 0,
            },
        }
    }

    pub(super) fn from_object_identifier(oid: &str) -> Self {
        match oid {
            "1.2.840.10045.3.1.7" => Self::P256,
            "1.3.132.0.34" => Self::P384,
            "1.3.132.0.35" => Self::P521,
            other => Self::Other(object_identifier::curve(other)),
        }
    }
}

/// A public key. Numbers are big-endian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicKey {
    /// RSA, also under the identifier of RSASSA-PSS.
    Rsa {
        /// Without leading zero bytes.
        #[serde(with = "serde_bytes")]
        modulus: Vec<u8>,
        /// Without leading zero bytes.
        #[serde(with = "serde_bytes")]
        exponent: Vec<u8>,
    },
    /// Elliptic curve.
    Ec {
        /// Its curve.
        curve: Curve,
        /// SEC 1 point: `04`, x, y, or compressed.
        #[serde(with = "serde_bytes")]
        point: Vec<u8>,
    },
    /// The 32 bytes of an Ed25519 key.
    Ed25519(Vec<u8>),
    /// Anything else.
    Other {
        /// Dotted object identifier; empty where the key could not be read.
        oid: String,
    },
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7). Errors name the offset in `element`'s input.
    pub(crate) fn read(element: &der::Element<'_>) -> Result<Self, ParseError> {
        const FIELD: &str = "subjectPublicKeyInfo";
        let refused = |message: &str| der::bad(element.offset, FIELD, message);
        let (_, info) = SubjectPublicKeyInfo::from_der(element.raw)
            .map_err(|_| refused("is not an algorithm and a bit string"))?;
        let oid = info.algorithm.algorithm.to_id_string();
        let key = info.subject_public_key.data.as_ref();
        match oid.as_str() {
            "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" | "2.5.8.1.1" => {
                Self::from_pkcs1(key).map_err(|error| refused(&error.to_string()))
            }
            "1.2.840.10045.2.1" => {
                let curve = match info.algorithm.parameters.map(|any| any.oid()) {
                    Some(Ok(curve)) => Curve::from_object_identifier(&curve.to_id_string()),
                    Some(Err(_)) => Curve::Other("explicit".to_owned()),
                    None => return Err(refused("the curve is missing")),
                };
                Ok(Self::Ec { curve, point: key.to_vec() })
            }
            "1.3.101.112" => Ok(Self::Ed25519(key.to_vec())),
            _ => Ok(Self::Other { oid }),
        }
    }

    /// Reads a DER RSAPublicKey (RFC 8017 appendix A.1.1), as tag 7 of a trust-list record holds it
    /// (formats.md section 3). Bytes behind it are ignored.
    pub fn from_pkcs1(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(bytes);
        let sequence = der::expect(&mut reader, der::SEQUENCE, "RSAPublicKey")?;
        let mut numbers = sequence.reader();
        let modulus = der::expect(&mut numbers, der::INTEGER, "modulus")?;
        let exponent = der::expect(&mut numbers, der::INTEGER, "publicExponent")?;
        Ok(Self::Rsa {
            modulus: der::magnitude(modulus.content).to_vec(),
            exponent: der::magnitude(exponent.content).to_vec(),
        })
    }

    /// An uncompressed EC point without its curve, as EC records hold it: 65, 97 or 133 bytes that
    /// begin with `04` are P-256, P-384 or P-521. `None` otherwise.
    pub fn from_ec_point(bytes: &[u8]) -> Option<Self> {
        let curve = match (bytes.first(), bytes.len()) {
            (Some(4), 65) => Curve::P256,
            (Some(4), 97) => Curve::P384,
            (Some(4), 133) => Curve::P521,
            _ => return None,
        };
        Some(Self::Ec { curve, point: bytes.to_vec() })
    }

    /// Bytes that are the same for two keys exactly when the keys are the same, however they are written: an EC
    /// point may be compressed. `None` for kinds whose bytes are not kept.
    pub fn identity(&self) -> Option<Vec<u8>> {
        match self {
            Self::Rsa { modulus, exponent } => {
                let modulus = der::magnitude(modulus);
                let mut identity = format!("rsa {} ", modulus.len()).into_bytes();
                identity.extend_from_slice(modulus);
                identity.extend_from_slice(der::magnitude(exponent));
                Some(identity)
            }
            Self::Ec { curve, point } => {
                let mut identity = format!("ec {} ", curve.name()).into_bytes();
                match point.split_first() {
                    Some((4, numbers)) if numbers.len().is_multiple_of(2) => {
                        let (x, y) = numbers.split_at(numbers.len() / 2);
                        identity.push(2 | (y.last()? & 1));
                        identity.extend_from_slice(x);
                    }
                    _ => identity.extend_from_slice(point),
                }
                Some(identity)
            }
            Self::Ed25519(key) => Some([b"ed25519 ", key.as_slice()].concat()),
            Self::Other { .. } => None,
        }
    }

    /// Size in bits; 0 when not known.
    pub fn bits(&self) -> u32 {
        match self {
            Self::Rsa { modulus, .. } => {
                let modulus = der::magnitude(modulus);
                let bytes = u32::try_from(modulus.len()).unwrap_or(u32::MAX);
                let unused = modulus.first().map_or(0, |byte| byte.leading_zeros());
                bytes.saturating_mul(8).saturating_sub(unused)
            }
            Self::Ec { curve, .. } => curve.bits(),
            Self::Ed25519(_) => 256,
            Self::Other { .. } => 0,
        }
    }

    /// As the report shows it.
    pub fn to_report(&self) -> model::Key {
        let (kind, curve) = match self {
            Self::Rsa { .. } => ("rsa", None),
            Self::Ec { curve, .. } => ("ec", Some(curve.name().to_owned())),
            Self::Ed25519(_) => ("ed25519", None),
            Self::Other { oid } => (oid.as_str(), None),
        };
        model::Key { r#type: kind.to_owned(), bits: self.bits(), curve }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_trust_list_records() {
        let key = PublicKey::from_pkcs1(&[0x30, 0x08, 2, 2, 0, 0x8f, 2, 2, 0, 3]).unwrap();
        assert_eq!(key, PublicKey::Rsa { modulus: vec![0x8f], exponent: vec![3] });
        assert_eq!(key.bits(), 8);
        let error = PublicKey::from_pkcs1(&[0x30, 0x03, 2, 1, 5]).unwrap_err();
        assert_eq!((error.at, error.field.as_str()), (5, "publicExponent"));
        assert!(PublicKey::from_pkcs1(&[]).is_err());
        let mut point = vec![4; 97];
        assert_eq!(
            PublicKey::from_ec_point(&point).unwrap().to_report().curve.unwrap(),
            "secp384r1"
        );
        point.push(0);
        assert_eq!(PublicKey::from_ec_point(&point), None);
    }
}
