//! The signed header: one format for ITL, CTL, `.sgn`, `.enc.sgn` and firmware.
//!
//! Order in real files: 1 VERSION, 2 HEADERLENGTH, \[28 signer version\], 3 SIGNERID (4 SIGNERNAME,
//! 5 SERIALNUMBER, 6 CANAME), 7 SIGNATUREINFO (8 DIGESTALGORITHM, 9 SIGNATUREALGOINFO
//! (10 SIGNATUREALGORITHM, 11 SIGNATUREMODULUS)), 12 SIGNATURE, 14 FILENAME, \[15 TIMESTAMP\],
//! \[16 to 27 encryption\], 13 padding. HEADERLENGTH is the offset of the first byte behind the header.
//! What is signed: the whole file without the SIGNATURE element. Source: formats.md sections 2 and 6.

use core::ops::Range;

use serde::{Deserialize, Serialize};

use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::tlv::field::{self, Element, Problems, Text, Unknown};

/// Tags of the signed header.
pub mod tag {
    /// Version of the format, `major minor`.
    pub const VERSION: u8 = 1;
    /// Offset of the first byte behind the header.
    pub const HEADER_LENGTH: u8 = 2;
    /// Container of the signer's names.
    pub const SIGNER_ID: u8 = 3;
    /// Subject of the signer's certificate.
    pub const SIGNER_NAME: u8 = 4;
    /// Serial of the signer's certificate.
    pub const SERIAL_NUMBER: u8 = 5;
    /// Issuer of the signer's certificate.
    pub const CA_NAME: u8 = 6;
    /// Container of the algorithms.
    pub const SIGNATURE_INFO: u8 = 7;
    /// 1 SHA-1, 2 SHA-256, 3 SHA-512.
    pub const DIGEST_ALGORITHM: u8 = 8;
    /// Container of the signature algorithm.
    pub const SIGNATURE_ALGORITHM_INFO: u8 = 9;
    /// 0 RSA PKCS#1 v1.5.
    pub const SIGNATURE_ALGORITHM: u8 = 10;
    /// 0 to 3: 64, 128, 256, 512 bytes.
    pub const SIGNATURE_MODULUS: u8 = 11;
    /// The signature block.
    pub const SIGNATURE: u8 = 12;
    /// One byte without length: padding at the end of the header.
    pub const PADDING: u8 = 13;
    /// Name of the file.
    pub const FILENAME: u8 = 14;
    /// Seconds since 1970.
    pub const TIMESTAMP: u8 = 15;
    /// Container: encryption.
    pub const ENCRYPTION: u8 = 16;
    /// Container: cipher.
    pub const CIPHER: u8 = 17;
    /// Cipher or mode; 0 is the only value seen.
    pub const CIPHER_MODE: u8 = 18;
    /// AES initialisation vector.
    pub const IV: u8 = 19;
    /// Number of pad bytes at the end of the plain text.
    pub const PAD_COUNT: u8 = 20;
    /// Container: wrapped key.
    pub const WRAPPED_KEY_INFO: u8 = 21;
    /// Wrapping algorithm; 0 is the only value seen.
    pub const WRAP_ALGORITHM: u8 = 22;
    /// Bits of the wrapped key.
    pub const WRAPPED_KEY_BITS: u8 = 23;
    /// Algorithm of the key; 1 is the only value seen.
    pub const KEY_ALGORITHM: u8 = 24;
    /// The AES key, encrypted to the phone's RSA key.
    pub const WRAPPED_KEY: u8 = 25;
    /// Digest of the plain text: code as in tag 8.
    pub const PLAIN_DIGEST_ALGORITHM: u8 = 26;
    /// Digest of the plain text before padding.
    pub const PLAIN_DIGEST: u8 = 27;
    /// Signer version; 1.1 switches on HTTPS provisioning.
    pub const SIGNER_VERSION: u8 = 28;
}

/// What the header says. Fields are `None` when they are absent or unreadable; `problems` tells which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHeader {
    /// Version of the format.
    pub version: Option<(u8, u8)>,
    /// Offset of the first byte behind the header.
    pub header_length: Option<u16>,
    /// Signer version (tag 28).
    pub signer_version: Option<(u8, u8)>,
    /// SIGNERNAME.
    pub signer_name: Option<Text>,
    /// SERIALNUMBER as stored.
    #[serde(with = "serde_bytes")]
    pub signer_serial: Option<Vec<u8>>,
    /// CANAME.
    pub signer_issuer: Option<Text>,
    /// DIGESTALGORITHM.
    pub digest_code: Option<u8>,
    /// SIGNATUREALGORITHM.
    pub signature_algorithm_code: Option<u8>,
    /// SIGNATUREMODULUS.
    pub modulus_code: Option<u8>,
    /// The signature block.
    #[serde(with = "serde_bytes")]
    pub signature: Option<Vec<u8>>,
    /// Offsets of the whole SIGNATURE element, tag and length included.
    pub signature_range: Option<Range<u64>>,
    /// FILENAME.
    pub filename: Option<Text>,
    /// TIMESTAMP, seconds since 1970.
    pub timestamp: Option<u32>,
    /// Number of padding bytes.
    pub padding: u32,
    /// Elements 16 to 27; present when tag 16 is.
    pub encryption: Option<Encryption>,
    /// Elements that the format does not name.
    pub unknown: Vec<Unknown>,
    /// Tag, offset and value length of every element, in file order.
    pub elements: Vec<Place>,
    /// What could not be read, or is odd.
    pub problems: Problems,
    /// Offset behind the last byte that was understood.
    pub end: u64,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Tag.
    pub tag: u8,
    /// Offset of the tag.
    pub offset: u64,
    /// Length of the value; 0 for padding.
    pub length: u64,
}

/// The encryption part of an `.enc.sgn` header (formats.md section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// Tag 18.
    pub cipher_mode: Option<u8>,
    /// AES initialisation vector.
    #[serde(with = "serde_bytes")]
    pub iv: Option<Vec<u8>>,
    /// Pad bytes at the end of the plain text.
    pub pad_count: Option<u16>,
    /// Tag 22.
    pub wrap_algorithm: Option<u8>,
    /// Bits of the wrapped key.
    pub wrapped_key_bits: Option<u16>,
    /// Tag 24.
    pub key_algorithm: Option<u8>,
    /// The wrapped AES key.
    #[serde(with = "serde_bytes")]
    pub wrapped_key: Option<Vec<u8>>,
    /// Digest code of the plain text.
    pub plain_digest_code: Option<u8>,
    /// Digest of the plain text.
    #[serde(with = "serde_bytes")]
    pub plain_digest: Option<Vec<u8>>,
}

impl SignedHeader {
    /// Reads as much of a header as there is. Never fails: what is wrong stands in `problems`.
    pub fn read(bytes: &[u8]) -> Self {
        let mut header = Self::default();
        let length = declared_length(bytes);
        let region = match length {
            Some(length) => match bytes.get(..usize::from(length)) {
                Some(region) => region,
                None => {
                    header.problems.damage(ParseError::new(
                        5,
                        "HEADERLENGTH",
                        ErrorKind::Overrun {
                            declared: length.into(),
                            available: bytes.len() as u64,
                        },
                    ));
                    bytes
                }
            },
            // Without a length the records or the body cannot be found: read what looks like a header.
            None => bytes.get(..bytes.len().min(usize::from(u16::MAX))).unwrap_or(bytes),
        };
        header.walk(region, length.is_some());
        header.check_complete();
        header
    }

    /// The offset at which records or body start, when the header's own structure confirms it.
    pub fn body_offset(&self) -> Option<usize> {
        self.header_length.map(usize::from)
    }

    /// The whole file without the SIGNATURE element, in two pieces: what is signed.
    pub fn signed_pieces<'a>(&self, bytes: &'a [u8]) -> Option<[&'a [u8]; 2]> {
        let range = self.signature_range.as_ref()?;
        let start = usize::try_from(range.start).ok()?;
        let end = usize::try_from(range.end).ok()?;
        Some([bytes.get(..start)?, bytes.get(end..)?])
    }

    fn walk(&mut self, region: &[u8], bounded: bool) {
        let mut reader = Reader::new(region);
        let mut open: Vec<(u8, u64)> = Vec::new();
        while let Some(next) = reader.peek() {
            let offset = reader.offset();
            while open.last().is_some_and(|(_, end)| *end <= offset) {
                open.pop();
            }
            if self.elements.len() >= limits::HEADER_ELEMENTS {
                let limit = limits::HEADER_ELEMENTS as u64;
                self.problems.damage(ParseError::new(
                    offset,
                    "header",
                    ErrorKind::TooLarge { limit },
                ));
                break;
            }
            if next == tag::PADDING {
                let _ = reader.u8("PADDING");
                self.padding = self.padding.saturating_add(1);
                self.elements.push(Place { tag: next, offset, length: 0 });
                self.end = reader.offset();
                if !open.is_empty() {
                    self.problems.damage(bad(offset, "PADDING", "stands inside a container"));
                }
                continue;
            }
            let container = is_container(next);
            let read = if container {
                container_head(&mut reader)
            } else {
                Element::read(&mut reader).map(|element| {
                    let end = element.end();
                    (element, end)
                })
            };
            let (element, end) = match read {
                Ok(read) => read,
                Err(error) => {
                    self.problems.damage(error);
                    break;
                }
            };
            if let Some((tag, limit)) = open.last()
                && end > *limit
            {
                self.problems.damage(bad(
                    offset,
                    name_of(element.tag),
                    format!(
                        "goes beyond the end of its container {} at offset {limit}",
                        name_of(*tag)
                    ),
                ));
            }
            let expected = container_of(element.tag);
            if expected != open.last().map(|(tag, _)| *tag) && is_known(element.tag) {
                let message = match expected {
                    Some(parent) => format!("stands outside {}", name_of(parent)),
                    None => "stands inside a container that does not hold it".to_owned(),
                };
                self.problems.damage(bad(offset, name_of(element.tag), message));
            }
            let length = if container {
                end.saturating_sub(element.value_offset())
            } else {
                element.value.len() as u64
            };
            self.elements.push(Place { tag: element.tag, offset, length });
            if container {
                open.push((element.tag, end));
                if end > region.len() as u64 {
                    self.problems.damage(ParseError::new(
                        offset,
                        name_of(element.tag),
                        ErrorKind::Overrun {
                            declared: length,
                            available: (region.len() as u64).saturating_sub(element.value_offset()),
                        },
                    ));
                }
                if element.tag == tag::ENCRYPTION {
                    self.encryption.get_or_insert_default();
                }
            }
            self.note_padding(offset, element.tag);
            self.take(&element);
            self.end = reader.offset();
            // Without HEADERLENGTH, the first element behind the padding that starts like a record ends the header.
            if !bounded && self.padding > 0 {
                break;
            }
        }
    }

    fn note_padding(&mut self, offset: u64, tag: u8) {
        if self.padding > 0 {
            self.problems.damage(bad(
                offset,
                name_of(tag),
                "stands behind the padding that ends a header",
            ));
        }
    }

    fn take(&mut self, element: &Element<'_>) {
        let result = match element.tag {
            tag::VERSION => set(&mut self.version, element, field::version(element, "VERSION")),
            tag::HEADER_LENGTH => {
                set(&mut self.header_length, element, field::number_u16(element, "HEADERLENGTH"))
            }
            tag::SIGNER_VERSION => {
                set(&mut self.signer_version, element, field::version(element, "signer version"))
            }
            tag::SIGNER_NAME => {
                let text = text(element, &mut self.problems);
                set(&mut self.signer_name, element, Ok(text))
            }
            tag::SERIAL_NUMBER => set(&mut self.signer_serial, element, Ok(element.value.to_vec())),
            tag::CA_NAME => {
                let text = text(element, &mut self.problems);
                set(&mut self.signer_issuer, element, Ok(text))
            }
            tag::DIGEST_ALGORITHM => {
                set(&mut self.digest_code, element, field::number_u8(element, "DIGESTALGORITHM"))
            }
            tag::SIGNATURE_ALGORITHM => set(
                &mut self.signature_algorithm_code,
                element,
                field::number_u8(element, "SIGNATUREALGORITHM"),
            ),
            tag::SIGNATURE_MODULUS => {
                set(&mut self.modulus_code, element, field::number_u8(element, "SIGNATUREMODULUS"))
            }
            tag::SIGNATURE => {
                let result = set(&mut self.signature, element, Ok(element.value.to_vec()));
                if result.is_ok() {
                    self.signature_range = Some(element.offset..element.end());
                }
                result
            }
            tag::FILENAME => {
                let text = text(element, &mut self.problems);
                set(&mut self.filename, element, Ok(text))
            }
            tag::TIMESTAMP => {
                set(&mut self.timestamp, element, field::number_u32(element, "TIMESTAMP"))
            }
            tag::SIGNER_ID
            | tag::SIGNATURE_INFO
            | tag::SIGNATURE_ALGORITHM_INFO
            | tag::ENCRYPTION
            | tag::CIPHER
            | tag::WRAPPED_KEY_INFO => {
                let twice =
                    self.elements.iter().filter(|place| place.tag == element.tag).count() > 1;
                if twice {
                    Err(ParseError::new(element.offset, name_of(element.tag), ErrorKind::Duplicate))
                } else {
                    Ok(())
                }
            }
            tag::CIPHER_MODE..=tag::PLAIN_DIGEST => {
                self.encryption.get_or_insert_default().take(element)
            }
            _ => {
                self.unknown.push(Unknown::of(element));
                self.problems.odd(
                    element.offset,
                    name_of(element.tag),
                    format!("tag {} is not known in a header; kept and skipped", element.tag),
                );
                Ok(())
            }
        };
        if let Err(error) = result {
            self.problems.damage(error);
        }
    }

    fn check_complete(&mut self) {
        let first = self.elements.first().map(|place| place.tag);
        if first != Some(tag::VERSION) {
            self.problems.damage(ParseError::new(0, "VERSION", ErrorKind::Missing));
        } else if self.elements.get(1).map(|place| place.tag) != Some(tag::HEADER_LENGTH) {
            self.problems.damage(ParseError::new(5, "HEADERLENGTH", ErrorKind::Missing));
        }
        let required = [
            (self.signer_name.is_some(), "SIGNERNAME"),
            (self.signer_serial.as_ref().is_some_and(|serial| !serial.is_empty()), "SERIALNUMBER"),
            (self.signer_issuer.is_some(), "CANAME"),
            (self.digest_code.is_some(), "DIGESTALGORITHM"),
            (self.signature_algorithm_code.is_some(), "SIGNATUREALGORITHM"),
            (self.modulus_code.is_some(), "SIGNATUREMODULUS"),
            (self.signature.is_some(), "SIGNATURE"),
        ];
        for (present, field) in required {
            if !present {
                self.problems.damage(ParseError::new(self.end, field, ErrorKind::Missing));
            }
        }
        if let (Some(length), Some(version)) = (self.header_length, self.version) {
            if self.end != u64::from(length) && !self.problems.is_damaged() {
                self.problems.damage(ParseError::new(
                    5,
                    "HEADERLENGTH",
                    ErrorKind::Overrun { declared: length.into(), available: self.end },
                ));
            }
            match version {
                (1, 0..=2) | (2, 0) => {}
                (1, _) | (2, _) => self.problems.odd(
                    3,
                    "VERSION",
                    format!(
                        "version {}.{} is newer than the versions known here; phones log this and go on",
                        version.0, version.1
                    ),
                ),
                (major, minor) => self.problems.damage(bad(
                    3,
                    "VERSION",
                    format!("version {major}.{minor} is unknown: its rules may differ"),
                )),
            }
        }
        let order: Vec<u8> = self
            .elements
            .iter()
            .map(|place| place.tag)
            .filter(|tag| matches!(*tag, tag::SIGNATURE | tag::SIGNATURE_INFO | tag::FILENAME))
            .collect();
        if let (Some(range), [first, .., last]) = (&self.signature_range, order.as_slice())
            && (*first == tag::SIGNATURE || *last == tag::SIGNATURE)
            && self.filename.is_some()
        {
            let at = range.start;
            self.problems.odd(
                at,
                "SIGNATURE",
                "stands at an unusual place; the signature does not cover its own position",
            );
        }
        if self.padding > 3 {
            self.problems.odd(
                self.end.saturating_sub(u64::from(self.padding)),
                "PADDING",
                format!("{} padding bytes; up to 3 are usual", self.padding),
            );
        }
    }
}

impl Encryption {
    fn take(&mut self, element: &Element<'_>) -> Result<(), ParseError> {
        match element.tag {
            tag::CIPHER_MODE => {
                set(&mut self.cipher_mode, element, field::number_u8(element, "cipher mode"))
            }
            tag::IV => set(&mut self.iv, element, Ok(element.value.to_vec())),
            tag::PAD_COUNT => {
                set(&mut self.pad_count, element, field::number_u16(element, "pad count"))
            }
            tag::WRAP_ALGORITHM => {
                set(&mut self.wrap_algorithm, element, field::number_u8(element, "wrap algorithm"))
            }
            tag::WRAPPED_KEY_BITS => set(
                &mut self.wrapped_key_bits,
                element,
                field::number_u16(element, "wrapped key bits"),
            ),
            tag::KEY_ALGORITHM => {
                set(&mut self.key_algorithm, element, field::number_u8(element, "key algorithm"))
            }
            tag::WRAPPED_KEY => set(&mut self.wrapped_key, element, Ok(element.value.to_vec())),
            tag::PLAIN_DIGEST_ALGORITHM => set(
                &mut self.plain_digest_code,
                element,
                field::number_u8(element, "plain text digest algorithm"),
            ),
            _ => set(&mut self.plain_digest, element, Ok(element.value.to_vec())),
        }
    }
}

/// Name of a header tag as `show itl` prints it, Cisco's spelling included.
pub fn name_of(tag: u8) -> &'static str {
    match tag {
        tag::VERSION => "VERSION",
        tag::HEADER_LENGTH => "HEADERLENGTH",
        tag::SIGNER_ID => "SIGNERID",
        tag::SIGNER_NAME => "SIGNERNAME",
        tag::SERIAL_NUMBER => "SERIALNUMBER",
        tag::CA_NAME => "CANAME",
        tag::SIGNATURE_INFO => "SIGNATUREINFO",
        tag::DIGEST_ALGORITHM => "DIGESTALGORTITHM",
        tag::SIGNATURE_ALGORITHM_INFO => "SIGNATUREALGOINFO",
        tag::SIGNATURE_ALGORITHM => "SIGNATUREALGORTITHM",
        tag::SIGNATURE_MODULUS => "SIGNATUREMODULUS",
        tag::SIGNATURE => "SIGNATURE",
        tag::PADDING => "PADDING",
        tag::FILENAME => "FILENAME",
        tag::TIMESTAMP => "TIMESTAMP",
        tag::ENCRYPTION..=tag::PLAIN_DIGEST => "ENCRYPTION",
        tag::SIGNER_VERSION => "SIGNERVERSION",
        _ => "unknown element",
    }
}

/// Does this look like the start of a signed header? Needs no complete file, and tolerates one
/// damaged field, so that a damaged trust list is reported as one.
pub fn looks_like_header(bytes: &[u8]) -> bool {
    let version = bytes.starts_with(&[tag::VERSION, 0, 2]);
    let length = bytes.get(5..8) == Some(&[tag::HEADER_LENGTH, 0, 2]);
    let signer = |at: usize| {
        matches!(bytes.get(at), Some(&tag::SIGNER_ID | &tag::SIGNER_VERSION))
            && bytes.get(at + 1) == Some(&0)
    };
    match bytes.len() {
        0..=2 => false,
        3..=9 => version,
        _ => {
            (version && (length || signer(10)))
                || (bytes.first() == Some(&tag::VERSION) && length)
                || (bytes.starts_with(&[tag::HEADER_LENGTH, 0, 2]) && signer(5))
        }
    }
}

/// HEADERLENGTH where it has to stand: the second element.
fn declared_length(bytes: &[u8]) -> Option<u16> {
    let mut reader = Reader::new(bytes);
    for _ in 0..2 {
        let element = Element::read(&mut reader).ok()?;
        if element.tag == tag::HEADER_LENGTH {
            return field::number_u16(&element, "HEADERLENGTH").ok();
        }
    }
    None
}

fn container_head<'a>(reader: &mut Reader<'a>) -> Result<(Element<'a>, u64), ParseError> {
    let mut ahead = reader.clone();
    let offset = ahead.offset();
    let tag = ahead.u8("TAG")?;
    let length = ahead.u16(name_of(tag))?;
    *reader = ahead;
    let element = Element { tag, offset, value: &[] };
    let end = element.value_offset().saturating_add(length.into());
    Ok((element, end))
}

fn is_container(tag: u8) -> bool {
    matches!(
        tag,
        tag::SIGNER_ID
            | tag::SIGNATURE_INFO
            | tag::SIGNATURE_ALGORITHM_INFO
            | tag::ENCRYPTION
            | tag::CIPHER
            | tag::WRAPPED_KEY_INFO
    )
}

fn is_known(tag: u8) -> bool {
    (tag::VERSION..=tag::SIGNER_VERSION).contains(&tag)
}

fn container_of(tag: u8) -> Option<u8> {
    match tag {
        tag::SIGNER_NAME | tag::SERIAL_NUMBER | tag::CA_NAME => Some(tag::SIGNER_ID),
        tag::DIGEST_ALGORITHM | tag::SIGNATURE_ALGORITHM_INFO => Some(tag::SIGNATURE_INFO),
        tag::SIGNATURE_ALGORITHM | tag::SIGNATURE_MODULUS => Some(tag::SIGNATURE_ALGORITHM_INFO),
        tag::CIPHER | tag::WRAPPED_KEY_INFO => Some(tag::ENCRYPTION),
        tag::CIPHER_MODE | tag::IV | tag::PAD_COUNT => Some(tag::CIPHER),
        tag::WRAP_ALGORITHM..=tag::WRAPPED_KEY => Some(tag::WRAPPED_KEY_INFO),
        _ => None,
    }
}

fn set<T>(
    slot: &mut Option<T>,
    element: &Element<'_>,
    value: Result<T, ParseError>,
) -> Result<(), ParseError> {
    let value = value?;
    if slot.is_some() {
        return Err(ParseError::new(element.offset, name_of(element.tag), ErrorKind::Duplicate));
    }
    *slot = Some(value);
    Ok(())
}

fn text(element: &Element<'_>, problems: &mut Problems) -> Text {
    let (text, odd) = Text::read(element.value);
    if let Some(odd) = odd {
        problems.odd(element.offset, name_of(element.tag), odd);
    }
    text
}

fn bad(at: u64, field: &str, message: impl Into<String>) -> ParseError {
    ParseError::new(at, field, ErrorKind::BadValue { message: message.into() })
}
