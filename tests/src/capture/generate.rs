//! A mix of traffic as a phone system's switch sees it, with the truth about it: TLS handshakes, HTTP bodies, TFTP
//! transfers, DNS, voice and fragmented datagrams, over IPv4 and IPv6, in VLANs, reordered, sent again, and lost.
#![allow(
    clippy::indexing_slicing,
    reason = "every index is below the length of what it was drawn from"
)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use serde::Serialize;

use super::packets::{self, Tcp, flag};
use super::write::Record;
use crate::random::Random;

/// What a mix is made of.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// The same seed, the same mix.
    pub seed: u64,
    /// Conversations.
    pub conversations: usize,
    /// Time of the first packet, nanoseconds since 1970.
    pub begin: u64,
    /// One segment in so many is not in the capture at all; 0 for none.
    pub loss: usize,
    /// Bytes of an HTTP body, at most.
    pub body: usize,
}

/// What is true of a mix.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Truth {
    /// TCP connections, in no order.
    pub connections: Vec<Connection>,
    /// Datagrams, in no order.
    pub datagrams: Vec<TrueDatagram>,
    /// TFTP transfers.
    pub transfers: Vec<Transfer>,
    /// Names that were asked for, and the answer's code.
    pub names: Vec<(String, u8)>,
}

/// A TCP connection.
#[derive(Clone, Debug, Serialize)]
pub struct Connection {
    /// Who calls.
    pub client: SocketAddr,
    /// Who is called.
    pub server: SocketAddr,
    /// The capture has the handshake's packets.
    pub handshake: bool,
    /// The bytes of client and server; one that the capture does not show is empty.
    #[serde(skip)]
    pub streams: [Vec<u8>; 2],
    /// What the capture does not have of them: offset and length, merged.
    pub lost: [Vec<(usize, usize)>; 2],
    /// Certificates in the order of the wire, numbers of [`Certificates`]; those of lost bytes included.
    pub certificates: [Vec<usize>; 2],
    /// The server name of a ClientHello.
    pub name: Option<String>,
    /// An alert: who sent it (0 client, 1 server), and its number.
    pub alert: Option<(usize, u8)>,
}

/// A datagram.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TrueDatagram {
    /// Sender.
    pub from: SocketAddr,
    /// Receiver.
    pub to: SocketAddr,
    /// Payload.
    #[serde(skip)]
    pub payload: Vec<u8>,
}

/// A TFTP transfer.
#[derive(Clone, Debug, Serialize)]
pub struct Transfer {
    /// Who asks.
    pub client: SocketAddr,
    /// What for.
    pub name: String,
    /// What is sent; `None` when there is no such file.
    #[serde(skip)]
    pub content: Option<Vec<u8>>,
}

/// Certificates that the servers and clients of a mix present, in DER.
pub type Certificates = Vec<Vec<u8>>;

/// A packet that waits for its time, in one VLAN or several.
type Frames = Vec<Vec<u8>>;

/// The packets of a mix and the truth about it.
pub fn generate(mix: &Mix, certificates: &Certificates) -> (Vec<Record>, Truth) {
    let mut maker = Maker {
        random: Random::new(mix.seed),
        mix: *mix,
        certificates,
        truth: Truth::default(),
        number: 0,
    };
    let mut conversations: Vec<std::vec::IntoIter<Vec<u8>>> =
        (0..mix.conversations).map(|_| maker.conversation().into_iter()).collect();
    let mut random = maker.random;
    let mut records = Vec::new();
    let mut time = mix.begin;
    // A few conversations run at one time; their packets come in bursts.
    let mut running: Vec<std::vec::IntoIter<Vec<u8>>> = Vec::new();
    while !running.is_empty() || !conversations.is_empty() {
        while running.len() < 12 {
            let Some(next) = conversations.pop() else { break };
            running.push(next);
        }
        let chosen = random.below(running.len());
        for _ in 0..=random.below(8) {
            match running[chosen].next() {
                Some(bytes) => records.push(Record { time, bytes }),
                None => {
                    running.swap_remove(chosen);
                    break;
                }
            }
            time += 1_000 * (1 + random.below(400) as u64);
        }
    }
    (records, maker.truth)
}

struct Maker<'c> {
    random: Random,
    mix: Mix,
    certificates: &'c Certificates,
    truth: Truth,
    number: u32,
}

/// A part of a conversation over TCP: who says what.
struct Say(usize, Vec<u8>);

/// What happens to a connection's packets beside reordering and repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Whole,
    /// The capture began after the handshake.
    WithoutHandshake,
    /// The capture has one direction only.
    OneSide(usize),
}

impl Maker<'_> {
    fn conversation(&mut self) -> Frames {
        self.number += 1;
        let vlans: Vec<u16> = match self.random.below(20) {
            0 => vec![100, 7],
            1..=4 => vec![110],
            _ => Vec::new(),
        };
        let packets = match self.random.below(20) {
            0..=6 => self.tls(),
            7..=11 => self.http(),
            12..=14 => self.tftp(),
            15..=17 => self.dns(),
            18 => self.voice(),
            _ => self.large_datagrams(),
        };
        packets.iter().map(|packet| packets::ethernet(packet, &vlans)).collect()
    }

    fn ends(&mut self, port: u16) -> (SocketAddr, SocketAddr) {
        let [_, a, b, c] = self.number.to_be_bytes();
        let version_6 = self.random.one_in(5);
        let last = u8::try_from(1 + self.random.below(12)).unwrap_or(1);
        let address = |[a, b, c, d]: [u8; 4]| -> IpAddr {
            if version_6 {
                let pair = |high, low| u16::from_be_bytes([high, low]);
                Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, pair(a, b), pair(c, d)).into()
            } else {
                Ipv4Addr::new(a, b, c, d).into()
            }
        };
        let seed = u16::try_from(self.mix.seed % 30_000).unwrap_or_default();
        let client = SocketAddr::new(address([10, a, b, c]), 20_000 + seed);
        (client, SocketAddr::new(address([10, 200, 0, last]), port))
    }

    fn tls(&mut self) -> Frames {
        let port = *self.random.pick(&[8443, 6972, 2445, 3804, 443, 5061, 6971, 2748]);
        let name = (!self.random.one_in(5)).then(|| format!("host{}.example", self.number));
        let mut chosen = [Vec::new(), Vec::new()];
        for _ in 0..1 + self.random.below(3) {
            chosen[1].push(self.random.below(self.certificates.len()));
        }
        if self.random.one_in(3) {
            chosen[0].push(self.random.below(self.certificates.len()));
        }
        let alert = self.random.one_in(4).then(|| (0, *self.random.pick(&[48_u8, 42, 46])));
        let chain =
            |which: &[usize]| which.iter().map(|n| &*self.certificates[*n]).collect::<Vec<_>>();
        let server_chain = chain(&chosen[1]);
        let client_chain = chain(&chosen[0]);
        let mut server_flight = super::tls::server_hello(&self.number.to_be_bytes());
        server_flight.extend(super::tls::certificate(&server_chain));
        server_flight.extend(super::tls::server_hello_done());
        let hello = super::tls::client_hello(&self.number.to_be_bytes(), name.as_deref());
        let limit = *self.random.pick(&[16_384, 1_000, 300]);
        let mut said = vec![
            Say(0, super::tls::records(22, &hello, 16_384)),
            Say(1, super::tls::records(22, &server_flight, limit)),
        ];
        match alert {
            Some((who, number)) => {
                chosen[0].clear();
                said.push(Say(who, super::tls::records(21, &[2, number], 16_384)));
            }
            None => {
                let mut flight = Vec::new();
                if !client_chain.is_empty() {
                    flight.extend(super::tls::certificate(&client_chain));
                }
                flight.extend(super::tls::client_key_exchange());
                let mut bytes = super::tls::records(22, &flight, limit);
                bytes.extend(super::tls::records(20, &[1], 16_384));
                bytes.extend(super::tls::records(22, &self.random.bytes(40), 16_384));
                said.push(Say(0, bytes));
                let mut bytes = super::tls::records(20, &[1], 16_384);
                bytes.extend(super::tls::records(22, &self.random.bytes(40), 16_384));
                said.push(Say(1, bytes));
                for _ in 0..self.random.below(6) {
                    let count = 20 + self.random.below(3_000);
                    let who = self.random.below(2);
                    let bytes = self.random.bytes(count);
                    said.push(Say(who, super::tls::records(23, &bytes, 16_384)));
                }
            }
        }
        let ends = self.ends(port);
        self.connection(ends, said, chosen, name, alert)
    }

    fn http(&mut self) -> Frames {
        let port = *self.random.pick(&[80, 6970]);
        let ends = self.ends(port);
        let mut said = Vec::new();
        for number in 0..=self.random.below(2) {
            let request = format!(
                "GET /firmware/sip{number}.loads HTTP/1.1\r\nHost: {}\r\n\r\n",
                ends.1.ip()
            );
            said.push(Say(0, request.into_bytes()));
            let size = self.random.below(self.mix.body.max(1));
            let body = self.random.bytes(size);
            let mut response =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n").into_bytes();
            response.extend(body);
            said.push(Say(1, response));
        }
        self.connection(ends, said, [Vec::new(), Vec::new()], None, None)
    }

    /// The packets of a TCP connection in which this is said, and the truth about it.
    fn connection(
        &mut self,
        (client, server): (SocketAddr, SocketAddr),
        said: Vec<Say>,
        certificates: [Vec<usize>; 2],
        name: Option<String>,
        alert: Option<(usize, u8)>,
    ) -> Frames {
        let view = match self.random.below(12) {
            0 => View::WithoutHandshake,
            1 => View::OneSide(self.random.below(2)),
            _ => View::Whole,
        };
        let ends = [client, server];
        // Some sequence numbers wrap within the connection.
        let first = [self.first_sequence(), self.first_sequence()];
        let mut streams = [Vec::new(), Vec::new()];
        let segment = |who: usize, at: &[Vec<u8>; 2], flags: u8, payload: Vec<u8>| {
            let next = |side: usize| {
                first[side].wrapping_add(1).wrapping_add(u32::try_from(at[side].len()).unwrap_or(0))
            };
            Tcp {
                from: ends[who],
                to: ends[1 - who],
                sequence: next(who),
                acknowledgment: next(1 - who),
                flags,
                payload,
            }
        };
        let mut sent: Vec<(usize, Tcp)> = Vec::new();
        if view != View::WithoutHandshake {
            let mut syn = segment(0, &streams, flag::SYN, Vec::new());
            syn.sequence = first[0];
            syn.acknowledgment = 0;
            let mut answer = segment(1, &streams, flag::SYN | flag::ACK, Vec::new());
            answer.sequence = first[1];
            sent.push((0, syn));
            sent.push((1, answer));
            sent.push((0, segment(0, &streams, flag::ACK, Vec::new())));
        }
        let longest = *self.random.pick(&[1_448, 1_448, 1_448, 1_220, 524, 100]);
        for Say(who, bytes) in said {
            let mut flight = Vec::new();
            for piece in bytes.chunks(longest) {
                flight.push((who, segment(who, &streams, flag::ACK | flag::PSH, piece.to_vec())));
                streams[who].extend(piece);
            }
            // The first bytes of a connection without handshake tell where its streams begin.
            let head = usize::from(view != View::Whole && streams[who].len() == bytes.len());
            self.disturb(&mut flight, head);
            sent.extend(flight);
            sent.push((1 - who, segment(1 - who, &streams, flag::ACK, Vec::new())));
        }
        for who in [0, 1] {
            sent.push((who, segment(who, &streams, flag::ACK | flag::FIN, Vec::new())));
        }
        let mut lost = [Vec::new(), Vec::new()];
        if self.mix.loss > 0 && view == View::Whole {
            self.lose(&mut sent, first, &mut lost);
        }
        if let View::OneSide(who) = view {
            sent.retain(|(sender, _)| *sender == who);
            streams[1 - who].clear();
        }
        self.truth.connections.push(Connection {
            client,
            server,
            handshake: view == View::Whole,
            streams,
            lost,
            certificates,
            name,
            alert,
        });
        sent.iter().map(|(_, tcp)| tcp.packet()).collect()
    }

    fn first_sequence(&mut self) -> u32 {
        let random = u32::try_from(self.random.bits() & 0xffff_ffff).unwrap_or_default();
        if self.random.one_in(8) { u32::MAX - random % 5_000 } else { random }
    }

    /// Reorders and repeats segments of a flight, behind its first `head`.
    fn disturb(&mut self, flight: &mut Vec<(usize, Tcp)>, head: usize) {
        let count = flight.len();
        if count > head + 1 && self.random.one_in(4) {
            for _ in 0..1 + count / 10 {
                let from = head + self.random.below(count - head);
                let segment = flight.remove(from);
                let to = (from + self.random.below(6)).saturating_sub(2).clamp(head, count - 1);
                flight.insert(to, segment);
            }
        }
        if self.random.one_in(4) {
            // Sent again as it was, or as the sender finds it convenient: two segments in one.
            let which = self.random.below(flight.len());
            let mut again = flight[which].clone();
            if let Some((_, next)) = flight.get(which + 1)
                && next.sequence
                    == again
                        .1
                        .sequence
                        .wrapping_add(u32::try_from(again.1.payload.len()).unwrap_or_default())
            {
                again.1.payload.extend(&next.payload);
            }
            flight.push(again);
        }
        if count > head + 2 && self.random.one_in(6) {
            // Lost on the wire before the capture, and sent again at the end of the flight.
            let segment = flight.remove(head + self.random.below(count - head));
            flight.push(segment);
        }
    }

    /// Takes segments out of the capture that their receiver had; they are not sent again.
    fn lose(
        &mut self,
        sent: &mut Vec<(usize, Tcp)>,
        first: [u32; 2],
        lost: &mut [Vec<(usize, usize)>; 2],
    ) {
        let mut gone: [Vec<(usize, usize)>; 2] = [Vec::new(), Vec::new()];
        let mut kept: [Vec<(usize, usize)>; 2] = [Vec::new(), Vec::new()];
        let (random, loss) = (&mut self.random, self.mix.loss);
        sent.retain(|(who, tcp)| {
            let start = tcp.sequence.wrapping_sub(first[*who]).wrapping_sub(1) as usize;
            let place = (start, start + tcp.payload.len());
            let lose = !tcp.payload.is_empty() && random.one_in(loss);
            if lose {
                gone[*who].push(place);
            } else if !tcp.payload.is_empty() {
                kept[*who].push(place);
            }
            !lose
        });
        for who in [0, 1] {
            lost[who] = without(&gone[who], &kept[who]);
        }
    }

    fn tftp(&mut self) -> Frames {
        let (client, server) = self.ends(69);
        let transfer = SocketAddr::new(server.ip(), 32_768 + client.port() % 1_000);
        let missing = self.random.one_in(5);
        let block = *self.random.pick(&[512_usize, 512, 1_428]);
        let size = self.random.below(40_000);
        let content = self.random.bytes(size);
        let name = format!("CTLSEP{:012X}.tlv", self.number);
        let mut request = [&[0, 1][..], name.as_bytes(), b"\0octet\0"].concat();
        let negotiated = block != 512;
        if negotiated {
            request.extend(b"tsize\x000\0blksize\x00");
            request.extend(format!("{block}\0").bytes());
        }
        let mut said = vec![(client, server, request)];
        if missing {
            said.push((transfer, client, b"\0\x05\0\x01File not found\0".to_vec()));
        } else {
            if negotiated {
                let mut answer = b"\0\x06tsize\0".to_vec();
                answer.extend(format!("{size}\0blksize\0{block}\0").bytes());
                said.push((transfer, client, answer));
                said.push((client, transfer, vec![0, 4, 0, 0]));
            }
            let mut blocks: Vec<&[u8]> = content.chunks(block).collect();
            if size.is_multiple_of(block) {
                blocks.push(&[]);
            }
            for (number, data) in (1_u16..).zip(blocks) {
                let number = number.to_be_bytes();
                let message = [&[0, 3][..], &number, data].concat();
                if self.random.one_in(30) {
                    said.push((transfer, client, message.clone()));
                }
                said.push((transfer, client, message));
                said.push((client, transfer, [&[0, 4][..], &number].concat()));
            }
        }
        self.truth.transfers.push(Transfer {
            client,
            name,
            content: (!missing).then_some(content),
        });
        self.datagrams(said)
    }

    fn dns(&mut self) -> Frames {
        let (client, server) = self.ends(53);
        let missing = self.random.one_in(5);
        let name = format!("_cisco-uds._tcp.lab{}.example", self.number);
        let labels: Vec<u8> = name
            .split('.')
            .flat_map(|label| {
                let length = u8::try_from(label.len()).unwrap_or_default();
                std::iter::once(length).chain(label.bytes())
            })
            .collect();
        let [_, _, high, low] = self.number.to_be_bytes();
        let question = [&labels[..], &[0, 0, 33, 0, 1]].concat();
        let query = [&[high, low, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], &question].concat();
        let code = if missing { 3 } else { 0 };
        let answer =
            [&[high, low, 0x81, 0x80 | code, 0, 1, 0, 0, 0, 0, 0, 0][..], &question].concat();
        self.truth.names.push((name, code));
        self.datagrams(vec![(client, server, query), (server, client, answer)])
    }

    fn voice(&mut self) -> Frames {
        let (client, server) = self.ends(24_576);
        let said = (0..200_u16)
            .map(|number| {
                let head =
                    [&[0x80, 0][..], &number.to_be_bytes(), &[0, 0, 0, 1, 0, 0, 0, 2]].concat();
                (client, server, [head, self.random.bytes(160)].concat())
            })
            .collect();
        self.datagrams(said)
    }

    /// Datagrams that do not fit into a packet: their fragments come in any order.
    fn large_datagrams(&mut self) -> Frames {
        let (client, server) = self.ends(5_060);
        let mut packets = Vec::new();
        for number in 0..1 + self.random.below(4) {
            let size = 1_500 + self.random.below(20_000);
            let payload = self.random.bytes(size);
            let identification = self.number * 8 + u32::try_from(number).unwrap_or_default();
            let mut pieces =
                packets::udp_fragments(client, server, &payload, identification, 1_480);
            for _ in 0..self.random.below(4) {
                let from = self.random.below(pieces.len());
                let piece = pieces.remove(from);
                let to = self.random.below(pieces.len() + 1);
                pieces.insert(to, piece);
            }
            packets.extend(pieces);
            self.truth.datagrams.push(TrueDatagram { from: client, to: server, payload });
        }
        packets
    }

    fn datagrams(&mut self, said: Vec<(SocketAddr, SocketAddr, Vec<u8>)>) -> Frames {
        said.into_iter()
            .map(|(from, to, payload)| {
                let packet = packets::udp(from, to, &payload);
                self.truth.datagrams.push(TrueDatagram { from, to, payload });
                packet
            })
            .collect()
    }
}

/// What the ranges of `gone` cover and those of `kept` do not; merged and sorted.
fn without(gone: &[(usize, usize)], kept: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut edges: Vec<usize> =
        gone.iter().chain(kept).flat_map(|(start, end)| [*start, *end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let covers = |ranges: &[(usize, usize)], start, end| {
        ranges.iter().any(|(from, to)| *from <= start && end <= *to)
    };
    let mut rest: Vec<(usize, usize)> = Vec::new();
    for pair in edges.windows(2) {
        let &[start, end] = pair else { continue };
        if !covers(gone, start, end) || covers(kept, start, end) {
            continue;
        }
        match rest.last_mut() {
            Some((_, last)) if *last == start => *last = end,
            _ => rest.push((start, end)),
        }
    }
    rest.into_iter().map(|(start, end)| (start, end - start)).collect()
}
