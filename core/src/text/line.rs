//! Bytes to lines: encodings, line ends, lines without end.

use crate::limits;

/// One line, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Number, from 1.
    pub number: u64,
    /// The text. Bytes that are not UTF-8 are taken for Latin-1, line by line.
    pub text: &'a str,
    /// It is longer than [`limits::TEXT_LINE_BYTES`], and this is its beginning.
    pub is_cut: bool,
}

/// How characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// UTF-8, or Latin-1 where it is not: one byte decides where a line ends.
    Bytes,
    Utf16BigEndian,
    Utf16LittleEndian,
}

/// Cuts bytes into lines while they come. A line ends at LF, or CR LF.
#[derive(Debug, Default)]
pub struct Lines {
    /// Not known before the first four bytes are there.
    encoding: Option<Encoding>,
    /// Bytes of the line that is not complete, up to the cap; before the encoding is known, the first bytes.
    pending: Vec<u8>,
    /// The line that is not complete is longer than the cap.
    is_cut: bool,
    /// The first byte of a UTF-16 unit whose second has not come.
    half: Option<u8>,
    number: u64,
    scratch: String,
}

/// Bytes that tell the encoding.
const HEAD: usize = 4;

impl Lines {
    /// The next bytes; `take` is called for each line that they complete.
    pub fn push(&mut self, bytes: &[u8], take: &mut dyn FnMut(&Line<'_>)) {
        let Some(encoding) = self.encoding else {
            let missing = HEAD.saturating_sub(self.pending.len()).min(bytes.len());
            let (head, rest) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
            self.pending.extend_from_slice(head);
            if self.pending.len() >= HEAD {
                self.begin(take);
                self.push(rest, take);
            }
            return;
        };
        match encoding {
            Encoding::Bytes => self.push_bytes(bytes, take),
            Encoding::Utf16BigEndian | Encoding::Utf16LittleEndian => {
                self.push_units(bytes, encoding, take);
            }
        }
    }

    /// There are no more bytes: what is left is the last line.
    pub fn end(&mut self, take: &mut dyn FnMut(&Line<'_>)) {
        if self.encoding.is_none() {
            self.begin(take);
        }
        if !self.pending.is_empty() || self.is_cut {
            self.finish(take);
        }
    }

    /// The first bytes are there, or there are no more.
    fn begin(&mut self, take: &mut dyn FnMut(&Line<'_>)) {
        let head = core::mem::take(&mut self.pending);
        let (encoding, mark) = match *head.as_slice() {
            [0xff, 0xfe, ..] => (Encoding::Utf16LittleEndian, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16BigEndian, 2),
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Bytes, 3),
            // Two characters of ASCII without a mark.
            [first, 0, second, 0] if first != 0 && second != 0 => (Encoding::Utf16LittleEndian, 0),
            [0, first, 0, second] if first != 0 && second != 0 => (Encoding::Utf16BigEndian, 0),
            _ => (Encoding::Bytes, 0),
        };
        self.encoding = Some(encoding);
        self.push(head.get(mark..).unwrap_or_default(), take);
    }

    fn push_bytes(&mut self, bytes: &[u8], take: &mut dyn FnMut(&Line<'_>)) {
        let mut rest = bytes;
        if (!self.pending.is_empty() || self.is_cut)
            && let Some(at) = memchr::memchr(b'\n', rest)
        {
            let (line, behind) = cut(rest, at);
            rest = behind;
            self.keep(line);
            self.finish(take);
        }
        if self.pending.is_empty() && !self.is_cut {
            rest = self.push_lines(rest, take);
        }
        self.keep(rest);
    }

    /// Hands out the lines that are whole, and returns what is behind them. Here nothing is copied, and it is looked once whether all are UTF-8.
    fn push_lines<'b>(&mut self, bytes: &'b [u8], take: &mut dyn FnMut(&Line<'_>)) -> &'b [u8] {
        let mut rest = bytes;
        loop {
            let valid = match core::str::from_utf8(rest) {
                Ok(text) => text,
                Err(error) => rest
                    .get(..error.valid_up_to())
                    .and_then(|valid| core::str::from_utf8(valid).ok())
                    .unwrap_or_default(),
            };
            let mut from = 0;
            for at in memchr::memchr_iter(b'\n', valid.as_bytes()) {
                let Some(line) = valid.get(from..at) else { break };
                from = at.saturating_add(1);
                self.number = self.number.saturating_add(1);
                let (text, is_cut) = within_cap(line);
                let text = text.strip_suffix('\r').unwrap_or(text);
                take(&Line { number: self.number, text, is_cut });
            }
            rest = rest.get(from..).unwrap_or_default();
            // What is left is one line's beginning, or a line in which something is not UTF-8.
            let Some(at) = memchr::memchr(b'\n', rest) else { return rest };
            let (line, behind) = cut(rest, at);
            rest = behind;
            self.keep(line);
            self.finish(take);
        }
    }

    fn push_units(&mut self, bytes: &[u8], encoding: Encoding, take: &mut dyn FnMut(&Line<'_>)) {
        for &byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let unit = match encoding {
                Encoding::Utf16BigEndian => u16::from_be_bytes([first, byte]),
                _ => u16::from_le_bytes([first, byte]),
            };
            if unit == u16::from(b'\n') {
                self.finish(take);
            } else {
                // Kept in one order, to be decoded when the line is complete.
                self.keep(&unit.to_le_bytes());
            }
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = limits::TEXT_LINE_BYTES.saturating_sub(self.pending.len());
        self.is_cut |= bytes.len() > room;
        self.pending.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
    }

    fn finish(&mut self, take: &mut dyn FnMut(&Line<'_>)) {
        self.number = self.number.saturating_add(1);
        let is_cut = core::mem::take(&mut self.is_cut);
        if matches!(self.encoding, Some(Encoding::Bytes)) {
            emit(&self.pending, self.number, is_cut, &mut self.scratch, take);
        } else {
            let units = self.pending.chunks_exact(2).map(|pair| match *pair {
                [low, high] => u16::from_le_bytes([low, high]),
                _ => 0,
            });
            let text: String =
                char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
            let text = text.strip_suffix('\r').unwrap_or(&text);
            take(&Line { number: self.number, text, is_cut });
        }
        self.pending.clear();
        // One line without end does not hold its memory until the end of the file.
        self.pending.shrink_to(64 * 1024);
    }
}

/// A text without some characters of ASCII at both ends.
pub(super) fn trimmed(text: &str, is_left_out: impl Fn(u8) -> bool) -> &str {
    let bytes = text.as_bytes();
    let kept = |byte: &u8| !is_left_out(*byte);
    let Some(from) = bytes.iter().position(kept) else { return "" };
    let to = bytes.iter().rposition(kept).map_or(bytes.len(), |at| at.saturating_add(1));
    text.get(from..to).unwrap_or(text)
}

/// Whether there is nothing beyond ASCII in a text. As the standard library's, but without a way out in the middle, so that it becomes
/// instructions on 16 bytes in WebAssembly, too: every line is asked. Inlined into a large function its numbers would live on the stack.
#[inline(never)]
pub(super) fn is_ascii(text: &str) -> bool {
    const BEYOND: u64 = 0x8080_8080_8080_8080;
    let bytes = text.as_bytes();
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let (blocks, rest) = bytes.as_chunks::<64>();
    let mut seen = 0;
    for block in blocks {
        seen |= block.as_chunks().0.iter().fold(0, |seen, bytes| seen | word(bytes));
    }
    seen |= rest.as_chunks().0.iter().fold(0, |seen, bytes| seen | word(bytes));
    // The last eight once more, with those behind the last block.
    seen |= match bytes.last_chunk() {
        Some(last) => word(last),
        None => bytes.iter().fold(0, |seen, byte| seen | u64::from(*byte)),
    };
    seen & BEYOND == 0
}

/// A text without blanks in front.
pub(super) fn unindented(text: &str) -> &str {
    let blanks = text.bytes().take_while(|byte| *byte == b' ').count();
    text.get(blanks..).unwrap_or_default()
}

/// What stands in front of a character of ASCII, and behind it.
pub(super) fn split(text: &str, at: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(at, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at.saturating_add(1)..)?))
}

/// Entries of a table whose beginnings are sorted by their first byte, for a text that begins with one of them.
pub(super) fn beginning_with<'t, T>(
    table: &'t [(&'static str, T)],
    text: &str,
) -> impl Iterator<Item = &'t (&'static str, T)> {
    let first = text.as_bytes().first().copied();
    let of = |entry: &(&'static str, T)| entry.0.as_bytes().first().copied();
    let from = table.partition_point(|entry| of(entry) < first);
    let rest = table.get(from..).unwrap_or_default();
    let same = rest.iter().take_while(move |entry| of(entry) == first);
    // Most differ in the second byte: they are not compared as a whole.
    let second = text.as_bytes().get(1).copied();
    same.filter(move |entry| entry.0.as_bytes().get(1).is_none_or(|byte| Some(*byte) == second))
}

/// The bytes in front of the line end, and those behind it.
fn cut(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    let (line, behind) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    (line, behind.get(1..).unwrap_or_default())
}

/// What is read of a line, and whether it is only its beginning. A cap may fall into the middle of a character.
fn within_cap(line: &str) -> (&str, bool) {
    if line.len() <= limits::TEXT_LINE_BYTES {
        return (line, false);
    }
    let end = (0..=limits::TEXT_LINE_BYTES).rev().find(|end| line.is_char_boundary(*end));
    (line.get(..end.unwrap_or_default()).unwrap_or_default(), true)
}

/// Hands out a line of bytes.
fn emit(
    bytes: &[u8],
    number: u64,
    is_cut: bool,
    scratch: &mut String,
    take: &mut dyn FnMut(&Line<'_>),
) {
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    // A cap may fall into the middle of a character.
    let whole = match core::str::from_utf8(bytes) {
        Err(error) if is_cut && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or_default()
        }
        _ => bytes,
    };
    match core::str::from_utf8(whole) {
        Ok(text) => take(&Line { number, text, is_cut }),
        Err(_) => {
            scratch.clear();
            scratch.extend(whole.iter().map(|&byte| char::from(byte)));
            take(&Line { number, text: scratch, is_cut });
        }
    }
}

/// Whether the first bytes of an input may be a text: hardly any control characters. An input without bytes is none.
pub fn looks_like_text(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(4096)).unwrap_or_default();
    let is_wide = matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
        || matches!(*head, [a, 0, b, 0, ..] | [0, a, 0, b, ..] if a != 0 && b != 0);
    let is_control = |byte: &&u8| match **byte {
        b'\t' | b'\n' | b'\r' | 0x1b => false,
        0 => !is_wide,
        byte => byte < 0x20 || byte == 0x7f,
    };
    // Binary in a log is legal: a packet dumped raw, a line that a crash cut.
    !head.is_empty() && head.iter().filter(is_control).count() * 20 <= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ascii_is_what_the_standard_library_calls_so() {
        for length in (0..20).chain(60..90).chain(120..140) {
            let plain = "\u{7f}".repeat(length);
            assert!(is_ascii(&plain));
            for at in 0..=length {
                let mut text = plain.clone();
                text.insert(at, 'é');
                assert!(!is_ascii(&text), "{length} {at}");
            }
        }
    }

    fn read(bytes: &[u8], size: usize) -> Vec<(u64, String, bool)> {
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        let mut take = |line: &Line<'_>| out.push((line.number, line.text.to_owned(), line.is_cut));
        for chunk in bytes.chunks(size) {
            lines.push(chunk, &mut take);
        }
        lines.end(&mut take);
        out
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        let whole = read(bytes, bytes.len().max(1));
        for size in [1, 2, 3, 5, 7] {
            assert_eq!(read(bytes, size), whole, "chunks of {size}");
        }
        for (index, (number, ..)) in whole.iter().enumerate() {
            assert_eq!(*number, index as u64 + 1);
        }
        whole.into_iter().map(|(_, text, _)| text).collect()
    }

    #[test]
    fn lines_end_at_line_feeds_whatever_the_encoding() {
        let expected = ["one", "", "zwei ü", "half"];
        let text = "one\r\n\nzwei ü\nhalf";
        assert_eq!(texts(text.as_bytes()), expected);
        assert_eq!(texts(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), expected);
        let latin: Vec<u8> = text.chars().map(|character| character as u8).collect();
        assert_eq!(texts(&latin), expected);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(texts(&little), expected);
        assert_eq!(texts(&[b"\xff\xfe", little.as_slice()].concat()), expected);
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(texts(&big), expected);
        assert_eq!(texts(&[b"\xfe\xff", big.as_slice()].concat()), expected);
        assert_eq!(texts(b""), [""; 0]);
        assert_eq!(texts(b"a"), ["a"]);
        assert_eq!(texts(b"a\n"), ["a"]);
        assert_eq!(texts(b"\n\n"), ["", ""]);
    }

    #[test]
    fn a_line_without_end_is_cut_and_the_next_one_is_whole() {
        let cap = limits::TEXT_LINE_BYTES;
        let long = [vec![b'x'; cap + 10], b"\nnext\n".to_vec()].concat();
        for size in [4096, cap - 1, cap, cap + 11, long.len()] {
            let lines = read(&long, size);
            assert_eq!(lines.len(), 2, "chunks of {size}");
            assert_eq!((lines[0].1.len(), lines[0].2), (cap, true), "chunks of {size}");
            assert_eq!(lines[1], (2, "next".to_owned(), false));
        }
        // A character at the cap is left out, not broken.
        let long = [vec![b'x'; cap - 1], "üü".as_bytes().to_vec()].concat();
        assert_eq!(read(&long, 100)[0].1, "x".repeat(cap - 1));
    }

    #[test]
    fn texts_have_hardly_any_control_characters() {
        assert!(looks_like_text(b"837: NOT 09:13:17.561856 SECD: x\r\n"));
        assert!(looks_like_text(&[0xff, 0xfe, b'a', 0, b'\n', 0]));
        assert!(!looks_like_text(b""));
        assert!(!looks_like_text(&[1, 0, 2, 1, 2, 2, 0, 2]));
    }
}
