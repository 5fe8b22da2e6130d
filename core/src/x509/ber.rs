//! BER where files in the field use it: PKCS#7 and PKCS#12 written as a stream, with indefinite lengths and
//! OCTET STRINGs in pieces (X.690 sections 8.1.3.6 and 8.7.3).
//!
//! Elements are found in place, so every offset is one of the input. What is signed is DER in all of these
//! formats and is read by [`super::der`].

use std::borrow::Cow;

use super::der::{self, Element};
use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;

/// Indefinite length.
const INDEFINITE: u8 = 0x80;
/// The bit of a tag that says that the content is elements.
const CONSTRUCTED: u8 = 0x20;

/// Takes the next element, whose length may be indefinite. Its content is without the end-of-contents
/// bytes, its raw form with them.
pub(crate) fn element<'a>(reader: &mut Reader<'a>, field: &str) -> Result<Element<'a>, ParseError> {
    match *reader.rest() {
        [tag, INDEFINITE, ..] if tag & 0x1f != 0x1f && tag & CONSTRUCTED != 0 => {
            indefinite(reader, tag, field)
        }
        _ => der::element(reader, field),
    }
}

/// Takes the next element, which must have `tag`; nothing is taken when it has another.
pub(crate) fn expect<'a>(
    reader: &mut Reader<'a>,
    tag: u8,
    field: &str,
) -> Result<Element<'a>, ParseError> {
    match reader.peek() {
        Some(found) if found == tag => element(reader, field),
        _ => der::expect(reader, tag, field),
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

/// Takes an OCTET STRING in one piece or in several, under the universal tag or `implicit`.
pub(crate) fn octets<'a>(
    reader: &mut Reader<'a>,
    implicit: u8,
    field: &str,
) -> Result<Cow<'a, [u8]>, ParseError> {
    if reader.peek() == Some(implicit | CONSTRUCTED) {
        let whole = element(reader, field)?;
        let mut bytes = Vec::new();
        pieces(&whole, field, 0, &mut bytes)?;
        return Ok(Cow::Owned(bytes));
    }
    expect(reader, implicit, field).map(|element| Cow::Borrowed(element.content))
}

/// The pieces of `whole`, one after the other; a piece may be in pieces itself.
fn pieces(
    whole: &Element<'_>,
    field: &str,
    depth: usize,
    bytes: &mut Vec<u8>,
) -> Result<(), ParseError> {
    if depth >= limits::BER_DEPTH {
        return Err(too_deep(whole.offset, field));
    }
    let mut reader = whole.reader();
    while !reader.is_empty() {
        let piece = element(&mut reader, field)?;
        match piece.tag {
            der::OCTET_STRING => bytes.extend_from_slice(piece.content),
            tag if tag == der::OCTET_STRING | CONSTRUCTED => {
                pieces(&piece, field, depth + 1, bytes)?;
            }
            _ => return Err(der::bad(piece.offset, field, "a piece is no OCTET STRING")),
        }
    }
    Ok(())
}

/// An element of indefinite length: its end is found by walking over what it holds. Each byte is looked at
/// once for each element around it, and there are at most [`limits::BER_DEPTH`] of those.
fn indefinite<'a>(
    reader: &mut Reader<'a>,
    tag: u8,
    field: &str,
) -> Result<Element<'a>, ParseError> {
    let offset = reader.offset();
    let start = reader.rest();
    let mut ahead = reader.clone();
    ahead.take(2, field)?;
    let content_offset = ahead.offset();
    let content = ahead.rest();
    let mut open = 1_usize;
    let end = loop {
        let here = ahead.remaining();
        match *ahead.rest() {
            [0, 0, ..] => {
                ahead.take(2, field)?;
                open -= 1;
                if open == 0 {
                    break content.len().saturating_sub(here);
                }
            }
            [tag, INDEFINITE, ..] if tag & 0x1f != 0x1f && tag & CONSTRUCTED != 0 => {
                ahead.take(2, field)?;
                open += 1;
                if open > limits::BER_DEPTH {
                    return Err(too_deep(ahead.offset(), field));
                }
            }
            [] => {
                let kind = ErrorKind::Truncated { needed: 2, available: 0 };
                return Err(ParseError::new(ahead.offset(), field, kind));
            }
            _ => {
                der::element(&mut ahead, field)?;
            }
        }
    };
    let raw = start.get(..start.len().saturating_sub(ahead.remaining())).unwrap_or_default();
    *reader = ahead;
    let content = content.get(..end).unwrap_or_default();
    Ok(Element { tag, offset, content_offset, content, raw })
}

fn too_deep(at: u64, field: &str) -> ParseError {
    let limit = limits::BER_DEPTH as u64;
    ParseError::new(at, field, ErrorKind::TooLarge { limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_end_where_their_end_stands() {
        // SEQUENCE { SEQUENCE { INTEGER 5 }, OCTET STRING 00 00 }, then one byte more.
        let bytes = [0x30, 0x80, 0x30, 0x80, 2, 1, 5, 0, 0, 4, 2, 0, 0, 0, 0, 0xff];
        let mut reader = Reader::at(&bytes, 100);
        let outer = element(&mut reader, "outer").unwrap();
        assert_eq!((outer.offset, outer.content_offset, outer.content.len()), (100, 102, 11));
        assert_eq!(outer.raw.len(), 15);
        assert_eq!(reader.rest(), [0xff]);
        let mut inside = outer.reader();
        let inner = expect(&mut inside, der::SEQUENCE, "inner").unwrap();
        assert_eq!((inner.offset, inner.content), (102, &[2, 1, 5][..]));
        assert_eq!(octets(&mut inside, der::OCTET_STRING, "text").unwrap(), &[0, 0][..]);
        assert!(inside.is_empty());
    }

    #[test]
    fn pieces_are_joined() {
        let bytes = [0x24, 0x80, 4, 1, 1, 0x24, 3, 4, 1, 2, 4, 0, 0, 0, 9];
        let mut reader = Reader::new(&bytes);
        assert_eq!(octets(&mut reader, der::OCTET_STRING, "text").unwrap(), &[1, 2][..]);
        assert_eq!(reader.rest(), [9]);
        let mut other = Reader::new(&[0x24, 3, 2, 1, 2]);
        let error = octets(&mut other, der::OCTET_STRING, "text").unwrap_err();
        assert_eq!(error.at, 2);
        let mut implicit = Reader::new(&[0x80, 1, 7]);
        assert_eq!(octets(&mut implicit, 0x80, "text").unwrap(), &[7][..]);
    }

    #[test]
    fn missing_ends_and_bottomless_nesting_are_errors() {
        for length in 0..7 {
            let bytes = [0x30, 0x80, 2, 1, 5, 0, 0];
            let mut reader = Reader::new(&bytes[..length]);
            assert!(element(&mut reader, "x").is_err(), "{length}");
            assert_eq!(reader.offset(), 0, "a failed read takes nothing");
        }
        let deep = [0x30, 0x80].repeat(1_000_000);
        let error = element(&mut Reader::new(&deep), "x").unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooLarge { limit: limits::BER_DEPTH as u64 });
    }
}
