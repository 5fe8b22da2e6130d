//! Names as OpenSSL compares them.
//!
//! Two names are the same when their canonical forms are: every value as UTF-8, without white space at its
//! ends, with one space where there was more inside, in lower case as far as it is ASCII. Values that are no
//! text keep their bytes.

use super::super::der;
use crate::bytes::Reader;

/// A name in its canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CanonicalName {
    /// The relative distinguished names, one after the other, without the outer SEQUENCE. A name whose
    /// bytes begin with another's lies below it.
    pub(super) bytes: Vec<u8>,
    /// Attributes.
    pub(super) entries: usize,
}

/// One attribute, as name constraints look at it.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    /// Content of its OBJECT IDENTIFIER.
    pub(super) identifier: &'a [u8],
    /// Tag of the value.
    pub(super) tag: u8,
    /// Content of the value.
    pub(super) value: &'a [u8],
    /// Number of the relative distinguished name that it stands in, from 0.
    pub(super) set: usize,
}

/// Content of the OBJECT IDENTIFIER of commonName, 2.5.4.3.
pub(super) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// Content of the OBJECT IDENTIFIER of emailAddress, 1.2.840.113549.1.9.1.
pub(super) const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];

/// The attributes of a DER Name; `None` where OpenSSL cannot read it.
pub(super) fn entries(name: &[u8]) -> Option<Vec<Entry<'_>>> {
    let mut reader = Reader::new(name);
    let mut sets = der::expect(&mut reader, der::SEQUENCE, "").ok()?.reader();
    let mut entries = Vec::new();
    let mut set = 0;
    while !sets.is_empty() {
        // OpenSSL does not mind a SET OF that is not marked as constructed.
        let members = der::element(&mut sets, "").ok()?;
        if !matches!(members.tag, der::SET | 0x11) {
            return None;
        }
        let mut members = members.reader();
        while !members.is_empty() {
            let mut pair = der::expect(&mut members, der::SEQUENCE, "").ok()?.reader();
            let identifier = der::expect(&mut pair, der::OBJECT_IDENTIFIER, "").ok()?.content;
            let value = der::element(&mut pair, "").ok()?;
            let is_bits = value.tag == der::BIT_STRING;
            if !pair.is_empty()
                || !is_identifier(identifier)
                || !may_be_a_value(value.tag)
                || (is_bits && !matches!(value.content.first(), Some(0..=7)))
            {
                return None;
            }
            entries.push(Entry { identifier, tag: value.tag, value: value.content, set });
        }
        set += 1;
    }
    Some(entries)
}

/// The canonical form of a DER Name; `None` where OpenSSL cannot read it.
pub(super) fn canonical(name: &[u8]) -> Option<CanonicalName> {
    let entries = entries(name)?;
    let mut bytes = Vec::with_capacity(name.len());
    let mut members: Vec<Vec<u8>> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let mut pair = Vec::new();
        push(&mut pair, der::OBJECT_IDENTIFIER, entry.identifier);
        match text(entry.tag, entry.value) {
            Text::Is(text) => push(&mut pair, UTF8_STRING, squeeze(&text).as_bytes()),
            Text::IsNot => push(&mut pair, entry.tag, entry.value),
            Text::Bad => return None,
        }
        let mut member = Vec::with_capacity(pair.len() + 4);
        push(&mut member, der::SEQUENCE, &pair);
        members.push(member);
        if entries.get(index + 1).is_none_or(|next| next.set != entry.set) {
            members.sort();
            push(&mut bytes, der::SET, &members.concat());
            members.clear();
        }
    }
    Some(CanonicalName { bytes, entries: entries.len() })
}

/// The text of a value as UTF-8, where it is text that OpenSSL can read.
pub(super) fn utf8(tag: u8, value: &[u8]) -> Option<String> {
    match text(tag, value) {
        Text::Is(text) => Some(text),
        Text::IsNot | Text::Bad => None,
    }
}

/// Every arc of an OBJECT IDENTIFIER ends, and none begins with a zero.
pub(super) fn is_identifier(content: &[u8]) -> bool {
    let mut begins = true;
    for byte in content {
        if begins && *byte == 0x80 {
            return false;
        }
        begins = byte & 0x80 == 0;
    }
    begins && !content.is_empty()
}

const UTF8_STRING: u8 = 0x0c;

/// Types of a value that OpenSSL's parser lets stand in a name.
fn may_be_a_value(tag: u8) -> bool {
    matches!(
        tag,
        der::BIT_STRING | 0x07..=0x0f | 0x12..=0x14 | 0x16 | 0x1c..=0x1e | der::SEQUENCE
    )
}

enum Text {
    Is(String),
    IsNot,
    Bad,
}

fn text(tag: u8, value: &[u8]) -> Text {
    let read = match tag {
        UTF8_STRING => core::str::from_utf8(value).ok().map(str::to_owned),
        // PrintableString, TeletexString, IA5String and VisibleString: a byte is a character.
        0x13 | 0x14 | 0x16 | 0x1a => Some(value.iter().map(|byte| char::from(*byte)).collect()),
        0x1c => wide(value, 4),
        0x1e => wide(value, 2),
        _ => return Text::IsNot,
    };
    read.map_or(Text::Bad, Text::Is)
}

/// Text in big-endian units of `size` bytes, each a character of its own.
fn wide(value: &[u8], size: usize) -> Option<String> {
    if !value.len().is_multiple_of(size) {
        return None;
    }
    value
        .chunks_exact(size)
        .map(|unit| unit.iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte)))
        .map(char::from_u32)
        .collect()
}

fn squeeze(text: &str) -> String {
    let is_space = |character: &char| matches!(character, ' ' | '\t'..='\r');
    let mut squeezed = String::with_capacity(text.len());
    let mut space = false;
    for character in text.chars().skip_while(is_space) {
        if is_space(&character) {
            space = true;
            continue;
        }
        if space {
            squeezed.push(' ');
            space = false;
        }
        squeezed.push(character.to_ascii_lowercase());
    }
    squeezed
}

/// Writes one DER element.
fn push(bytes: &mut Vec<u8>, tag: u8, content: &[u8]) {
    bytes.push(tag);
    let length = content.len().to_be_bytes();
    let start = length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1);
    let short = length.get(start..).unwrap_or_default();
    match short {
        [small] if *small < 0x80 => bytes.push(*small),
        _ => {
            bytes.push(0x80 | u8::try_from(short.len()).unwrap_or_default());
            bytes.extend_from_slice(short);
        }
    }
    bytes.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(sets: &[&[(u8, &[u8])]]) -> Vec<u8> {
        let mut content = Vec::new();
        for set in sets {
            let mut members = Vec::new();
            for (tag, value) in *set {
                let mut pair = Vec::new();
                push(&mut pair, der::OBJECT_IDENTIFIER, COMMON_NAME);
                push(&mut pair, *tag, value);
                push(&mut members, der::SEQUENCE, &pair);
            }
            push(&mut content, der::SET, &members);
        }
        let mut name = Vec::new();
        push(&mut name, der::SEQUENCE, &content);
        name
    }

    #[test]
    fn the_same_text_in_any_form_is_the_same_name() {
        let plain = canonical(&name(&[&[(0x13, b"a root")]])).unwrap();
        assert_eq!(plain.entries, 1);
        for (tag, value) in [
            (0x0c, &b"  A \t ROOT\n"[..]),
            (0x14, b"A Root"),
            (0x16, b"a  root "),
            (0x1e, b"\0A\0 \0r\0o\0o\0t"),
            (0x1c, b"\0\0\0a\0\0\0 \0\0\0r\0\0\0o\0\0\0o\0\0\0t"),
        ] {
            assert_eq!(canonical(&name(&[&[(tag, value)]])).unwrap(), plain, "{tag:#x}");
        }
        let other = canonical(&name(&[&[(0x13, b"aroot")]])).unwrap();
        assert_ne!(other, plain);
    }

    #[test]
    fn a_name_below_another_begins_with_its_bytes() {
        let above = canonical(&name(&[&[(0x13, b"x")]])).unwrap();
        let below = canonical(&name(&[&[(0x0c, b"X")], &[(0x0c, b"y")]])).unwrap();
        assert!(below.bytes.starts_with(&above.bytes));
        let one = canonical(&name(&[&[(0x13, b"x"), (0x13, b"b")]])).unwrap();
        let same = canonical(&name(&[&[(0x13, b"b"), (0x13, b"x")]])).unwrap();
        assert_eq!(one, same, "the order inside a SET does not count");
        assert_eq!(one.entries, 2);
    }

    #[test]
    fn names_that_the_product_cannot_read() {
        for (tag, value) in [(0x0c, &b"\xff"[..]), (0x1e, b"abc"), (0x1c, b"abc"), (0x02, b"\x05")]
        {
            assert_eq!(canonical(&name(&[&[(tag, value)]])), None, "{tag:#x}");
        }
        assert_eq!(canonical(&[0x30, 0x01]), None);
        assert_eq!(canonical(&[0x30, 0x00]).unwrap(), CanonicalName::default());
    }

    #[test]
    fn lengths_are_as_short_as_they_can_be() {
        for (length, head) in
            [(0x7f, &[4, 0x7f][..]), (0x80, &[4, 0x81, 0x80]), (0x100, &[4, 0x82, 1, 0])]
        {
            let mut bytes = Vec::new();
            push(&mut bytes, 4, &vec![0; length]);
            assert_eq!(bytes.get(..head.len()), Some(head));
        }
    }
}
