//! The names that a certificate presents, read from the DER as OpenSSL reads them.
//!
//! The report's `subject_alt_names` keep whatever can be read, with hidden characters made visible. A comparison
//! needs the opposite: the bytes as they stand, and all of an extension or nothing. OpenSSL drops an extension
//! that occurs twice or that holds one malformed name, and then behaves as if there were none
//! (`X509_get_ext_d2i`; x509.md section 2, rows ext-bad-san and ext-dup-san).

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::bytes::{Reader, hex};
use crate::report::model::{PresentedKind, PresentedName};
use crate::x509::certificate::Certificate;
use crate::x509::der;
use crate::x509::name::{Name, visible};

const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];
/// id-on-SmtpUTF8Mailbox (RFC 8398 section 3).
const SMTP_UTF8_MAILBOX: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09];

/// A name that can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Presented<'a> {
    pub(super) kind: PresentedKind,
    /// The bytes of the SAN as they stand; a subject attribute in UTF-8.
    pub(super) bytes: Cow<'a, [u8]>,
}

impl Presented<'_> {
    /// The report's form: addresses as text, hidden characters made visible.
    pub(super) fn to_report(&self) -> PresentedName {
        let value = match self.kind {
            PresentedKind::IpAddress => address(&self.bytes).unwrap_or_else(|| hex(&self.bytes)),
            _ => visible(&self.bytes),
        };
        PresentedName { kind: self.kind, value }
    }
}

/// An attribute of the subject that can be compared.
pub(super) enum SubjectValue<'a> {
    /// In UTF-8.
    Text(Cow<'a, [u8]>),
    /// OpenSSL's `ASN1_STRING_to_UTF8` fails on it.
    NotConvertible,
}

/// The names of the subjectAltName extension that a host, address or mailbox may be compared with, in order; none when
/// OpenSSL would not read the extension.
pub(super) fn alternative_names(
    certificate: &Certificate,
) -> impl Iterator<Item = Presented<'_>> + '_ {
    let mut extensions =
        certificate.extensions.iter().filter(|extension| extension.oid == SUBJECT_ALT_NAME);
    let value = match (extensions.next(), extensions.next()) {
        (Some(only), None) => only.value.as_slice(),
        _ => &[],
    };
    // One malformed name takes all the others with it, so all are read before the first is given out.
    let readable = names(value).is_some_and(|mut names| {
        names.all(|name| name.is_some()) // a malformed one ends the reading with `Some(None)`
    });
    names(if readable { value } else { &[] }).into_iter().flatten().flatten().flatten()
}

/// Common names of the subject, in order.
pub(super) fn common_names(subject: &Name) -> impl Iterator<Item = SubjectValue<'_>> {
    attributes(subject, COMMON_NAME)
}

/// emailAddress attributes of the subject, in order.
pub(super) fn email_addresses(subject: &Name) -> impl Iterator<Item = SubjectValue<'_>> {
    attributes(subject, EMAIL_ADDRESS)
}

/// What one GeneralName (RFC 5280 section 4.2.1.6) is: `None` malformed, `Some(None)` of a kind that is never compared.
type Read<'a> = Option<Option<Presented<'a>>>;

/// Every GeneralName of an extension's value; `None` when it is no sequence. The first malformed name is the last.
fn names(value: &[u8]) -> Option<impl Iterator<Item = Read<'_>>> {
    let sequence = der::expect(&mut Reader::new(value), der::SEQUENCE, "").ok()?;
    let mut reader = Some(sequence.reader());
    Some(core::iter::from_fn(move || {
        let names = reader.as_mut().filter(|names| !names.is_empty())?;
        let name = der::element(names, "").ok().and_then(|name| general_name(&name));
        if name.is_none() {
            reader = None;
        }
        Some(name)
    }))
}

fn general_name<'a>(name: &der::Element<'a>) -> Read<'a> {
    let presented = |kind| Some(Some(Presented { kind, bytes: Cow::Borrowed(name.content) }));
    match name.tag {
        0x81 => presented(PresentedKind::Email),
        0x82 => presented(PresentedKind::Dns),
        0x87 => presented(PresentedKind::IpAddress),
        // BER allows strings in pieces, and OpenSSL joins them.
        0xa1 => Some(Some(Presented { kind: PresentedKind::Email, bytes: joined(name)? })),
        0xa2 => Some(Some(Presented { kind: PresentedKind::Dns, bytes: joined(name)? })),
        0xa7 => Some(Some(Presented { kind: PresentedKind::IpAddress, bytes: joined(name)? })),
        0x86 | 0xa3 | 0xa6 => Some(None),
        0x88 => is_object_identifier(name.content).then_some(None),
        // ediPartyName: nameAssigner may be missing, partyName may not.
        0xa5 => {
            let mut parts = name.reader();
            der::optional(&mut parts, 0xa0, "").ok()?;
            der::expect(&mut parts, 0xa1, "").ok()?;
            Some(None)
        }
        0xa4 => {
            let sets = der::expect(&mut name.reader(), der::SEQUENCE, "").ok()?;
            let mut sets = sets.reader();
            while !sets.is_empty() {
                der::expect(&mut sets, der::SET, "").ok()?;
            }
            Some(None)
        }
        0xa0 => {
            let mut parts = name.reader();
            let identifier = der::expect(&mut parts, der::OBJECT_IDENTIFIER, "").ok()?;
            if !is_object_identifier(identifier.content) {
                return None;
            }
            let value = der::expect(&mut parts, 0xa0, "").ok()?;
            let value = der::element(&mut value.reader(), "").ok()?;
            let mailbox = identifier.content == SMTP_UTF8_MAILBOX && value.tag == 0x0c;
            Some(mailbox.then_some(Presented {
                kind: PresentedKind::Mailbox,
                bytes: Cow::Borrowed(value.content),
            }))
        }
        _ => None,
    }
}

/// The pieces of a constructed string; pieces of pieces, which nobody writes, stay as they are and equal nothing.
fn joined<'a>(name: &der::Element<'a>) -> Option<Cow<'a, [u8]>> {
    let mut pieces = name.reader();
    let mut bytes = Vec::new();
    while !pieces.is_empty() {
        bytes.extend_from_slice(der::element(&mut pieces, "").ok()?.content);
    }
    Some(Cow::Owned(bytes))
}

/// The content of an OBJECT IDENTIFIER as OpenSSL accepts it: whole arcs, each as short as possible (X.690 section 8.19).
fn is_object_identifier(content: &[u8]) -> bool {
    let mut arc_start = true;
    for byte in content {
        if arc_start && *byte == 0x80 {
            return false;
        }
        arc_start = byte & 0x80 == 0;
    }
    arc_start && !content.is_empty()
}

/// Values of the attributes of a name with the identifier `oid`, also of those behind the caps of [`Name`].
fn attributes<'a>(name: &'a Name, oid: &'static [u8]) -> impl Iterator<Item = SubjectValue<'a>> {
    let mut sets = der::expect(&mut Reader::new(&name.raw), der::SEQUENCE, "")
        .map(|sequence| sequence.reader())
        .unwrap_or_else(|_| Reader::new(&[]));
    let mut members = Reader::new(&[]);
    let pairs = core::iter::from_fn(move || {
        while members.is_empty() {
            members = der::expect(&mut sets, der::SET, "").ok()?.reader();
        }
        der::expect(&mut members, der::SEQUENCE, "").ok()
    });
    pairs.filter_map(move |pair| {
        let mut pair = pair.reader();
        let identifier = der::expect(&mut pair, der::OBJECT_IDENTIFIER, "").ok()?;
        if identifier.content != oid {
            return None;
        }
        let value = der::element(&mut pair, "").ok()?;
        Some(
            utf8(value.tag, value.content).map_or(SubjectValue::NotConvertible, SubjectValue::Text),
        )
    })
}

/// `ASN1_STRING_to_UTF8`: the string types it knows, anything else is not convertible.
fn utf8(tag: u8, content: &[u8]) -> Option<Cow<'_, [u8]>> {
    let encode = |text: String| Cow::Owned(text.into_bytes());
    match tag {
        0x0c => core::str::from_utf8(content).is_ok().then_some(Cow::Borrowed(content)),
        0x12..=0x14 | 0x16 | 0x1a if content.is_ascii() => Some(Cow::Borrowed(content)),
        0x12..=0x14 | 0x16 | 0x1a => {
            Some(encode(content.iter().map(|byte| char::from(*byte)).collect()))
        }
        0x1e if content.len().is_multiple_of(2) => {
            let units = content
                .chunks_exact(2)
                .map(|unit| unit.iter().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte)));
            units.map(char::from_u32).collect::<Option<String>>().map(encode)
        }
        0x1c if content.len().is_multiple_of(4) => {
            let units = content
                .chunks_exact(4)
                .map(|unit| unit.iter().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte)));
            units.map(char::from_u32).collect::<Option<String>>().map(encode)
        }
        _ => None,
    }
}

/// The text of an address of 4 or 16 bytes.
fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return Some(Ipv4Addr::from(bytes).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|bytes| Ipv6Addr::from(bytes).to_string())
}
