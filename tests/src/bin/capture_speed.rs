//! `capture_speed FILE`: how fast the engine, natively, reads a capture: its packets alone, its connections, and the
//! whole way. One line of JSON: megabytes (10^6 bytes) per second, and the peak of the memory in KiB.

use std::fs::File;
use std::io::Read;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tlvet_core::capture::dissect::Dissector;
use tlvet_core::capture::file::{CaptureReader, Packet, PacketSink};
use tlvet_core::capture::{
    Datagram, FlowHandler, FlowHead, FlowSummary, Gap, Interest, StreamChunk, StreamEnd,
    Undelivered,
};
use tlvet_core::proto::tls::Secrets;
use tlvet_core::traffic::Analysis;
use tlvet_tests::speed::{peak, tell};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file] = arguments.as_slice() else {
        eprintln!("usage: capture_speed FILE");
        return ExitCode::from(2);
    };
    tell(measure(file))
}

fn measure(file: &str) -> Result<Value> {
    let mut packets = Count::default();
    let reading = read(file, &mut packets)?;
    let mut dissector = Dissector::new(Count::default());
    let following = read(file, &mut dissector)?;
    let (streams, facts) = dissector.end();
    let (analysing, certificates) = analyse(file)?;
    Ok(json!({
        "packets": packets.packets,
        "connections": facts.flows.connections,
        "stream_bytes": streams.bytes,
        "reading_mb_s": reading.round(),
        "following_mb_s": following.round(),
        "analysing_mb_s": analysing.round(),
        "certificates": certificates,
        "peak_kib": peak()?,
    }))
}

/// Reads the file in chunks of 4 MiB, after one pass that fills the file cache; megabytes per second.
fn read(path: &str, sink: &mut impl PacketSink) -> Result<f64> {
    let mut chunk = vec![0; 4 << 20];
    let mut file = File::open(path).with_context(|| path.to_owned())?;
    while file.read(&mut chunk)? > 0 {}
    let mut file = File::open(path)?;
    let mut reader = CaptureReader::new();
    let start = Instant::now();
    let mut bytes = 0;
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        bytes += length;
        reader.push(chunk.get(..length).unwrap_or_default(), sink);
    }
    reader.end(sink);
    Ok(bytes as f64 / 1e6 / start.elapsed().as_secs_f64())
}

/// The whole way: megabytes per second, and how often a certificate was shown.
fn analyse(path: &str) -> Result<(f64, u64)> {
    let mut chunk = vec![0; 4 << 20];
    let mut file = File::open(path)?;
    let mut analysis = Analysis::new(Secrets::default());
    let start = Instant::now();
    let mut bytes = 0;
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        bytes += length;
        analysis.push(chunk.get(..length).unwrap_or_default());
        analysis.files();
    }
    let (capture, _) = analysis.end();
    let speed = bytes as f64 / 1e6 / start.elapsed().as_secs_f64();
    let shown = capture.certificates.values().map(|one| one.seen.len() as u64 + one.more);
    Ok((speed, shown.sum()))
}

#[derive(Default)]
struct Count {
    packets: u64,
    bytes: u64,
}

struct Stream(u64);

impl PacketSink for Count {
    fn packet(&mut self, _packet: &Packet<'_>) {
        self.packets += 1;
    }

    fn secrets(&mut self, _kind: u32, _bytes: &[u8]) {}
}

impl FlowHandler for Count {
    type Stream = Stream;

    fn open_stream(&mut self, _flow: &FlowHead) -> Option<Stream> {
        Some(Stream(0))
    }

    fn chunk(&mut self, stream: &mut Stream, chunk: &StreamChunk<'_>) -> Interest {
        stream.0 += chunk.bytes.len() as u64;
        Interest::More
    }

    fn gap(&mut self, _stream: &mut Stream, _gap: &Gap) -> Interest {
        Interest::More
    }

    fn end(&mut self, _stream: &mut Stream, _end: &StreamEnd) {}

    fn held(&self, _stream: &Stream) -> usize {
        0
    }

    fn close_stream(&mut self, _flow: &FlowSummary, stream: Option<Stream>) {
        self.bytes += stream.map_or(0, |stream| stream.0);
    }

    fn datagram(&mut self, _datagram: &Datagram<'_>) {
        self.packets += 1;
    }

    fn undelivered(&mut self, _message: &Undelivered) {}

    fn secrets(&mut self, _kind: u32, _bytes: &[u8]) {}
}
