//! Does a trust list's own signature hold?
//!
//! The signer is the record with the header's issuer **and** serial **and** the role System
//! Administrator Security Token; serial alone would let an unrelated certificate act as signer. This is what
//! `show itl` prints as "verified successfully": self-consistency. Whether a phone believes the signer is
//! another question, answered by the lists it already holds. Source: formats.md 2.1, 2.2.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::error::ParseError;
use crate::names::dn;
use crate::tlv::header::SignedHeader;
use crate::trustlist::file::{TrustList, same_text};
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;
use crate::x509::signature::{HashAlgorithm, SignatureError, verify_rsa_pkcs1_digest};
use crate::x509::{Certificate, PublicKey};

/// Proof that a signature was checked and holds. Only this module makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified<T> {
    value: T,
}

impl<T> Verified<T> {
    /// What was verified.
    pub fn value(&self) -> &T {
        &self.value
    }

    fn assertion(value: T) -> Self {
        Self { value }
    }
}

/// The certificate that a signature was verified with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedBy {
    /// SHA-256 of the certificate.
    pub certificate: [u8; 32],
    /// The record of the list that names it, where one does.
    pub record: Option<u32>,
}

/// Outcome of a signature check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Checked, and does not hold.
    Failed(Failure),
    /// Could not be checked.
    Unverifiable(Missing),
    /// Checked, and holds.
    Verified(Verified<SignedBy>),
}

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The structure is damaged; nothing that stands on it can be believed.
    Damaged(ParseError),
    /// DIGESTALGORITHM holds a code that names no digest.
    DigestUnknown(u8),
    /// The length that SIGNATUREMODULUS announces is not the length of the signature.
    ModulusContradicts {
        /// SIGNATUREMODULUS.
        code: u8,
        /// Bytes of SIGNATURE.
        length: usize,
    },
    /// The signature does not fit content and key: changed content, or another key.
    SignatureMismatch {
        /// Bits of the key that was tried.
        key_bits: u32,
    },
    /// SIGNATUREALGORITHM is not RSA PKCS#1 v1.5.
    AlgorithmUnknown(u8),
    /// No record has the signer's issuer and serial.
    SignerAbsent,
    /// The signer stands in the list, but not as System Administrator Security Token.
    SignerRole(Vec<Role>),
    /// The signer's record contradicts the certificate that it carries.
    SignerContradicts(Contradiction),
    /// Several different certificates claim to be the signer.
    SignerAmbiguous(usize),
    /// The key cannot have made this signature.
    KeyUnusable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmUnknown(code) => {
                write!(
                    f,
                    "SIGNATUREALGORITHM {code} is not known; 0 (RSA PKCS#1 v1.5) is the only one"
                )
            }
            Self::Damaged(error) => write!(f, "the file is damaged: {error}"),
            Self::DigestUnknown(code) => {
                write!(f, "DIGESTALGORITHM {code} is not known; 1 is SHA-1, 2 SHA-256, 3 SHA-512")
            }
            Self::KeyUnusable(reason) => write!(f, "the signer's key cannot be used: {reason}"),
            Self::ModulusContradicts { code, length } => {
                write!(f, "SIGNATUREMODULUS {code} contradicts a signature of {length} bytes")
            }
            Self::SignatureMismatch { key_bits } => write!(
                f,
                "the signature does not fit the content and the signer's {key_bits}-bit key"
            ),
            Self::SignerAbsent => {
                f.write_str("no record has the issuer and serial that the header names as signer")
            }
            Self::SignerAmbiguous(count) => {
                write!(f, "{count} records with different certificates claim to be the signer")
            }
            Self::SignerContradicts(what) => {
                write!(f, "the signer's record contradicts {what} of its certificate or the header")
            }
            Self::SignerRole(roles) => {
                let roles: Vec<String> = roles.iter().map(|role| role.function()).collect();
                write!(
                    f,
                    "the signer stands in the list only as {}, not as {}",
                    roles.join(" and "),
                    Role::SAST
                )
            }
        }
    }
}

/// How a record contradicts its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Contradiction {
    /// CERTHASH stands beside CERTIFICATE and is the hash of another.
    Hash,
    /// The common name of the issuer differs.
    Issuer,
    /// PUBLICKEY is not the certificate's key.
    Key,
    /// The serial differs, also reversed.
    Serial,
    /// The common name of the subject differs.
    Subject,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hash => "the hash",
            Self::Issuer => "the issuer",
            Self::Key => "the key",
            Self::Serial => "the serial",
            Self::Subject => "the subject",
        })
    }
}

/// What a check would need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// Only a listing of the file is there: what was signed is not known byte by byte.
    File,
    /// The signer's record holds only a hash: the certificate itself is needed.
    SignerCertificate {
        /// The record.
        record: u32,
        /// CERTHASH.
        #[serde(with = "serde_bytes")]
        hash: Vec<u8>,
    },
}

/// The digest that a DIGESTALGORITHM code names (formats.md section 2, tag 8).
pub fn digest_algorithm(code: u8) -> Option<HashAlgorithm> {
    match code {
        1 => Some(HashAlgorithm::Sha1),
        2 => Some(HashAlgorithm::Sha256),
        3 => Some(HashAlgorithm::Sha512),
        _ => None,
    }
}

/// Checks the list's own signature.
pub fn verify(list: &TrustList) -> Outcome {
    verify_with(list, |_| None)
}

/// Checks the list's own signature; `lookup` may supply the certificate that a signer record names by hash only.
pub fn verify_with<'a>(
    list: &TrustList,
    lookup: impl Fn(&Record) -> Option<&'a Certificate>,
) -> Outcome {
    if let Some(error) = first_damage(list) {
        return Outcome::Failed(Failure::Damaged(error.clone()));
    }
    let hash = match algorithms(&list.header) {
        Ok(hash) => hash,
        Err(failure) => return Outcome::Failed(failure),
    };
    let record = match signer(list) {
        Ok(record) => record,
        Err(failure) => return Outcome::Failed(failure),
    };
    let looked_up;
    let certificate: &Certificate = match &record.certificate {
        Some(certificate) => certificate,
        None => match lookup(record) {
            Some(certificate) if record.names(certificate) => {
                looked_up = certificate;
                looked_up
            }
            _ => {
                let hash = record.cert_hash.clone().unwrap_or_default();
                return Outcome::Unverifiable(Missing::SignerCertificate {
                    record: record.number,
                    hash,
                });
            }
        },
    };
    if let Some(contradiction) = contradiction(record, certificate) {
        return Outcome::Failed(Failure::SignerContradicts(contradiction));
    }
    let signed = list.signed_digest.as_deref();
    match check(&certificate.public_key, hash, signed, list.header.signature.as_deref()) {
        Ok(()) => Outcome::Verified(Verified::assertion(SignedBy {
            certificate: certificate.digests.sha256,
            record: Some(record.number),
        })),
        Err(failure) => Outcome::Failed(failure),
    }
}

/// Checks the signature of a header with one certificate: for signed files, whose signer stands elsewhere.
pub fn verify_signature(
    header: &SignedHeader,
    signed_digest: Option<&[u8]>,
    certificate: &Certificate,
) -> Result<Verified<SignedBy>, Failure> {
    if let Some(error) = header.problems.first_damage() {
        return Err(Failure::Damaged(error.clone()));
    }
    let hash = algorithms(header)?;
    check(&certificate.public_key, hash, signed_digest, header.signature.as_deref())?;
    Ok(Verified::assertion(SignedBy { certificate: certificate.digests.sha256, record: None }))
}

/// Where a record and a certificate contradict each other; `None` when they fit.
///
/// Serials may be reversed (eToken-made lists, formats.md 3.4); names are CUCM's lossy rendering, so only
/// common names that both sides have are compared.
pub fn contradiction(record: &Record, certificate: &Certificate) -> Option<Contradiction> {
    if let Some(serial) = &record.serial
        && !serial_fits(serial, certificate)
    {
        return Some(Contradiction::Serial);
    }
    if let Some(key) = record.key()
        && key != certificate.public_key
    {
        return Some(Contradiction::Key);
    }
    if record.cert_hash.as_deref().is_some_and(|hash| !is_hash_of(hash, certificate)) {
        return Some(Contradiction::Hash);
    }
    if !dn::fits(record.subject_text(), certificate.subject.common_names()) {
        return Some(Contradiction::Subject);
    }
    if !dn::fits(record.issuer_text(), certificate.issuer.common_names()) {
        return Some(Contradiction::Issuer);
    }
    None
}

/// Is `serial`, as a trust list stores it, the certificate's serial, forwards or reversed?
pub fn serial_fits(serial: &[u8], certificate: &Certificate) -> bool {
    let plain = strip(&certificate.serial);
    let mut reversed = serial.to_vec();
    reversed.reverse();
    strip(serial) == plain || strip(&reversed) == plain
}

/// Is `hash` a hash of the certificate, as far as its length tells? SHA-512 is not computed for certificates and fits.
fn is_hash_of(hash: &[u8], certificate: &Certificate) -> bool {
    match hash.len() {
        20 => hash == certificate.digests.sha1,
        32 => hash == certificate.digests.sha256,
        _ => true,
    }
}

fn strip(serial: &[u8]) -> &[u8] {
    let start = serial.iter().position(|byte| *byte != 0).unwrap_or(serial.len());
    serial.get(start..).unwrap_or_default()
}

fn first_damage(list: &TrustList) -> Option<&ParseError> {
    list.header.problems.first_damage().or_else(|| list.problems.first_damage())
}

fn algorithms(header: &SignedHeader) -> Result<HashAlgorithm, Failure> {
    let digest = header.digest_code.unwrap_or_default();
    let hash = digest_algorithm(digest).ok_or(Failure::DigestUnknown(digest))?;
    if let Some(algorithm) = header.signature_algorithm_code
        && algorithm != 0
    {
        return Err(Failure::AlgorithmUnknown(algorithm));
    }
    let length = header.signature.as_ref().map_or(0, Vec::len);
    let code = header.modulus_code.unwrap_or(u8::MAX);
    let announced = match code {
        0 => 64,
        1 => 128,
        2 => 256,
        3 => 512,
        _ => 0,
    };
    if announced == 0 || announced != length {
        return Err(Failure::ModulusContradicts { code, length });
    }
    Ok(hash)
}

fn signer(list: &TrustList) -> Result<&Record, Failure> {
    let records: Vec<&Record> = list.signer_records().collect();
    if records.is_empty() {
        return Err(Failure::SignerAbsent);
    }
    let tokens: Vec<&Record> =
        records.iter().copied().filter(|record| record.role == Some(Role::SAST)).collect();
    let Some(first) = tokens.first() else {
        return Err(Failure::SignerRole(records.iter().filter_map(|record| record.role).collect()));
    };
    if tokens.iter().any(|other| other.certificate_sha1() != first.certificate_sha1()) {
        return Err(Failure::SignerAmbiguous(tokens.len()));
    }
    // The names must be those of the header too: two records may share issuer and serial, not the subject.
    if !same_text(first.subject.as_ref(), list.header.signer_name.as_ref()) {
        return Err(Failure::SignerContradicts(Contradiction::Subject));
    }
    Ok(first)
}

fn check(
    key: &PublicKey,
    hash: HashAlgorithm,
    digest: Option<&[u8]>,
    signature: Option<&[u8]>,
) -> Result<(), Failure> {
    let mismatch = Failure::SignatureMismatch { key_bits: key.bits() };
    let (Some(digest), Some(signature)) = (digest, signature) else { return Err(mismatch) };
    match verify_rsa_pkcs1_digest(key, hash, digest, signature) {
        Ok(()) => Ok(()),
        Err(SignatureError::Mismatch) => Err(mismatch),
        Err(SignatureError::BadKey(reason) | SignatureError::Unsupported(reason)) => {
            Err(Failure::KeyUnusable(reason))
        }
    }
}
