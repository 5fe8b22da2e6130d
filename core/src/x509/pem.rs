//! PEM blocks (RFC 7468), wherever they stand in a text.
//!
//! Tolerant of what people paste: text around the blocks, any line ends, indented lines, everything
//! on one line, header lines (RFC 1421), missing padding. Time and memory are linear in the input.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::der;
use crate::error::{ErrorKind, ParseError};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The longest label in use has 21 characters; a longer one is no label.
const LABEL: usize = 64;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A block.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Offset of `-----BEGIN`.
    pub(crate) offset: u64,
    /// What stands between `BEGIN` and the dashes.
    pub(crate) label: String,
    /// A header line says that the content is encrypted.
    pub(crate) encryption: Option<Encryption>,
    /// The decoded content.
    pub(crate) content: Vec<u8>,
}

/// What the `DEK-Info` line says (RFC 1421 section 4.6.1.3); empty where only `Proc-Type` says that the content is
/// encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Encryption {
    /// For example `AES-256-CBC`.
    pub(crate) cipher: String,
    /// Initialisation vector.
    pub(crate) iv: Vec<u8>,
}

impl Encryption {
    /// Takes in one header line.
    fn read(found: &mut Option<Self>, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let Some((name, value)) = line.split_once(':') else { return };
        match name.trim() {
            "Proc-Type" if value.contains("ENCRYPTED") => {
                found.get_or_insert_default();
            }
            "DEK-Info" => {
                let (cipher, iv) = value.trim().split_once(',').unwrap_or((value.trim(), ""));
                let found = found.get_or_insert_default();
                found.cipher = cipher.trim().chars().take(LABEL).collect();
                found.iv = unhex(iv.trim()).unwrap_or_default();
            }
            _ => {}
        }
    }
}

/// The bytes of up to 32 hex digits.
fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() > 32 || !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some((digit(*high)? << 4) | digit(*low)?),
            _ => None,
        })
        .collect()
}

/// Finds the blocks of an input one after the other; a damaged one is an error, and the next call
/// goes on behind it.
pub(crate) struct Blocks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Offset of the next `needle`, which begins with a dash, at or behind `from`.
    fn offset_of(&self, needle: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = self.bytes.get(at..)?;
            let dash = rest.iter().position(|byte| *byte == b'-')?;
            if rest.get(dash..).is_some_and(|rest| rest.starts_with(needle)) {
                return Some(at + dash);
            }
            at += dash + 1;
        }
    }

    /// The label that begins at `start`, and the offset behind its dashes.
    fn label(&self, start: usize) -> Option<(&'a str, usize)> {
        let rest = self.bytes.get(start..)?;
        let rest = rest.get(..(LABEL + DASHES.len()).min(rest.len()))?;
        let length = rest.windows(DASHES.len()).position(|window| window == DASHES)?;
        let label = rest.get(..length)?;
        let valid =
            !label.is_empty() && label.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
        let label = core::str::from_utf8(label).ok().filter(|_| valid)?;
        Some((label.trim(), start + length + DASHES.len()))
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let begin = self.offset_of(BEGIN, self.at)?;
            let Some((label, body)) = self.label(begin + BEGIN.len()) else {
                self.at = begin + BEGIN.len();
                continue;
            };
            let offset = begin as u64;
            let error = |message: &str| Some(Err(der::bad(offset, label, message)));
            let Some(end) = self.offset_of(DASHES, body) else {
                self.at = self.bytes.len();
                return Some(Err(ParseError::new(
                    offset,
                    label,
                    ErrorKind::BadValue { message: "the block has no end".to_owned() },
                )));
            };
            if !self.bytes.get(end..).is_some_and(|rest| rest.starts_with(END)) {
                self.at = end;
                return error("another block begins inside this one, or dashes stand in it");
            }
            match self.label(end + END.len()) {
                Some((closing, behind)) => {
                    self.at = behind;
                    if closing != label {
                        return error(&format!("the block ends as \"{closing}\""));
                    }
                }
                None => {
                    self.at = end + END.len();
                    return error("the block's end is damaged");
                }
            }
            let text = self.bytes.get(body..end).unwrap_or_default();
            return Some(decode(text, body as u64, label).map(|(content, encryption)| Block {
                offset,
                label: label.to_owned(),
                encryption,
                content,
            }));
        }
    }
}

/// The bytes between the two lines, and how a header says that they are encrypted.
fn decode(
    text: &[u8],
    offset: u64,
    label: &str,
) -> Result<(Vec<u8>, Option<Encryption>), ParseError> {
    let mut encryption = None;
    let mut base64 = Vec::with_capacity(text.len());
    let mut line_start = offset;
    let mut continues = false;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        // RFC 1421: `Proc-Type: 4,ENCRYPTED` and the like stand before the content; a line that
        // begins with a blank goes on with such a line.
        let is_header = base64.is_empty()
            && (line.contains(&b':')
                || (continues && line.first().is_some_and(|byte| *byte == b' ' || *byte == b'\t')));
        continues = is_header;
        if is_header {
            Encryption::read(&mut encryption, line);
        } else {
            for (index, byte) in line.iter().enumerate() {
                match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => {
                        base64.push(*byte);
                    }
                    b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => {}
                    other => {
                        let at = line_start.saturating_add(index as u64);
                        let message = format!("the byte {other:#04x} stands in the base64 text");
                        return Err(der::bad(at, label, &message));
                    }
                }
            }
        }
        line_start = line_start.saturating_add(line.len() as u64);
    }
    if base64.is_empty() {
        return Err(der::bad(offset, label, "the block is empty"));
    }
    match BASE64.decode(&base64) {
        Ok(content) => Ok((content, encryption)),
        Err(_) => Err(der::bad(offset, label, "the base64 text is cut or padded in the middle")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Offset, label and content of a block, or the offset of a problem.
    type Found = Result<(u64, String, Vec<u8>), u64>;

    fn read(text: &str) -> Vec<Found> {
        Blocks::new(text.as_bytes())
            .map(|block| {
                block
                    .map(|block| (block.offset, block.label, block.content))
                    .map_err(|error| error.at)
            })
            .collect()
    }

    #[test]
    fn blocks_are_found_in_any_text() {
        let good = |offset| Ok((offset, "A".to_owned(), b"abc".to_vec()));
        assert_eq!(read("-----BEGIN A-----\nYWJj\n-----END A-----\n"), [good(0)]);
        assert_eq!(
            read("x\r\n  -----BEGIN A-----  \r\n  YW\r\n  Jj  \r\n -----END A-----"),
            [good(5)]
        );
        assert_eq!(read("-----BEGIN A----- YWJj -----END A-----"), [good(0)]);
        assert_eq!(
            read("-----BEGIN A-----\nX: y,\n ABC\n\nYWJj\n-----END A-----"),
            [good(0)],
            "header lines are no content"
        );
    }

    #[test]
    fn a_damaged_block_hides_no_other() {
        let good = "-----BEGIN A-----\nYWJj\n-----END A-----\n";
        let next = |offset| Ok((offset, "A".to_owned(), b"abc".to_vec()));
        for (damaged, at) in [
            ("-----BEGIN A-----\nYW?j\n-----END A-----\n", 20),
            ("-----BEGIN A-----\nYWJ\n", 0),
            ("-----BEGIN A-----\nYWJj\n-----END B-----\n", 0),
            ("-----BEGIN A-----\nY\n-----END A-----\n", 17),
            ("-----BEGIN A-----\n-----END A-----\n", 17),
        ] {
            let text = format!("{damaged}{good}");
            assert_eq!(read(&text), [Err(at), next(damaged.len() as u64)], "{damaged}");
        }
        assert_eq!(
            read(&format!("{good}-----BEGIN A-----\nYWJj")),
            [next(0), Err(good.len() as u64)]
        );
    }

    /// Were this quadratic, the test would take hours.
    #[test]
    fn a_million_beginnings_are_read_in_linear_time() {
        assert_eq!(read(&"-----BEGIN".repeat(1_000_000)).len(), 0);
        assert_eq!(read(&"-----BEGIN ".repeat(1_000_000)).len(), 0);
        assert_eq!(read(&"-----BEGIN A-----".repeat(500_000)).len(), 500_000);
    }
}
