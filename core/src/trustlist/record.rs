//! One record of a trust list.

use serde::{Deserialize, Serialize};

use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::tlv::field::{self, Element, Problems, Text, Unknown};
use crate::trustlist::role::Role;
use crate::x509::{Certificate, PublicKey};

/// Tags of a record.
pub mod tag {
    /// Length of the whole record, these five bytes included.
    pub const RECORD_LENGTH: u8 = 1;
    /// Host name or dotted address.
    pub const DNS_NAME: u8 = 2;
    /// Subject of the certificate, in CUCM's rendering.
    pub const SUBJECT_NAME: u8 = 3;
    /// Role, two bytes.
    pub const FUNCTION: u8 = 4;
    /// Issuer of the certificate.
    pub const ISSUER_NAME: u8 = 5;
    /// Serial of the certificate.
    pub const SERIAL_NUMBER: u8 = 6;
    /// RSAPublicKey DER, or an uncompressed EC point.
    pub const PUBLIC_KEY: u8 = 7;
    /// Signature bits of the certificate, not of the file.
    pub const SIGNATURE: u8 = 8;
    /// DER certificate.
    pub const CERTIFICATE: u8 = 9;
    /// Four bytes.
    pub const IP_ADDRESS: u8 = 10;
    /// SHA-1 of the DER certificate; replaces tag 9.
    pub const CERT_HASH: u8 = 11;
    /// Follows tag 11.
    pub const HASH_ALGORITHM: u8 = 12;
}

/// A record. Fields are `None` when they are absent; only RECORDLENGTH is required.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Number, from 1.
    pub number: u32,
    /// Offset of the record.
    pub offset: u64,
    /// RECORDLENGTH as declared.
    pub declared_length: u16,
    /// Bytes that were read as this record.
    pub length: u64,
    /// DNSNAME.
    pub dns_name: Option<Text>,
    /// SUBJECTNAME.
    pub subject: Option<Text>,
    /// FUNCTION.
    pub role: Option<Role>,
    /// ISSUERNAME.
    pub issuer: Option<Text>,
    /// SERIALNUMBER as stored; eToken-made lists store it reversed.
    #[serde(with = "serde_bytes")]
    pub serial: Option<Vec<u8>>,
    /// PUBLICKEY as stored.
    #[serde(with = "serde_bytes")]
    pub public_key: Option<Vec<u8>>,
    /// SIGNATURE of the certificate.
    #[serde(with = "serde_bytes")]
    pub certificate_signature: Option<Vec<u8>>,
    /// CERTIFICATE, when it parses.
    pub certificate: Option<Box<Certificate>>,
    /// Length of the CERTIFICATE value, also when it does not parse.
    pub certificate_length: Option<u64>,
    /// IPADDRESS.
    pub ip_address: Option<[u8; 4]>,
    /// CERTHASH.
    #[serde(with = "serde_bytes")]
    pub cert_hash: Option<Vec<u8>>,
    /// HASH ALGORITHM code.
    pub hash_algorithm: Option<u8>,
    /// Elements that the format does not name.
    pub unknown: Vec<Unknown>,
    /// Tag, offset and value length of every element, in file order.
    pub elements: Vec<crate::tlv::header::Place>,
}

impl Record {
    /// Reads the elements of one record. `reader` covers the record and nothing else when RECORDLENGTH
    /// holds; otherwise it covers the rest of the file, and `open_ended` makes the record end where the
    /// next one seems to begin.
    pub(super) fn read(
        number: u32,
        reader: &mut Reader<'_>,
        open_ended: bool,
        problems: &mut Problems,
    ) -> Self {
        let mut record = Self { number, offset: reader.offset(), ..Self::default() };
        while !reader.is_empty() {
            let starts_next = reader.rest().starts_with(&[tag::RECORD_LENGTH, 0, 2]);
            if open_ended && starts_next && !record.elements.is_empty() {
                break;
            }
            if record.elements.len() >= limits::RECORD_ELEMENTS {
                let limit = limits::RECORD_ELEMENTS as u64;
                problems.damage(ParseError::new(
                    reader.offset(),
                    record.place("elements"),
                    ErrorKind::TooLarge { limit },
                ));
                break;
            }
            match Element::read(reader) {
                Ok(element) => record.take(&element, problems),
                Err(mut error) => {
                    error.field = record.place(&error.field);
                    problems.damage(error);
                    break;
                }
            }
        }
        record.length = reader.offset().saturating_sub(record.offset);
        record
    }

    /// The hash that pins the certificate: CERTHASH, or the SHA-1 of CERTIFICATE.
    pub fn certificate_sha1(&self) -> Option<[u8; 20]> {
        match &self.certificate {
            Some(certificate) => Some(certificate.digests.sha1),
            None => self.cert_hash.as_deref().and_then(|hash| hash.try_into().ok()),
        }
    }

    /// Does this record stand for `certificate`? By the certificate itself, or by its SHA-1, SHA-256
    /// or SHA-512 hash.
    pub fn names(&self, certificate: &Certificate) -> bool {
        if let Some(own) = &self.certificate {
            return own.digests.sha256 == certificate.digests.sha256;
        }
        match self.cert_hash.as_deref() {
            Some(hash) if hash.len() == 20 => hash == certificate.digests.sha1,
            Some(hash) if hash.len() == 32 => hash == certificate.digests.sha256,
            _ => false,
        }
    }

    /// PUBLICKEY in its type: by its form, RSAPublicKey DER or an uncompressed point.
    pub fn key(&self) -> Option<PublicKey> {
        let bytes = self.public_key.as_deref()?;
        match bytes.first() {
            Some(0x30) => PublicKey::from_pkcs1(bytes).ok(),
            Some(0x04) => PublicKey::from_ec_point(bytes),
            _ => None,
        }
    }

    /// FUNCTION in the words of `show itl`.
    pub fn function(&self) -> String {
        self.role.map(Role::function).unwrap_or_default()
    }

    /// SUBJECTNAME, or an empty text.
    pub fn subject_text(&self) -> &str {
        self.subject.as_ref().map_or("", |text| text.text.as_str())
    }

    /// ISSUERNAME, or an empty text.
    pub fn issuer_text(&self) -> &str {
        self.issuer.as_ref().map_or("", |text| text.text.as_str())
    }

    /// Offset of the element with `tag`, or of the record.
    pub fn offset_of(&self, tag: u8) -> u64 {
        self.elements
            .iter()
            .find(|place| place.tag == tag)
            .map_or(self.offset, |place| place.offset)
    }

    fn place(&self, field: &str) -> String {
        format!("record {} {field}", self.number)
    }

    fn take(&mut self, element: &Element<'_>, problems: &mut Problems) {
        let twice = self.elements.iter().any(|place| place.tag == element.tag);
        self.elements.push(crate::tlv::header::Place {
            tag: element.tag,
            offset: element.offset,
            length: element.value.len() as u64,
        });
        let name = name_of(element.tag);
        if twice && element.tag <= tag::HASH_ALGORITHM {
            problems.damage(ParseError::new(
                element.offset,
                self.place(name),
                ErrorKind::Duplicate,
            ));
            return;
        }
        let mut failed = None;
        match element.tag {
            tag::RECORD_LENGTH => match field::number_u16(element, name) {
                Ok(length) => self.declared_length = length,
                Err(error) => failed = Some(error),
            },
            tag::DNS_NAME => {
                // CUCM writes two bytes here that are no text (formats.md section 3); never odd.
                self.dns_name = Some(Text::read(element.value).0);
            }
            tag::SUBJECT_NAME => self.subject = Some(self.text(element, problems)),
            tag::FUNCTION => match field::number_u16(element, name) {
                Ok(code) => self.role = Some(Role(code)),
                Err(error) => failed = Some(error),
            },
            tag::ISSUER_NAME => self.issuer = Some(self.text(element, problems)),
            tag::SERIAL_NUMBER => self.serial = Some(element.value.to_vec()),
            tag::PUBLIC_KEY => self.public_key = Some(element.value.to_vec()),
            tag::SIGNATURE => self.certificate_signature = Some(element.value.to_vec()),
            tag::CERTIFICATE => {
                self.certificate_length = Some(element.value.len() as u64);
                match Certificate::parse(element.value, element.value_offset()) {
                    Ok(certificate) => self.certificate = Some(Box::new(certificate)),
                    Err(error) => failed = Some(error),
                }
            }
            tag::IP_ADDRESS => match element.value.try_into() {
                Ok(address) => self.ip_address = Some(address),
                Err(_) => problems.odd(
                    element.offset,
                    &self.place(name),
                    format!("an address of {} bytes; 4 are known", element.value.len()),
                ),
            },
            tag::CERT_HASH => {
                self.cert_hash = Some(element.value.to_vec());
                if !matches!(element.value.len(), 20 | 32 | 64) {
                    failed = Some(ParseError::new(
                        element.offset,
                        name,
                        ErrorKind::BadValue {
                            message: format!(
                                "{} bytes are no SHA-1, SHA-256 or SHA-512 hash",
                                element.value.len()
                            ),
                        },
                    ));
                }
            }
            tag::HASH_ALGORITHM => match field::number_u8(element, name) {
                Ok(code) => self.hash_algorithm = Some(code),
                Err(error) => failed = Some(error),
            },
            _ => {
                self.unknown.push(Unknown::of(element));
                problems.odd(
                    element.offset,
                    &self.place(name),
                    format!("tag {} is not known in a record; kept and skipped", element.tag),
                );
            }
        }
        if let Some(mut error) = failed {
            error.field = self.place(&error.field);
            problems.damage(error);
        }
    }

    fn text(&self, element: &Element<'_>, problems: &mut Problems) -> Text {
        let (text, odd) = Text::read(element.value);
        if let Some(odd) = odd {
            problems.odd(element.offset, &self.place(name_of(element.tag)), odd);
        }
        text
    }
}

/// Name of a record tag as `show itl` prints it.
pub fn name_of(tag: u8) -> &'static str {
    match tag {
        tag::RECORD_LENGTH => "RECORDLENGTH",
        tag::DNS_NAME => "DNSNAME",
        tag::SUBJECT_NAME => "SUBJECTNAME",
        tag::FUNCTION => "FUNCTION",
        tag::ISSUER_NAME => "ISSUERNAME",
        tag::SERIAL_NUMBER => "SERIALNUMBER",
        tag::PUBLIC_KEY => "PUBLICKEY",
        tag::SIGNATURE => "SIGNATURE",
        tag::CERTIFICATE => "CERTIFICATE",
        tag::IP_ADDRESS => "IPADDRESS",
        tag::CERT_HASH => "CERTHASH",
        tag::HASH_ALGORITHM => "HASH ALGORITHM",
        _ => "unknown element",
    }
}
