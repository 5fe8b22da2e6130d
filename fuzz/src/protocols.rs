//! Protocols: pieces do not matter, what is held is bounded, and nothing is handed out twice.
//!
//! Dialogues are written as turns: a byte (bit 0: the server speaks; bit 1: so many bytes are lost; bit 2: the side
//! ends), a length of two bytes, the bytes.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tlvet_core::limits;
use tlvet_core::proto::http::{self, Exchange};
use tlvet_core::proto::tftp::{Packet, Tftp};
use tlvet_core::proto::tls::{Connection, Context, Event, Secrets, Summary, dtls as datagrams};
use tlvet_core::proto::transfer::{Transfer, TransferEvent, TransferStatus};
use tlvet_core::proto::{Place, Side, capf, dns, tvs};

/// Secrets of the seeds.
const KEYS: &[u8] = include_bytes!("../corpus/key_log/seeds.log");

enum Turn<'a> {
    Says(Side, &'a [u8]),
    Loses(Side, u64),
    Ends(Side),
}

fn turns(mut data: &[u8]) -> Vec<Turn<'_>> {
    let mut turns = Vec::new();
    while let [kind, high, low, rest @ ..] = data {
        let side = if kind & 1 == 0 { Side::Client } else { Side::Server };
        let length = u16::from_be_bytes([*high, *low]);
        if kind & 4 != 0 {
            turns.push(Turn::Ends(side));
            data = rest;
        } else if kind & 2 != 0 {
            turns.push(Turn::Loses(side, length.into()));
            data = rest;
        } else {
            let (bytes, behind) = rest.split_at(usize::from(length).min(rest.len()));
            turns.push(Turn::Says(side, bytes));
            data = behind;
        }
    }
    turns
}

fn place(frame: usize) -> Place {
    Place { frame: frame as u64, ..Place::default() }
}

/// TLS over a stream, with the secrets of the seeds: the same in pieces of one byte.
pub fn tls(data: &[u8]) {
    let mut secrets = Secrets::default();
    secrets.add_key_log(KEYS);
    let whole = tls_in_pieces(data, usize::MAX, &secrets);
    assert_eq!(whole, tls_in_pieces(data, 1, &secrets), "pieces of one byte");
    assert_eq!(whole, tls_in_pieces(data, 37, &secrets), "pieces of 37 bytes");
    let _ = whole.0.certificate_visibility();
}

fn tls_in_pieces(data: &[u8], size: usize, secrets: &Secrets) -> (Summary, Vec<u8>, usize) {
    let mut connection = Connection::default();
    let mut said = Vec::new();
    let mut certificates = 0;
    for (number, turn) in turns(data).iter().enumerate() {
        let mut observer = |event: Event<'_>| match event {
            Event::ApplicationData { bytes, .. } => said.extend_from_slice(bytes),
            Event::Chain { certificates: chain, .. } => certificates += chain.len(),
            _ => {}
        };
        let mut context = Context { place: place(number), secrets, observer: &mut observer };
        match turn {
            Turn::Says(side, bytes) => {
                for piece in bytes.chunks(size) {
                    connection.push(*side, piece, &mut context);
                }
            }
            Turn::Loses(side, length) => connection.gap(*side, *length, &mut context),
            Turn::Ends(side) => connection.end(*side, &mut context),
        }
        let cap =
            2 * (limits::TLS_HANDSHAKE_MESSAGE + 2 * limits::TLS_RECORD + limits::TLS_PREAMBLE);
        assert!(connection.held() <= cap, "{} bytes held", connection.held());
        let _ = (connection.wants(Side::Client), connection.wants(Side::Server));
    }
    assert!(said.len() <= data.len(), "more was said than was sent");
    let summary = connection.into_summary();
    assert!(summary.server_certificates.len() <= limits::TLS_CHAIN);
    (summary, said, certificates)
}

/// TLS over datagrams, with the secrets of the seeds.
pub fn dtls(data: &[u8]) {
    let mut secrets = Secrets::default();
    secrets.add_key_log(KEYS);
    let mut association = datagrams::Association::default();
    let mut said = 0;
    for (number, turn) in turns(data).iter().enumerate() {
        let Turn::Says(side, bytes) = turn else { continue };
        let mut observer = |event: Event<'_>| {
            if let Event::ApplicationData { bytes, .. } = event {
                said += bytes.len();
            }
        };
        let mut context =
            Context { place: place(number), secrets: &secrets, observer: &mut observer };
        association.datagram(*side, bytes, &mut context);
        assert!(association.held() <= 2 * limits::TLS_HANDSHAKE_MESSAGE);
    }
    let mut observer = |_: Event<'_>| {};
    let mut context = Context { place: place(0), secrets: &secrets, observer: &mut observer };
    association.end(&mut context);
    assert!(said <= data.len(), "more was said than was sent");
    assert_eq!(association.held(), 0);
}

/// Single messages: TVS, CAPF, DNS, and streams of them in pieces.
pub fn messages(data: &[u8]) {
    let read = tvs::inspect(data, 0);
    assert_eq!(read.problems.is_damaged(), tvs::parse(data, 0).is_err());
    let read = capf::inspect(data, 0);
    assert_eq!(read.problems.is_damaged(), capf::parse(data, 0).is_err());
    if let Ok(read) = dns::parse(data) {
        assert!(read.answers.len() <= limits::DNS_ANSWERS);
        assert!(read.name.len() <= 4 * 255, "a name of {} bytes", read.name.len());
        let _ = (read.response_code_name(), read.kind_name());
    }
    let tvs_in_pieces = |size: usize| {
        let mut stream = tvs::Stream::default();
        let mut found = Vec::new();
        data.chunks(size).for_each(|piece| stream.push(piece, place(1), |one, _| found.push(one)));
        (found, stream.end())
    };
    assert_eq!(tvs_in_pieces(1), tvs_in_pieces(usize::MAX));
    let dns_in_pieces = |size: usize| {
        let mut stream = dns::Stream::default();
        let mut found = Vec::new();
        data.chunks(size).for_each(|piece| stream.push(piece, place(1), |one, _| found.push(one)));
        found
    };
    assert_eq!(dns_in_pieces(1), dns_in_pieces(usize::MAX));
}

/// Key logs: what is taken is counted, and never printed.
pub fn key_log(data: &[u8]) {
    let mut secrets = Secrets::default();
    let count = secrets.add_key_log(data);
    let lines = data.split(|byte| *byte == b'\n').count() as u64;
    assert!(count.secrets + count.other_lines + count.left_out <= lines);
    assert_eq!(secrets.is_empty(), count.secrets == 0);
    assert!(format!("{secrets:?}").len() < 100);
}

/// Files that were handed out, with a check of every promise of a transfer.
#[derive(Default)]
struct Files {
    open: BTreeMap<u64, u64>,
    ended: Vec<Transfer>,
    bytes: u64,
}

impl Files {
    fn take(&mut self, event: &TransferEvent<'_>) {
        match event {
            TransferEvent::Begins { id, .. } => {
                assert!(self.open.insert(*id, 0).is_none(), "transfer {id} begins twice");
            }
            TransferEvent::Data { id, bytes } => {
                let sum = self.open.get_mut(id).expect("data of a transfer that began");
                *sum += bytes.len() as u64;
                self.bytes += bytes.len() as u64;
            }
            TransferEvent::Ends { id, transfer } => {
                assert_eq!(self.open.remove(id).unwrap_or_default(), transfer.bytes);
                assert_eq!(transfer.sha256.is_some(), transfer.status == TransferStatus::Complete);
                self.ended.push((*transfer).clone());
            }
        }
    }
}

/// HTTP over a stream (in pieces of any size) and TFTP over datagrams.
pub fn transfers(data: &[u8]) {
    let whole = http_in_pieces(data, usize::MAX);
    assert_eq!(whole, http_in_pieces(data, 1), "pieces of one byte");
    let mut tftp = Tftp::default();
    let mut files = Files::default();
    let client: SocketAddr = ([10, 0, 0, 1], 50_000).into();
    for (number, turn) in turns(data).iter().enumerate() {
        let Turn::Says(side, bytes) = turn else { continue };
        let asked = matches!(bytes, [0, 1 | 2, ..]);
        let server: SocketAddr = ([10, 0, 0, 2], if asked { 69 } else { 40_000 }).into();
        let (source, destination) =
            if *side == Side::Client { (client, server) } else { (server, client) };
        let packet = Packet { source, destination, bytes, missing: 0, place: place(number) };
        tftp.datagram(&packet, &mut |event| files.take(&event));
        assert!(tftp.held() <= limits::TFTP_AHEAD + limits::TFTP_TRANSFERS * 512);
    }
    tftp.end(&mut |event| files.take(&event));
    assert!(files.open.is_empty(), "a transfer without end");
    assert!(files.bytes <= data.len() as u64);
    assert_eq!(tftp.held(), 0);
}

fn http_in_pieces(data: &[u8], size: usize) -> (Vec<Transfer>, Vec<Exchange>) {
    let mut connection = http::Connection::default();
    let mut files = Files::default();
    let mut exchanges = Vec::new();
    let all = turns(data);
    let ends = [Turn::Ends(Side::Client), Turn::Ends(Side::Server)];
    for (number, turn) in all.iter().chain(&ends).enumerate() {
        let mut output = http::Output {
            exchange: &mut |exchange: &Exchange| exchanges.push(exchange.clone()),
            transfer: &mut |event| files.take(&event),
        };
        match turn {
            Turn::Says(side, bytes) => {
                for piece in bytes.chunks(size) {
                    connection.push(*side, piece, place(number), &mut output);
                }
            }
            Turn::Loses(side, length) => {
                connection.gap(*side, *length, place(number), &mut output);
            }
            Turn::Ends(side) => connection.end(*side, true, place(number), &mut output),
        }
        let cap = 2 * limits::HTTP_HEAD + limits::HTTP_PIPELINE * 512;
        assert!(connection.held() <= cap, "{} bytes held", connection.held());
    }
    assert!(files.open.is_empty(), "a transfer without end");
    assert!(files.bytes <= data.len() as u64);
    (files.ended, exchanges)
}
