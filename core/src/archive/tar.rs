//! tar: POSIX.1-2001 (ustar, pax) and GNU tar's long names. A header of 512 bytes, the file, zeros up to the next 512.

use super::{End, Facts, LeftOut, Member, Sink, damage, deliver, shown};
use crate::error::{ErrorKind, ParseError};
use crate::limits;

const RECORD: usize = 512;

/// Reads a tar archive.
#[derive(Debug, Default)]
pub(super) struct Tar {
    part: Part,
    /// The beginning of a header.
    header: Vec<u8>,
    /// Where the next byte stands.
    offset: u64,
    /// What headers of their own said of the next member.
    next: Announced,
    /// Text of such a header, up to a cap.
    text: Vec<u8>,
    /// What comes is no header: the last one that was looked for and not found was told already.
    lost: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Header,
    /// So many bytes of a member, then so many zeros.
    Data(u64, u64),
    /// So many bytes of a text about the next member, then zeros.
    Text(Text, u64, u64),
    /// Bytes that nobody reads.
    Skip(u64),
    /// More headers of a file with holes, then so many bytes that nobody reads.
    Sparse(u64),
    /// One block of zeros; a second one is the end.
    Zeros,
    /// The end mark was there.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Name,
    Pax,
}

#[derive(Debug, Default)]
struct Announced {
    name: Option<String>,
    size: Option<u64>,
    sparse: bool,
}

/// A header of tar stands here: its checksum holds, and it names something.
pub(super) fn looks_like_header(head: &[u8]) -> bool {
    head.get(..RECORD).is_some_and(|header| checksum_holds(header) && header.first() != Some(&0))
}

impl Tar {
    /// The next bytes; `at` is for [`Sink::data`].
    pub(super) fn take(&mut self, bytes: &[u8], at: u64, facts: &mut Facts, sink: &mut dyn Sink) {
        let mut rest = bytes;
        while !rest.is_empty() && facts.limit.is_none() && self.part != Part::Over {
            let step = self.step(rest, at, facts, sink);
            self.offset = self.offset.saturating_add(step as u64);
            rest = rest.get(step..).unwrap_or_default();
        }
    }

    /// No more bytes follow.
    pub(super) fn end(mut self, facts: &mut Facts, sink: &mut dyn Sink) {
        match self.part {
            Part::Data(..) if facts.limit.is_some() => {
                sink.end(End::Broken("the archive was not read on"));
            }
            Part::Data(left, _) => {
                let kind = ErrorKind::Truncated { needed: left, available: 0 };
                let error = ParseError::new(self.offset, "tar member", kind);
                sink.end(End::Broken(&error.to_string()));
                facts.problems.damage(error);
            }
            Part::Over => {}
            _ if facts.limit.is_some() || self.lost => {}
            _ => {
                self.header.clear();
                let kind = ErrorKind::Truncated { needed: RECORD as u64, available: 0 };
                facts.problems.damage(ParseError::new(self.offset, "end of the tar archive", kind));
            }
        }
    }

    /// Takes some bytes and tells how many, at least one.
    fn step(&mut self, rest: &[u8], at: u64, facts: &mut Facts, sink: &mut dyn Sink) -> usize {
        let some = |left: u64| usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        match self.part {
            Part::Header | Part::Zeros | Part::Sparse(_) => {
                let step = RECORD.saturating_sub(self.header.len()).min(rest.len());
                self.header.extend_from_slice(rest.get(..step).unwrap_or_default());
                if self.header.len() == RECORD {
                    let header = core::mem::take(&mut self.header);
                    let begins = self.offset.saturating_add(step as u64) - RECORD as u64;
                    self.part = self.header(&header, begins, at, facts, sink);
                    self.header = header;
                    self.header.clear();
                }
                step
            }
            Part::Data(left, padding) => {
                let step = some(left);
                deliver(rest.get(..step).unwrap_or_default(), at, facts, sink);
                if facts.limit.is_none() {
                    let left = left - step as u64;
                    self.part = Part::Data(left, padding);
                    if left == 0 {
                        sink.end(End::Whole);
                        self.part = Part::Skip(padding);
                        self.skip_nothing();
                    }
                }
                step
            }
            Part::Text(kind, left, padding) => {
                let step = some(left);
                let room = limits::ARCHIVE_HEADER.saturating_sub(self.text.len()).min(step);
                self.text.extend_from_slice(rest.get(..room).unwrap_or_default());
                let left = left - step as u64;
                self.part = Part::Text(kind, left, padding);
                if left == 0 {
                    self.announced(kind);
                    self.part = Part::Skip(padding);
                    self.skip_nothing();
                }
                step
            }
            Part::Skip(left) => {
                let step = some(left);
                self.part = Part::Skip(left - step as u64);
                self.skip_nothing();
                step
            }
            Part::Over => rest.len(),
        }
    }

    /// Nothing is left to step over.
    fn skip_nothing(&mut self) {
        if self.part == Part::Skip(0) {
            self.part = Part::Header;
        }
    }

    /// A whole header at `begins`; what follows it.
    fn header(
        &mut self,
        header: &[u8],
        begins: u64,
        at: u64,
        facts: &mut Facts,
        sink: &mut dyn Sink,
    ) -> Part {
        if let Part::Sparse(size) = self.part {
            // Of the extension headers of a file with holes only the mark that one more follows is of interest.
            return match header.get(504) {
                Some(0) | None => Part::Skip(size),
                Some(_) => Part::Sparse(size),
            };
        }
        if header.iter().all(|byte| *byte == 0) {
            return if self.part == Part::Zeros { Part::Over } else { Part::Zeros };
        }
        if !checksum_holds(header) {
            // The next header may be found further on.
            if !core::mem::replace(&mut self.lost, true) {
                damage(facts, begins, "tar header", "has a checksum that its bytes do not have");
            }
            return Part::Header;
        }
        self.lost = false;
        let next = core::mem::take(&mut self.next);
        let own = number(header.get(124..136).unwrap_or_default());
        let kind = header.get(156).copied().unwrap_or_default();
        let Some(size) = next.size.filter(|_| !matches!(kind, b'x' | b'g' | b'L' | b'K')).or(own)
        else {
            damage(facts, begins, "tar header", "has a size that is no number");
            return Part::Header;
        };
        let padding = size.wrapping_neg() % RECORD as u64;
        let name = next.name.clone().unwrap_or_else(|| path(header));
        match kind {
            // Told of the member that follows.
            b'L' | b'x' => {
                self.next = next;
                self.text.clear();
                let kind = if kind == b'L' { Text::Name } else { Text::Pax };
                if size == 0 { Part::Header } else { Part::Text(kind, size, padding) }
            }
            b'K' | b'g' => {
                self.next = next;
                skip(size, padding)
            }
            b'0' | 0 | b'7' if name.ends_with('/') => skip(size, padding),
            b'0' | 0 | b'7' if next.sparse => {
                facts.leave_out(begins, name, LeftOut::Sparse);
                skip(size, padding)
            }
            b'0' | 0 | b'7' => {
                if let Err(limit) = sink.begin(Member { offset: begins, name }) {
                    facts.limit = Some((limit, at));
                    return Part::Over;
                }
                if size == 0 {
                    sink.end(End::Whole);
                    return Part::Header;
                }
                Part::Data(size, padding)
            }
            b'5' => Part::Header,
            b'1' | b'2' | b'3' | b'4' | b'6' => {
                facts.leave_out(begins, name, LeftOut::Special);
                Part::Header
            }
            b'S' => {
                facts.leave_out(begins, name, LeftOut::Sparse);
                let size = size.saturating_add(padding);
                match header.get(482) {
                    Some(0) | None => skip(size, 0),
                    Some(_) => Part::Sparse(size),
                }
            }
            _ => {
                facts.leave_out(begins, name, LeftOut::Special);
                skip(size, padding)
            }
        }
    }

    /// A text about the next member is complete.
    fn announced(&mut self, kind: Text) {
        let text = core::mem::take(&mut self.text);
        match kind {
            Text::Name => {
                let name = text.split(|byte| *byte == 0).next().unwrap_or_default();
                self.next.name = Some(shown(&String::from_utf8_lossy(name)));
            }
            Text::Pax => self.pax(&text),
        }
    }

    /// Records of the form `length key=value\n` (POSIX.1-2001, pax extended header).
    fn pax(&mut self, mut text: &[u8]) {
        while let Some(space) =
            memchr::memchr(b' ', text.get(..text.len().min(20)).unwrap_or_default())
        {
            let length = text.get(..space).and_then(|digits| core::str::from_utf8(digits).ok());
            let Some(length) = length.and_then(|digits| digits.parse::<usize>().ok()) else {
                return;
            };
            let Some(record) = text.get(space + 1..length) else { return };
            text = text.get(length..).unwrap_or_default();
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            let Some(equals) = memchr::memchr(b'=', record) else { continue };
            let (key, value) = record.split_at_checked(equals).unwrap_or((record, &[]));
            let value = String::from_utf8_lossy(value.get(1..).unwrap_or_default());
            match key {
                b"path" => self.next.name = Some(shown(&value)),
                b"GNU.sparse.name" => {
                    self.next.name = Some(shown(&value));
                    self.next.sparse = true;
                }
                b"GNU.sparse.map" | b"GNU.sparse.major" => self.next.sparse = true,
                b"size" => self.next.size = value.parse().ok(),
                _ => {}
            }
        }
    }
}

fn skip(size: u64, padding: u64) -> Part {
    match size.saturating_add(padding) {
        0 => Part::Header,
        bytes => Part::Skip(bytes),
    }
}

/// Prefix and name of a header.
fn path(header: &[u8]) -> String {
    let text = |from: usize, to: usize| {
        let field = header.get(from..to).unwrap_or_default();
        let end = memchr::memchr(0, field).unwrap_or(field.len());
        String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
    };
    let name = text(0, 100);
    // GNU tar keeps times where POSIX has the prefix; its magic ends in two spaces.
    let prefix = match header.get(257..263) {
        Some(b"ustar\0") => text(345, 500),
        _ => String::new(),
    };
    if prefix.is_empty() { shown(&name) } else { shown(&format!("{prefix}/{name}")) }
}

/// The sum of all bytes, those of the checksum taken as spaces. Old programs added signed bytes.
fn checksum_holds(header: &[u8]) -> bool {
    let Some(stored) = number(header.get(148..156).unwrap_or_default()) else { return false };
    let (mut sum, mut signed) = (0_i64, 0_i64);
    for (index, byte) in header.iter().enumerate() {
        let byte = if (148..156).contains(&index) { b' ' } else { *byte };
        sum += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    i64::try_from(stored).is_ok_and(|stored| stored == sum || stored == signed)
}

/// A number in octal digits, or, with the highest bit set, in base 256 (GNU tar).
fn number(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|first| *first == 0x80) {
        let (high, low) = field.get(1..)?.split_last_chunk::<8>()?;
        return high.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(*low));
    }
    let text = field.split(|byte| *byte == 0).next()?.trim_ascii();
    let mut value = 0_u64;
    for digit in text {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 8)?;
        value = value.checked_mul(8)?.checked_add(u64::from(digit))?;
    }
    (!text.is_empty()).then_some(value)
}
