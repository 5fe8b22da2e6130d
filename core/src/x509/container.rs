//! What holds certificates and keys: PEM, DER, PKCS#7, PKCS#12. Told by content.

use serde::{Deserialize, Serialize};

use super::certificate::Certificate;
use super::key_facts::{PrivateKeyFacts, Protection};
use super::password::Keyring;
use super::pem::{Block, Blocks};
use super::pkcs12::{self, Pkcs12Facts};
use super::request::CertificateRequest;
use super::revocation::RevocationList;
use super::{ber, der, pbe};
use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;

/// How the items are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Text with PEM blocks.
    Pem,
    /// One or several DER structures in a row.
    Der,
    /// A PKCS#7 `signedData`, in DER or BER.
    Pkcs7,
    /// PKCS#12, in DER or BER: offsets inside are those of the whole.
    Pkcs12,
}

/// What a container holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// How.
    pub form: Form,
    /// In the order of the input.
    pub items: Vec<Item>,
    /// What could not be read; offsets in the input. The other items are still there.
    pub problems: Vec<ParseError>,
}

impl Container {
    /// The certificates, with their offsets.
    pub fn certificates(&self) -> impl Iterator<Item = (u64, &Certificate)> {
        self.items.iter().filter_map(|item| match &item.content {
            ItemContent::Certificate(certificate) => Some((item.offset, certificate.as_ref())),
            _ => None,
        })
    }
}

/// One item of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Where it begins in the input: the DER, or the PEM block that holds it.
    pub offset: u64,
    /// What it is.
    pub content: ItemContent,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemContent {
    /// A certificate.
    Certificate(Box<Certificate>),
    /// A PKCS#12 container; what was opened of it follows as items of their own.
    Pkcs12(Pkcs12Facts),
    /// A private key. Its bytes are not kept.
    PrivateKey(PrivateKeyFacts),
    /// A certificate request (PKCS#10).
    CertificateRequest(Box<CertificateRequest>),
    /// A certificate revocation list.
    RevocationList(Box<RevocationList>),
    /// Trust settings that OpenSSL keeps behind the certificate before this item; they are not used.
    TrustSettings,
    /// Anything else, by its PEM label: `PUBLIC KEY`, `DH PARAMETERS`, …
    Other(String),
}

/// Reads a container that needs no password; `None` where the input is none of the forms.
///
/// Input that begins like one of them and then breaks is a container with problems.
pub fn read(bytes: &[u8]) -> Option<Container> {
    read_with(bytes, &mut Keyring::default())
}

/// Reads a container, and opens what stands under one of the passwords of `keyring`.
pub fn read_with(bytes: &[u8], keyring: &mut Keyring) -> Option<Container> {
    if sniff(bytes).is_some() { Some(read_der(bytes, keyring)) } else { read_pem(bytes, keyring) }
}

/// The forms of DER that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Certificate,
    CertificateRequest,
    RevocationList,
    Pkcs7,
    Pkcs12,
    PublicKey,
    Pkcs1PrivateKey,
    Pkcs8PrivateKey,
    EncryptedPrivateKey,
    Sec1PrivateKey,
}

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// PKCS#7 content types.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/// PKCS#5 and PKCS#12 encryption schemes.
const PKCS5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
const PKCS12: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c];

/// What DER begins here, told by its first fields. The end may be missing.
pub(super) fn sniff(bytes: &[u8]) -> Option<Kind> {
    let mut outer = der::enter(bytes, der::SEQUENCE)?;
    match outer.peek()? {
        der::INTEGER => {
            let number = der::element(&mut outer, "").ok()?;
            match (number.content, outer.peek()?) {
                ([0], der::INTEGER) => Some(Kind::Pkcs1PrivateKey),
                ([0 | 1], der::SEQUENCE) => Some(Kind::Pkcs8PrivateKey),
                ([1], der::OCTET_STRING) => Some(Kind::Sec1PrivateKey),
                ([3], der::SEQUENCE) => {
                    let mut content = der::enter(outer.rest(), der::SEQUENCE)?;
                    let oid = der::expect(&mut content, der::OBJECT_IDENTIFIER, "").ok()?;
                    oid.content.starts_with(PKCS7).then_some(Kind::Pkcs12)
                }
                (modulus, der::INTEGER) if modulus.len() >= 32 => Some(Kind::PublicKey),
                _ => None,
            }
        }
        der::OBJECT_IDENTIFIER => {
            let oid = der::element(&mut outer, "").ok()?;
            (oid.content == SIGNED_DATA).then_some(Kind::Pkcs7)
        }
        der::SEQUENCE => {
            let mut inner = der::enter(outer.rest(), der::SEQUENCE)?;
            match inner.peek()? {
                0xa0 => {
                    let mut version = der::enter(inner.rest(), 0xa0)?;
                    let number = der::expect(&mut version, der::INTEGER, "").ok()?;
                    (number.content.len() <= 4).then_some(Kind::Certificate)
                }
                der::INTEGER => {
                    der::element(&mut inner, "").ok()?;
                    let algorithm_or_name = der::element(&mut inner, "").ok()?;
                    if algorithm_or_name.tag != der::SEQUENCE {
                        return None;
                    }
                    if algorithm_or_name.content.first() != Some(&der::OBJECT_IDENTIFIER) {
                        return Some(Kind::CertificateRequest);
                    }
                    let name = der::element(&mut inner, "").ok()?;
                    match (name.tag, inner.peek()?) {
                        (der::SEQUENCE, der::SEQUENCE) => Some(Kind::Certificate),
                        (der::SEQUENCE, der::UTC_TIME | der::GENERALIZED_TIME) => {
                            Some(Kind::RevocationList)
                        }
                        _ => None,
                    }
                }
                der::OBJECT_IDENTIFIER => {
                    der::element(&mut outer, "").ok()?;
                    let oid = der::element(&mut inner, "").ok()?;
                    let scheme = oid.content;
                    match outer.peek()? {
                        der::BIT_STRING => Some(Kind::PublicKey),
                        der::OCTET_STRING
                            if scheme.starts_with(PKCS5) || scheme.starts_with(PKCS12) =>
                        {
                            Some(Kind::EncryptedPrivateKey)
                        }
                        _ => None,
                    }
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Collects items and problems up to the caps.
pub(super) struct Collector {
    pub(super) items: Vec<Item>,
    pub(super) problems: Vec<ParseError>,
    pub(super) full: bool,
}

impl Collector {
    pub(super) fn new() -> Self {
        Self { items: Vec::new(), problems: Vec::new(), full: false }
    }

    pub(super) fn item(&mut self, offset: u64, content: ItemContent) {
        if self.items.len() < limits::CERTIFICATES_PER_INPUT {
            self.items.push(Item { offset, content });
        } else if !self.full {
            self.full = true;
            let limit = limits::CERTIFICATES_PER_INPUT as u64;
            self.problems.push(ParseError::new(offset, "items", ErrorKind::TooLarge { limit }));
        }
    }

    pub(super) fn problem(&mut self, problem: ParseError) {
        if self.problems.len() < limits::PROBLEMS_PER_INPUT {
            self.problems.push(problem);
        }
    }

    fn finish(self, form: Form) -> Container {
        Container { form, items: self.items, problems: self.problems }
    }
}

fn read_pem(bytes: &[u8], keyring: &mut Keyring) -> Option<Container> {
    let mut collector = Collector::new();
    let mut blocks = 0_usize;
    for block in Blocks::new(bytes) {
        blocks += 1;
        match block {
            Ok(block) => read_block(&block, keyring, &mut collector),
            Err(problem) => collector.problem(problem),
        }
        if collector.full {
            break;
        }
    }
    (blocks > 0).then(|| collector.finish(Form::Pem))
}

fn read_block(block: &Block, keyring: &mut Keyring, collector: &mut Collector) {
    let content = block.content.as_slice();
    // Offsets inside the DER are none of the text: the block's own offset is reported.
    let in_block = |error: ParseError| {
        let message = format!("{} at byte {} of its DER: {}", error.field, error.at, error.kind);
        der::bad(block.offset, &block.label, &message)
    };
    match block.label.as_str() {
        // Windows writes PKCS#7 under the label of a certificate.
        "CERTIFICATE" | "X509 CERTIFICATE" | "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA"
            if sniff(content) == Some(Kind::Pkcs7) =>
        {
            let mut inner = Collector::new();
            read_pkcs7(content, &mut inner);
            for item in inner.items {
                collector.item(block.offset, item.content);
            }
            for problem in inner.problems {
                collector.problem(in_block(problem));
            }
        }
        "CERTIFICATE" | "X509 CERTIFICATE" => match Certificate::parse(content, 0) {
            Ok(certificate) => {
                let certificate = Box::new(certificate);
                collector.item(block.offset, ItemContent::Certificate(certificate));
            }
            Err(error) => collector.problem(in_block(error)),
        },
        "TRUSTED CERTIFICATE" => {
            let mut reader = Reader::new(content);
            let certificate = der::element(&mut reader, "Certificate")
                .and_then(|element| Certificate::parse(element.raw, 0));
            match certificate {
                Ok(certificate) => {
                    let certificate = Box::new(certificate);
                    collector.item(block.offset, ItemContent::Certificate(certificate));
                    if !reader.is_empty() {
                        collector.item(block.offset, ItemContent::TrustSettings);
                    }
                }
                Err(error) => collector.problem(in_block(error)),
            }
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            match CertificateRequest::parse(content, 0) {
                Ok(request) => {
                    let request = ItemContent::CertificateRequest(Box::new(request));
                    collector.item(block.offset, request);
                }
                Err(error) => collector.problem(in_block(error)),
            }
        }
        "X509 CRL" => match RevocationList::parse(content, 0) {
            Ok(list) => {
                collector.item(block.offset, ItemContent::RevocationList(Box::new(list)));
            }
            Err(error) => collector.problem(in_block(error)),
        },
        "PKCS12" => {
            let mut inner = Collector::new();
            pkcs12::read(content, 0, keyring, &mut inner);
            for item in inner.items {
                collector.item(block.offset, item.content);
            }
            for problem in inner.problems {
                collector.problem(in_block(problem));
            }
        }
        label if label.ends_with("PRIVATE KEY") => match private_key(block, keyring) {
            Ok(facts) => {
                if facts.kind == "unknown" && !facts.protection.is_encrypted() {
                    collector.problem(der::bad(block.offset, label, "the key cannot be read"));
                }
                collector.item(block.offset, ItemContent::PrivateKey(facts));
            }
            Err(error) => collector.problem(in_block(error)),
        },
        label => collector.item(block.offset, ItemContent::Other(label.to_owned())),
    }
}

/// A private key in a PEM block, under a password or not.
fn private_key(block: &Block, keyring: &mut Keyring) -> Result<PrivateKeyFacts, ParseError> {
    let kind = match block.label.as_str() {
        "RSA PRIVATE KEY" => "rsa",
        "EC PRIVATE KEY" => "ec",
        "DSA PRIVATE KEY" => "dsa",
        _ => "unknown",
    };
    if let Some(encryption) = &block.encryption {
        return Ok(pkcs12::open_with(kind, keyring, |spelling, _| {
            pbe::decrypt_pem(&encryption.cipher, &encryption.iv, spelling, &block.content)
        }));
    }
    if sniff(&block.content) == Some(Kind::EncryptedPrivateKey) {
        return pkcs12::open_key(&block.content, keyring);
    }
    if block.label == "ENCRYPTED PRIVATE KEY" {
        let message = "it is no encrypted private key".to_owned();
        let protection = Protection::Unsupported(message);
        return Ok(PrivateKeyFacts::new(kind, 0, protection));
    }
    if kind == "dsa" {
        return Ok(PrivateKeyFacts::new(kind, 0, Protection::Clear));
    }
    keyring.offer(&block.content);
    Ok(PrivateKeyFacts::of(&block.content, Protection::Clear))
}

/// One structure after the other, while they are of a known form.
fn read_der(bytes: &[u8], keyring: &mut Keyring) -> Container {
    let mut collector = Collector::new();
    let mut reader = Reader::new(bytes);
    let mut form = Form::Der;
    while let Some(kind) = sniff(reader.rest()) {
        if collector.full {
            break;
        }
        let element = match kind {
            Kind::Pkcs7 | Kind::Pkcs12 => ber::element(&mut reader, "DER"),
            _ => der::element(&mut reader, "DER"),
        };
        let element = match element {
            Ok(element) => element,
            Err(error) => {
                collector.problem(error);
                return collector.finish(form);
            }
        };
        let item = match kind {
            Kind::Certificate => Certificate::parse(element.raw, element.offset)
                .map(|certificate| ItemContent::Certificate(Box::new(certificate))),
            Kind::CertificateRequest => CertificateRequest::parse(element.raw, element.offset)
                .map(|request| ItemContent::CertificateRequest(Box::new(request))),
            Kind::RevocationList => RevocationList::parse(element.raw, element.offset)
                .map(|list| ItemContent::RevocationList(Box::new(list))),
            Kind::Pkcs7 => {
                form = Form::Pkcs7;
                let mut inner = Collector::new();
                read_pkcs7(element.raw, &mut inner);
                for item in inner.items {
                    collector.item(item.offset.saturating_add(element.offset), item.content);
                }
                for mut problem in inner.problems {
                    problem.at = problem.at.saturating_add(element.offset);
                    collector.problem(problem);
                }
                continue;
            }
            Kind::Pkcs12 => {
                form = Form::Pkcs12;
                pkcs12::read(element.raw, element.offset, keyring, &mut collector);
                continue;
            }
            Kind::PublicKey => Ok(ItemContent::Other("PUBLIC KEY".to_owned())),
            Kind::EncryptedPrivateKey => pkcs12::open_key(element.raw, keyring)
                .map(ItemContent::PrivateKey)
                .map_err(|mut error| {
                    error.at = error.at.saturating_add(element.offset);
                    error
                }),
            Kind::Pkcs1PrivateKey | Kind::Pkcs8PrivateKey | Kind::Sec1PrivateKey => {
                keyring.offer(element.raw);
                let facts = PrivateKeyFacts::of(element.raw, Protection::Clear);
                Ok(ItemContent::PrivateKey(facts))
            }
        };
        match item {
            Ok(item) => collector.item(element.offset, item),
            Err(error) => collector.problem(error),
        }
    }
    if !reader.is_empty() && !collector.full {
        collector.problem(ParseError::new(
            reader.offset(),
            "DER",
            ErrorKind::Trailing { bytes: reader.remaining() as u64 },
        ));
    }
    collector.finish(form)
}

/// The certificates and revocation lists of a `signedData` (RFC 2315 section 9.1, RFC 5652 section 5.1); its
/// signatures are not checked.
fn read_pkcs7(bytes: &[u8], collector: &mut Collector) {
    if let Err(error) = read_signed_data(bytes, collector) {
        collector.problem(error);
    }
}

fn read_signed_data(bytes: &[u8], collector: &mut Collector) -> Result<(), ParseError> {
    let mut reader = Reader::new(bytes);
    let mut info = ber::expect(&mut reader, der::SEQUENCE, "ContentInfo")?.reader();
    ber::expect(&mut info, der::OBJECT_IDENTIFIER, "contentType")?;
    let mut content = ber::expect(&mut info, 0xa0, "content")?.reader();
    let mut signed = ber::expect(&mut content, der::SEQUENCE, "SignedData")?.reader();
    ber::expect(&mut signed, der::INTEGER, "version")?;
    ber::expect(&mut signed, der::SET, "digestAlgorithms")?;
    ber::expect(&mut signed, der::SEQUENCE, "contentInfo")?;
    if let Some(certificates) = ber::optional(&mut signed, 0xa0, "certificates")? {
        members(
            &certificates,
            "certificates",
            "is not an X.509 certificate",
            collector,
            |member| {
                let certificate = Certificate::parse(member.raw, member.offset)?;
                Ok(ItemContent::Certificate(Box::new(certificate)))
            },
        )?;
    }
    if let Some(lists) = ber::optional(&mut signed, 0xa1, "crls")? {
        members(&lists, "crls", "is not an X.509 revocation list", collector, |member| {
            let list = RevocationList::parse(member.raw, member.offset)?;
            Ok(ItemContent::RevocationList(Box::new(list)))
        })?;
    }
    Ok(())
}

/// Reads each SEQUENCE of a set; what is none is a problem with the text `other`.
fn members(
    set: &der::Element<'_>,
    field: &str,
    other: &str,
    collector: &mut Collector,
    read: impl Fn(&der::Element<'_>) -> Result<ItemContent, ParseError>,
) -> Result<(), ParseError> {
    let mut reader = set.reader();
    while !reader.is_empty() && !collector.full {
        let member = ber::element(&mut reader, field)?;
        if member.tag != der::SEQUENCE {
            collector.problem(der::bad(member.offset, field, other));
            continue;
        }
        match read(&member) {
            Ok(item) => collector.item(member.offset, item),
            Err(error) => collector.problem(error),
        }
    }
    Ok(())
}
