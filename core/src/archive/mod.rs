//! Archives while their bytes come: zip, tar, gzip, and tar in gzip.
//!
//! An [`Archive`] is pushed the bytes of the file in chunks of any size and hands the bytes of each member to a [`Sink`] as
//! they come out; it keeps a few kilobytes, never a member. What a member is, is not decided here. The crates for zip and tar
//! want to read and seek in a file, which a stream is not, so the framing is read here; inflating is flate2's.
//!
//! Bytes are worked on in blocks of one size, so that neither what comes out of a damaged archive nor where it was
//! given up depends on the chunks.

pub mod bundle;
mod tar;
mod zip;

use serde::{Deserialize, Serialize};

use crate::capture::gzip::Inflater;
use crate::error::{ErrorKind, ParseError};
use crate::tlv::field::Problems;

/// Bytes that are worked on at one time.
const BLOCK: usize = 16 * 1024;

/// How an archive is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Format {
    /// RFC 1952, with one file in it.
    Gzip,
    /// POSIX ustar and pax, and what GNU tar writes.
    Tar,
    /// tar, packed with gzip.
    TarGzip,
    /// PKWARE's APPNOTE.
    Zip,
    /// An archive that is recognised and not opened: its usual name.
    Other(Unopened),
}

/// Archives that are not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unopened {
    /// bzip2.
    Bzip2,
    /// RAR.
    Rar,
    /// 7-Zip.
    SevenZip,
    /// xz.
    Xz,
    /// Zstandard.
    Zstandard,
}

impl Format {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Tar => "tar",
            Self::TarGzip => "tar.gz",
            Self::Zip => "zip",
            Self::Other(Unopened::Bzip2) => "bzip2",
            Self::Other(Unopened::Rar) => "rar",
            Self::Other(Unopened::SevenZip) => "7z",
            Self::Other(Unopened::Xz) => "xz",
            Self::Other(Unopened::Zstandard) => "zstd",
        }
    }
}

/// Bytes by which an archive is told; of gzip the first two are enough.
pub const HEAD: usize = 512;

/// The archive that begins with these bytes, up to [`HEAD`] of them. A gzip file may hold anything: see [`gzip_head`].
pub fn looks_like(head: &[u8]) -> Option<Format> {
    match head {
        [0x1f, 0x8b, ..] => Some(Format::Gzip),
        // A member, the end of an empty archive, the mark of one that was to be split.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Format::Zip),
        [b'P', b'K', 7, 8, b'P', b'K', 3, 4, ..]
        | [b'P', b'K', b'0', b'0', b'P', b'K', 3, 4, ..] => Some(Format::Zip),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => {
            Some(Format::Other(Unopened::Bzip2))
        }
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Some(Format::Other(Unopened::Rar)),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Format::Other(Unopened::SevenZip)),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Format::Other(Unopened::Xz)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Format::Other(Unopened::Zstandard)),
        _ if tar::looks_like_header(head) => Some(Format::Tar),
        _ => None,
    }
}

/// The first bytes that come out of the beginning of a gzip file, up to [`HEAD`]; fewer where the file ends, is damaged, or
/// more of it is needed.
pub fn gzip_head(packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut inflater = Inflater::default();
    let mut give = |bytes: &[u8]| {
        let room = HEAD.saturating_sub(plain.len()).min(bytes.len());
        plain.extend_from_slice(bytes.get(..room).unwrap_or_default());
        plain.len() < HEAD
    };
    inflater.push(packed, &mut give);
    inflater.end(&mut give);
    plain
}

/// A member as its archive announces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Offset of its header in the archive, of what comes out of gzip for a tar in it.
    pub offset: u64,
    /// Its path as the archive writes it: shown, and never used as a path. Control characters are replaced.
    pub name: String,
}

/// How a member ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End<'a> {
    /// All its bytes came, and its checksum holds where there is one.
    Whole,
    /// It could not be read to its end: why.
    Broken(&'a str),
}

/// Takes members.
pub trait Sink {
    /// The next member begins.
    ///
    /// # Errors
    /// The cap that forbids to read on.
    fn begin(&mut self, member: Member) -> Result<(), Limit>;

    /// The next bytes of the member. `at` is how many bytes of the archive had come, rounded up to a block.
    ///
    /// # Errors
    /// The cap that forbids to read on.
    fn data(&mut self, bytes: &[u8], at: u64) -> Result<(), Limit>;

    /// The member has ended.
    fn end(&mut self, end: End<'_>);
}

/// Why a member was not handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LeftOut {
    /// Under a password.
    Encrypted,
    /// Packed by a method that is not read: its number in APPNOTE 4.4.5.
    Method(u16),
    /// A file with holes (GNU tar).
    Sparse,
    /// A link, a device, or a pipe.
    Special,
}

/// What an archive tells beside its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// How it is made.
    pub format: Format,
    /// Members that were not handed out: where, their names, and why; the first ones.
    pub left_out: Vec<(u64, String, LeftOut)>,
    /// How many more there were.
    pub more_left_out: u64,
    /// What is wrong or odd.
    pub problems: Problems,
    /// The cap that ended the reading, and where.
    pub limit: Option<(Limit, u64)>,
}

/// Caps of archives, which a bomb meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Limit {
    /// [`crate::limits::ARCHIVE_BYTES`].
    Bytes,
    /// [`crate::limits::ARCHIVE_DEPTH`].
    Depth,
    /// [`crate::limits::ARCHIVE_INFLATION`].
    Inflation,
    /// [`crate::limits::ARCHIVE_MEMBERS`].
    Members,
}

impl Facts {
    fn new(format: Format) -> Self {
        Self {
            format,
            left_out: Vec::new(),
            more_left_out: 0,
            problems: Problems::default(),
            limit: None,
        }
    }

    fn leave_out(&mut self, offset: u64, name: String, why: LeftOut) {
        if self.left_out.len() < crate::limits::PROBLEMS_PER_INPUT {
            self.left_out.push((offset, name, why));
        } else {
            self.more_left_out = self.more_left_out.saturating_add(1);
        }
    }
}

/// Reads an archive.
#[derive(Debug)]
pub struct Archive {
    block: Vec<u8>,
    /// Bytes of the blocks before this one.
    offset: u64,
    facts: Facts,
    framing: Framing,
}

#[derive(Debug)]
enum Framing {
    Gzip { inflater: Box<Inflater>, inner: Inner, name: String },
    Tar(Box<tar::Tar>),
    Zip(Box<zip::Zip>),
    Closed,
}

/// What comes out of gzip.
#[derive(Debug)]
enum Inner {
    /// Not known yet.
    Head(Vec<u8>),
    File,
    Tar(Box<tar::Tar>),
}

impl Archive {
    /// An archive that was told by [`looks_like`]. `name` is the file's own, from which that of the one file in gzip is made.
    pub fn new(format: Format, name: &str) -> Self {
        let framing = match format {
            Format::Gzip | Format::TarGzip => Framing::Gzip {
                inflater: Box::default(),
                inner: Inner::Head(Vec::new()),
                name: unpacked_name(name),
            },
            Format::Tar => Framing::Tar(Box::default()),
            Format::Zip => Framing::Zip(Box::default()),
            Format::Other(_) => Framing::Closed,
        };
        Self { block: Vec::new(), offset: 0, facts: Facts::new(format), framing }
    }

    /// An archive that is not opened, because it stands in too many others.
    pub fn too_deep(format: Format) -> Self {
        let facts = Facts { limit: Some((Limit::Depth, 0)), ..Facts::new(format) };
        Self { block: Vec::new(), offset: 0, facts, framing: Framing::Closed }
    }

    /// The next bytes, of any number.
    pub fn push(&mut self, chunk: &[u8], sink: &mut dyn Sink) {
        let mut rest = chunk;
        while !rest.is_empty() && self.facts.limit.is_none() {
            if self.block.is_empty() && rest.len() >= BLOCK {
                let (block, behind) = rest.split_at_checked(BLOCK).unwrap_or((rest, &[]));
                self.take(block, sink);
                rest = behind;
                continue;
            }
            let room = BLOCK.saturating_sub(self.block.len()).min(rest.len());
            let (part, behind) = rest.split_at_checked(room).unwrap_or((rest, &[]));
            self.block.extend_from_slice(part);
            rest = behind;
            if self.block.len() == BLOCK {
                let block = core::mem::take(&mut self.block);
                self.take(&block, sink);
                self.block = block;
                self.block.clear();
            }
        }
    }

    /// No more bytes follow.
    pub fn end(mut self, sink: &mut dyn Sink) -> Facts {
        let block = core::mem::take(&mut self.block);
        if !block.is_empty() && self.facts.limit.is_none() {
            self.take(&block, sink);
        }
        let Self { offset, mut facts, framing, .. } = self;
        match framing {
            Framing::Gzip { inflater, inner, name } => {
                end_gzip(*inflater, inner, &name, offset, &mut facts, sink);
            }
            Framing::Tar(tar) => tar.end(&mut facts, sink),
            Framing::Zip(zip) => zip.end(&mut facts, sink),
            Framing::Closed => {}
        }
        facts
    }

    fn take(&mut self, block: &[u8], sink: &mut dyn Sink) {
        let Self { offset, facts, framing, .. } = self;
        *offset = offset.saturating_add(block.len() as u64);
        let at = *offset;
        match framing {
            Framing::Gzip { inflater, inner, name } => {
                inflater.push(block, |plain| {
                    inflated(plain, inner, name, at, facts, sink);
                    facts.limit.is_none()
                });
            }
            Framing::Tar(tar) => tar.take(block, at, facts, sink),
            Framing::Zip(zip) => zip.take(block, at, facts, sink),
            Framing::Closed => {}
        }
    }
}

/// Bytes that came out of gzip.
fn inflated(
    plain: &[u8],
    inner: &mut Inner,
    name: &str,
    at: u64,
    facts: &mut Facts,
    sink: &mut dyn Sink,
) {
    match inner {
        Inner::Head(head) => {
            let room = HEAD.saturating_sub(head.len()).min(plain.len());
            let (part, rest) = plain.split_at_checked(room).unwrap_or((plain, &[]));
            head.extend_from_slice(part);
            if head.len() == HEAD {
                let head = core::mem::take(head);
                *inner = begin_inner(&head, name, at, facts, sink);
                if facts.limit.is_none() && !rest.is_empty() {
                    inflated(rest, inner, name, at, facts, sink);
                }
            }
        }
        Inner::File => deliver(plain, at, facts, sink),
        Inner::Tar(tar) => tar.take(plain, at, facts, sink),
    }
}

/// What comes out of gzip is known by its first bytes.
fn begin_inner(head: &[u8], name: &str, at: u64, facts: &mut Facts, sink: &mut dyn Sink) -> Inner {
    if tar::looks_like_header(head) {
        facts.format = Format::TarGzip;
        let mut tar = Box::<tar::Tar>::default();
        tar.take(head, at, facts, sink);
        return Inner::Tar(tar);
    }
    match sink.begin(Member { offset: 0, name: shown(name) }) {
        Ok(()) => deliver(head, at, facts, sink),
        Err(limit) => facts.limit = Some((limit, at)),
    }
    Inner::File
}

fn end_gzip(
    mut inflater: Inflater,
    mut inner: Inner,
    name: &str,
    at: u64,
    facts: &mut Facts,
    sink: &mut dyn Sink,
) {
    let problem = inflater.end(|plain| {
        inflated(plain, &mut inner, name, at, facts, sink);
        facts.limit.is_none()
    });
    if facts.limit.is_some() {
        if matches!(inner, Inner::File) {
            sink.end(End::Broken("the archive was not read on"));
        } else if let Inner::Tar(tar) = inner {
            tar.end(facts, sink);
        }
        return;
    }
    if let Inner::Head(head) = &inner {
        let head = head.clone();
        if !head.is_empty() || problem.is_none() {
            inner = begin_inner(&head, name, at, facts, sink);
        }
    }
    let broken = problem.as_ref().map(ToString::to_string);
    if let Some(problem) = problem {
        if matches!(problem.kind, ErrorKind::TooLarge { .. }) {
            facts.limit = Some((Limit::Inflation, problem.at));
        } else {
            facts.problems.damage(problem);
        }
    }
    match inner {
        Inner::Tar(tar) => tar.end(facts, sink),
        Inner::File => match &broken {
            Some(reason) => sink.end(End::Broken(reason)),
            None => sink.end(End::Whole),
        },
        Inner::Head(_) => {}
    }
}

/// Hands bytes on, and remembers which cap forbids more.
fn deliver(bytes: &[u8], at: u64, facts: &mut Facts, sink: &mut dyn Sink) {
    if bytes.is_empty() {
        return;
    }
    if let Err(limit) = sink.data(bytes, at) {
        facts.limit = Some((limit, at));
    }
}

fn damage(facts: &mut Facts, at: u64, field: &str, message: &str) {
    let kind = ErrorKind::BadValue { message: message.to_owned() };
    facts.problems.damage(ParseError::new(at, field, kind));
}

/// The name of the file that is packed as `name`.
fn unpacked_name(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let lower = file.to_ascii_lowercase();
    let stem =
        [".gz", ".gzip"].iter().find(|end| lower.ends_with(**end) && lower.len() > end.len());
    match stem.and_then(|end| file.get(..file.len().saturating_sub(end.len()))) {
        Some(stem) => stem.to_owned(),
        None => format!("{file}: unpacked"),
    }
}

/// A name that can be shown: without control characters, and not without end.
fn shown(name: &str) -> String {
    let kept = name.chars().take(crate::limits::ARCHIVE_NAME);
    kept.map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
