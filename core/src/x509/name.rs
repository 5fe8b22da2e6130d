//! Distinguished names: read attribute by attribute, whatever the string type.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{der, object_identifier};
use crate::bytes::{Reader, hex};
use crate::error::{ErrorKind, ParseError};
use crate::limits;

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Short name as OpenSSL prints it (`CN`), else the dotted object identifier.
    pub name: String,
    /// The value as text, as it stands: control characters are not escaped.
    /// A value that is no string is `#` and the hex of its DER (RFC 4514 section 2.4).
    pub value: String,
    /// Stands in the same relative distinguished name as the attribute before it.
    pub joined: bool,
}

/// A distinguished name (RFC 5280 section 4.1.2.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// In the order of the DER.
    pub attributes: Vec<Attribute>,
    /// The DER, with the outer SEQUENCE.
    #[serde(with = "serde_bytes")]
    pub raw: Vec<u8>,
}

impl Name {
    /// Reads a DER name; `problems` get what could not be read, the rest is kept.
    pub(crate) fn read(
        element: &der::Element<'_>,
        field: &str,
        problems: &mut Vec<ParseError>,
    ) -> Self {
        let mut attributes = Vec::new();
        let mut sets = element.reader();
        'name: while !sets.is_empty() {
            let set = match der::expect(&mut sets, der::SET, field) {
                Ok(set) => set,
                Err(error) => {
                    problems.push(error);
                    break;
                }
            };
            let mut members = set.reader();
            let mut joined = false;
            while !members.is_empty() {
                if attributes.len() >= limits::NAME_ATTRIBUTES {
                    let kind = ErrorKind::TooLarge { limit: limits::NAME_ATTRIBUTES as u64 };
                    problems.push(ParseError::new(members.offset(), field, kind));
                    break 'name;
                }
                match attribute(&mut members, field, joined, problems) {
                    Ok(attribute) => attributes.push(attribute),
                    Err(error) => {
                        problems.push(error);
                        break;
                    }
                }
                joined = true;
            }
        }
        Self { attributes, raw: element.raw.to_vec() }
    }

    /// Every commonName, in order.
    pub fn common_names(&self) -> impl Iterator<Item = &str> {
        self.values("CN")
    }

    /// Every value of the attribute with this short name, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.attributes
            .iter()
            .filter(move |attribute| attribute.name == name)
            .map(|attribute| attribute.value.as_str())
    }

    /// No attribute at all.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// CUCM's rendering `CN=..;OU=..;O=..;L=..;ST=..;C=..`: this order whatever the DER's, the other
    /// attributes dropped, nothing escaped (formats.md section 4). Several values of one attribute
    /// follow each other in the order of the DER; what CUCM does with them is not known.
    pub fn cisco(&self) -> String {
        let mut parts = Vec::new();
        for name in ["CN", "OU", "O", "L", "ST", "C"] {
            parts.extend(self.values(name).map(|value| format!("{name}={value}")));
        }
        parts.join(";")
    }
}

/// `C=NZ, O=Example, CN=x`: the order of the certificate, values escaped as in RFC 4514 section 2.4,
/// control characters as `\0A`, attributes of one relative distinguished name joined by `+`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, attribute) in self.attributes.iter().enumerate() {
            if index > 0 {
                f.write_str(if attribute.joined { "+" } else { ", " })?;
            }
            write!(f, "{}={}", attribute.name, escape(&attribute.value))?;
        }
        Ok(())
    }
}

/// One value escaped as in RFC 4514 section 2.4.
fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (index, character) in value.chars().enumerate() {
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => {
                text.push('\\');
                text.push(character);
            }
            ' ' if index == 0 || index == last => text.push_str("\\ "),
            character if hides(character) => {
                let mut buffer = [0; 4];
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    text.push('\\');
                    text.push_str(&hex(&[byte]).to_ascii_uppercase());
                }
            }
            character => text.push(character),
        }
    }
    text
}

/// Characters that a reader would not see, or that change the direction of the text around them.
fn hides(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Bytes of a string as text in which every character can be seen: control characters and the like as
/// `\u{0}`, bytes that are no UTF-8 as `\xNN`, a backslash as `\\`.
pub fn visible(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' => text.push_str("\\\\"),
                character if hides(character) => text.extend(character.escape_unicode()),
                character => text.push(character),
            }
        }
        for byte in chunk.invalid() {
            text.push_str("\\x");
            text.push_str(&hex(&[*byte]));
        }
    }
    text
}

fn attribute(
    members: &mut Reader<'_>,
    field: &str,
    joined: bool,
    problems: &mut Vec<ParseError>,
) -> Result<Attribute, ParseError> {
    let pair = der::expect(members, der::SEQUENCE, field)?;
    let mut pair = pair.reader();
    let identifier = der::expect(&mut pair, der::OBJECT_IDENTIFIER, field)?;
    let name = object_identifier::attribute(&der::object_identifier(identifier.content));
    let value = der::element(&mut pair, field)?;
    let (text, problem) = string(&value);
    let field = format!("{field} {name}");
    if let Some(message) = problem {
        problems.push(der::bad(value.offset, &field, message));
    }
    if value.content.is_empty() {
        problems.push(der::bad(value.offset, &field, "the value is empty"));
    } else if name == "C" && text.chars().count() != 2 {
        problems.push(der::bad(value.offset, &field, "a country has two letters"));
    }
    Ok(Attribute { name, value: text, joined })
}

/// The text of a string of any ASN.1 type, and what is odd about it.
fn string(value: &der::Element<'_>) -> (String, Option<&'static str>) {
    let content = value.content;
    match value.tag {
        // UTF8String
        0x0c => match core::str::from_utf8(content) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => (
                String::from_utf8_lossy(content).into_owned(),
                Some("the UTF8String is not valid UTF-8"),
            ),
        },
        // PrintableString
        0x13 => {
            let allowed =
                |byte: &u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte);
            let odd = !content.iter().all(allowed);
            (latin1(content), odd.then_some("a character that PrintableString does not know"))
        }
        // NumericString
        0x12 => {
            let odd = !content.iter().all(|byte| byte.is_ascii_digit() || *byte == b' ');
            (latin1(content), odd.then_some("a character that NumericString does not know"))
        }
        // IA5String, VisibleString
        0x16 | 0x1a => {
            (latin1(content), (!content.is_ascii()).then_some("a character that is not ASCII"))
        }
        // TeletexString: everybody writes Latin-1 into it, and OpenSSL reads it so.
        0x14 => (latin1(content), None),
        // BMPString
        0x1e => {
            let units = content
                .chunks_exact(2)
                .map(|unit| unit.iter().fold(0_u16, |value, byte| (value << 8) | u16::from(*byte)));
            let mut odd =
                (!content.len().is_multiple_of(2)).then_some("the BMPString has an odd length");
            let text = char::decode_utf16(units)
                .map(|unit| {
                    unit.unwrap_or_else(|_| {
                        odd = Some("the BMPString holds half a character");
                        char::REPLACEMENT_CHARACTER
                    })
                })
                .collect();
            (text, odd)
        }
        // UniversalString
        0x1c => {
            let mut odd = (!content.len().is_multiple_of(4))
                .then_some("the UniversalString's length is not a multiple of 4");
            let text = content
                .chunks_exact(4)
                .map(|unit| {
                    let number =
                        unit.iter().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte));
                    char::from_u32(number).unwrap_or_else(|| {
                        odd = Some("the UniversalString holds a number that is no character");
                        char::REPLACEMENT_CHARACTER
                    })
                })
                .collect();
            (text, odd)
        }
        _ => (format!("#{}", hex(value.raw)), Some("the value is not a string")),
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(attributes: &[(&str, &str, bool)]) -> Name {
        let attributes = attributes
            .iter()
            .map(|(name, value, joined)| Attribute {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
                joined: *joined,
            })
            .collect();
        Name { attributes, raw: Vec::new() }
    }

    #[test]
    fn names_are_shown_in_certificate_order() {
        let name = name(&[
            ("C", "NZ", false),
            ("O", " Ex, Inc;", false),
            ("CN", "a\nb", false),
            ("UID", "1\u{202e}", true),
        ]);
        assert_eq!(name.to_string(), "C=NZ, O=\\ Ex\\, Inc\\;, CN=a\\0Ab+UID=1\\E2\\80\\AE");
        assert_eq!(name.cisco(), "CN=a\nb;O= Ex, Inc;;C=NZ");
        assert_eq!(name.common_names().collect::<Vec<_>>(), ["a\nb"]);
    }

    #[test]
    fn hidden_characters_are_made_visible() {
        assert_eq!(visible(b"a\0b\\c\xff\xc3\xa9\r"), "a\\u{0}b\\\\c\\xff\u{e9}\\u{d}");
    }

    #[test]
    fn strings_of_every_type() {
        let read = |tag, content: &[u8]| {
            string(&der::Element { tag, offset: 0, content_offset: 2, content, raw: content })
        };
        assert_eq!(read(0x0c, "Zoë".as_bytes()), ("Zoë".to_owned(), None));
        assert_eq!(read(0x14, b"Zo\xeb"), ("Zoë".to_owned(), None));
        assert_eq!(read(0x1e, &[0, b'Z', 0x20, 0xac]), ("Z€".to_owned(), None));
        assert_eq!(read(0x1c, &[0, 1, 0xf6, 0]), ("😀".to_owned(), None));
        assert_eq!(read(0x1e, &[0, b'Z', 0]).0, "Z");
        assert!(read(0x1e, &[0, b'Z', 0]).1.is_some());
        assert!(read(0x1c, &[0x7f, 0, 0, 0]).1.is_some());
        assert_eq!(read(0x02, &[5]).0, "#05");
    }
}
