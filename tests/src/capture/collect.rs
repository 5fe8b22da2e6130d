//! Keeps everything that a capture yields, for comparison.
#![allow(clippy::indexing_slicing, reason = "a connection has two sides")]

use std::collections::BTreeMap;

use tlvet_core::capture::dissect::{Dissector, NetworkFacts};
use tlvet_core::capture::file::{CaptureReader, FileFacts, Packet, PacketSink};
use tlvet_core::capture::{
    Datagram, EndedBy, FlowHandler, FlowHead, FlowSummary, Gap, Interest, Moment, Side,
    StreamChunk, StreamEnd, Undelivered,
};

/// All that a capture yields.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Connections, by number.
    pub flows: BTreeMap<u64, Collecting>,
    /// Datagrams in their order.
    pub datagrams: Vec<OwnedDatagram>,
    /// ICMP errors in their order.
    pub undelivered: Vec<Undelivered>,
    /// Secrets in their order.
    pub secrets: Vec<(u32, Vec<u8>)>,
    /// About the file.
    pub file: FileFacts,
    /// About the packets.
    pub network: NetworkFacts,
}

/// One connection.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Collecting {
    /// At its end.
    pub summary: Option<FlowSummary>,
    /// The streams of client and server.
    pub sides: [Stream; 2],
}

/// One side's stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// The bytes; missing ones are zeros.
    pub bytes: Vec<u8>,
    /// The missing ones.
    pub gaps: Vec<Gap>,
    /// Where each packet's bytes end.
    pub marks: Vec<(u64, Moment)>,
    /// How it ended.
    pub end: Option<(EndedBy, Moment)>,
}

/// A datagram with its bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnedDatagram {
    /// Sender and receiver, as text.
    pub ends: (String, String),
    /// The payload.
    pub bytes: Vec<u8>,
    /// Bytes that were not captured.
    pub missing: u64,
    /// The packet.
    pub at: Moment,
}

impl Collecting {
    /// A side's stream.
    pub fn side(&self, side: Side) -> &Stream {
        match side {
            Side::Client => &self.sides[0],
            Side::Server => &self.sides[1],
        }
    }
}

impl Collecting {
    fn side_mut(&mut self, side: Side) -> &mut Stream {
        match side {
            Side::Client => &mut self.sides[0],
            Side::Server => &mut self.sides[1],
        }
    }
}

impl FlowHandler for Collected {
    type Stream = Collecting;

    fn open_stream(&mut self, _flow: &FlowHead) -> Option<Collecting> {
        Some(Collecting::default())
    }

    fn chunk(&mut self, stream: &mut Collecting, chunk: &StreamChunk<'_>) -> Interest {
        let stream = stream.side_mut(chunk.side);
        assert!(!chunk.bytes.is_empty(), "an empty chunk");
        assert_eq!(chunk.offset, stream.bytes.len() as u64, "a chunk out of its place");
        assert!(stream.end.is_none(), "a chunk after the end");
        stream.bytes.extend_from_slice(chunk.bytes);
        stream.marks.push((stream.bytes.len() as u64, chunk.at));
        Interest::More
    }

    fn gap(&mut self, stream: &mut Collecting, gap: &Gap) -> Interest {
        let stream = stream.side_mut(gap.side);
        assert_eq!(gap.offset, stream.bytes.len() as u64, "a gap out of its place");
        assert!(gap.length > 0, "an empty gap");
        // A capture can claim gaps of any size; what is kept stays in proportion.
        let length = usize::try_from(gap.length).unwrap_or(usize::MAX);
        stream.bytes.resize(stream.bytes.len() + length, 0);
        stream.gaps.push(*gap);
        Interest::More
    }

    fn end(&mut self, stream: &mut Collecting, end: &StreamEnd) {
        let stream = stream.side_mut(end.side);
        assert!(stream.end.is_none(), "a second end");
        assert!(end.offset >= stream.bytes.len() as u64, "an end before the last byte");
        stream.end = Some((end.ended_by, end.at));
    }

    fn held(&self, _stream: &Collecting) -> usize {
        0
    }

    fn close_stream(&mut self, flow: &FlowSummary, stream: Option<Collecting>) {
        let mut stream = stream.unwrap_or_default();
        stream.summary = Some(*flow);
        let before = self.flows.insert(flow.head.id, stream);
        assert!(before.is_none(), "connection {} twice", flow.head.id);
    }

    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.datagrams.push(OwnedDatagram {
            ends: (datagram.source.to_string(), datagram.destination.to_string()),
            bytes: datagram.bytes.to_vec(),
            missing: datagram.missing,
            at: datagram.at,
        });
    }

    fn undelivered(&mut self, message: &Undelivered) {
        self.undelivered.push(*message);
    }

    fn secrets(&mut self, kind: u32, bytes: &[u8]) {
        self.secrets.push((kind, bytes.to_vec()));
    }
}

/// Reads a whole capture, pushed in chunks of this many bytes.
pub fn collect(file: &[u8], chunk: usize) -> Collected {
    let mut reader = CaptureReader::new();
    let mut dissector = Dissector::new(Collected::default());
    for chunk in file.chunks(chunk.max(1)) {
        reader.push(chunk, &mut dissector);
    }
    reader.end(&mut dissector);
    let (mut collected, network) = dissector.end();
    collected.file = reader.facts().clone();
    collected.network = network;
    collected
}

/// The packets of a capture file, as they stand in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Packets {
    /// Number, time, link type, bytes, length on the wire.
    pub packets: Vec<(Moment, Option<u32>, Vec<u8>, u64)>,
    /// Secrets.
    pub secrets: Vec<(u32, Vec<u8>)>,
}

impl PacketSink for Packets {
    fn packet(&mut self, packet: &Packet<'_>) {
        self.packets.push((packet.at, packet.link, packet.bytes.to_vec(), packet.original));
    }

    fn secrets(&mut self, kind: u32, bytes: &[u8]) {
        self.secrets.push((kind, bytes.to_vec()));
    }
}

/// The packets of a file, and what is wrong with it.
pub fn packets(file: &[u8], chunk: usize) -> (Packets, FileFacts) {
    let mut reader = CaptureReader::new();
    let mut sink = Packets::default();
    for chunk in file.chunks(chunk.max(1)) {
        reader.push(chunk, &mut sink);
    }
    reader.end(&mut sink);
    (sink, reader.facts().clone())
}
