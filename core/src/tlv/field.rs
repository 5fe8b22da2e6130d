//! One element, and the values that elements hold.

use serde::{Deserialize, Serialize};

use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};

/// Bytes of tag and length in front of a value.
pub const ELEMENT_HEAD: u64 = 3;

/// An element as it stands in the input.
#[derive(Clone, Debug)]
pub struct Element<'a> {
    /// Tag.
    pub tag: u8,
    /// Offset of the tag in the input.
    pub offset: u64,
    /// The value.
    pub value: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads the next element.
    ///
    /// # Errors
    /// [`ErrorKind::Truncated`] when tag, length or value go beyond the reader; the reader then
    /// stands where it stood.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, ParseError> {
        let mut ahead = reader.clone();
        let offset = ahead.offset();
        let tag = ahead.u8("TAG")?;
        let field = format!("element with tag {tag}");
        let length = ahead.u16(&field)?;
        let value = ahead.take(usize::from(length), &field)?;
        *reader = ahead;
        Ok(Self { tag, offset, value })
    }

    /// Offset of the value.
    pub fn value_offset(&self) -> u64 {
        self.offset.saturating_add(ELEMENT_HEAD)
    }

    /// Offset behind the value.
    pub fn end(&self) -> u64 {
        self.value_offset().saturating_add(self.value.len() as u64)
    }
}

/// A text value as stored, and whether its NUL was there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The text without the final NUL; bytes that are no UTF-8 are replaced.
    pub text: String,
    /// The bytes as stored, final NUL included.
    #[serde(with = "serde_bytes")]
    pub raw: Vec<u8>,
}

impl Text {
    /// From the bytes of a value. The second part tells what is odd about it.
    pub fn read(value: &[u8]) -> (Self, Option<&'static str>) {
        let (body, terminated) = match value.split_last() {
            Some((0, body)) => (body, true),
            _ => (value, false),
        };
        let mut odd = None;
        if !terminated {
            odd = Some("the text does not end in NUL");
        }
        if body.contains(&0) {
            odd = Some("the text holds a NUL before its end");
        }
        if core::str::from_utf8(body).is_err() {
            odd = Some("the text is not UTF-8");
        }
        let visible: Vec<u8> = body.iter().copied().filter(|byte| *byte != 0).collect();
        let text = String::from_utf8_lossy(&visible).into_owned();
        (Self { text, raw: value.to_vec() }, odd)
    }
}

/// An element that the format does not name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// Tag.
    pub tag: u8,
    /// Offset of the tag.
    pub offset: u64,
    /// Length of the value.
    pub length: u64,
    /// The first 32 bytes of the value.
    #[serde(with = "serde_bytes")]
    pub head: Vec<u8>,
}

impl Unknown {
    /// Keeps an element that the format does not name.
    pub fn of(element: &Element<'_>) -> Self {
        Self {
            tag: element.tag,
            offset: element.offset,
            length: element.value.len() as u64,
            head: element.value.iter().copied().take(32).collect(),
        }
    }
}

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weight {
    /// The structure does not hold: nothing that stands on it can be called verified.
    Damage,
    /// Unusual, but every reader would agree on the content.
    Oddity,
}

/// A problem and its weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What and where.
    pub error: ParseError,
    /// How much it weighs.
    pub weight: Weight,
}

/// Collects problems up to the cap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    /// The first ones, in the order in which they were met.
    pub list: Vec<Problem>,
    /// How many more there were.
    pub more: u64,
    damaged: bool,
}

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, weight: Weight, error: ParseError) {
        self.damaged |= weight == Weight::Damage;
        if self.list.len() < crate::limits::PROBLEMS_PER_INPUT {
            self.list.push(Problem { error, weight });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// The structure does not hold.
    pub fn damage(&mut self, error: ParseError) {
        self.push(Weight::Damage, error);
    }

    /// Unusual, and harmless for the structure.
    pub fn odd(&mut self, at: u64, field: &str, message: impl Into<String>) {
        let kind = ErrorKind::BadValue { message: message.into() };
        self.push(Weight::Oddity, ParseError::new(at, field, kind));
    }

    /// At least one problem is damage.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// The first damage.
    pub fn first_damage(&self) -> Option<&ParseError> {
        self.list
            .iter()
            .find(|problem| problem.weight == Weight::Damage)
            .map(|problem| &problem.error)
    }
}

/// The 2-byte number of a value.
pub fn number_u16(element: &Element<'_>, field: &str) -> Result<u16, ParseError> {
    fixed(element, field, 2)?;
    Reader::at(element.value, element.value_offset()).u16(field)
}

/// The 1-byte number of a value.
pub fn number_u8(element: &Element<'_>, field: &str) -> Result<u8, ParseError> {
    fixed(element, field, 1)?;
    Reader::at(element.value, element.value_offset()).u8(field)
}

/// The 4-byte number of a value.
pub fn number_u32(element: &Element<'_>, field: &str) -> Result<u32, ParseError> {
    fixed(element, field, 4)?;
    Reader::at(element.value, element.value_offset()).u32(field)
}

/// The `major.minor` of a version value.
pub fn version(element: &Element<'_>, field: &str) -> Result<(u8, u8), ParseError> {
    let [major, minor] = number_u16(element, field)?.to_be_bytes();
    Ok((major, minor))
}

fn fixed(element: &Element<'_>, field: &str, length: usize) -> Result<(), ParseError> {
    if element.value.len() == length {
        return Ok(());
    }
    let message =
        format!("has a length of {}, but {length} is the only legal one", element.value.len());
    Err(ParseError::new(element.offset, field, ErrorKind::BadValue { message }))
}
