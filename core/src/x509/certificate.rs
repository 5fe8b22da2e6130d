//! Certificates (RFC 5280), read field by field.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};
use x509_parser::extensions::{ParsedExtension, X509Extension};
use x509_parser::prelude::FromDer;

use super::key::PublicKey;
use super::name::{Name, visible};
use super::pss::PssKey;
use super::{der, object_identifier, signature};
use crate::bytes::{hex, serial_hex};
use crate::digest::Digests;
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::report::model;
use crate::time::UnixTime;

const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

/// An end of the validity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Time {
    /// A time in one of the two forms of RFC 5280 section 4.1.2.5, in seconds.
    At(UnixTime),
    /// The text as it stands, its hidden characters made visible. Verifiers refuse the certificate
    /// (OpenSSL: codes 13 and 14), also where a reader could guess the time.
    Unreadable(String),
}

impl Time {
    /// The time, where it is one.
    pub fn at(&self) -> Option<UnixTime> {
        match self {
            Self::At(time) => Some(*time),
            Self::Unreadable(_) => None,
        }
    }
}

/// RFC 3339, or the raw text.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => time.fmt(f),
            Self::Unreadable(text) => f.write_str(text),
        }
    }
}

/// The algorithm of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureAlgorithm {
    /// Dotted object identifier.
    pub oid: String,
    /// As OpenSSL names it (`sha256WithRSAEncryption`); the identifier where it has no name.
    pub name: String,
    /// The DER AlgorithmIdentifier, parameters included.
    #[serde(with = "serde_bytes")]
    pub raw: Vec<u8>,
}

/// One extension, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Dotted object identifier.
    pub oid: String,
    /// Whoever does not know it must refuse the certificate.
    pub critical: bool,
    /// Content of extnValue.
    #[serde(with = "serde_bytes")]
    pub value: Vec<u8>,
}

/// A certificate, with everything that could be read and everything that is odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The DER of the certificate alone.
    #[serde(with = "serde_bytes")]
    pub der: Vec<u8>,
    /// Of `der`.
    pub digests: Digests,
    /// From 1; 3 is usual.
    pub version: u32,
    /// Content of the serial's INTEGER, as in the DER: big-endian, a sign byte included.
    #[serde(with = "serde_bytes")]
    pub serial: Vec<u8>,
    /// Whom it names.
    pub subject: Name,
    /// Who signed it.
    pub issuer: Name,
    /// First second of validity.
    pub not_before: Time,
    /// Last second of validity.
    pub not_after: Time,
    /// The key it certifies.
    pub public_key: PublicKey,
    /// Beside a key under the identifier of RSASSA-PSS: what it may be used with.
    pub pss_key: Option<PssKey>,
    /// The algorithm outside the signed part.
    pub signature_algorithm: SignatureAlgorithm,
    /// The algorithm inside the signed part is the same, byte for byte.
    pub signature_algorithms_agree: bool,
    /// The signature's bytes.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
    /// Where the signed part stands in `der`: start and end.
    pub tbs: (usize, usize),
    /// Every extension, in order, known or not, repeated ones too.
    pub extensions: Vec<Extension>,
    /// Names of the first subjectAltName extension, hidden characters made visible.
    pub subject_alt_names: model::SubjectAltNames,
    /// subjectKeyIdentifier.
    #[serde(with = "serde_bytes")]
    pub subject_key_identifier: Option<Vec<u8>>,
    /// keyIdentifier of authorityKeyIdentifier.
    #[serde(with = "serde_bytes")]
    pub authority_key_identifier: Option<Vec<u8>>,
    /// keyUsage, names of RFC 5280 section 4.2.1.3 in the order of the bits.
    pub key_usage: Vec<String>,
    /// extendedKeyUsage in the order of the certificate: OpenSSL's short name, else dotted.
    pub extended_key_usage: Vec<String>,
    /// basicConstraints says CA.
    pub ca: bool,
    /// pathLenConstraint of basicConstraints.
    pub path_length: Option<u32>,
    /// What could not be read, or is odd; offsets in `der`.
    pub problems: Vec<ParseError>,
    /// Bytes that follow the certificate in its input.
    pub trailing: usize,
}

impl Certificate {
    /// Reads the certificate that begins at the first byte of `der`, which stands at `offset_in_input`.
    ///
    /// Errors only where the nine outer fields (RFC 5280 section 4.1) are not there at all: their
    /// place counts from the start of the input. Anything smaller is one of
    /// [`Certificate::problems`], whose place counts from the start of `der`.
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

    /// Subject and issuer are the same bytes, and its own key verifies the signature. This costs one
    /// signature check at each call.
    pub fn self_signed(&self) -> bool {
        self.self_issued() && signature::verify_issued(self, self).is_ok()
    }

    /// Subject and issuer are the same bytes; nothing is checked.
    pub fn self_issued(&self) -> bool {
        self.subject.raw == self.issuer.raw
    }

    /// The serial as reports write it: lower-case hex of the magnitude.
    pub fn serial_hex(&self) -> String {
        serial_hex(&self.serial)
    }

    /// [`Certificate::self_signed`] for keys that are not [`signature::is_unusual`].
    pub fn self_signed_usual(&self) -> bool {
        self.self_issued() && signature::verify_issued_usual(self, self).is_ok()
    }

    /// The report's form; checks whether it is self-signed.
    pub fn to_report(&self, seen_in: Vec<model::SeenIn>) -> model::Certificate {
        self.to_report_with(seen_in, self.self_signed())
    }

    /// The report's form. `self_signed` is what [`Certificate::self_signed`] says.
    pub fn to_report_with(
        &self,
        seen_in: Vec<model::SeenIn>,
        self_signed: bool,
    ) -> model::Certificate {
        model::Certificate {
            sha256: hex(&self.digests.sha256),
            sha1: hex(&self.digests.sha1),
            md5: hex(&self.digests.md5),
            version: self.version,
            subject: self.subject.to_string(),
            issuer: self.issuer.to_string(),
            serial: self.serial_hex(),
            ski: self.subject_key_identifier.as_deref().map(hex),
            aki: self.authority_key_identifier.as_deref().map(hex),
            not_before: self.not_before.to_string(),
            not_after: self.not_after.to_string(),
            key: self.public_key.to_report(),
            signature: self.signature_algorithm.name.clone(),
            san: self.subject_alt_names.clone(),
            key_usage: self.key_usage.clone(),
            extended_key_usage: self.extended_key_usage.clone(),
            ca: self.ca,
            self_signed,
            bytes: self.der.len(),
            seen_in,
            problems: self.problems.iter().map(model::Problem::from).collect(),
        }
    }
}

fn read(input: &[u8]) -> Result<Certificate, ParseError> {
    let mut whole = crate::bytes::Reader::new(input);
    let certificate = der::expect(&mut whole, der::SEQUENCE, "Certificate")?;
    if certificate.raw.len() > limits::CERTIFICATE_BYTES {
        let limit = limits::CERTIFICATE_BYTES as u64;
        return Err(ParseError::new(0, "Certificate", ErrorKind::TooLarge { limit }));
    }
    let trailing = whole.remaining();
    let mut problems = Vec::new();
    let mut outer = certificate.reader();
    let signed = der::expect(&mut outer, der::SEQUENCE, "tbsCertificate")?;
    let mut fields = signed.reader();
    let version = match der::optional(&mut fields, 0xa0, "version")? {
        Some(explicit) => version(&explicit, &mut problems),
        None => 1,
    };
    let serial = der::expect(&mut fields, der::INTEGER, "serialNumber")?;
    check_serial(&serial, &mut problems);
    let inner_algorithm = der::expect(&mut fields, der::SEQUENCE, "signature")?;
    let issuer = der::expect(&mut fields, der::SEQUENCE, "issuer")?;
    let issuer_offset = issuer.offset;
    let issuer = Name::read(&issuer, "issuer", &mut problems);
    if issuer.is_empty() {
        problems.push(der::bad(issuer_offset, "issuer", "names nobody"));
    }
    let validity = der::expect(&mut fields, der::SEQUENCE, "validity")?;
    let mut times = validity.reader();
    let not_before = time(&mut times, "notBefore", &mut problems);
    let not_after = time(&mut times, "notAfter", &mut problems);
    let subject = der::expect(&mut fields, der::SEQUENCE, "subject")?;
    let subject = Name::read(&subject, "subject", &mut problems);
    let public_key = der::expect(&mut fields, der::SEQUENCE, "subjectPublicKeyInfo")?;
    let pss_key = PssKey::read(&public_key);
    let public_key = PublicKey::read(&public_key).unwrap_or_else(|problem| {
        problems.push(problem);
        PublicKey::Other { oid: String::new() }
    });

    let outer_algorithm = der::expect(&mut outer, der::SEQUENCE, "signatureAlgorithm")?;
    let signature_value = der::expect(&mut outer, der::BIT_STRING, "signatureValue")?;
    let signature_algorithm = algorithm(&outer_algorithm, &mut problems);
    let signature_algorithms_agree = outer_algorithm.raw == inner_algorithm.raw;
    if !signature_algorithms_agree {
        let inner = algorithm(&inner_algorithm, &mut problems);
        let message = format!(
            "says {} inside the signed part and {} outside",
            inner.name, signature_algorithm.name
        );
        problems.push(der::bad(outer_algorithm.offset, "signatureAlgorithm", &message));
    }
    let signature = signature_bytes(&signature_value, &mut problems);
    trailing_problem(&outer, "Certificate", &mut problems);
    if trailing > 0 {
        problems.push(ParseError::new(
            certificate.raw.len() as u64,
            "Certificate",
            ErrorKind::Trailing { bytes: trailing as u64 },
        ));
    }

    let start = usize::try_from(signed.offset).unwrap_or(usize::MAX);
    let mut parsed = Certificate {
        der: certificate.raw.to_vec(),
        digests: Digests::of(certificate.raw),
        version,
        serial: serial.content.to_vec(),
        subject,
        issuer,
        not_before,
        not_after,
        public_key,
        pss_key,
        signature_algorithm,
        signature_algorithms_agree,
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
        trailing,
    };
    if let Err(problem) = parsed.read_optional_fields(&mut fields) {
        parsed.problems.push(problem);
    }
    parsed.problems.truncate(limits::PROBLEMS_PER_INPUT);
    Ok(parsed)
}

impl Certificate {
    /// Unique identifiers and extensions.
    fn read_optional_fields(
        &mut self,
        fields: &mut crate::bytes::Reader<'_>,
    ) -> Result<(), ParseError> {
        for tags in [[0x81, 0xa1], [0x82, 0xa2]] {
            for tag in tags {
                der::optional(fields, tag, "uniqueIdentifier")?;
            }
        }
        if let Some(explicit) = der::optional(fields, 0xa3, "extensions")? {
            if self.version < 3 {
                let message = format!("extensions in a certificate of version {}", self.version);
                self.problems.push(der::bad(explicit.offset, "extensions", &message));
            }
            let mut explicit = explicit.reader();
            let list = der::expect(&mut explicit, der::SEQUENCE, "extensions")?;
            self.read_extensions(&list)?;
            trailing_problem(&explicit, "extensions", &mut self.problems);
        }
        trailing_problem(fields, "tbsCertificate", &mut self.problems);
        Ok(())
    }

    /// Every extension of the list.
    pub(super) fn read_extensions(&mut self, list: &der::Element<'_>) -> Result<(), ParseError> {
        if list.content.is_empty() {
            self.problems.push(der::bad(list.offset, "extensions", "the list is empty"));
        }
        let mut list = list.reader();
        while !list.is_empty() {
            let extension = der::expect(&mut list, der::SEQUENCE, "extension")?;
            if self.extensions.len() >= limits::CERTIFICATE_EXTENSIONS {
                let limit = limits::CERTIFICATE_EXTENSIONS as u64;
                let kind = ErrorKind::TooLarge { limit };
                return Err(ParseError::new(extension.offset, "extensions", kind));
            }
            if let Err(problem) = self.read_extension(&extension) {
                self.problems.push(problem);
            }
        }
        Ok(())
    }

    fn read_extension(&mut self, extension: &der::Element<'_>) -> Result<(), ParseError> {
        let mut parts = extension.reader();
        let oid = der::expect(&mut parts, der::OBJECT_IDENTIFIER, "extnID")?;
        let oid = der::object_identifier(oid.content);
        let field = object_identifier::extension(&oid);
        let mut critical = false;
        if let Some(flag) = der::optional(&mut parts, der::BOOLEAN, "critical")? {
            critical = flag.content.iter().any(|byte| *byte != 0);
            match flag.content {
                [0xff] => {}
                [0x00] => self.problems.push(der::bad(
                    flag.offset,
                    &field,
                    "critical is written as FALSE, which DER leaves out",
                )),
                _ => self.problems.push(der::bad(
                    flag.offset,
                    &field,
                    "critical is neither ff nor 00, the values of DER",
                )),
            }
        }
        let value = der::expect(&mut parts, der::OCTET_STRING, &field)?;
        trailing_problem(&parts, &field, &mut self.problems);
        let duplicate = self.extensions.iter().any(|known| known.oid == oid);
        self.extensions.push(Extension {
            oid: oid.clone(),
            critical,
            value: value.content.to_vec(),
        });
        if duplicate {
            // The first one counts; verifiers refuse certificates with two.
            return Err(ParseError::new(extension.offset, field, ErrorKind::Duplicate));
        }
        match oid.as_str() {
            SUBJECT_ALT_NAME => return self.read_subject_alt_names(&value, &field),
            EXTENDED_KEY_USAGE => return self.read_extended_key_usage(&value, &field),
            _ => {}
        }
        let malformed = || der::bad(value.offset, &field, "the content cannot be read");
        let (_, parsed) = X509Extension::from_der(extension.raw).map_err(|_| malformed())?;
        match parsed.parsed_extension() {
            ParsedExtension::ParseError { .. } => return Err(malformed()),
            ParsedExtension::UnsupportedExtension { .. } if critical => {
                return Err(der::bad(extension.offset, &field, "is critical, and not known here"));
            }
            ParsedExtension::SubjectKeyIdentifier(identifier) => {
                self.subject_key_identifier = Some(identifier.0.to_vec());
            }
            ParsedExtension::AuthorityKeyIdentifier(authority) => {
                self.authority_key_identifier =
                    authority.key_identifier.as_ref().map(|identifier| identifier.0.to_vec());
            }
            ParsedExtension::BasicConstraints(constraints) => {
                self.ca = constraints.ca;
                self.path_length = constraints.path_len_constraint;
                if !constraints.ca && constraints.path_len_constraint.is_some() {
                    let message = "a path length in a certificate that is no CA";
                    return Err(der::bad(value.offset, &field, message));
                }
            }
            ParsedExtension::KeyUsage(usage) => {
                self.key_usage = [
                    (usage.digital_signature(), "digitalSignature"),
                    (usage.non_repudiation(), "nonRepudiation"),
                    (usage.key_encipherment(), "keyEncipherment"),
                    (usage.data_encipherment(), "dataEncipherment"),
                    (usage.key_agreement(), "keyAgreement"),
                    (usage.key_cert_sign(), "keyCertSign"),
                    (usage.crl_sign(), "cRLSign"),
                    (usage.encipher_only(), "encipherOnly"),
                    (usage.decipher_only(), "decipherOnly"),
                ]
                .into_iter()
                .filter(|(set, _)| *set)
                .map(|(_, name)| name.to_owned())
                .collect();
                if self.key_usage.is_empty() {
                    return Err(der::bad(value.offset, &field, "no usage is set"));
                }
            }
            ParsedExtension::NameConstraints(constraints)
                if constraints.permitted_subtrees.is_none()
                    && constraints.excluded_subtrees.is_none() =>
            {
                return Err(der::bad(value.offset, &field, "constrains nothing"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Name by name, so that a bad one does not hide the others (RFC 5280 section 4.2.1.6).
    fn read_subject_alt_names(
        &mut self,
        value: &der::Element<'_>,
        field: &str,
    ) -> Result<(), ParseError> {
        let mut reader = value.reader();
        let names = der::expect(&mut reader, der::SEQUENCE, field)?;
        trailing_problem(&reader, field, &mut self.problems);
        if names.content.is_empty() {
            return Err(der::bad(names.offset, field, "holds no name"));
        }
        let mut reader = names.reader();
        let mut count = 0_usize;
        while !reader.is_empty() {
            let name = der::element(&mut reader, field)?;
            count += 1;
            if count > limits::SUBJECT_ALT_NAMES {
                let limit = limits::SUBJECT_ALT_NAMES as u64;
                return Err(ParseError::new(name.offset, field, ErrorKind::TooLarge { limit }));
            }
            let names = &mut self.subject_alt_names;
            let strings = match name.tag {
                0x81 => &mut names.email,
                0x82 => &mut names.dns,
                0x86 => &mut names.uri,
                0x87 => {
                    let text = address(name.content).unwrap_or_else(|| {
                        let message = format!("an address of {} bytes", name.content.len());
                        self.problems.push(der::bad(name.offset, field, &message));
                        hex(name.content)
                    });
                    names.ip.push(text);
                    continue;
                }
                0x88 => {
                    names.registered_id.push(der::object_identifier(name.content));
                    continue;
                }
                0xa0 => {
                    match other_name(&name, field) {
                        Ok(other) => names.other.push(other),
                        Err(problem) => self.problems.push(problem),
                    }
                    continue;
                }
                0xa4 => {
                    match der::expect(&mut name.reader(), der::SEQUENCE, field) {
                        Ok(directory) => {
                            let directory = Name::read(&directory, field, &mut self.problems);
                            names.directory.push(directory.to_string());
                        }
                        Err(problem) => self.problems.push(problem),
                    }
                    continue;
                }
                // x400Address and ediPartyName, which nobody issues, are not shown.
                0xa3 | 0xa5 => continue,
                other => {
                    let message = format!("a name of the unknown kind {other:#04x}");
                    self.problems.push(der::bad(name.offset, field, &message));
                    continue;
                }
            };
            strings.push(visible(name.content));
            if !name.content.iter().all(|byte| matches!(byte, 0x20..=0x7e)) {
                let message = "a name with characters that are not printable ASCII";
                self.problems.push(der::bad(name.offset, field, message));
            }
        }
        Ok(())
    }

    fn read_extended_key_usage(
        &mut self,
        value: &der::Element<'_>,
        field: &str,
    ) -> Result<(), ParseError> {
        let mut reader = value.reader();
        let usages = der::expect(&mut reader, der::SEQUENCE, field)?;
        trailing_problem(&reader, field, &mut self.problems);
        if usages.content.is_empty() {
            return Err(der::bad(usages.offset, field, "no usage is set"));
        }
        let mut reader = usages.reader();
        while !reader.is_empty() {
            let usage = der::expect(&mut reader, der::OBJECT_IDENTIFIER, field)?;
            if self.extended_key_usage.len() >= limits::CERTIFICATE_EXTENSIONS {
                let limit = limits::CERTIFICATE_EXTENSIONS as u64;
                return Err(ParseError::new(usage.offset, field, ErrorKind::TooLarge { limit }));
            }
            let oid = der::object_identifier(usage.content);
            self.extended_key_usage.push(object_identifier::extended_key_usage(&oid));
        }
        Ok(())
    }
}

/// An otherName (RFC 5280 section 4.2.1.6): a string as its text, a HardwareModuleName (RFC 4108 section 5; the SUDI of
/// Cisco's devices) as type and serial.
fn other_name(name: &der::Element<'_>, field: &str) -> Result<model::OtherName, ParseError> {
    let mut parts = name.reader();
    let oid = der::expect(&mut parts, der::OBJECT_IDENTIFIER, field)?;
    let kind = object_identifier::other_name(&der::object_identifier(oid.content));
    let explicit = der::expect(&mut parts, 0xa0, field)?;
    let value = der::element(&mut explicit.reader(), field)?;
    let module = || {
        let mut parts = value.reader();
        let hardware = der::expect(&mut parts, der::OBJECT_IDENTIFIER, field).ok()?;
        let serial = der::expect(&mut parts, der::OCTET_STRING, field).ok()?;
        Some(format!("{} {}", der::object_identifier(hardware.content), visible(serial.content)))
    };
    let text = match value.tag {
        // UTF8String, PrintableString, IA5String, VisibleString
        0x0c | 0x13 | 0x16 | 0x1a => Some(visible(value.content)),
        der::SEQUENCE if kind == "id-on-hardwareModuleName" => module(),
        _ => None,
    };
    let value = text.unwrap_or_else(|| {
        let shown = value.raw.get(..limits::OTHER_NAME_BYTES);
        let more = if shown.is_some() { "…" } else { "" };
        format!("#{}{more}", hex(shown.unwrap_or(value.raw)))
    });
    Ok(model::OtherName { r#type: kind, value })
}

/// The text of an address of 4 or 16 bytes.
fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(bytes).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|bytes| Ipv6Addr::from(bytes).to_string())
}

fn version(explicit: &der::Element<'_>, problems: &mut Vec<ParseError>) -> u32 {
    let content = match der::expect(&mut explicit.reader(), der::INTEGER, "version") {
        Ok(number) => number.content,
        Err(problem) => {
            problems.push(problem);
            return 1;
        }
    };
    let number = content.iter().fold(0_u32, |value, byte| {
        value.checked_mul(256).map_or(u32::MAX, |value| value.saturating_add(u32::from(*byte)))
    });
    let version = number.saturating_add(1);
    match (content, version) {
        ([0], _) => problems.push(der::bad(
            explicit.offset,
            "version",
            "version 1 is written out, which DER leaves out",
        )),
        ([_], 2..=3) => {}
        _ => {
            let message = format!("version {version} is not defined");
            problems.push(der::bad(explicit.offset, "version", &message));
        }
    }
    version
}

/// RFC 5280 section 4.1.2.2: positive, at most 20 bytes; X.690: as short as possible.
fn check_serial(serial: &der::Element<'_>, problems: &mut Vec<ParseError>) {
    let content = serial.content;
    let mut odd = |message: &str| problems.push(der::bad(serial.offset, "serialNumber", message));
    match content {
        [] => odd("the number has no bytes"),
        [0] => odd("the number is zero"),
        [0, second, ..] if *second < 0x80 => odd("a zero byte too many in front"),
        [0xff, second, ..] if *second >= 0x80 => odd("a sign byte too many in front"),
        [first, ..] if *first >= 0x80 => odd("the number is negative"),
        _ => {}
    }
    if content.len() > 20 {
        odd(&format!("{} bytes, 20 are allowed", content.len()));
    }
}

/// The bytes of a signature. The first one of the BIT STRING counts the unused bits of the last; signatures are whole
/// bytes.
pub(super) fn signature_bytes(value: &der::Element<'_>, problems: &mut Vec<ParseError>) -> Vec<u8> {
    match value.content.split_first() {
        Some((0, signature)) => signature.to_vec(),
        _ => {
            problems.push(der::bad(value.offset, "signatureValue", "is not whole bytes"));
            Vec::new()
        }
    }
}

/// The algorithm of a signature; an unreadable one has an empty identifier.
pub(super) fn algorithm(
    element: &der::Element<'_>,
    problems: &mut Vec<ParseError>,
) -> SignatureAlgorithm {
    let oid = match der::expect(&mut element.reader(), der::OBJECT_IDENTIFIER, "signatureAlgorithm")
    {
        Ok(oid) => der::object_identifier(oid.content),
        Err(problem) => {
            problems.push(problem);
            String::new()
        }
    };
    let name = object_identifier::signature_algorithm(&oid);
    SignatureAlgorithm { oid, name, raw: element.raw.to_vec() }
}

/// One end of the validity, in exactly the forms of RFC 5280 section 4.1.2.5.
pub(super) fn time(
    times: &mut crate::bytes::Reader<'_>,
    field: &str,
    problems: &mut Vec<ParseError>,
) -> Time {
    let element = match der::element(times, field) {
        Ok(element) => element,
        Err(problem) => {
            problems.push(problem);
            return Time::Unreadable(String::new());
        }
    };
    let digits = |range: core::ops::Range<usize>| -> Option<u16> {
        let digits = element.content.get(range)?;
        digits.iter().try_fold(0_u16, |value, byte| {
            byte.is_ascii_digit().then(|| value * 10 + u16::from(byte - b'0'))
        })
    };
    let year_digits = match (element.tag, element.content.len()) {
        (der::UTC_TIME, 13) => Some(2),
        (der::GENERALIZED_TIME, 15) => Some(4),
        _ => None,
    };
    let read = || {
        let start = year_digits?;
        let mut year = i64::from(digits(0..start)?);
        if start == 2 {
            year += if year < 50 { 2000 } else { 1900 };
        }
        let part = |index: usize| -> Option<u8> {
            let from = start + index * 2;
            u8::try_from(digits(from..from + 2)?).ok()
        };
        if element.content.last() != Some(&b'Z') {
            return None;
        }
        UnixTime::from_parts(year, part(0)?, part(1)?, part(2)?, part(3)?, part(4)?)
            .map(|time| (year, time))
    };
    match read() {
        Some((year, time)) => {
            if element.tag == der::GENERALIZED_TIME && year < 2050 {
                let message = "a GeneralizedTime before 2050, where RFC 5280 asks for a UTCTime";
                problems.push(der::bad(element.offset, field, message));
            }
            Time::At(time)
        }
        None => {
            let text = visible(element.content);
            let message = format!("\"{text}\" is no time in the form of RFC 5280");
            problems.push(der::bad(element.offset, field, &message));
            Time::Unreadable(text)
        }
    }
}

/// Bytes that are left where none should be.
pub(super) fn trailing_problem(
    reader: &crate::bytes::Reader<'_>,
    field: &str,
    problems: &mut Vec<ParseError>,
) {
    if !reader.is_empty() {
        problems.push(ParseError::new(
            reader.offset(),
            field,
            ErrorKind::Trailing { bytes: reader.remaining() as u64 },
        ));
    }
}
