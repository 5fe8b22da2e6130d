//! A capture file, pushed in chunks of any size: pcap or pcapng, told apart by the first four bytes, either of them
//! also compressed with gzip. A packet that lies inside one chunk is not copied.

use super::gzip::Inflater;
use super::pcap::{self, Pcap};
use super::pcapng::{self, PcapNg};
use super::{Moment, Timestamp, link};
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::tlv::field::Problems;

/// A packet as the file has it.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Number and time.
    pub at: Moment,
    /// Link type; `None` when the file does not tell.
    pub link: Option<u32>,
    /// The bytes that were captured.
    pub bytes: &'a [u8],
    /// Bytes that it had on the wire.
    pub original: u64,
}

/// Takes the packets of a capture file.
pub trait PacketSink {
    /// The next packet.
    fn packet(&mut self, packet: &Packet<'_>);

    /// Secrets that the file carries about itself; `kind` as in the pcapng format, `0x544c534b` for a TLS key log.
    fn secrets(&mut self, kind: u32, bytes: &[u8]);
}

/// What a capture file says about its packets as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Packets, a cut last one included.
    pub packets: u64,
    /// Packets of which the file has not all bytes.
    pub truncated_packets: u64,
    /// Packets of link types that are not looked into.
    pub unread_packets: u64,
    /// Time of the earliest packet.
    pub first: Option<Timestamp>,
    /// Time of the latest packet.
    pub last: Option<Timestamp>,
    /// The link types of its interfaces, each once.
    pub links: Vec<u32>,
    /// What is wrong or odd with the file.
    pub problems: Problems,
}

/// The first bytes are those of a capture that [`CaptureReader`] reads. Four bytes are enough.
pub fn looks_like_capture(head: &[u8]) -> bool {
    head.first_chunk::<4>()
        .is_some_and(|magic| *magic == pcapng::SECTION || pcap::variant(*magic).is_some())
}

/// Reads a capture file.
#[derive(Debug)]
pub struct CaptureReader {
    wrapper: Wrapper,
    frames: Frames,
}

#[derive(Debug)]
enum Wrapper {
    /// Not a byte has come, or one that may begin a gzip header.
    Unknown(Vec<u8>),
    Plain,
    Gzip(Box<Inflater>),
}

impl Default for CaptureReader {
    fn default() -> Self {
        Self::new()
    }
}

impl CaptureReader {
    /// A reader that has seen nothing.
    pub fn new() -> Self {
        Self { wrapper: Wrapper::Unknown(Vec::new()), frames: Frames::default() }
    }

    /// The next bytes of the file.
    pub fn push(&mut self, mut chunk: &[u8], sink: &mut impl PacketSink) {
        if let Wrapper::Unknown(head) = &mut self.wrapper {
            let missing = 2_usize.saturating_sub(head.len()).min(chunk.len());
            let (taken, rest) = chunk.split_at_checked(missing).unwrap_or((chunk, &[]));
            head.extend_from_slice(taken);
            chunk = rest;
            if head.len() < 2 {
                return;
            }
            let head = core::mem::take(head);
            self.wrapper = match head.as_slice() {
                [0x1f, 0x8b] => Wrapper::Gzip(Box::default()),
                _ => Wrapper::Plain,
            };
            self.unwrapped(&head, sink);
        }
        self.unwrapped(chunk, sink);
    }

    fn unwrapped(&mut self, chunk: &[u8], sink: &mut impl PacketSink) {
        match &mut self.wrapper {
            Wrapper::Gzip(inflater) => {
                let frames = &mut self.frames;
                inflater.push(chunk, |plain| {
                    frames.push(plain, sink);
                    !frames.is_over()
                });
            }
            _ => self.frames.push(chunk, sink),
        }
    }

    /// No more bytes follow.
    pub fn end(&mut self, sink: &mut impl PacketSink) {
        if let Wrapper::Unknown(head) = &mut self.wrapper {
            let head = core::mem::take(head);
            self.frames.push(&head, sink);
        }
        if let Wrapper::Gzip(inflater) = &mut self.wrapper {
            let frames = &mut self.frames;
            let problem = inflater.end(|plain| {
                frames.push(plain, sink);
                !frames.is_over()
            });
            if let Some(problem) = problem {
                frames.facts.problems.damage(problem);
            }
        }
        self.frames.end(sink);
    }

    /// What is known of the file so far.
    pub fn facts(&self) -> &FileFacts {
        &self.frames.facts
    }
}

/// Cuts a file into the items of its format, whatever the chunks are. Every step takes at least one byte.
#[derive(Debug, Default)]
struct Frames {
    format: Kind,
    /// The beginning of an item whose end has not come.
    held: Vec<u8>,
    /// Bytes that belong to nothing that is read.
    skip: u64,
    /// Offset of the next item in the (uncompressed) file.
    offset: u64,
    facts: FileFacts,
}

#[derive(Debug, Default)]
enum Kind {
    #[default]
    Unknown,
    Pcap(Pcap),
    PcapNg(PcapNg),
    /// Not a capture.
    Other,
}

/// To step over all that follows.
pub(super) const ENDLESS: u64 = u64::MAX;

/// A capture format, as a sequence of items that tell how long the next one is.
pub(super) trait Format {
    /// Bytes of the next item, at least one.
    fn need(&self) -> usize;

    /// Takes an item and tells how many bytes behind it are to be stepped over.
    fn item(&mut self, item: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) -> u64;

    /// Takes the items that lie whole in `bytes`, until one of them has bytes stepped over: the bytes behind them, and how many of
    /// those are stepped over.
    fn items<'a>(
        &mut self,
        bytes: &'a [u8],
        offset: u64,
        out: &mut Out<'_, impl PacketSink>,
    ) -> (&'a [u8], u64)
    where
        Self: Sized,
    {
        whole(self, bytes, offset, out)
    }

    /// The file ends with a part of an item.
    fn end(&mut self, held: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>);
}

/// Where the packets of a format go.
pub(super) struct Out<'o, S> {
    pub(super) sink: &'o mut S,
    pub(super) problems: &'o mut Problems,
    counts: Counts<'o>,
}

struct Counts<'o> {
    packets: &'o mut u64,
    truncated: &'o mut u64,
    unread: &'o mut u64,
    first: &'o mut Option<Timestamp>,
    last: &'o mut Option<Timestamp>,
    links: &'o mut Vec<u32>,
}

/// A packet whose bytes have not come.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawPacket {
    pub(super) time: Timestamp,
    pub(super) link: Option<u32>,
    /// Bytes of it in the file.
    pub(super) captured: u64,
    pub(super) original: u64,
}

impl RawPacket {
    /// Bytes of it that are read; the others are stepped over.
    pub(super) fn kept(&self) -> usize {
        usize::try_from(self.captured).unwrap_or(usize::MAX).min(limits::CAPTURE_PACKET_BYTES)
    }
}

impl<S: PacketSink> Out<'_, S> {
    pub(super) fn packet(&mut self, raw: &RawPacket, bytes: &[u8]) {
        let counts = &mut self.counts;
        *counts.packets += 1;
        *counts.truncated += u64::from((bytes.len() as u64) < raw.original);
        *counts.unread += u64::from(raw.link.is_none_or(|link| !link::is_known(link)));
        if counts.first.is_none_or(|first| raw.time < first) {
            *counts.first = Some(raw.time);
        }
        if counts.last.is_none_or(|last| last < raw.time) {
            *counts.last = Some(raw.time);
        }
        let at = Moment { frame: *counts.packets, time: raw.time };
        self.sink.packet(&Packet { at, link: raw.link, bytes, original: raw.original });
    }

    /// An interface and its link type.
    pub(super) fn interface(&mut self, offset: u64, link: u32) {
        if !self.counts.links.contains(&link) && self.counts.links.len() < LINK_TYPES {
            self.counts.links.push(link);
            if !link::is_known(link) {
                self.problems.odd(offset, "link type", format!("{link} is not read"));
            }
        }
    }

    /// The time of the latest packet.
    pub(super) fn last_time(&self) -> Timestamp {
        self.counts.last.unwrap_or_default()
    }

    /// The file ends where more should follow.
    pub(super) fn cut(&mut self, offset: u64, needed: u64, available: usize) {
        let kind = ErrorKind::Truncated { needed, available: available as u64 };
        self.problems.odd(offset, "end of the capture", kind.to_string());
    }
}

/// Different link types of one file that are named.
const LINK_TYPES: usize = 64;

impl Frames {
    fn push(&mut self, chunk: &[u8], sink: &mut impl PacketSink) {
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.skip > 0 {
                let step = usize::try_from(self.skip).unwrap_or(usize::MAX).min(rest.len());
                rest = rest.get(step..).unwrap_or_default();
                self.skip -= step as u64;
                self.offset = self.offset.saturating_add(step as u64);
                continue;
            }
            if self.held.is_empty() {
                rest = self.items(rest, sink);
                if self.skip > 0 {
                    continue;
                }
            }
            let need = self.need();
            let missing = need.saturating_sub(self.held.len()).min(rest.len());
            let (part, behind) = rest.split_at_checked(missing).unwrap_or((rest, &[]));
            self.held.extend_from_slice(part);
            rest = behind;
            if self.held.len() >= need {
                let mut item = core::mem::take(&mut self.held);
                self.item(&item, sink);
                item.clear();
                self.held = item;
            }
        }
    }

    fn end(&mut self, sink: &mut impl PacketSink) {
        let held = core::mem::take(&mut self.held);
        let offset = self.offset;
        let (skip, over) = (self.skip, self.is_over());
        let (format, mut out) = self.parts(sink);
        if over {
            return;
        }
        if skip > 0 {
            out.cut(offset, skip, 0);
            return;
        }
        match format {
            Kind::Unknown => not_a_capture(out.problems),
            Kind::Pcap(pcap) => pcap.end(&held, offset, &mut out),
            Kind::PcapNg(pcapng) => pcapng.end(&held, offset, &mut out),
            Kind::Other => {}
        }
    }

    /// Nothing can be found in what follows.
    fn is_over(&self) -> bool {
        self.skip > ENDLESS / 2
    }

    fn need(&self) -> usize {
        match &self.format {
            Kind::Unknown => 4,
            Kind::Pcap(pcap) => pcap.need(),
            Kind::PcapNg(pcapng) => pcapng.need(),
            Kind::Other => 1,
        }
    }

    /// Takes the items that lie whole in `bytes`, until one of them has bytes stepped over; the bytes behind them.
    fn items<'a>(&mut self, bytes: &'a [u8], sink: &mut impl PacketSink) -> &'a [u8] {
        let offset = self.offset;
        let (format, mut out) = self.parts(sink);
        let (rest, skip) = match format {
            Kind::Pcap(pcap) => pcap.items(bytes, offset, &mut out),
            Kind::PcapNg(pcapng) => pcapng.items(bytes, offset, &mut out),
            Kind::Unknown | Kind::Other => (bytes, 0),
        };
        self.skip = skip;
        self.offset = offset.saturating_add((bytes.len() - rest.len()) as u64);
        rest
    }

    fn item(&mut self, item: &[u8], sink: &mut impl PacketSink) {
        let offset = self.offset;
        let (format, mut out) = self.parts(sink);
        let skip = match format {
            Kind::Unknown => {
                let magic = item.first_chunk::<4>().copied().unwrap_or_default();
                if magic == pcapng::SECTION {
                    *format = Kind::PcapNg(PcapNg::new());
                } else if let Some((order, unit, header)) = pcap::variant(magic) {
                    *format = Kind::Pcap(Pcap::new(order, unit, header));
                } else {
                    not_a_capture(out.problems);
                    *format = Kind::Other;
                }
                0
            }
            Kind::Pcap(pcap) => pcap.item(item, offset, &mut out),
            Kind::PcapNg(pcapng) => pcapng.item(item, offset, &mut out),
            Kind::Other => ENDLESS,
        };
        self.skip = skip;
        self.offset = self.offset.saturating_add(item.len() as u64);
    }

    fn parts<'o, S: PacketSink>(&'o mut self, sink: &'o mut S) -> (&'o mut Kind, Out<'o, S>) {
        let FileFacts { packets, truncated_packets, unread_packets, first, last, links, problems } =
            &mut self.facts;
        let counts = Counts {
            packets,
            truncated: truncated_packets,
            unread: unread_packets,
            first,
            last,
            links,
        };
        (&mut self.format, Out { sink, problems, counts })
    }
}

/// The loop of [`Format::items`].
pub(super) fn whole<'a>(
    format: &mut impl Format,
    bytes: &'a [u8],
    offset: u64,
    out: &mut Out<'_, impl PacketSink>,
) -> (&'a [u8], u64) {
    let mut rest = bytes;
    while let Some((item, behind)) = rest.split_at_checked(format.need()) {
        let offset = offset.saturating_add((bytes.len() - rest.len()) as u64);
        let skip = format.item(item, offset, out);
        rest = behind;
        if skip > 0 {
            return (rest, skip);
        }
    }
    (rest, 0)
}

fn not_a_capture(problems: &mut Problems) {
    let message = "is neither that of pcap nor that of pcapng".to_owned();
    problems.damage(ParseError::new(0, "magic number", ErrorKind::BadValue { message }));
}
