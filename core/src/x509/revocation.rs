//! Certificate revocation lists (RFC 5280 section 5), read field by field. Whether one is in force, and whom it
//! revokes in a chain, is not decided here.

use serde::{Deserialize, Serialize};

use super::certificate::{self, Extension, SignatureAlgorithm, Time};
use super::key::PublicKey;
use super::name::Name;
use super::signature::{self, SignatureError};
use super::{der, object_identifier};
use crate::bytes::{Reader, hex, serial_hex};
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::report::model;

const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
const NUMBER: &str = "2.5.29.20";

/// A certificate revocation list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationList {
    /// The DER of the list alone.
    #[serde(with = "serde_bytes")]
    pub der: Vec<u8>,
    /// From 1; 2 is usual.
    pub version: u32,
    /// Who signed it.
    pub issuer: Name,
    /// When it was made.
    pub this_update: Time,
    /// When the next one is due.
    pub next_update: Option<Time>,
    /// The revoked certificates, in order, up to [`limits::REVOKED_CERTIFICATES`].
    pub revoked: Vec<Revoked>,
    /// Extensions of the list itself, in order.
    pub extensions: Vec<Extension>,
    /// keyIdentifier of authorityKeyIdentifier.
    #[serde(with = "serde_bytes")]
    pub authority_key_identifier: Option<Vec<u8>>,
    /// Content of cRLNumber's INTEGER.
    #[serde(with = "serde_bytes")]
    pub number: Option<Vec<u8>>,
    /// The algorithm outside the signed part.
    pub signature_algorithm: SignatureAlgorithm,
    /// The algorithm inside the signed part is the same, byte for byte.
    pub signature_algorithms_agree: bool,
    /// The signature's bytes.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
    /// Where the signed part stands in `der`: start and end.
    pub tbs: (usize, usize),
    /// What could not be read, or is odd; offsets in `der`.
    pub problems: Vec<ParseError>,
}

/// A revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// Content of the serial's INTEGER, as in the DER.
    #[serde(with = "serde_bytes")]
    pub serial: Vec<u8>,
    /// Since when.
    pub since: Time,
    /// Extensions of the entry (reasonCode, certificateIssuer), in order.
    pub extensions: Vec<Extension>,
}

impl RevocationList {
    /// Reads the list that begins at the first byte of `der`, which stands at `offset_in_input`.
    ///
    /// Errors only where the outer fields (RFC 5280 section 5.1) are not there at all: their place counts
    /// from the start of the input. Anything smaller is one of [`RevocationList::problems`].
    pub fn parse(der: &[u8], offset_in_input: u64) -> Result<Self, ParseError> {
        read(der).map_err(|mut error| {
            error.at = error.at.saturating_add(offset_in_input);
            error
        })
    }

    /// The signed part.
    pub fn to_be_signed(&self) -> &[u8] {
        self.der.get(self.tbs.0..self.tbs.1).unwrap_or_default()
    }

    /// Verifies the signature with the key of the issuer.
    pub fn verify(&self, issuer_key: &PublicKey) -> Result<(), SignatureError> {
        if !self.signature_algorithms_agree {
            return Err(SignatureError::Mismatch);
        }
        let message = self.to_be_signed();
        signature::verify_signed(&self.signature_algorithm, message, &self.signature, issuer_key)
    }

    /// The report's form.
    pub fn to_report(&self, input: u32, offset: u64) -> model::RevocationList {
        model::RevocationList {
            input,
            offset,
            issuer: self.issuer.to_string(),
            number: self.number.as_deref().map(serial_hex),
            aki: self.authority_key_identifier.as_deref().map(hex),
            this_update: self.this_update.to_string(),
            next_update: self.next_update.as_ref().map(Time::to_string),
            signature: self.signature_algorithm.name.clone(),
            revoked: self.revoked.len(),
            problems: self.problems.iter().map(model::Problem::from).collect(),
        }
    }
}

fn read(input: &[u8]) -> Result<RevocationList, ParseError> {
    const LIST: &str = "CertificateList";
    let mut whole = Reader::new(input);
    let list = der::expect(&mut whole, der::SEQUENCE, LIST)?;
    if list.raw.len() > limits::REVOCATION_LIST_BYTES {
        let limit = limits::REVOCATION_LIST_BYTES as u64;
        return Err(ParseError::new(0, LIST, ErrorKind::TooLarge { limit }));
    }
    let mut problems = Vec::new();
    let mut outer = list.reader();
    let signed = der::expect(&mut outer, der::SEQUENCE, "tbsCertList")?;
    let mut fields = signed.reader();
    let version = match der::optional(&mut fields, der::INTEGER, "version")? {
        Some(number) => match number.content {
            [number @ 0..=1] => u32::from(*number) + 1,
            _ => {
                problems.push(der::bad(number.offset, "version", "is not defined"));
                2
            }
        },
        None => 1,
    };
    let inner_algorithm = der::expect(&mut fields, der::SEQUENCE, "signature")?;
    let issuer = der::expect(&mut fields, der::SEQUENCE, "issuer")?;
    let issuer = Name::read(&issuer, "issuer", &mut problems);
    let this_update = certificate::time(&mut fields, "thisUpdate", &mut problems);
    let next_update = match fields.peek() {
        Some(der::UTC_TIME | der::GENERALIZED_TIME) => {
            Some(certificate::time(&mut fields, "nextUpdate", &mut problems))
        }
        _ => None,
    };

    let outer_algorithm = der::expect(&mut outer, der::SEQUENCE, "signatureAlgorithm")?;
    let signature_value = der::expect(&mut outer, der::BIT_STRING, "signatureValue")?;
    let signature_algorithms_agree = outer_algorithm.raw == inner_algorithm.raw;
    if !signature_algorithms_agree {
        let message = "differs from the algorithm inside the signed part";
        problems.push(der::bad(outer_algorithm.offset, "signatureAlgorithm", message));
    }
    let start = usize::try_from(signed.offset).unwrap_or(usize::MAX);
    let mut parsed = RevocationList {
        der: list.raw.to_vec(),
        version,
        issuer,
        this_update,
        next_update,
        revoked: Vec::new(),
        extensions: Vec::new(),
        authority_key_identifier: None,
        number: None,
        signature_algorithm: certificate::algorithm(&outer_algorithm, &mut problems),
        signature_algorithms_agree,
        signature: certificate::signature_bytes(&signature_value, &mut problems),
        tbs: (start, start.saturating_add(signed.raw.len())),
        problems,
    };
    certificate::trailing_problem(&outer, LIST, &mut parsed.problems);
    if let Err(problem) = parsed.read_optional_fields(&mut fields) {
        parsed.problems.push(problem);
    }
    parsed.problems.truncate(limits::PROBLEMS_PER_INPUT);
    Ok(parsed)
}

impl RevocationList {
    /// Entries and extensions.
    fn read_optional_fields(&mut self, fields: &mut Reader<'_>) -> Result<(), ParseError> {
        if let Some(entries) = der::optional(fields, der::SEQUENCE, "revokedCertificates")? {
            let mut entries = entries.reader();
            while !entries.is_empty() {
                let entry = der::expect(&mut entries, der::SEQUENCE, "revokedCertificates")?;
                if self.revoked.len() >= limits::REVOKED_CERTIFICATES {
                    let limit = limits::REVOKED_CERTIFICATES as u64;
                    let kind = ErrorKind::TooLarge { limit };
                    return Err(ParseError::new(entry.offset, "revokedCertificates", kind));
                }
                let mut parts = entry.reader();
                let serial = der::expect(&mut parts, der::INTEGER, "userCertificate")?;
                let mut problems = Vec::new();
                let since = certificate::time(&mut parts, "revocationDate", &mut problems);
                if self.problems.len() < limits::PROBLEMS_PER_INPUT {
                    self.problems.append(&mut problems);
                }
                let extensions =
                    match der::optional(&mut parts, der::SEQUENCE, "crlEntryExtensions")? {
                        Some(list) => extensions(&list)?,
                        None => Vec::new(),
                    };
                self.revoked.push(Revoked { serial: serial.content.to_vec(), since, extensions });
            }
        }
        if let Some(explicit) = der::optional(fields, 0xa0, "crlExtensions")? {
            let list = der::expect(&mut explicit.reader(), der::SEQUENCE, "crlExtensions")?;
            self.extensions = extensions(&list)?;
        }
        certificate::trailing_problem(fields, "tbsCertList", &mut self.problems);
        for extension in &self.extensions {
            match extension.oid.as_str() {
                AUTHORITY_KEY_IDENTIFIER => {
                    let inside = der::enter(&extension.value, der::SEQUENCE);
                    let identifier =
                        inside.and_then(|mut inside| der::expect(&mut inside, 0x80, "").ok());
                    self.authority_key_identifier =
                        identifier.map(|identifier| identifier.content.to_vec());
                }
                NUMBER => {
                    let number = der::expect(&mut Reader::new(&extension.value), der::INTEGER, "");
                    self.number = number.ok().map(|number| number.content.to_vec());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The extensions of a list or of an entry, as they stand.
fn extensions(list: &der::Element<'_>) -> Result<Vec<Extension>, ParseError> {
    let mut extensions = Vec::new();
    let mut reader = list.reader();
    while !reader.is_empty() {
        let extension = der::expect(&mut reader, der::SEQUENCE, "extension")?;
        if extensions.len() >= limits::CERTIFICATE_EXTENSIONS {
            let limit = limits::CERTIFICATE_EXTENSIONS as u64;
            return Err(ParseError::new(
                extension.offset,
                "extensions",
                ErrorKind::TooLarge { limit },
            ));
        }
        let mut parts = extension.reader();
        let oid = der::expect(&mut parts, der::OBJECT_IDENTIFIER, "extnID")?;
        let oid = der::object_identifier(oid.content);
        let critical = der::optional(&mut parts, der::BOOLEAN, "critical")?
            .is_some_and(|flag| flag.content.iter().any(|byte| *byte != 0));
        let field = object_identifier::extension(&oid);
        let value = der::expect(&mut parts, der::OCTET_STRING, &field)?;
        extensions.push(Extension { oid, critical, value: value.content.to_vec() });
    }
    Ok(extensions)
}
