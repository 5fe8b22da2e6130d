//! A file compressed with gzip (RFC 1952), inflated as its chunks arrive. Several members one after another, as
//! `cat a.gz b.gz` makes them, are one file. Input is inflated in blocks of one size, so that what comes out, and
//! where damage is found, does not depend on the chunks.

use core::fmt;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::error::{ErrorKind, ParseError};
use crate::limits;

/// Bytes inflated at one time, and bytes that come out of them at one time.
const BLOCK: usize = 16 * 1024;
const WINDOW: usize = 64 * 1024;

/// Below this size inflation is of no concern.
const SMALL: u64 = 1024 * 1024;

/// Inflates a file.
pub struct Inflater {
    part: Part,
    flags: u8,
    inflate: Decompress,
    check: Crc,
    /// The eight bytes behind the compressed data: CRC-32 and length.
    trailer: u64,
    window: Vec<u8>,
    /// The beginning of the next block.
    block: Vec<u8>,
    taken: u64,
    given: u64,
    /// Why nothing more is read.
    stopped: Option<ParseError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Magic number, method, flags, time, flags, system: so many bytes were taken.
    Fixed(u8),
    /// So many of the two bytes of the length; the length so far.
    ExtraLength(u8, u16),
    Extra(u16),
    Name,
    Comment,
    HeaderCheck(u8),
    Body,
    Trailer(u8),
}

const FLAG_HEADER_CHECK: u8 = 2;
const FLAG_EXTRA: u8 = 4;
const FLAG_NAME: u8 = 8;
const FLAG_COMMENT: u8 = 16;

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater")
            .field("part", &self.part)
            .field("taken", &self.taken)
            .field("given", &self.given)
            .finish_non_exhaustive()
    }
}

impl Default for Inflater {
    fn default() -> Self {
        Self {
            part: Part::Fixed(0),
            flags: 0,
            inflate: Decompress::new(false),
            check: Crc::new(),
            trailer: 0,
            window: vec![0; WINDOW],
            block: Vec::with_capacity(BLOCK),
            taken: 0,
            given: 0,
            stopped: None,
        }
    }
}

impl Inflater {
    /// Takes the next bytes; `give` takes what comes out and tells whether it wants more.
    pub fn push(&mut self, chunk: &[u8], mut give: impl FnMut(&[u8]) -> bool) {
        let mut rest = chunk;
        while !rest.is_empty() && self.stopped.is_none() {
            let room = (BLOCK - self.block.len()).min(rest.len());
            let (part, behind) = rest.split_at_checked(room).unwrap_or((rest, &[]));
            self.block.extend_from_slice(part);
            rest = behind;
            if self.block.len() == BLOCK {
                self.take_block(&mut give);
            }
        }
    }

    /// No more bytes follow; what is wrong, if anything.
    pub fn end(&mut self, mut give: impl FnMut(&[u8]) -> bool) -> Option<ParseError> {
        self.take_block(&mut give);
        if self.part != Part::Fixed(0) && self.stopped.is_none() {
            self.stop("gzip", ErrorKind::Truncated { needed: 1, available: 0 });
        }
        self.stopped.clone()
    }

    fn take_block(&mut self, give: &mut impl FnMut(&[u8]) -> bool) {
        let mut block = core::mem::take(&mut self.block);
        let mut rest = block.as_slice();
        while !rest.is_empty() && self.stopped.is_none() {
            let step = if self.part == Part::Body {
                self.body(rest, give)
            } else {
                self.header(rest.first().copied().unwrap_or_default());
                1
            };
            self.taken = self.taken.saturating_add(step as u64);
            rest = rest.get(step..).unwrap_or_default();
        }
        block.clear();
        self.block = block;
    }

    fn stop(&mut self, field: &str, kind: ErrorKind) {
        self.stopped = Some(ParseError::new(self.taken, field, kind));
    }

    fn wrong(&mut self, field: &str, message: &str) {
        self.stop(field, ErrorKind::BadValue { message: message.to_owned() });
    }

    /// Inflates a part of `rest` and tells how many bytes of it were taken.
    fn body(&mut self, rest: &[u8], give: &mut impl FnMut(&[u8]) -> bool) -> usize {
        let (in_before, out_before) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(rest, &mut self.window, FlushDecompress::None);
        let taken = usize::try_from(self.inflate.total_in() - in_before).unwrap_or(rest.len());
        let made = usize::try_from(self.inflate.total_out() - out_before).unwrap_or(0);
        let plain = self.window.get(..made).unwrap_or_default();
        self.check.update(plain);
        self.given = self.given.saturating_add(made as u64);
        let wanted = plain.is_empty() || give(plain);
        match status {
            Ok(Status::StreamEnd) => {
                self.part = Part::Trailer(0);
                self.trailer = 0;
            }
            Ok(_) if taken == 0 && made == 0 => self.wrong("gzip", "goes neither on nor to an end"),
            Ok(_) if !wanted => self.wrong("gzip", "holds what is not read on"),
            Ok(_) => {}
            Err(_) => self.wrong("gzip", "holds compressed data that cannot be read"),
        }
        let seen = self.taken.saturating_add(rest.len() as u64);
        if self.given > SMALL && self.given / limits::CAPTURE_INFLATION > seen {
            self.stop("gzip", ErrorKind::TooLarge { limit: self.given });
        }
        taken
    }

    /// One byte that is no compressed data.
    fn header(&mut self, byte: u8) {
        self.part = match self.part {
            Part::Fixed(0) if byte == 0x1f => Part::Fixed(1),
            Part::Fixed(1) if byte == 0x8b => Part::Fixed(2),
            Part::Fixed(2) if byte == 8 => Part::Fixed(3),
            Part::Fixed(0..=2) => return self.wrong("gzip", "is followed by other bytes"),
            Part::Fixed(9) => self.behind(FLAG_EXTRA),
            Part::Fixed(taken) => {
                if taken == 3 {
                    self.flags = byte;
                }
                Part::Fixed(taken + 1)
            }
            Part::ExtraLength(0, _) => Part::ExtraLength(1, u16::from(byte)),
            Part::ExtraLength(_, low) => match low | (u16::from(byte) << 8) {
                0 => self.behind(FLAG_NAME),
                length => Part::Extra(length),
            },
            Part::Extra(1) => self.behind(FLAG_NAME),
            Part::Extra(left) => Part::Extra(left - 1),
            Part::Name if byte == 0 => self.behind(FLAG_COMMENT),
            Part::Comment if byte == 0 => self.behind(FLAG_HEADER_CHECK),
            Part::HeaderCheck(1) => Part::Body,
            Part::HeaderCheck(_) => Part::HeaderCheck(1),
            Part::Name | Part::Comment | Part::Body => self.part,
            Part::Trailer(taken) => {
                self.trailer |= u64::from(byte) << (8 * u32::from(taken));
                match taken {
                    7 => self.member_end(),
                    _ => Part::Trailer(taken + 1),
                }
            }
        };
    }

    /// The next part of the header, the first of those from `flag` on that this one has.
    fn behind(&self, flag: u8) -> Part {
        let parts = [
            (FLAG_EXTRA, Part::ExtraLength(0, 0)),
            (FLAG_NAME, Part::Name),
            (FLAG_COMMENT, Part::Comment),
            (FLAG_HEADER_CHECK, Part::HeaderCheck(0)),
        ];
        let from = parts.iter().skip_while(|(known, _)| *known != flag);
        from.into_iter()
            .find(|(known, _)| self.flags & known != 0)
            .map_or(Part::Body, |(_, part)| *part)
    }

    fn member_end(&mut self) -> Part {
        let expected = u64::from(self.check.sum()) | (u64::from(self.check.amount()) << 32);
        if self.trailer != expected {
            self.wrong("gzip", "has a checksum or a length that its data does not have");
        }
        self.check.reset();
        self.inflate.reset(false);
        Part::Fixed(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn compressed(plain: &[u8], named: bool) -> Vec<u8> {
        let builder = if named {
            GzBuilder::new().filename("a.pcap").comment("c").extra(vec![1, 2, 3])
        } else {
            GzBuilder::new()
        };
        let mut writer = builder.write(Vec::new(), Compression::default());
        writer.write_all(plain).unwrap();
        writer.finish().unwrap()
    }

    fn inflated(bytes: &[u8], chunk: usize) -> (Vec<u8>, Option<ParseError>) {
        let mut inflater = Inflater::default();
        let mut plain = Vec::new();
        let mut give = |part: &[u8]| {
            plain.extend_from_slice(part);
            true
        };
        for chunk in bytes.chunks(chunk) {
            inflater.push(chunk, &mut give);
        }
        let problem = inflater.end(&mut give);
        (plain, problem)
    }

    #[test]
    fn members_in_any_chunks_are_one_file() {
        let plain: Vec<u8> =
            (0..200_000_u32).flat_map(|n| n.wrapping_mul(n).to_le_bytes()).collect();
        let (head, tail) = plain.split_at(300_000);
        let file = [compressed(head, true), compressed(tail, false)].concat();
        for chunk in [1, 7, 1500, file.len()] {
            assert_eq!(inflated(&file, chunk), (plain.clone(), None), "chunks of {chunk}");
        }
    }

    #[test]
    fn damage_is_told_with_its_place() {
        let file = compressed(&[7; 1000], false);
        for length in 1..file.len() {
            assert!(inflated(&file[..length], 9).1.is_some(), "cut at {length}");
        }
        let mut wrong = file.clone();
        let last = wrong.len() - 1;
        wrong[last] ^= 1;
        assert_eq!(inflated(&wrong, 9).1.unwrap().at, last as u64);
        let trailing = [&file[..], b"x"].concat();
        assert_eq!(inflated(&trailing, 9), (vec![7; 1000], inflated(&trailing, 1).1));
    }

    #[test]
    fn a_bomb_ends_at_the_cap() {
        let file = compressed(&vec![0; 32 * 1024 * 1024], false);
        let (plain, problem) = inflated(&file, 512);
        assert!(plain.len() as u64 <= limits::CAPTURE_INFLATION * file.len() as u64 + SMALL);
        assert!(matches!(problem.unwrap().kind, ErrorKind::TooLarge { .. }));
    }
}
