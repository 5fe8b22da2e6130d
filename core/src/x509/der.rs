//! One DER element at a time, with its offset (X.690).
//!
//! Lengths need not be minimal: files in the field are not, and readers of the field accept them.
//! Indefinite lengths are for [`super::ber`]; they and tag numbers above 30 are refused here.

use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// One element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    /// The identifier byte.
    pub(crate) tag: u8,
    /// Offset of the identifier byte in the input.
    pub(crate) offset: u64,
    /// Offset of the content in the input.
    pub(crate) content_offset: u64,
    /// The content.
    pub(crate) content: &'a [u8],
    /// Identifier, length and content.
    pub(crate) raw: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads the elements inside this one.
    pub(crate) fn reader(&self) -> Reader<'a> {
        Reader::at(self.content, self.content_offset)
    }
}

/// A reader over as much of an element's content as is there, if the element has `tag`: to tell forms
/// apart before, or without, reading them whole. Behind an indefinite length that is everything.
pub(crate) fn enter(bytes: &[u8], tag: u8) -> Option<Reader<'_>> {
    let mut reader = Reader::new(bytes);
    if reader.u8("").ok()? != tag {
        return None;
    }
    let first = reader.u8("").ok()?;
    let mut length = usize::from(first);
    if first == 0x80 {
        return Some(reader);
    }
    if first > 0x80 {
        let bytes = reader.take(usize::from(first & 0x7f), "").ok()?;
        if bytes.len() > 8 {
            return None;
        }
        length = bytes.iter().fold(0_usize, |length, byte| {
            length.saturating_mul(256).saturating_add(usize::from(*byte))
        });
    }
    let rest = reader.rest();
    Some(Reader::at(rest.get(..length.min(rest.len()))?, reader.offset()))
}

/// Takes the next element.
pub(crate) fn element<'a>(reader: &mut Reader<'a>, field: &str) -> Result<Element<'a>, ParseError> {
    let offset = reader.offset();
    let start = reader.rest();
    let mut ahead = reader.clone();
    let tag = ahead.u8(field)?;
    if tag & 0x1f == 0x1f {
        return Err(bad(offset, field, "the tag number is above 30"));
    }
    let first = ahead.u8(field)?;
    let length = if first < 0x80 {
        usize::from(first)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 {
            return Err(bad(offset, field, "the length is indefinite, which DER does not know"));
        }
        let mut length: u64 = 0;
        for byte in ahead.take(count, field)? {
            if length >> 56 != 0 {
                return Err(bad(offset, field, "the length does not fit 64 bits"));
            }
            length = (length << 8) | u64::from(*byte);
        }
        usize::try_from(length).unwrap_or(usize::MAX)
    };
    let content_offset = ahead.offset();
    let content = ahead.take(length, field)?;
    let raw = start.get(..start.len().saturating_sub(ahead.remaining())).unwrap_or_default();
    *reader = ahead;
    Ok(Element { tag, offset, content_offset, content, raw })
}

/// Takes the next element, which must have `tag`; nothing is taken when it has another.
pub(crate) fn expect<'a>(
    reader: &mut Reader<'a>,
    tag: u8,
    field: &str,
) -> Result<Element<'a>, ParseError> {
    match reader.peek() {
        None => Err(ParseError::new(reader.offset(), field, ErrorKind::Missing)),
        Some(found) if found != tag => Err(bad(
            reader.offset(),
            field,
            &format!("tag {found:#04x} stands here, {tag:#04x} is expected"),
        )),
        Some(_) => element(reader, field),
    }
}

/// Takes the next element if it has `tag`.
pub(crate) fn optional<'a>(
    reader: &mut Reader<'a>,
    tag: u8,
    field: &str,
) -> Result<Option<Element<'a>>, ParseError> {
    if reader.peek() == Some(tag) { element(reader, field).map(Some) } else { Ok(None) }
}

/// The magnitude of a non-negative INTEGER, without leading zero bytes.
pub(crate) fn magnitude(content: &[u8]) -> &[u8] {
    let start = content.iter().position(|byte| *byte != 0).unwrap_or(content.len());
    content.get(start..).unwrap_or_default()
}

/// The dotted text of an OBJECT IDENTIFIER's content; hex where it is none.
pub(crate) fn object_identifier(content: &[u8]) -> String {
    let malformed = || format!("#{}", crate::bytes::hex(content));
    // 64 bytes hold every identifier in use; a longer one is shown as it is.
    if content.is_empty() || content.len() > 64 {
        return malformed();
    }
    let mut arcs: Vec<u128> = Vec::new();
    let mut arc: u128 = 0;
    let mut open = false;
    for byte in content {
        if arc >> 120 != 0 {
            return malformed();
        }
        arc = (arc << 7) | u128::from(byte & 0x7f);
        open = byte & 0x80 != 0;
        if !open {
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.push(first);
                arcs.push(arc - first * 40);
            } else {
                arcs.push(arc);
            }
            arc = 0;
        }
    }
    if open {
        return malformed();
    }
    arcs.iter().map(u128::to_string).collect::<Vec<_>>().join(".")
}

/// A value that cannot stand where it stands.
pub(crate) fn bad(at: u64, field: &str, message: &str) -> ParseError {
    ParseError::new(at, field, ErrorKind::BadValue { message: message.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_know_their_place() {
        let mut reader = Reader::at(&[0x30, 0x03, 0x02, 0x01, 0x05, 0xff], 100);
        let outer = element(&mut reader, "outer").unwrap();
        assert_eq!((outer.tag, outer.offset, outer.content_offset), (SEQUENCE, 100, 102));
        assert_eq!(outer.raw, [0x30, 0x03, 0x02, 0x01, 0x05]);
        assert_eq!(reader.offset(), 105);
        let mut inner = outer.reader();
        assert_eq!(expect(&mut inner, INTEGER, "number").unwrap().content, [5]);
        assert_eq!(expect(&mut inner, INTEGER, "number").unwrap_err().kind, ErrorKind::Missing);
    }

    #[test]
    fn hostile_lengths_are_errors() {
        for bytes in [
            &[0x30_u8][..],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            &[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x1f, 0x81, 0x00],
        ] {
            let mut reader = Reader::new(bytes);
            assert!(element(&mut reader, "x").is_err(), "{bytes:02x?}");
            assert_eq!(reader.offset(), 0, "a failed read takes nothing");
        }
    }

    #[test]
    fn object_identifiers_as_text() {
        assert_eq!(object_identifier(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]), "1.2.840.113549");
        assert_eq!(object_identifier(&[0x88, 0x37]), "2.999");
        assert_eq!(object_identifier(&[]), "#");
        assert_eq!(object_identifier(&[0x2a, 0x86]), "#2a86");
        assert_eq!(object_identifier(&[0xff; 20]), format!("#{}", "ff".repeat(20)));
    }
}
