//! A bounded reader over bytes that knows its offset in the input.
//!
//! Every parser of this crate reads through [`Reader`]: no index, no panic, and every error names
//! the offset. Numbers are big-endian, as in all formats of the domain.

use crate::error::{ErrorKind, ParseError};

/// Reads forward over a slice; `offset` counts from the start of the input, not of the slice.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: u64,
}

impl<'a> Reader<'a> {
    /// A reader over a whole input.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::at(bytes, 0)
    }

    /// A reader over a part of an input that starts at `offset`.
    pub fn at(bytes: &'a [u8], offset: u64) -> Self {
        Self { rest: bytes, offset }
    }

    /// Offset of the next byte in the input.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Number of bytes left.
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next byte, without taking it.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Takes `length` bytes.
    pub fn take(&mut self, length: usize, field: &str) -> Result<&'a [u8], ParseError> {
        match self.rest.split_at_checked(length) {
            Some((taken, rest)) => {
                self.rest = rest;
                self.offset = self.offset.saturating_add(length as u64);
                Ok(taken)
            }
            None => Err(ParseError::new(
                self.offset,
                field,
                ErrorKind::Truncated { needed: length as u64, available: self.rest.len() as u64 },
            )),
        }
    }

    /// A reader over the next `length` bytes; this one goes on behind them.
    pub fn sub(&mut self, length: usize, field: &str) -> Result<Reader<'a>, ParseError> {
        let offset = self.offset;
        Ok(Reader::at(self.take(length, field)?, offset))
    }

    /// One byte.
    pub fn u8(&mut self, field: &str) -> Result<u8, ParseError> {
        let bytes = self.take(1, field)?;
        Ok(bytes.first().copied().unwrap_or_default())
    }

    /// Two bytes, big-endian.
    pub fn u16(&mut self, field: &str) -> Result<u16, ParseError> {
        Ok(self.take(2, field)?.iter().fold(0, |value, byte| (value << 8) | u16::from(*byte)))
    }

    /// Four bytes, big-endian.
    pub fn u32(&mut self, field: &str) -> Result<u32, ParseError> {
        Ok(self.take(4, field)?.iter().fold(0, |value, byte| (value << 8) | u32::from(*byte)))
    }
}

/// Lower-case hex, without separators.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        for nibble in [byte >> 4, byte & 0x0f] {
            text.push(DIGITS.get(usize::from(nibble)).copied().unwrap_or('0'));
        }
    }
    text
}

/// A serial number as the report writes it: lower-case hex of the magnitude, leading zero bytes dropped.
pub fn serial_hex(bytes: &[u8]) -> String {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len().saturating_sub(1));
    hex(bytes.get(start..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reader_names_the_offset_of_what_is_missing() {
        let mut reader = Reader::at(&[1, 2, 3], 10);
        assert_eq!(reader.u16("A").unwrap(), 0x0102);
        let error = reader.u32("B").unwrap_err();
        assert_eq!(error.at, 12);
        assert_eq!(error.kind, ErrorKind::Truncated { needed: 4, available: 1 });
        assert_eq!(reader.remaining(), 1, "a failed read takes nothing");
    }

    #[test]
    fn serials_lose_leading_zero_bytes_only() {
        assert_eq!(serial_hex(&[0, 0, 0x0a, 0xdc]), "0adc");
        assert_eq!(serial_hex(&[0]), "00");
        assert_eq!(serial_hex(&[]), "");
    }
}
