//! Packet captures: from the bytes of a file, pushed in chunks of any size, to the bytes that the peers said.
//!
//! The format's reader finds packets, the link and network layers find segments and datagrams in them, and the
//! flow table puts TCP streams back together. What comes out is handed to a [`FlowHandler`] at once; memory depends
//! on the caps of [`crate::limits`], never on the length of the file. Nothing here knows a protocol above TCP and UDP.
//!
//! Order that a consumer can rely on: the bytes of one side of a stream arrive in stream order, each byte once, and
//! what is lost arrives as a [`Gap`] in its place. Between the two sides there is no order but the frame numbers: while
//! one side waits for a lost segment, the other goes on.

pub mod dissect;
mod field;
pub mod file;
mod flow;
pub mod gzip;
mod ip;
pub mod link;
mod pcap;
mod pcapng;
mod tcp;

use core::fmt;
use core::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

pub use flow::FlowFacts;

use crate::time::UnixTime;

/// When a packet was captured: UTC, to the nanosecond where the file has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    pub seconds: i64,
    /// Nanoseconds of the second, below 1,000,000,000.
    pub nanoseconds: u32,
}

impl Timestamp {
    /// The second in which it lies.
    pub fn unix(self) -> UnixTime {
        UnixTime(self.seconds)
    }
}

/// RFC 3339 in UTC with microseconds, as the packet lists of the field show it: `2026-09-21T14:13:20.000020Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.unix().write_micros(self.nanoseconds / 1_000, f)
    }
}

/// A packet of the capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// 1-based number of the packet, as packet lists of the field count; a cut last packet counts.
    pub frame: u64,
    /// When it was captured.
    pub time: Timestamp,
}

/// Who sent something on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// Who opened the connection.
    Client,
    /// Who was called.
    Server,
}

impl Side {
    /// The other one.
    pub fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// What is known of a connection when its first byte arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FlowHead {
    /// 1-based, in the order of first packets; the `id` of the report.
    pub id: u64,
    /// Who opened the connection.
    pub client: SocketAddr,
    /// Who was called.
    pub server: SocketAddr,
    /// The packets of the handshake told who is who. False for a capture that begins in mid-stream: then the ports
    /// told, and what the peers say may prove it wrong.
    pub roles_known: bool,
    /// The first packet.
    pub first: Moment,
}

impl FlowHead {
    /// The address and port of a side.
    pub fn endpoint(&self, side: Side) -> SocketAddr {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }
}

/// Bytes of one side of a stream, in order, each byte once.
#[derive(Clone, Copy, Debug)]
pub struct StreamChunk<'a> {
    /// Who sent them.
    pub side: Side,
    /// Offset of the first byte in the side's stream; 0 is the first byte after the handshake, or the first byte
    /// that the capture has.
    pub offset: u64,
    /// The bytes; never empty.
    pub bytes: &'a [u8],
    /// The packet with which everything up to the end of `bytes` is there: a message that ends in these bytes is
    /// complete with this packet, also when an earlier part of it came late.
    pub at: Moment,
}

/// Bytes of one side of a stream that the capture does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Whose bytes are missing.
    pub side: Side,
    /// Offset of the first missing byte.
    pub offset: u64,
    /// How many are missing; the next chunk begins behind them.
    pub length: u64,
    /// The packet at which the loss was certain.
    pub at: Moment,
}

/// What a consumer wants of the side that it was just told about. What nobody wants costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// The next bytes.
    More,
    /// Nothing of this side any more.
    Done,
    /// The bytes behind the next so many; gaps among those are not told.
    Skip(u64),
}

/// The end of one side of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamEnd {
    /// Whose stream.
    pub side: Side,
    /// How: it has nothing more to say (FIN), the connection broke (RST: told for both sides), or the capture ends.
    pub ended_by: EndedBy,
    /// Offset behind the last byte that was on the wire, as far as the capture knows; bytes that were skipped on demand
    /// count.
    pub offset: u64,
    /// The packet.
    pub at: Moment,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EndedBy {
    /// Both sides, or the one that the capture shows, said that they have nothing more to say.
    Fin,
    /// The capture does not show an end.
    #[default]
    None,
    /// One side refused or broke off.
    Rst,
}

/// A UDP datagram, put together from its fragments.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// The payload, as far as the capture has it.
    pub bytes: &'a [u8],
    /// Bytes at the end of the payload that were not captured.
    pub missing: u64,
    /// The packet; of a fragmented datagram the one that completed it.
    pub at: Moment,
}

/// What the capture shows of one side of a TCP connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideFacts {
    /// Packets that it sent.
    pub packets: u64,
    /// Payload bytes of its stream that the capture has, each once.
    pub bytes: u64,
    /// Payload bytes that came again.
    pub repeated_bytes: u64,
    /// Holes in its stream.
    pub gaps: u64,
    /// Bytes in those holes.
    pub missing_bytes: u64,
    /// Segments far from the expected place of the stream, not used.
    pub stray_segments: u64,
    /// Its SYN was seen in this packet.
    pub syn: Option<Moment>,
    /// Its FIN was seen in this packet.
    pub fin: Option<Moment>,
    /// Its RST was seen in this packet.
    pub rst: Option<Moment>,
    /// The first packet with payload.
    pub first_payload: Option<Moment>,
}

/// A TCP connection, when nothing more can come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowSummary {
    /// As it was told at its first byte.
    pub head: FlowHead,
    /// What the client sent.
    pub client: SideFacts,
    /// What the server sent.
    pub server: SideFacts,
    /// The last packet.
    pub last: Moment,
    /// How it ended.
    pub ended_by: EndedBy,
}

impl FlowSummary {
    /// What a side sent.
    pub fn side(&self, side: Side) -> &SideFacts {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// Holes of both sides.
    pub fn gaps(&self) -> u64 {
        self.client.gaps.saturating_add(self.server.gaps)
    }
}

/// Takes what the packets hold. What it keeps for each connection must work on chunks of any length, and hold bounded
/// memory.
pub trait FlowHandler {
    /// What is kept for one TCP connection.
    type Stream;

    /// The first byte of a connection is there: `None` when nobody wants it.
    fn open_stream(&mut self, flow: &FlowHead) -> Option<Self::Stream>;

    /// The next bytes of a side.
    fn chunk(&mut self, stream: &mut Self::Stream, chunk: &StreamChunk<'_>) -> Interest;

    /// Bytes that are lost. The side goes on behind them: resynchronise, or be done with it.
    fn gap(&mut self, stream: &mut Self::Stream, gap: &Gap) -> Interest;

    /// A side is over. Called once for each side, after its last byte.
    fn end(&mut self, stream: &mut Self::Stream, end: &StreamEnd);

    /// Bytes held for a connection, roughly; counted against the cap on all of them.
    fn held(&self, stream: &Self::Stream) -> usize;

    /// A connection is over, or was given up; also told for one without a single byte (`stream` is `None` then).
    fn close_stream(&mut self, flow: &FlowSummary, stream: Option<Self::Stream>);

    /// A UDP datagram. One taker for all: a TFTP server answers from another port.
    fn datagram(&mut self, datagram: &Datagram<'_>);

    /// An ICMP error message names a packet that could not be delivered.
    fn undelivered(&mut self, message: &Undelivered);

    /// Secrets that the capture carries about itself (pcapng Decryption Secrets Block).
    fn secrets(&mut self, kind: u32, bytes: &[u8]);
}

/// An ICMP or ICMPv6 error message: who said that which packet could not be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Who says so.
    pub reporter: IpAddr,
    /// ICMP type.
    pub kind: u8,
    /// ICMP code.
    pub code: u8,
    /// Sender of the packet that was not delivered.
    pub source: SocketAddr,
    /// Its destination.
    pub destination: SocketAddr,
    /// Its transport: 6 = TCP, 17 = UDP.
    pub protocol: u8,
    /// The packet that says so.
    pub at: Moment,
}
