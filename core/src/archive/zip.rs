//! zip (PKWARE's APPNOTE 6.3.10): local headers with their members as they come, and the central directory at the end,
//! against which they are held. What was removed but still stands in the file is read too, and said.

use std::collections::BTreeMap;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{End, Facts, LeftOut, Limit, Member, Sink, damage, deliver, shown};
use crate::error::{ErrorKind, ParseError};
use crate::limits;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const ONE_PART: u32 = 0x3030_4b50;
const EXTRA_DATA: u32 = 0x0806_4b50;
const SIGNATURE: u32 = 0x0505_4b50;

/// Flags of APPNOTE 4.4.4.
const FLAG_ENCRYPTED: u16 = 1;
const FLAG_DESCRIPTOR: u16 = 8;
const FLAG_UTF8: u16 = 0x0800;

/// Methods of APPNOTE 4.4.5; 99 marks encryption with AES.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const AES: u16 = 99;

/// A value that stands in the zip64 extra field instead.
const ELSEWHERE: u32 = 0xffff_ffff;

/// Bytes that come out of inflating at one time.
const WINDOW: usize = 64 * 1024;

/// The longest data descriptor: mark, CRC-32, two sizes of eight bytes.
const DESCRIPTOR_LENGTH: usize = 24;

/// Reads a zip archive.
pub(super) struct Zip {
    part: Part,
    /// Bytes that came and are not taken.
    held: Vec<u8>,
    /// Where they stand.
    offset: u64,
    current: Option<Current>,
    inflate: Decompress,
    window: Vec<u8>,
    /// By the offset of the local header, what was seen there; the directory takes them out.
    seen: BTreeMap<u64, Seen>,
    /// The directory was there.
    listed: bool,
    /// No header stood where one should, and that was told.
    lost: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Header,
    /// So many packed bytes of a member; `None` when the data itself says where it ends.
    Packed(Option<u64>),
    /// So many plain bytes of a member; `None` when its descriptor says where it ends.
    Plain(Option<u64>),
    Descriptor,
    /// So many bytes that nobody reads.
    Skip(u64),
    /// The next header is looked for.
    Search,
    Over,
}

/// The member that is read.
#[derive(Debug)]
struct Current {
    begins: u64,
    crc: Crc,
    packed: u64,
    plain: u64,
    /// CRC-32 and sizes as the header has them, where no descriptor follows.
    announced: Option<Sizes>,
    /// It is handed out.
    taken: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sizes {
    crc: u32,
    packed: u64,
    plain: u64,
}

/// A member that came; sizes where it was read.
#[derive(Debug)]
struct Seen {
    name: String,
    sizes: Option<Sizes>,
}

impl core::fmt::Debug for Zip {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Zip")
            .field("part", &self.part)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

impl Default for Zip {
    fn default() -> Self {
        Self {
            part: Part::Header,
            held: Vec::new(),
            offset: 0,
            current: None,
            inflate: Decompress::new(false),
            window: vec![0; WINDOW],
            seen: BTreeMap::new(),
            listed: false,
            lost: false,
        }
    }
}

impl Current {
    fn sizes(&self) -> Sizes {
        Sizes { crc: self.crc.sum(), packed: self.packed, plain: self.plain }
    }
}

impl Zip {
    /// The next bytes; `at` is for [`Sink::data`].
    pub(super) fn take(&mut self, bytes: &[u8], at: u64, facts: &mut Facts, sink: &mut dyn Sink) {
        self.held.extend_from_slice(bytes);
        self.work(false, at, facts, sink);
    }

    /// No more bytes follow.
    pub(super) fn end(mut self, facts: &mut Facts, sink: &mut dyn Sink) {
        let at = self.offset.saturating_add(self.held.len() as u64);
        self.work(true, at, facts, sink);
        let current = self.current.take();
        if facts.limit.is_some() {
            if current.is_some_and(|current| current.taken) {
                sink.end(End::Broken("the archive was not read on"));
            }
            return;
        }
        let kind = ErrorKind::Truncated { needed: 1, available: 0 };
        if let Some(current) = current {
            let error = ParseError::new(at, "zip member", kind);
            if current.taken {
                sink.end(End::Broken(&error.to_string()));
            }
            facts.problems.damage(error);
        } else if self.part != Part::Over {
            facts.problems.damage(ParseError::new(at, "end of the zip archive", kind));
        }
        if self.listed {
            for (begins, seen) in self.seen {
                let message = format!("holds {}, which the directory does not list", seen.name);
                facts.problems.odd(begins, "zip archive", message);
            }
        }
    }

    fn work(&mut self, last: bool, at: u64, facts: &mut Facts, sink: &mut dyn Sink) {
        let mut held = core::mem::take(&mut self.held);
        let mut taken = 0;
        while facts.limit.is_none() {
            let rest = held.get(taken..).unwrap_or_default();
            let Some(step) = self.step(rest, last, at, facts, sink) else { break };
            let step = step.min(rest.len());
            taken += step;
            self.offset = self.offset.saturating_add(step as u64);
        }
        held.drain(..taken);
        self.held = held;
    }

    /// Takes some bytes and tells how many, 0 when only the part has changed; `None` when more are needed. `last` says that
    /// there are none.
    fn step(
        &mut self,
        rest: &[u8],
        last: bool,
        at: u64,
        facts: &mut Facts,
        sink: &mut dyn Sink,
    ) -> Option<usize> {
        let some = |left: u64| usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
        if rest.is_empty() {
            return None;
        }
        match self.part {
            Part::Header => self.header(rest, at, facts, sink),
            Part::Skip(left) => {
                let step = some(left);
                let left = left - step as u64;
                self.part = match (left, &self.current) {
                    (0, None) => Part::Header,
                    (0, Some(_)) => Part::Descriptor,
                    _ => Part::Skip(left),
                };
                Some(step)
            }
            Part::Plain(Some(left)) => {
                let step = some(left);
                self.plain(rest.get(..step).unwrap_or_default(), at, facts, sink);
                let left = left - step as u64;
                self.part = Part::Plain(Some(left));
                if left == 0 && facts.limit.is_none() {
                    self.data_end(facts, sink);
                }
                Some(step)
            }
            Part::Plain(None) => self.plain_open(rest, last, at, facts, sink),
            Part::Packed(left) => {
                let part = rest.get(..left.map_or(rest.len(), some)).unwrap_or_default();
                let (step, outcome) = self.packed(part, at, facts, sink);
                let left = left.map(|left| left - step as u64);
                self.part = Part::Packed(left);
                if facts.limit.is_none() {
                    self.packed_end(left, outcome, facts, sink);
                }
                Some(step)
            }
            Part::Descriptor => {
                if rest.len() < DESCRIPTOR_LENGTH && !last {
                    return None;
                }
                Some(self.descriptor(rest, facts, sink))
            }
            Part::Search => {
                let found = memchr::memmem::find_iter(rest, b"PK").find(|place| {
                    matches!(
                        rest.get(place + 2..place + 4),
                        Some([3, 4] | [1, 2] | [5, 6] | [6, 6])
                    )
                });
                match found {
                    Some(place) => {
                        self.part = Part::Header;
                        Some(place)
                    }
                    None if last => Some(rest.len()),
                    None => Some(rest.len().saturating_sub(3)).filter(|step| *step > 0),
                }
            }
            Part::Over => Some(rest.len()),
        }
    }

    /// A header, of which `None` needs more.
    fn header(
        &mut self,
        rest: &[u8],
        at: u64,
        facts: &mut Facts,
        sink: &mut dyn Sink,
    ) -> Option<usize> {
        let fields = Fields(rest);
        let length = |from: usize| fields.u16(from).map(usize::from);
        match fields.u32(0)? {
            LOCAL => {
                let name = rest.get(30..30 + length(26)?)?;
                let behind = 30 + name.len();
                let extra = rest.get(behind..behind + length(28)?)?;
                self.local(&fields, name, extra, at, facts, sink);
                Some(behind + extra.len())
            }
            CENTRAL => {
                let name = rest.get(46..46 + length(28)?)?;
                let behind = 46 + name.len();
                let extra = rest.get(behind..behind + length(30)?)?;
                let whole = behind + extra.len() + length(32)?;
                rest.get(..whole)?;
                self.central(&fields, name, extra, facts);
                Some(whole)
            }
            END => {
                let whole = 22 + length(20)?;
                rest.get(..whole)?;
                self.listed = true;
                self.part = Part::Over;
                Some(whole)
            }
            END_64 => self.skip(12, fields.u64(4)?),
            LOCATOR_64 => self.skip(20, 0),
            EXTRA_DATA => self.skip(8, u64::from(fields.u32(4)?)),
            SIGNATURE => self.skip(6, u64::from(fields.u16(4)?)),
            DESCRIPTOR | ONE_PART if self.offset == 0 => self.skip(4, 0),
            _ => {
                if !core::mem::replace(&mut self.lost, true) {
                    damage(facts, self.offset, "zip archive", "has no header where one must stand");
                }
                self.part = Part::Search;
                Some(0)
            }
        }
    }

    /// Steps over a header and what follows it.
    fn skip(&mut self, header: usize, more: u64) -> Option<usize> {
        let bytes = more.saturating_add(header as u64);
        self.part = Part::Skip(bytes);
        Some(0)
    }

    /// A member begins.
    fn local(
        &mut self,
        fields: &Fields<'_>,
        name: &[u8],
        extra: &[u8],
        at: u64,
        facts: &mut Facts,
        sink: &mut dyn Sink,
    ) {
        let begins = self.offset;
        let flags = fields.u16(6).unwrap_or_default();
        let method = fields.u16(8).unwrap_or_default();
        let crc = fields.u32(14).unwrap_or_default();
        let sizes = [22, 18].map(|from| fields.u32(from).unwrap_or_default());
        let [plain, packed] = wide(sizes, extra);
        let name = text(name, flags & FLAG_UTF8 != 0);
        self.lost = false;
        if self.seen.len() >= limits::ARCHIVE_MEMBERS {
            facts.limit = Some((Limit::Members, at));
            return;
        }
        self.seen.insert(begins, Seen { name: name.clone(), sizes: None });
        let described = flags & FLAG_DESCRIPTOR != 0;
        let why = if flags & FLAG_ENCRYPTED != 0 || method == AES {
            Some(LeftOut::Encrypted)
        } else if !matches!(method, STORED | DEFLATED) {
            Some(LeftOut::Method(method))
        } else {
            None
        };
        let is_folder = name.ends_with('/') || name.ends_with('\\');
        let mut taken = false;
        if let Some(why) = why {
            facts.leave_out(begins, name, why);
        } else if !is_folder && !is_resource_fork(&name) {
            if let Err(limit) = sink.begin(Member { offset: begins, name }) {
                facts.limit = Some((limit, at));
                return;
            }
            taken = true;
        }
        let announced = (!described).then_some(Sizes { crc, packed, plain });
        let current = Current { begins, crc: Crc::new(), packed: 0, plain: 0, announced, taken };
        // Sizes stand behind the member only where the one who wrote could not go back.
        let known = (!described || packed > 0).then_some(packed);
        self.current = Some(current);
        if why.is_some() {
            if !described {
                self.current = None;
            }
            self.part = match known {
                Some(0) => Part::Header,
                Some(packed) => Part::Skip(packed),
                None => {
                    self.current = None;
                    Part::Search
                }
            };
            return;
        }
        self.inflate.reset(false);
        self.part = match method {
            DEFLATED => Part::Packed(known),
            _ => Part::Plain(known),
        };
        if known == Some(0) {
            match method {
                DEFLATED => self.packed_end(known, Inflated::More, facts, sink),
                _ => self.data_end(facts, sink),
            }
        }
    }

    /// Plain bytes of the member.
    fn plain(&mut self, bytes: &[u8], at: u64, facts: &mut Facts, sink: &mut dyn Sink) {
        let Some(current) = &mut self.current else { return };
        current.packed = current.packed.saturating_add(bytes.len() as u64);
        current.plain = current.plain.saturating_add(bytes.len() as u64);
        current.crc.update(bytes);
        if current.taken {
            deliver(bytes, at, facts, sink);
        }
    }

    /// Plain bytes of a member that ends at its descriptor.
    fn plain_open(
        &mut self,
        rest: &[u8],
        last: bool,
        at: u64,
        facts: &mut Facts,
        sink: &mut dyn Sink,
    ) -> Option<usize> {
        let step = match memchr::memmem::find(rest, &DESCRIPTOR.to_le_bytes()) {
            Some(0) => {
                let sizes = self.current.as_ref()?.sizes();
                if descriptor_length(rest, sizes)
                    .is_some_and(|_| rest.len() >= DESCRIPTOR_LENGTH || last)
                {
                    self.part = Part::Descriptor;
                    return Some(0);
                }
                // Half a descriptor at the end of a cut archive is no data.
                if rest.len() < DESCRIPTOR_LENGTH {
                    return None;
                }
                4
            }
            Some(place) => place,
            None if last => rest.len(),
            None => rest.len().saturating_sub(3),
        };
        if step == 0 {
            return None;
        }
        self.plain(rest.get(..step).unwrap_or_default(), at, facts, sink);
        Some(step)
    }

    /// Inflates a part of the member: the bytes taken, and how it goes on.
    fn packed(
        &mut self,
        bytes: &[u8],
        at: u64,
        facts: &mut Facts,
        sink: &mut dyn Sink,
    ) -> (usize, Inflated) {
        let Some(current) = &mut self.current else { return (bytes.len(), Inflated::Broken) };
        let mut taken = 0;
        loop {
            let rest = bytes.get(taken..).unwrap_or_default();
            let (in_before, out_before) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(rest, &mut self.window, FlushDecompress::None);
            let step = usize::try_from(self.inflate.total_in() - in_before).unwrap_or(rest.len());
            let made = usize::try_from(self.inflate.total_out() - out_before).unwrap_or_default();
            let plain = self.window.get(..made).unwrap_or_default();
            taken += step;
            current.packed = current.packed.saturating_add(step as u64);
            current.plain = current.plain.saturating_add(made as u64);
            current.crc.update(plain);
            if current.taken {
                deliver(plain, at, facts, sink);
            }
            match status {
                Ok(Status::StreamEnd) => return (taken, Inflated::End),
                Err(_) => return (taken, Inflated::Broken),
                Ok(_) if step == 0 && made == 0 && !rest.is_empty() => {
                    return (taken, Inflated::Broken);
                }
                // What is made may not fit into the window at one time.
                Ok(_) if facts.limit.is_none() && (made > 0 || step < rest.len()) => {}
                Ok(_) => return (taken, Inflated::More),
            }
        }
    }

    /// After a part of a packed member, of which `left` bytes follow.
    fn packed_end(
        &mut self,
        left: Option<u64>,
        outcome: Inflated,
        facts: &mut Facts,
        sink: &mut dyn Sink,
    ) {
        match (outcome, left) {
            (Inflated::End, None | Some(0)) => self.data_end(facts, sink),
            (Inflated::More, None | Some(1..)) => {}
            _ => {
                self.break_member("holds compressed data that cannot be read", facts, sink);
                self.part = match left {
                    None => {
                        self.current = None;
                        self.lost = true;
                        Part::Search
                    }
                    Some(0) => self.behind(),
                    Some(left) => Part::Skip(left),
                };
            }
        }
    }

    /// What stands behind the data of the member.
    fn behind(&mut self) -> Part {
        match &self.current {
            Some(current) if current.announced.is_none() => Part::Descriptor,
            _ => {
                self.current = None;
                Part::Header
            }
        }
    }

    /// The data of the member is complete.
    fn data_end(&mut self, facts: &mut Facts, sink: &mut dyn Sink) {
        let Some(current) = &self.current else { return };
        if let Some(announced) = current.announced {
            let holds = announced == current.sizes();
            self.member_end(holds, facts, sink);
        }
        self.part = self.behind();
    }

    /// A data descriptor, or what stands where one must; its length.
    fn descriptor(&mut self, rest: &[u8], facts: &mut Facts, sink: &mut dyn Sink) -> usize {
        let Some(current) = &self.current else {
            self.part = Part::Header;
            return 0;
        };
        let fits = descriptor_length(rest, current.sizes());
        // One that was not read to its end was told already, or was never read.
        if current.taken || current.packed > 0 {
            self.member_end(fits.is_some(), facts, sink);
        }
        self.current = None;
        self.part = Part::Header;
        let marked = rest.starts_with(&DESCRIPTOR.to_le_bytes());
        let lengths = if marked { [16, 24] } else { [12, 20] };
        let followed = || {
            let next =
                |length: &&usize| rest.get(**length..).is_some_and(|next| next.starts_with(b"PK"));
            lengths.iter().find(next).or(lengths.first()).copied().unwrap_or_default()
        };
        fits.unwrap_or_else(followed)
    }

    /// The member has ended, and its checksum and sizes hold or not.
    fn member_end(&mut self, holds: bool, facts: &mut Facts, sink: &mut dyn Sink) {
        if !holds {
            let message = "has a checksum or a length that its data does not have";
            self.break_member(message, facts, sink);
            return;
        }
        let Some(current) = &mut self.current else { return };
        if core::mem::take(&mut current.taken) {
            sink.end(End::Whole);
        }
        let sizes = current.sizes();
        if let Some(seen) = self.seen.get_mut(&current.begins) {
            seen.sizes = Some(sizes);
        }
    }

    /// The member is damaged.
    fn break_member(&mut self, message: &str, facts: &mut Facts, sink: &mut dyn Sink) {
        let Some(current) = &mut self.current else { return };
        damage(facts, current.begins, "zip member", message);
        if core::mem::take(&mut current.taken) {
            sink.end(End::Broken(message));
        }
        // Nothing is left to be checked.
        current.packed = 0;
    }

    /// An entry of the directory.
    fn central(&mut self, fields: &Fields<'_>, name: &[u8], extra: &[u8], facts: &mut Facts) {
        let flags = fields.u16(8).unwrap_or_default();
        let crc = fields.u32(16).unwrap_or_default();
        let sizes = [24, 20, 42].map(|from| fields.u32(from).unwrap_or_default());
        let [plain, packed, place] = wide(sizes, extra);
        let name = text(name, flags & FLAG_UTF8 != 0);
        self.listed = true;
        self.lost = false;
        let at = self.offset;
        match self.seen.remove(&place) {
            None => {
                let message = format!("lists {name} at {place}, where no member begins");
                damage(facts, at, "zip directory", &message);
            }
            Some(seen) => {
                if seen.name != name {
                    let message = format!("calls {name} what calls itself {}", seen.name);
                    facts.problems.odd(at, "zip directory", message);
                }
                if seen.sizes.is_some_and(|sizes| sizes != Sizes { crc, packed, plain }) {
                    let message = format!("has another checksum or size for {name}");
                    damage(facts, at, "zip directory", &message);
                }
            }
        }
    }
}

/// How inflating went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inflated {
    More,
    End,
    Broken,
}

/// The length of the data descriptor at the beginning of `bytes` that says these sizes; it may have a mark, and sizes of
/// four or eight bytes.
fn descriptor_length(bytes: &[u8], sizes: Sizes) -> Option<usize> {
    let short = u32::try_from(sizes.packed).ok().zip(u32::try_from(sizes.plain).ok());
    let short = short.map(|(packed, plain)| [packed.to_le_bytes(), plain.to_le_bytes()].concat());
    let long = [sizes.packed.to_le_bytes(), sizes.plain.to_le_bytes()].concat();
    let crc = sizes.crc.to_le_bytes();
    let mark = DESCRIPTOR.to_le_bytes();
    // The longer ones first: a short one of zeros is the beginning of a long one.
    for mark in [mark.as_slice(), &[]] {
        for sizes in [Some(&long), short.as_ref()].into_iter().flatten() {
            let whole = [mark, crc.as_slice(), sizes.as_slice()].concat();
            if bytes.starts_with(&whole) {
                return Some(whole.len());
            }
        }
    }
    None
}

/// Numbers of 32 bits, those that stand in the zip64 extra field (APPNOTE 4.5.3) taken from there.
fn wide<const N: usize>(short: [u32; N], extra: &[u8]) -> [u64; N] {
    let mut values = zip64(extra);
    short.map(|value| {
        let elsewhere = if value == ELSEWHERE { values.split_first_chunk::<8>() } else { None };
        match elsewhere {
            Some((wide, rest)) => {
                values = rest;
                u64::from_le_bytes(*wide)
            }
            None => u64::from(value),
        }
    })
}

/// The content of the zip64 extra field.
fn zip64(mut extra: &[u8]) -> &[u8] {
    loop {
        let fields = Fields(extra);
        let (Some(tag), Some(length)) = (fields.u16(0), fields.u16(2)) else { return &[] };
        let end = 4 + usize::from(length);
        let Some(value) = extra.get(4..end) else { return &[] };
        if tag == 1 {
            return value;
        }
        extra = extra.get(end..).unwrap_or_default();
    }
}

/// Numbers of a header, little-endian.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn bytes<const N: usize>(&self, from: usize) -> Option<[u8; N]> {
        self.0.get(from..)?.first_chunk().copied()
    }

    fn u16(&self, from: usize) -> Option<u16> {
        self.bytes(from).map(u16::from_le_bytes)
    }

    fn u32(&self, from: usize) -> Option<u32> {
        self.bytes(from).map(u32::from_le_bytes)
    }

    fn u64(&self, from: usize) -> Option<u64> {
        self.bytes(from).map(u64::from_le_bytes)
    }
}

/// What macOS keeps beside each file, which is no file of the user's.
fn is_resource_fork(name: &str) -> bool {
    name.starts_with("__MACOSX/")
}

/// A name: UTF-8 where the flag says so or the bytes are, else code page 437 (APPNOTE appendix D).
fn text(name: &[u8], is_utf8: bool) -> String {
    match core::str::from_utf8(name) {
        Ok(text) => shown(text),
        Err(_) if is_utf8 => shown(&String::from_utf8_lossy(name)),
        Err(_) => shown(&name.iter().map(|byte| code_page_437(*byte)).collect::<String>()),
    }
}

fn code_page_437(byte: u8) -> char {
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    match byte.checked_sub(128) {
        None => char::from(byte),
        Some(upper) => UPPER.chars().nth(usize::from(upper)).unwrap_or('\u{fffd}'),
    }
}
