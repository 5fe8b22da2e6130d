//! The TLS connections of a capture as the bytes that their peers said, to be played again elsewhere: before the filter, for
//! instance.
//!
//! A connection is told with its ClientHello whole, because that is when a proxy that reads server names hears of it;
//! the bytes follow in the order of the capture. What cannot be played, because the capture does not have its beginning, is
//! told too.

use core::net::SocketAddr;

use serde::Serialize;

use crate::capture::dissect::Dissector;
use crate::capture::file::{CaptureReader, FileFacts};
use crate::capture::{
    Datagram, EndedBy, FlowHandler, FlowHead, FlowSummary, Gap, Interest, Moment, StreamChunk,
    StreamEnd, Undelivered,
};
use crate::limits;
use crate::proto::tls::{self, Secrets, Wants};
use crate::proto::{Both, Place, Side};

/// Something that happened on a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StreamEvent {
    /// The connection: 1-based, in the order of first packets.
    pub id: u64,
    /// The packet.
    pub at: Moment,
    /// What.
    #[serde(flatten)]
    pub what: StreamNews,
}

/// What happened on a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum StreamNews {
    /// A client has connected and sent its ClientHello, whose bytes follow.
    Opened {
        /// Who opened the connection.
        client: SocketAddr,
        /// Who was called.
        server: SocketAddr,
        /// The server name of the ClientHello.
        server_name: Option<String>,
        /// The connection's first packet.
        first: Moment,
    },
    /// A side said something.
    Said {
        /// Who.
        side: Side,
        /// What.
        #[serde(serialize_with = "base64")]
        bytes: Vec<u8>,
    },
    /// Bytes that a side said are not in the capture; nothing more is told of the connection but its end.
    Lost {
        /// Whose.
        side: Side,
        /// How many.
        length: u64,
    },
    /// A side said more than is played ([`limits::STREAM_PLAYED`]).
    Cut {
        /// Who.
        side: Side,
    },
    /// A side has nothing more to say.
    Ended {
        /// Who.
        side: Side,
    },
    /// The connection is over.
    Closed {
        /// How.
        ended_by: EndedBy,
    },
    /// A TLS connection of which the capture does not have the beginning.
    Unplayable {
        /// Who opened the connection.
        client: SocketAddr,
        /// Who was called.
        server: SocketAddr,
        /// The connection's first packet.
        first: Moment,
    },
}

fn base64<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    use ::base64::Engine as _;
    serializer.serialize_str(&::base64::engine::general_purpose::STANDARD.encode(bytes))
}

/// What is left to say at the end of a capture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StreamsFacts {
    /// The bytes are a capture.
    pub capture: bool,
    /// Packets, a cut last one included.
    pub packets: u64,
    /// TCP connections with payload that do not begin with TLS.
    pub others: u64,
    /// What is wrong with the file.
    pub problems: Vec<String>,
}

/// Reads a capture for the streams of its TLS connections.
#[derive(Debug)]
pub struct Streams {
    reader: CaptureReader,
    dissector: Dissector<Teller>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { reader: CaptureReader::new(), dissector: Dissector::new(Teller::default()) }
    }
}

impl Streams {
    /// The next bytes of the file; gives what happened in them.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<StreamEvent> {
        self.reader.push(chunk, &mut self.dissector);
        core::mem::take(&mut self.dissector.handler_mut().events)
    }

    /// No more bytes follow: the connections that are still open are closed.
    pub fn end(mut self) -> (Vec<StreamEvent>, StreamsFacts) {
        self.reader.end(&mut self.dissector);
        let (teller, _) = self.dissector.end();
        let FileFacts { packets, links, problems, .. } = self.reader.facts();
        let capture = *packets > 0 || !links.is_empty() || !problems.is_damaged();
        let problems = problems.list.iter().map(|problem| problem.error.to_string()).collect();
        let facts = StreamsFacts { capture, packets: *packets, others: teller.others, problems };
        (teller.events, facts)
    }
}

/// Tells what happens.
#[derive(Debug, Default)]
struct Teller {
    events: Vec<StreamEvent>,
    others: u64,
    secrets: Secrets,
}

/// One connection.
#[derive(Debug)]
struct Stream {
    head: FlowHead,
    state: State,
    /// Bytes of each side that were told.
    told: Both<u64>,
}

#[derive(Debug)]
enum State {
    /// It may be TLS: what was said so far waits for the whole ClientHello.
    Beginning(Box<Beginning>),
    /// TLS; the sides are the other way round than the capture's first packets say.
    Played { swapped: bool },
    /// Nothing more is told of it but, where it was opened, its end.
    Silent { opened: bool },
}

#[derive(Debug, Default)]
struct Beginning {
    tls: tls::Connection,
    said: Vec<(Side, Moment, Vec<u8>)>,
    bytes: usize,
}

impl Teller {
    fn tell(&mut self, head: &FlowHead, at: Moment, what: StreamNews) {
        self.events.push(StreamEvent { id: head.id, at, what });
    }

    fn unplayable(&mut self, stream: &mut Stream, at: Moment) {
        let FlowHead { client, server, first, .. } = stream.head;
        stream.state = State::Silent { opened: false };
        self.tell(&stream.head, at, StreamNews::Unplayable { client, server, first });
    }

    fn other(&mut self, stream: &mut Stream) {
        stream.state = State::Silent { opened: false };
        self.others = self.others.saturating_add(1);
    }

    /// Tells bytes of a connection that is played.
    fn say(&mut self, stream: &mut Stream, side: Side, at: Moment, mut bytes: Vec<u8>) -> Interest {
        let told = stream.told.of_mut(side);
        let room = limits::STREAM_PLAYED.saturating_sub(*told);
        let cut = bytes.len() as u64 > room;
        bytes.truncate(usize::try_from(room).unwrap_or(usize::MAX));
        *told = told.saturating_add(bytes.len() as u64);
        if !bytes.is_empty() {
            self.tell(&stream.head, at, StreamNews::Said { side, bytes });
        }
        if cut {
            self.tell(&stream.head, at, StreamNews::Cut { side });
            return Interest::Done;
        }
        Interest::More
    }

    /// The ClientHello is whole, or there will be none.
    fn decide(&mut self, stream: &mut Stream, at: Moment) -> Interest {
        let State::Beginning(beginning) = &mut stream.state else { return Interest::More };
        let summary = beginning.tls.summary();
        let Some(hello) = &summary.client_hello else {
            let over = [Side::Client, Side::Server]
                .iter()
                .all(|side| beginning.tls.wants(*side) == Wants::Nothing);
            let answered = summary.server_hello.is_some();
            let much = beginning.bytes > limits::STREAM_BEGINNING;
            if summary.is_tls() && (answered || much || over) {
                self.unplayable(stream, at);
                return Interest::Done;
            }
            if over || much {
                self.other(stream);
                return Interest::Done;
            }
            return Interest::More;
        };
        // Behind CONNECT or STARTTLS a proxy that expects TLS sees something else first.
        if summary.starttls.is_some() {
            self.other(stream);
            return Interest::Done;
        }
        let swapped = summary.roles_swapped;
        let server_name = hello.server_name.clone();
        let said = core::mem::take(&mut beginning.said);
        stream.state = State::Played { swapped };
        let FlowHead { client, server, first, .. } = stream.head;
        let (client, server) = if swapped { (server, client) } else { (client, server) };
        self.tell(&stream.head, at, StreamNews::Opened { client, server, server_name, first });
        let mut interest = Interest::More;
        for (side, at, bytes) in said {
            let side = if swapped { side.peer() } else { side };
            interest = self.say(stream, side, at, bytes);
        }
        interest
    }
}

impl FlowHandler for Teller {
    type Stream = Stream;

    fn open_stream(&mut self, flow: &FlowHead) -> Option<Stream> {
        Some(Stream { head: *flow, state: State::Beginning(Box::default()), told: Both::default() })
    }

    fn chunk(&mut self, stream: &mut Stream, chunk: &StreamChunk<'_>) -> Interest {
        let side = Side::from(chunk.side);
        match &mut stream.state {
            State::Silent { .. } => Interest::Done,
            State::Played { swapped } => {
                let side = if *swapped { side.peer() } else { side };
                self.say(stream, side, chunk.at, chunk.bytes.to_vec())
            }
            State::Beginning(beginning) => {
                let observer = &mut |_: tls::Event<'_>| {};
                let place = Place::from(chunk.at);
                let mut context = tls::Context { place, secrets: &self.secrets, observer };
                beginning.tls.push(side, chunk.bytes, &mut context);
                beginning.bytes = beginning.bytes.saturating_add(chunk.bytes.len());
                beginning.said.push((side, chunk.at, chunk.bytes.to_vec()));
                self.decide(stream, chunk.at)
            }
        }
    }

    fn gap(&mut self, stream: &mut Stream, gap: &Gap) -> Interest {
        match &stream.state {
            State::Silent { .. } => {}
            State::Played { swapped } => {
                let side = Side::from(gap.side);
                let side = if *swapped { side.peer() } else { side };
                self.tell(&stream.head, gap.at, StreamNews::Lost { side, length: gap.length });
                stream.state = State::Silent { opened: true };
            }
            State::Beginning(beginning) => {
                if beginning.tls.is_tls() {
                    self.unplayable(stream, gap.at);
                } else {
                    self.other(stream);
                }
            }
        }
        Interest::Done
    }

    fn end(&mut self, stream: &mut Stream, end: &StreamEnd) {
        if let State::Played { swapped } = stream.state
            && end.ended_by == EndedBy::Fin
        {
            let side = Side::from(end.side);
            let side = if swapped { side.peer() } else { side };
            self.tell(&stream.head, end.at, StreamNews::Ended { side });
        }
    }

    fn held(&self, stream: &Stream) -> usize {
        /// The place in the table.
        const STREAM: usize = 256;
        match &stream.state {
            State::Beginning(beginning) => {
                STREAM.saturating_add(beginning.bytes).saturating_add(beginning.tls.held())
            }
            State::Played { .. } | State::Silent { .. } => STREAM,
        }
    }

    fn close_stream(&mut self, flow: &FlowSummary, stream: Option<Stream>) {
        let Some(mut stream) = stream else { return };
        match &stream.state {
            State::Played { .. } | State::Silent { opened: true } => {
                let ended_by = flow.ended_by;
                self.tell(&stream.head, flow.last, StreamNews::Closed { ended_by });
            }
            State::Silent { opened: false } => {}
            State::Beginning(beginning) => {
                if beginning.tls.is_tls() {
                    self.unplayable(&mut stream, flow.last);
                } else {
                    self.other(&mut stream);
                }
            }
        }
    }

    fn datagram(&mut self, _datagram: &Datagram<'_>) {}

    fn undelivered(&mut self, _message: &Undelivered) {}

    fn secrets(&mut self, _kind: u32, _bytes: &[u8]) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A little-endian pcap of Ethernet, without packets.
    const EMPTY: [u8; 24] =
        [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];

    #[test]
    fn a_capture_without_packets_is_one() {
        let mut streams = Streams::default();
        assert_eq!(streams.push(&EMPTY), []);
        let (events, facts) = streams.end();
        assert_eq!(events, []);
        assert_eq!((facts.capture, facts.packets, facts.others), (true, 0, 0));
    }

    #[test]
    fn other_bytes_are_no_capture() {
        for bytes in [&b""[..], b"x", b"-----BEGIN CERTIFICATE-----"] {
            let mut streams = Streams::default();
            assert_eq!(streams.push(bytes), []);
            let (_, facts) = streams.end();
            assert!(!facts.capture, "{bytes:?}: {facts:?}");
        }
    }

    #[test]
    fn events_are_one_flat_object() {
        let at = Moment::default();
        let what = StreamNews::Said { side: Side::Client, bytes: vec![0x16, 3] };
        assert_eq!(
            serde_json::to_string(&StreamEvent { id: 7, at, what }).unwrap(),
            r#"{"id":7,"at":{"frame":0,"time":{"seconds":0,"nanoseconds":0}},"event":"said","side":"Client","bytes":"FgM="}"#
        );
    }
}
