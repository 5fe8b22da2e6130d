//! What is asked of a capture, whatever its bytes are: streams go forward without overlap, ends are ends, and
//! chunks do not matter.

use tlvet_core::capture::dissect::{Dissector, NetworkFacts};
use tlvet_core::capture::file::{CaptureReader, FileFacts, Packet, PacketSink};
use tlvet_core::capture::{
    Datagram, FlowHandler, FlowHead, FlowSummary, Gap, Interest, Moment, Side, StreamChunk,
    StreamEnd, Timestamp, Undelivered,
};
use tlvet_core::digest::sha256;
use tlvet_core::proto::tls::Secrets;
use tlvet_core::traffic::{Analysis, Capture, CarriedFile};

/// All that was told, shortened.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    flows: Vec<(FlowSummary, [u8; 32])>,
    datagrams: Vec<[u8; 32]>,
    undelivered: usize,
    secrets: usize,
}

/// Both streams of a connection.
#[derive(Debug, Default)]
struct Heard {
    bytes: [Vec<u8>; 2],
    next: [u64; 2],
    ended: [bool; 2],
}

impl Heard {
    /// The first side may begin anywhere, the next bytes follow.
    fn advance(&mut self, side: Side, offset: u64, length: u64) {
        let side = usize::from(side == Side::Server);
        assert_eq!(self.next[side], offset, "out of place");
        assert!(!self.ended[side], "after the end");
        assert!(length > 0, "nothing told");
        self.next[side] = offset.checked_add(length).expect("a stream of 2^64 bytes");
    }

    /// Interest that changes with the bytes, so that every answer is tried.
    fn interest(&mut self, side: Side, byte: u8) -> Interest {
        match byte {
            0xfe => Interest::Done,
            0xfd => {
                self.next[usize::from(side == Side::Server)] += 1_000;
                Interest::Skip(1_000)
            }
            _ => Interest::More,
        }
    }
}

impl FlowHandler for Told {
    type Stream = Heard;

    fn open_stream(&mut self, flow: &FlowHead) -> Option<Heard> {
        (flow.client.port() != 0).then(Heard::default)
    }

    fn chunk(&mut self, heard: &mut Heard, chunk: &StreamChunk<'_>) -> Interest {
        heard.advance(chunk.side, chunk.offset, chunk.bytes.len() as u64);
        heard.bytes[usize::from(chunk.side == Side::Server)].extend_from_slice(chunk.bytes);
        heard.interest(chunk.side, chunk.bytes.last().copied().unwrap_or_default())
    }

    fn gap(&mut self, heard: &mut Heard, gap: &Gap) -> Interest {
        heard.advance(gap.side, gap.offset, gap.length);
        Interest::More
    }

    fn end(&mut self, heard: &mut Heard, end: &StreamEnd) {
        let ended = &mut heard.ended[usize::from(end.side == Side::Server)];
        assert!(!*ended, "a second end");
        *ended = true;
    }

    fn held(&self, heard: &Heard) -> usize {
        heard.bytes.iter().map(Vec::len).sum()
    }

    fn close_stream(&mut self, flow: &FlowSummary, stream: Option<Heard>) {
        let bytes = stream.map(|heard| {
            assert_eq!(heard.ended, [true; 2], "an end was not told");
            heard.bytes.concat()
        });
        self.flows.push((*flow, sha256(&bytes.unwrap_or_default())));
    }

    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.datagrams.push(sha256(datagram.bytes));
    }

    fn undelivered(&mut self, _message: &Undelivered) {
        self.undelivered += 1;
    }

    fn secrets(&mut self, _kind: u32, _bytes: &[u8]) {
        self.secrets += 1;
    }
}

fn read(data: &[u8], chunk: usize) -> (Told, NetworkFacts, FileFacts) {
    let mut reader = CaptureReader::new();
    let mut dissector = Dissector::new(Told::default());
    for chunk in data.chunks(chunk.max(1)) {
        reader.push(chunk, &mut dissector);
    }
    reader.end(&mut dissector);
    let (told, network) = dissector.end();
    (told, network, reader.facts().clone())
}

/// A capture file.
pub(crate) fn file(data: &[u8]) {
    let whole = read(data, data.len());
    let chunk = 1 + data.len() / 7;
    assert_eq!(whole, read(data, chunk), "chunks of {chunk} changed what was told");
    let (told, _, file) = whole;
    // Compressed captures may be larger than their file.
    if !data.starts_with(&[0x1f, 0x8b]) {
        assert!(file.packets <= data.len() as u64 / 12);
        let bytes: u64 =
            told.flows.iter().map(|(flow, _)| flow.client.bytes + flow.server.bytes).sum();
        assert!(bytes <= data.len() as u64, "{bytes} bytes of streams in {}", data.len());
    }
}

/// Packets without a file around them: a link type, then packets, each behind its length in two bytes.
pub(crate) fn packets(data: &[u8]) {
    let Some((link, mut rest)) = data.split_first() else { return };
    let link = match link {
        14 => 276,
        15 => 239,
        other => u32::from(*other),
    };
    let mut dissector = Dissector::new(Told::default());
    let mut frame = 0;
    while let Some((length, behind)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length)).min(behind.len());
        let (bytes, next) = behind.split_at(length);
        frame += 1;
        let time = Timestamp { seconds: 1_790_000_000, nanoseconds: 0 };
        let at = Moment { frame, time };
        dissector.packet(&Packet { at, link: Some(link), bytes, original: length as u64 });
        rest = next;
    }
    let (told, network) = dissector.end();
    assert!(told.flows.len() as u64 == network.flows.connections, "a connection was lost");
}

/// A capture file, up to what is told of it: certificates, files, names.
pub(crate) fn traffic(data: &[u8]) {
    let whole = analysed(data, data.len());
    let chunk = 1 + data.len() / 5;
    assert_eq!(whole, analysed(data, chunk), "chunks of {chunk} changed what was found");
    let (capture, files) = whole;
    for (digest, seen) in &capture.certificates {
        assert_eq!(*digest, sha256(&seen.der));
        assert!(
            seen.seen.iter().all(|one| one.at.frame <= capture.packets),
            "a packet that is not there"
        );
    }
    for file in &files {
        let named = capture.transfers.iter().filter(|one| one.file == Some(file.number));
        assert_eq!(named.count(), 1, "a file of no transfer");
    }
}

fn analysed(data: &[u8], chunk: usize) -> (Capture, Vec<CarriedFile>) {
    let mut analysis = Analysis::new(Secrets::default());
    for chunk in data.chunks(chunk.max(1)) {
        analysis.push(chunk);
    }
    analysis.end()
}
