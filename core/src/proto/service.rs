//! What messages of TVS and CAPF have in common: a head that ends in the length of what follows, then elements, each known one once.

use core::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::Place;
use super::framing::Framer;
use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::tlv::field::{Element, Problems};

/// Tags below this are told from each other.
const TAGS: usize = 32;

/// A message of a service.
pub trait Message: Sized {
    /// Bytes of the head. Its last two are the length of what follows.
    const HEAD: usize;

    /// Reads the head up to its length.
    ///
    /// # Errors
    /// When it is the head of nothing that is known.
    fn begin(reader: &mut Reader<'_>) -> Result<Self, ParseError>;

    /// Takes an element.
    ///
    /// # Errors
    /// When it is unknown, or its value does not fit.
    fn take(&mut self, element: &Element<'_>) -> Result<(), ParseError>;

    /// What an element is called in errors.
    fn name(tag: u8) -> String {
        format!("element {tag}")
    }

    /// What a message of this type needs and this one does not have.
    fn missing(&self) -> Option<&'static str> {
        None
    }
}

/// What could be read of a message, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspected<M> {
    /// The message, as far as it is there; `None` when its type is not known.
    pub message: Option<M>,
    /// What does not hold, with offsets in the input.
    pub problems: Problems,
}

/// Reads exactly one message, which stands at `offset` of its input.
///
/// # Errors
/// The first thing that does not hold, with its offset.
pub(super) fn parse<M: Message>(bytes: &[u8], offset: u64) -> Result<M, ParseError> {
    let Inspected { message, problems } = inspect(bytes, offset);
    match (problems.first_damage(), message) {
        (Some(error), _) => Err(error.clone()),
        (None, Some(message)) => Ok(message),
        (None, None) => Err(ParseError::new(offset, "message", ErrorKind::Missing)),
    }
}

/// Reads what is there of one message.
pub(super) fn inspect<M: Message>(bytes: &[u8], offset: u64) -> Inspected<M> {
    let mut found = Inspected { message: None, problems: Problems::default() };
    let mut reader = Reader::at(bytes, offset);
    if let Err(error) = read(&mut reader, &mut found) {
        found.problems.damage(error);
    }
    found
}

fn read<M: Message>(reader: &mut Reader<'_>, found: &mut Inspected<M>) -> Result<(), ParseError> {
    let message = found.message.insert(M::begin(reader)?);
    let at = reader.offset();
    let length = reader.u16("length")?;
    let body = reader.rest();
    let declared = usize::from(length);
    if declared > body.len() {
        let kind = ErrorKind::Overrun { declared: length.into(), available: body.len() as u64 };
        found.problems.damage(ParseError::new(at, "length", kind));
    }
    let (inside, behind) = body.split_at_checked(declared).unwrap_or((body, &[]));
    let mut elements = Reader::at(inside, reader.offset());
    let mut seen = [false; TAGS];
    while !elements.is_empty() {
        let element = Element::read(&mut elements)?;
        if let Some(seen) = seen.get_mut(usize::from(element.tag)) {
            if *seen {
                let name = M::name(element.tag);
                found.problems.damage(ParseError::new(element.offset, name, ErrorKind::Duplicate));
                continue;
            }
            *seen = true;
        }
        if let Err(error) = message.take(&element) {
            found.problems.damage(error);
        }
    }
    if !behind.is_empty() {
        let kind = ErrorKind::Trailing { bytes: behind.len() as u64 };
        return Err(ParseError::new(elements.offset(), "message", kind));
    }
    match message.missing() {
        Some(field) => Err(ParseError::new(elements.offset(), field, ErrorKind::Missing)),
        None => Ok(()),
    }
}

/// Cuts messages out of one side of a decrypted stream.
#[derive(Clone, Debug)]
pub struct Stream<M> {
    framer: Framer,
    of: PhantomData<M>,
}

impl<M: Message> Default for Stream<M> {
    fn default() -> Self {
        let length_at = M::HEAD.saturating_sub(2);
        Self { framer: Framer::new(M::HEAD, length_at), of: PhantomData }
    }
}

impl<M: Message> Stream<M> {
    /// The next piece; `take` gets every message that is complete, and the place of its last byte.
    pub fn push(&mut self, bytes: &[u8], place: Place, mut take: impl FnMut(Inspected<M>, Place)) {
        self.framer.push(bytes, place, |message, offset, place| {
            let found = inspect(message, offset);
            let known = found.message.is_some();
            take(found, place);
            known
        });
    }

    /// Bytes are lost; what follows them stands at `offset` of the stream.
    pub fn gap(&mut self, offset: u64) {
        self.framer.restart(offset);
    }

    /// The stream is over: what is left of a message that was cut.
    pub fn end(&self) -> Option<Inspected<M>> {
        self.framer.rest().map(|(bytes, offset)| inspect(bytes, offset))
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        self.framer.held()
    }
}

/// Text with or without its NUL; bytes that are no UTF-8 are replaced.
pub(super) fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value.strip_suffix(&[0]).unwrap_or(value)).into_owned()
}

/// The byte that all messages of a service begin with.
pub(super) fn discriminated(reader: &mut Reader<'_>, by: u8) -> Result<(), ParseError> {
    let at = reader.offset();
    let discriminator = reader.u8("discriminator")?;
    if discriminator == by {
        return Ok(());
    }
    Err(bad(at, "discriminator", format!("0x{discriminator:02x} is not 0x{by:02x}")))
}

pub(super) fn unknown(element: &Element<'_>) -> ParseError {
    bad(element.offset, "element", format!("element {} is unknown", element.tag))
}

pub(super) fn bad(at: u64, field: &str, message: String) -> ParseError {
    ParseError::new(at, field, ErrorKind::BadValue { message })
}
