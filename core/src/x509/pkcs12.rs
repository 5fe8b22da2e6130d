//! PKCS#12 (RFC 7292): certificates and keys under a password, in DER or BER.
//!
//! Nothing inside is believed before the MAC has been checked with the password; a container without one is read,
//! and says so.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::certificate::Certificate;
use super::container::{Collector, ItemContent, Kind, sniff};
use super::key_facts::{PrivateKeyFacts, Protection};
use super::password::{Keyring, Spelling};
use super::pbe::{Mac, Refused, Scheme};
use super::revocation::RevocationList;
use super::{ber, der};
use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";

/// What is said about a container as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pkcs12Facts {
    /// Whether it was opened. While it was not, nothing of its content is shown.
    pub protection: Protection,
    /// The MAC in words (`HMAC with sha256`); `None` where nothing tells that the content was changed.
    pub mac: Option<String>,
    /// The MAC was checked, and holds.
    pub mac_verified: bool,
    /// What its parts are encrypted with, each once, as OpenSSL names it; none where it is in clear.
    pub encryption: Vec<String>,
    /// OpenSSL 3 opens it only with its provider for old algorithms.
    pub legacy: bool,
    /// Parts that were not read behind a MAC that holds, and why, in words.
    pub unread: Vec<String>,
}

/// Reads the container in `bytes`, which stands at `offset`; what it holds goes to `collector`, at the same offset.
pub(super) fn read(bytes: &[u8], offset: u64, keyring: &mut Keyring, collector: &mut Collector) {
    if let Err(mut error) = read_store(bytes, offset, keyring, collector) {
        error.at = error.at.saturating_add(offset);
        collector.problem(error);
    }
}

fn read_store(
    bytes: &[u8],
    offset: u64,
    keyring: &mut Keyring,
    collector: &mut Collector,
) -> Result<(), ParseError> {
    if bytes.len() > limits::PKCS12_BYTES {
        let limit = limits::PKCS12_BYTES as u64;
        return Err(ParseError::new(0, "PFX", ErrorKind::TooLarge { limit }));
    }
    let mut store = ber::expect(&mut Reader::new(bytes), der::SEQUENCE, "PFX")?.reader();
    ber::expect(&mut store, der::INTEGER, "version")?;
    let mut info = ber::expect(&mut store, der::SEQUENCE, "authSafe")?.reader();
    let kind = ber::expect(&mut info, der::OBJECT_IDENTIFIER, "contentType")?;
    let kind = der::object_identifier(kind.content);
    let mut facts = Pkcs12Facts {
        protection: Protection::Clear,
        mac: None,
        mac_verified: false,
        encryption: Vec::new(),
        legacy: false,
        unread: Vec::new(),
    };
    if kind != DATA {
        // RFC 7292 section 3.1: integrity by a signature instead of a password.
        let message = format!("its content is of the kind {kind}, not under a password");
        facts.protection = Protection::Unsupported(message);
        collector.item(offset, ItemContent::Pkcs12(facts));
        return Ok(());
    }
    let mut explicit = ber::expect(&mut info, 0xa0, "content")?.reader();
    let content = ber::octets(&mut explicit, der::OCTET_STRING, "content")?;
    let mac = ber::optional(&mut store, der::SEQUENCE, "macData")?.map(|data| Mac::read(&data));
    let mut opener = Opener { keyring, spelling: None, facts };
    match mac {
        None => {}
        Some(Ok(mac)) => opener.check(&mac, &content),
        Some(Err(Refused::Malformed(error))) => return Err(error),
        Some(Err(Refused::Mismatch)) => opener.facts.protection = Protection::WrongPassword,
        Some(Err(Refused::Unsupported(what))) => {
            opener.facts.protection = Protection::Unsupported(what);
        }
    }
    let mut inside = Collector::new();
    if opener.is_open() {
        let result = opener.read_parts(&content, &mut inside);
        if let Err(error) = result {
            inside.problem(error);
        }
    }
    if !opener.is_open() {
        inside = Collector::new();
    }
    collector.item(offset, ItemContent::Pkcs12(opener.facts));
    for item in inside.items {
        collector.item(offset, item.content);
    }
    for problem in inside.problems {
        let message =
            format!("{} at byte {} of the content: {}", problem.field, problem.at, problem.kind);
        collector.problem(der::bad(offset, "PKCS#12", &message));
    }
    Ok(())
}

/// Opens the parts of one container.
struct Opener<'a> {
    keyring: &'a mut Keyring,
    /// The one that fits, once it is known.
    spelling: Option<Spelling>,
    facts: Pkcs12Facts,
}

impl Opener<'_> {
    /// Nothing has shown so far that the password is missing or wrong.
    fn is_open(&self) -> bool {
        matches!(self.facts.protection, Protection::Clear | Protection::Opened)
    }

    /// Finds the spelling that the MAC holds with.
    fn check(&mut self, mac: &Mac, content: &[u8]) {
        self.facts.mac = Some(mac.name.clone());
        let found = self.first(|spelling, keyring| mac.verify(spelling, content, keyring));
        self.facts.mac_verified = found.is_ok();
        if let Err(protection) = found {
            self.facts.protection = protection;
        }
    }

    /// What the first spelling gives that is not refused; it is then the only one that is tried.
    fn first<T>(
        &mut self,
        mut attempt: impl FnMut(&Spelling, &mut Keyring) -> Result<T, Refused>,
    ) -> Result<T, Protection> {
        let spellings = match &self.spelling {
            Some(spelling) => vec![spelling.clone()],
            None => self.keyring.spellings(),
        };
        for spelling in spellings {
            match attempt(&spelling, self.keyring) {
                Ok(found) => {
                    if spelling.given {
                        self.facts.protection = Protection::Opened;
                    }
                    self.spelling = Some(spelling);
                    return Ok(found);
                }
                Err(Refused::Mismatch) => {}
                Err(Refused::Malformed(error)) => {
                    return Err(Protection::Unsupported(error.to_string()));
                }
                Err(Refused::Unsupported(what)) => return Err(Protection::Unsupported(what)),
            }
        }
        Err(if self.keyring.is_given() {
            Protection::WrongPassword
        } else {
            Protection::NeedsPassword
        })
    }

    /// Decrypts and, where nothing else tells that the password fits, checks that the result is one whole element.
    fn decrypt(
        &mut self,
        algorithm: &der::Element<'_>,
        data: &[u8],
    ) -> Result<Vec<u8>, Protection> {
        let scheme = Scheme::read(algorithm).map_err(|refused| match refused {
            Refused::Malformed(error) => Protection::Unsupported(error.to_string()),
            Refused::Mismatch => Protection::WrongPassword,
            Refused::Unsupported(what) => Protection::Unsupported(what),
        })?;
        if !self.facts.encryption.contains(&scheme.name) {
            self.facts.encryption.push(scheme.name.clone());
        }
        self.facts.legacy |= scheme.legacy;
        self.first(|spelling, keyring| {
            let plain = scheme.decrypt(spelling, data, keyring)?;
            let mut reader = Reader::new(&plain);
            match ber::expect(&mut reader, der::SEQUENCE, "content") {
                Ok(_) if reader.is_empty() => Ok(plain),
                _ => Err(Refused::Mismatch),
            }
        })
    }

    /// AuthenticatedSafe (RFC 7292 section 4.1).
    fn read_parts(&mut self, content: &[u8], inside: &mut Collector) -> Result<(), ParseError> {
        let mut reader = Reader::new(content);
        let mut parts = ber::expect(&mut reader, der::SEQUENCE, "AuthenticatedSafe")?.reader();
        let mut count = 0_usize;
        while !parts.is_empty() && self.is_open() {
            let part = ber::expect(&mut parts, der::SEQUENCE, "ContentInfo")?;
            count += 1;
            if count > limits::PKCS12_PARTS {
                let limit = limits::PKCS12_PARTS as u64;
                let kind = ErrorKind::TooLarge { limit };
                return Err(ParseError::new(part.offset, "AuthenticatedSafe", kind));
            }
            if let Err(error) = self.read_part(&part, inside) {
                inside.problem(error);
            }
        }
        Ok(())
    }

    fn read_part(
        &mut self,
        part: &der::Element<'_>,
        inside: &mut Collector,
    ) -> Result<(), ParseError> {
        let mut fields = part.reader();
        let kind = ber::expect(&mut fields, der::OBJECT_IDENTIFIER, "contentType")?;
        let kind = der::object_identifier(kind.content);
        let mut content = ber::expect(&mut fields, 0xa0, "content")?.reader();
        let bags: Cow<'_, [u8]> = match kind.as_str() {
            DATA => ber::octets(&mut content, der::OCTET_STRING, "content")?,
            ENCRYPTED_DATA => {
                let data = ber::expect(&mut content, der::SEQUENCE, "EncryptedData")?;
                let mut data = data.reader();
                ber::expect(&mut data, der::INTEGER, "version")?;
                let info = ber::expect(&mut data, der::SEQUENCE, "encryptedContentInfo")?;
                let mut info = info.reader();
                ber::expect(&mut info, der::OBJECT_IDENTIFIER, "contentType")?;
                let algorithm = ber::expect(&mut info, der::SEQUENCE, "encryptionAlgorithm")?;
                let encrypted = ber::octets(&mut info, 0x80, "encryptedContent")?;
                match self.decrypt(&algorithm, &encrypted) {
                    Ok(plain) => Cow::Owned(plain),
                    // Behind a good MAC the password is right: this part was damaged before the MAC was made.
                    Err(Protection::WrongPassword | Protection::NeedsPassword)
                        if self.facts.mac_verified =>
                    {
                        let message = "does not decrypt with the password that the MAC holds with";
                        return Err(der::bad(part.offset, "encryptedContent", message));
                    }
                    Err(Protection::Unsupported(what)) if self.facts.mac_verified => {
                        self.facts.unread.push(what);
                        return Ok(());
                    }
                    Err(protection) => {
                        self.facts.protection = protection;
                        return Ok(());
                    }
                }
            }
            other => {
                self.facts.unread.push(format!("a part of the kind {other}"));
                return Ok(());
            }
        };
        self.read_bags(&mut Reader::new(&bags), 0, inside)
    }

    /// SafeContents (RFC 7292 section 4.2).
    fn read_bags(
        &mut self,
        reader: &mut Reader<'_>,
        depth: usize,
        inside: &mut Collector,
    ) -> Result<(), ParseError> {
        let mut bags = ber::expect(reader, der::SEQUENCE, "SafeContents")?.reader();
        while !bags.is_empty() && !inside.full {
            let bag = ber::expect(&mut bags, der::SEQUENCE, "SafeBag")?;
            if depth >= limits::PKCS12_PARTS {
                let limit = limits::PKCS12_PARTS as u64;
                let kind = ErrorKind::TooLarge { limit };
                return Err(ParseError::new(bag.offset, "SafeBag", kind));
            }
            if let Err(error) = self.read_bag(&bag, depth, inside) {
                inside.problem(error);
            }
        }
        Ok(())
    }

    fn read_bag(
        &mut self,
        bag: &der::Element<'_>,
        depth: usize,
        inside: &mut Collector,
    ) -> Result<(), ParseError> {
        let mut fields = bag.reader();
        let kind = ber::expect(&mut fields, der::OBJECT_IDENTIFIER, "bagId")?;
        let kind = der::object_identifier(kind.content);
        let mut value = ber::expect(&mut fields, 0xa0, "bagValue")?.reader();
        match kind.as_str() {
            "1.2.840.113549.1.12.10.1.1" => {
                let key = ber::expect(&mut value, der::SEQUENCE, "keyBag")?;
                // The key itself is not encrypted; what stands around it may be.
                let protection = match self.facts.encryption.is_empty() {
                    true => Protection::Clear,
                    false => self.facts.protection.clone(),
                };
                self.keyring.offer(key.raw);
                let facts = PrivateKeyFacts::of(key.raw, protection);
                inside.item(0, ItemContent::PrivateKey(facts));
            }
            "1.2.840.113549.1.12.10.1.2" => {
                let key = ber::expect(&mut value, der::SEQUENCE, "pkcs8ShroudedKeyBag")?;
                let facts = self.read_shrouded_key(&key)?;
                inside.item(0, ItemContent::PrivateKey(facts));
            }
            "1.2.840.113549.1.12.10.1.3" => {
                let mut parts = ber::expect(&mut value, der::SEQUENCE, "CertBag")?.reader();
                let kind = ber::expect(&mut parts, der::OBJECT_IDENTIFIER, "certId")?;
                let kind = der::object_identifier(kind.content);
                if kind != "1.2.840.113549.1.9.22.1" {
                    let message = format!("a certificate of the kind {kind} is not read");
                    return Err(der::bad(bag.offset, "certId", &message));
                }
                let mut explicit = ber::expect(&mut parts, 0xa0, "certValue")?.reader();
                let der = ber::octets(&mut explicit, der::OCTET_STRING, "certValue")?;
                let certificate = Certificate::parse(&der, bag.offset)?;
                inside.item(0, ItemContent::Certificate(Box::new(certificate)));
            }
            "1.2.840.113549.1.12.10.1.4" => {
                let mut parts = ber::expect(&mut value, der::SEQUENCE, "CRLBag")?.reader();
                ber::expect(&mut parts, der::OBJECT_IDENTIFIER, "crlId")?;
                let mut explicit = ber::expect(&mut parts, 0xa0, "crlValue")?.reader();
                let der = ber::octets(&mut explicit, der::OCTET_STRING, "crlValue")?;
                let list = RevocationList::parse(&der, bag.offset)?;
                inside.item(0, ItemContent::RevocationList(Box::new(list)));
            }
            "1.2.840.113549.1.12.10.1.6" => {
                self.read_bags(&mut value, depth + 1, inside)?;
            }
            "1.2.840.113549.1.12.10.1.5" => {
                inside.item(0, ItemContent::Other("PKCS12 SECRET".to_owned()));
            }
            other => {
                let message = format!("a bag of the kind {other} is not read");
                return Err(der::bad(bag.offset, "bagId", &message));
            }
        }
        Ok(())
    }

    fn read_shrouded_key(&mut self, key: &der::Element<'_>) -> Result<PrivateKeyFacts, ParseError> {
        let mut parts = key.reader();
        let algorithm = ber::expect(&mut parts, der::SEQUENCE, "encryptionAlgorithm")?;
        let encrypted = ber::octets(&mut parts, der::OCTET_STRING, "encryptedData")?;
        Ok(match self.decrypt(&algorithm, &encrypted) {
            Ok(plain) => {
                self.keyring.offer(&plain);
                PrivateKeyFacts::of(&plain, self.facts.protection.clone())
            }
            Err(protection) => PrivateKeyFacts::new("unknown", 0, protection),
        })
    }
}

/// Opens an EncryptedPrivateKeyInfo (RFC 5958 section 3). A key that opens is offered to `keyring`.
pub(super) fn open_key(bytes: &[u8], keyring: &mut Keyring) -> Result<PrivateKeyFacts, ParseError> {
    let mut parts =
        ber::expect(&mut Reader::new(bytes), der::SEQUENCE, "EncryptedPrivateKeyInfo")?.reader();
    let algorithm = ber::expect(&mut parts, der::SEQUENCE, "encryptionAlgorithm")?;
    let encrypted = ber::octets(&mut parts, der::OCTET_STRING, "encryptedData")?;
    let scheme = match Scheme::read(&algorithm) {
        Ok(scheme) => scheme,
        Err(Refused::Malformed(error)) => return Err(error),
        Err(Refused::Mismatch) => {
            return Ok(PrivateKeyFacts::new("unknown", 0, Protection::WrongPassword));
        }
        Err(Refused::Unsupported(what)) => {
            return Ok(PrivateKeyFacts::new("unknown", 0, Protection::Unsupported(what)));
        }
    };
    Ok(open_with("unknown", keyring, |spelling, keyring| {
        scheme.decrypt(spelling, &encrypted, keyring)
    }))
}

/// Tries every spelling; what comes out must be a private key.
pub(super) fn open_with(
    kind: &str,
    keyring: &mut Keyring,
    decrypt: impl Fn(&Spelling, &mut Keyring) -> Result<Vec<u8>, Refused>,
) -> PrivateKeyFacts {
    for spelling in keyring.spellings() {
        let plain = match decrypt(&spelling, keyring) {
            Ok(plain) => plain,
            Err(Refused::Unsupported(what)) => {
                return PrivateKeyFacts::new(kind, 0, Protection::Unsupported(what));
            }
            Err(Refused::Mismatch | Refused::Malformed(_)) => continue,
        };
        let is_key = matches!(
            sniff(&plain),
            Some(Kind::Pkcs1PrivateKey | Kind::Pkcs8PrivateKey | Kind::Sec1PrivateKey)
        );
        if !is_key {
            continue;
        }
        let protection = if spelling.given { Protection::Opened } else { Protection::Clear };
        let facts = PrivateKeyFacts::of(&plain, protection);
        if facts.kind != "unknown" {
            keyring.offer(&plain);
            return facts;
        }
    }
    let given = keyring.is_given();
    let protection = if given { Protection::WrongPassword } else { Protection::NeedsPassword };
    PrivateKeyFacts::new(kind, 0, protection)
}
