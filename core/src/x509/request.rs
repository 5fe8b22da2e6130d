//! Certificate requests (PKCS#10, RFC 2986): what a product asks a CA to certify.

use serde::{Deserialize, Serialize};

use super::certificate::{self, Certificate, Time};
use super::der;
use super::key::PublicKey;
use super::name::Name;
use super::pss::PssKey;
use super::signature::{self, SignatureError};
use crate::bytes::{Reader, hex};
use crate::digest::Digests;
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::report::model;

/// Attributes that hold the wanted extensions: PKCS#9's, and the one of older Windows.
const EXTENSION_REQUEST: [&str; 2] = ["1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"];

/// A certificate request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRequest {
    /// What is asked for, read as a certificate is; issuer, serial and times are empty.
    asked: Certificate,
    /// challengePassword stands in it: a secret that is not kept.
    pub challenge: bool,
}

impl CertificateRequest {
    /// Reads the request that begins at the first byte of `der`, which stands at `offset_in_input`.
    ///
    /// Errors only where the outer fields (RFC 2986 section 4) are not there at all: their place counts
    /// from the start of the input. Anything smaller is one of [`CertificateRequest::problems`].
    pub fn parse(der: &[u8], offset_in_input: u64) -> Result<Self, ParseError> {
        read(der).map_err(|mut error| {
            error.at = error.at.saturating_add(offset_in_input);
            error
        })
    }

    /// The DER of the request alone.
    pub fn der(&self) -> &[u8] {
        &self.asked.der
    }

    /// Whom it is to name.
    pub fn subject(&self) -> &Name {
        &self.asked.subject
    }

    /// The key to be certified.
    pub fn public_key(&self) -> &PublicKey {
        &self.asked.public_key
    }

    /// The names it asks for.
    pub fn subject_alt_names(&self) -> &model::SubjectAltNames {
        &self.asked.subject_alt_names
    }

    /// The extended key usages it asks for: OpenSSL's short name, else dotted.
    pub fn extended_key_usage(&self) -> &[String] {
        &self.asked.extended_key_usage
    }

    /// What could not be read, or is odd; offsets in the DER.
    pub fn problems(&self) -> &[ParseError] {
        &self.asked.problems
    }

    /// Checks the signature with the request's own key: whoever made it has the private key.
    pub fn verify(&self) -> Result<(), SignatureError> {
        signature::verify_issued(&self.asked, &self.asked)
    }

    /// The first common name, else the whole subject.
    pub fn label(&self) -> String {
        match self.subject().common_names().next() {
            Some(name) => name.to_owned(),
            None => self.subject().to_string(),
        }
    }

    /// The report's form; checks the signature.
    pub fn to_report(
        &self,
        input: u32,
        offset: u64,
        certificates: Vec<String>,
    ) -> model::CertificateRequest {
        let (status, reason) = match self.verify() {
            Ok(()) => (
                model::VerificationStatus::Verified,
                "the signature verifies with the key of the request".to_owned(),
            ),
            Err(error @ SignatureError::Mismatch) => {
                (model::VerificationStatus::Failed, error.to_string())
            }
            Err(error) => (model::VerificationStatus::Unverifiable, error.to_string()),
        };
        let asked = &self.asked;
        model::CertificateRequest {
            input,
            offset,
            sha256: hex(&asked.digests.sha256),
            subject: asked.subject.to_string(),
            key: asked.public_key.to_report(),
            signature: asked.signature_algorithm.name.clone(),
            verification: model::Verification { status, by: None, role: None, reason },
            san: asked.subject_alt_names.clone(),
            key_usage: asked.key_usage.clone(),
            extended_key_usage: asked.extended_key_usage.clone(),
            ca: asked.ca,
            certificates,
            problems: asked.problems.iter().map(model::Problem::from).collect(),
        }
    }
}

fn read(input: &[u8]) -> Result<CertificateRequest, ParseError> {
    const REQUEST: &str = "CertificationRequest";
    let mut whole = Reader::new(input);
    let request = der::expect(&mut whole, der::SEQUENCE, REQUEST)?;
    if request.raw.len() > limits::CERTIFICATE_BYTES {
        let limit = limits::CERTIFICATE_BYTES as u64;
        return Err(ParseError::new(0, REQUEST, ErrorKind::TooLarge { limit }));
    }
    let mut problems = Vec::new();
    let mut outer = request.reader();
    let signed = der::expect(&mut outer, der::SEQUENCE, "certificationRequestInfo")?;
    let algorithm = der::expect(&mut outer, der::SEQUENCE, "signatureAlgorithm")?;
    let signature_value = der::expect(&mut outer, der::BIT_STRING, "signature")?;
    let mut fields = signed.reader();
    let version = der::expect(&mut fields, der::INTEGER, "version")?;
    if version.content != [0] {
        problems.push(der::bad(version.offset, "version", "is not 1, the only one defined"));
    }
    let subject = der::expect(&mut fields, der::SEQUENCE, "subject")?;
    let subject = Name::read(&subject, "subject", &mut problems);
    let public_key = der::expect(&mut fields, der::SEQUENCE, "subjectPKInfo")?;
    let pss_key = PssKey::read(&public_key);
    let public_key = PublicKey::read(&public_key).unwrap_or_else(|problem| {
        problems.push(problem);
        PublicKey::Other { oid: String::new() }
    });
    let start = usize::try_from(signed.offset).unwrap_or(usize::MAX);
    let signature_algorithm = certificate::algorithm(&algorithm, &mut problems);
    let signature = certificate::signature_bytes(&signature_value, &mut problems);
    certificate::trailing_problem(&outer, REQUEST, &mut problems);
    let mut parsed = CertificateRequest {
        asked: Certificate {
            der: request.raw.to_vec(),
            digests: Digests::of(request.raw),
            version: 1,
            serial: Vec::new(),
            subject,
            issuer: Name::default(),
            not_before: Time::Unreadable(String::new()),
            not_after: Time::Unreadable(String::new()),
            public_key,
            pss_key,
            signature_algorithm,
            signature_algorithms_agree: true,
            signature,
            tbs: (start, start.saturating_add(signed.raw.len())),
            extensions: Vec::new(),
            subject_alt_names: model::SubjectAltNames::default(),
            subject_key_identifier: None,
            authority_key_identifier: None,
            key_usage: Vec::new(),
            extended_key_usage: Vec::new(),
            ca: false,
            path_length: None,
            problems,
            trailing: whole.remaining(),
        },
        challenge: false,
    };
    if let Err(problem) = parsed.read_attributes(&mut fields) {
        parsed.asked.problems.push(problem);
    }
    parsed.asked.problems.truncate(limits::PROBLEMS_PER_INPUT);
    Ok(parsed)
}

impl CertificateRequest {
    /// Attributes (RFC 2986 section 4.1); only the wanted extensions are kept.
    fn read_attributes(&mut self, fields: &mut Reader<'_>) -> Result<(), ParseError> {
        // Some makers leave the list out altogether, against the syntax.
        let Some(attributes) = der::optional(fields, 0xa0, "attributes")? else {
            return Ok(());
        };
        let mut attributes = attributes.reader();
        let mut seen = false;
        while !attributes.is_empty() {
            let attribute = der::expect(&mut attributes, der::SEQUENCE, "attribute")?;
            let mut parts = attribute.reader();
            let oid = der::expect(&mut parts, der::OBJECT_IDENTIFIER, "attribute")?;
            let oid = der::object_identifier(oid.content);
            self.challenge |= oid == "1.2.840.113549.1.9.7";
            if !EXTENSION_REQUEST.contains(&oid.as_str()) {
                continue;
            }
            if seen {
                let kind = ErrorKind::Duplicate;
                return Err(ParseError::new(attribute.offset, "extensionRequest", kind));
            }
            seen = true;
            let values = der::expect(&mut parts, der::SET, "extensionRequest")?;
            let list = der::expect(&mut values.reader(), der::SEQUENCE, "extensionRequest")?;
            self.asked.read_extensions(&list)?;
        }
        certificate::trailing_problem(fields, "certificationRequestInfo", &mut self.asked.problems);
        Ok(())
    }
}
