//! Files on the wire and DNS: captures of real clients and servers (`tests/streams/transfers`), and hand-made packets
//! for what they do not do.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use serde_json::Value;
use tlvet_core::bytes::hex;
use tlvet_core::capture::Side as CaptureSide;
use tlvet_core::digest::sha256;
use tlvet_core::limits;
use tlvet_core::proto::http::{self, Exchange};
use tlvet_core::proto::tftp::{Packet, Tftp};
use tlvet_core::proto::transfer::{Operation, Transfer, TransferEvent, TransferStatus};
use tlvet_core::proto::{Place, Side, dns};
use tlvet_tests::capture::collect::{Collected, collect};
use tlvet_tests::random::Random;
use tlvet_tests::{folder, unpacked};

/// What was handed out.
#[derive(Debug, Default)]
struct Files {
    ended: Vec<Transfer>,
    data: BTreeMap<u64, Vec<u8>>,
    /// Content of what ended, in the order of `ended`.
    content: Vec<Vec<u8>>,
    begun: usize,
}

impl Files {
    fn take(&mut self, event: &TransferEvent<'_>) {
        match event {
            TransferEvent::Begins { id, .. } => {
                self.begun += 1;
                assert!(self.data.insert(*id, Vec::new()).is_none(), "begins twice");
            }
            TransferEvent::Data { id, bytes } => {
                assert!(!bytes.is_empty());
                self.data.get_mut(id).expect("data before the beginning").extend_from_slice(bytes);
            }
            TransferEvent::Ends { id, transfer } => {
                let content = self.data.remove(id).unwrap_or_default();
                assert_eq!(content.len() as u64, transfer.bytes);
                if transfer.status == TransferStatus::Complete {
                    assert_eq!(transfer.sha256, Some(sha256(&content)));
                } else {
                    assert_eq!(transfer.sha256, None);
                }
                self.content.push(content);
                self.ended.push((*transfer).clone());
            }
        }
    }

    /// As the truth writes it.
    fn told(&self) -> Vec<(String, String, String, u64, Option<String>)> {
        let tell = |transfer: &Transfer| {
            let operation = match transfer.operation {
                Operation::Read => "read",
                Operation::Write => "write",
            };
            let status = match &transfer.status {
                TransferStatus::Complete => "complete".to_owned(),
                TransferStatus::Incomplete => "incomplete".to_owned(),
                TransferStatus::Error { code, .. } => format!("error {code}"),
            };
            let bytes = if status == "complete" { transfer.bytes } else { 0 };
            (
                transfer.name.clone(),
                operation.to_owned(),
                status,
                bytes,
                transfer.sha256.map(|digest| hex(&digest)),
            )
        };
        let mut told: Vec<_> = self.ended.iter().map(tell).collect();
        told.sort();
        told
    }
}

fn truth(name: &str) -> Vec<(String, String, String, u64, Option<String>)> {
    let text = fs::read(folder().join("streams/transfers").join(name)).unwrap();
    let entries: Vec<Value> = serde_json::from_slice(&text).unwrap();
    let mut told: Vec<_> = entries
        .iter()
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().map(str::to_owned);
            (
                text("name").unwrap(),
                text("operation").unwrap(),
                text("status").unwrap(),
                entry["bytes"].as_u64().unwrap(),
                text("sha256"),
            )
        })
        .collect();
    told.sort();
    told
}

fn capture(name: &str) -> Collected {
    collect(&fs::read(folder().join("streams/transfers").join(name)).unwrap(), usize::MAX)
}

fn place(frame: u64) -> Place {
    Place { frame, ..Place::default() }
}

fn tftp_of(collected: &Collected) -> Files {
    let mut tftp = Tftp::default();
    let mut files = Files::default();
    for datagram in &collected.datagrams {
        let packet = Packet {
            source: datagram.ends.0.parse().unwrap(),
            destination: datagram.ends.1.parse().unwrap(),
            bytes: &datagram.bytes,
            missing: datagram.missing,
            place: datagram.at.into(),
        };
        tftp.datagram(&packet, &mut |event| files.take(&event));
    }
    tftp.end(&mut |event| files.take(&event));
    files
}

#[test]
fn tftp_files_of_a_real_server_and_client() {
    let files = tftp_of(&capture("tftp.pcap"));
    assert_eq!(files.told(), truth("tftp.json"));
    let error = &files.ended[0];
    assert_eq!((error.begins.frame, error.ends.frame), (1, 2));
    assert_eq!(
        error.status,
        TransferStatus::Error { code: 1, message: "File not found".to_owned() }
    );
    // With its announced size, from the request to the last block.
    let second = &files.ended[2];
    assert_eq!((second.name.as_str(), second.announced), ("ITLSEP001122334455.tlv", Some(5438)));
    assert_eq!(second.client.unwrap().ip(), second.server.unwrap().ip());
}

/// Pieces of both sides of the connections of a capture, in the order of its packets.
fn pieces(collected: &Collected) -> Vec<Vec<(Side, u64, Vec<u8>)>> {
    let flows = collected.flows.values().map(|flow| {
        let mut pieces = Vec::new();
        for side in [CaptureSide::Client, CaptureSide::Server] {
            let stream = flow.side(side);
            let mut start = 0;
            for (end, at) in &stream.marks {
                let end = *end as usize;
                pieces.push((Side::from(side), at.frame, stream.bytes[start..end].to_vec()));
                start = end;
            }
        }
        pieces.sort_by_key(|(_, frame, _)| *frame);
        pieces
    });
    flows.collect()
}

/// Reads one connection in pieces of at most `size`.
fn http_of(pieces: &[(Side, u64, Vec<u8>)], size: usize) -> (Files, Vec<Exchange>) {
    let mut files = Files::default();
    let mut exchanges = Vec::new();
    let mut connection = http::Connection::default();
    let mut last = 0;
    for (side, frame, bytes) in pieces {
        last = *frame;
        for piece in bytes.chunks(size) {
            let mut output = http::Output {
                exchange: &mut |exchange| exchanges.push(exchange.clone()),
                transfer: &mut |event| files.take(&event),
            };
            connection.push(*side, piece, place(*frame), &mut output);
        }
    }
    for side in [Side::Client, Side::Server] {
        let mut output = http::Output {
            exchange: &mut |exchange| exchanges.push(exchange.clone()),
            transfer: &mut |event| files.take(&event),
        };
        connection.end(side, true, place(last), &mut output);
    }
    assert!(connection.held() == 0);
    (files, exchanges)
}

#[test]
fn http_files_of_a_real_server_and_client() {
    let flows = pieces(&capture("http.pcap"));
    let mut whole = Vec::new();
    for size in [usize::MAX, 1, 2, 7, 1000] {
        let mut files = Files::default();
        let mut exchanges = Vec::new();
        for flow in &flows {
            let (read, told) = http_of(flow, size);
            files.ended.extend(read.ended);
            exchanges.extend(told);
        }
        assert_eq!(files.told(), truth("http.json"), "pieces of {size}");
        if whole.is_empty() {
            whole.clone_from(&exchanges);
        }
        assert_eq!(exchanges, whole, "pieces of {size}");
    }
    let moved = whole.iter().find(|exchange| exchange.status == Some(301)).unwrap();
    assert_eq!((moved.method.as_str(), moved.target.as_str()), ("GET", "/tcs/systemunit.xml"));
    assert_eq!(moved.reason, "Moved Permanently");
    assert_eq!(moved.location.as_deref(), Some("https://10.0.0.1/tcs/systemunit.xml"));
    assert_eq!(moved.host.as_deref(), Some("127.0.0.1:6970"));
    assert!(whole.iter().any(|exchange| exchange.method == "HEAD"));
    assert!(whole.iter().all(|exchange| exchange.answered >= exchange.requested));
}

/// A client and a server that speak TFTP, packet by packet.
struct Dialogue {
    tftp: Tftp,
    files: Files,
    frame: u64,
}

const CLIENT: &str = "10.48.36.46:50001";
const SERVER: &str = "10.48.36.215:69";
const ANSWERING: &str = "10.48.36.215:40000";

impl Dialogue {
    fn new() -> Self {
        Self { tftp: Tftp::default(), files: Files::default(), frame: 0 }
    }

    fn says(&mut self, source: &str, destination: &str, bytes: &[u8], missing: u64) -> bool {
        self.frame += 1;
        let packet = Packet {
            source: source.parse().unwrap(),
            destination: destination.parse().unwrap(),
            bytes,
            missing,
            place: place(self.frame),
        };
        let files = &mut self.files;
        self.tftp.datagram(&packet, &mut |event| files.take(&event))
    }

    fn asks(&mut self, words: &str) {
        let mut bytes = vec![0, 1];
        bytes.extend(words.replace(' ', "\0").bytes());
        bytes.push(0);
        assert!(self.says(CLIENT, SERVER, &bytes, 0));
    }

    fn answers(&mut self, block: u16, bytes: &[u8]) -> bool {
        let message = [&[0, 3][..], &block.to_be_bytes(), bytes].concat();
        self.says(ANSWERING, CLIENT, &message, 0)
    }

    fn end(mut self) -> Files {
        let files = &mut self.files;
        self.tftp.end(&mut |event| files.take(&event));
        assert_eq!(self.tftp.held(), 0);
        self.files
    }
}

fn content(length: usize) -> Vec<u8> {
    Random::new(3).bytes(length)
}

/// Numbers of blocks wrap behind 65,535: to 0, and with some servers to 1.
#[test]
fn tftp_block_numbers_wrap() {
    let bytes = content(8 * 70_000 + 3);
    for first in [0, 1] {
        let mut dialogue = Dialogue::new();
        dialogue.asks("big octet blksize 8");
        assert!(dialogue.says(ANSWERING, CLIENT, b"\0\x06blksize\x008\0", 0));
        let mut number = 1_u16;
        for block in bytes.chunks(8) {
            dialogue.answers(number, block);
            number = number.checked_add(1).unwrap_or(first);
        }
        let files = dialogue.end();
        assert_eq!(files.ended[0].status, TransferStatus::Complete, "wraps to {first}");
        assert_eq!(files.content[0], bytes, "wraps to {first}");
    }
}

#[test]
fn tftp_repeated_and_reordered_blocks_are_put_in_order() {
    let bytes = content(512 * 4 + 100);
    let block = |number: usize| &bytes[(number - 1) * 512..(number * 512).min(bytes.len())];
    let mut dialogue = Dialogue::new();
    dialogue.asks("file octet");
    dialogue.asks("file octet");
    for number in [1, 1, 3, 2, 2, 5, 5, 4] {
        dialogue.answers(number as u16, block(number));
    }
    // The last block again, and an answer from another port: neither belongs to anything new.
    assert!(dialogue.answers(5, block(5)));
    assert!(!dialogue.says("10.48.36.215:40001", CLIENT, b"\0\x03\0\x01other", 0));
    let files = dialogue.end();
    assert_eq!(files.ended.len(), 1);
    assert_eq!(files.content[0], bytes);
    assert_eq!(files.ended[0].status, TransferStatus::Complete);
    assert_eq!((files.ended[0].begins.frame, files.ended[0].ends.frame), (1, 10));
}

#[test]
fn tftp_what_is_missing_is_said() {
    // A block that was not captured; a block that was cut; no answer at all.
    for broken in 0..3 {
        let mut dialogue = Dialogue::new();
        dialogue.asks("file octet");
        match broken {
            0 => {
                dialogue.answers(1, &[1; 512]);
                dialogue.answers(3, &[3; 10]);
            }
            1 => {
                assert!(dialogue.says(ANSWERING, CLIENT, b"\0\x03\0\x01cut", 509));
                dialogue.answers(2, &[2; 10]);
            }
            _ => {}
        }
        let files = dialogue.end();
        assert_eq!(files.ended.len(), 1, "{broken}");
        assert_eq!(files.ended[0].status, TransferStatus::Incomplete, "{broken}");
    }
}

/// The answer to the options is not in the capture: the blocks tell the size.
#[test]
fn tftp_without_the_answer_to_options() {
    let bytes = content(1428 + 5);
    let mut dialogue = Dialogue::new();
    dialogue.asks("file octet blksize 1428");
    dialogue.answers(1, &bytes[..1428]);
    dialogue.answers(2, &bytes[1428..]);
    let files = dialogue.end();
    assert_eq!((&files.ended[0].status, &files.content[0]), (&TransferStatus::Complete, &bytes));
}

#[test]
fn tftp_memory_is_bounded() {
    let mut dialogue = Dialogue::new();
    for number in 0..20_000_u32 {
        let [high, low] = (number as u16).to_be_bytes();
        let client = SocketAddr::from(([10, 0, high, low], 2_000)).to_string();
        assert!(dialogue.says(&client, SERVER, b"\0\x01name\0octet\0", 0));
        // A block that waits for one that never comes.
        let block = [&[0, 3, 0, 2][..], &[7; 512]].concat();
        assert!(dialogue.says(ANSWERING, &client, &block, 0));
        assert!(dialogue.tftp.held() <= limits::TFTP_AHEAD + limits::TFTP_TRANSFERS * 512);
    }
    let files = dialogue.end();
    assert_eq!(files.ended.len(), 20_000);
}

/// An answer of a server in one piece.
fn answered(request: &str, answer: &[u8], properly: bool) -> (Files, Vec<Exchange>) {
    let mut files = Files::default();
    let mut exchanges = Vec::new();
    let mut connection = http::Connection::default();
    for (side, bytes) in [(Side::Client, request.as_bytes()), (Side::Server, answer)] {
        let mut output = http::Output {
            exchange: &mut |exchange| exchanges.push(exchange.clone()),
            transfer: &mut |event| files.take(&event),
        };
        connection.push(side, bytes, place(1), &mut output);
    }
    for side in [Side::Client, Side::Server] {
        let mut output = http::Output {
            exchange: &mut |exchange| exchanges.push(exchange.clone()),
            transfer: &mut |event| files.take(&event),
        };
        connection.end(side, properly, place(2), &mut output);
    }
    (files, exchanges)
}

#[test]
fn http_bodies_that_do_not_end_are_incomplete() {
    use TransferStatus::{Complete, Incomplete};
    let get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    for (answer, properly, status, bytes) in [
        (&b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"[..], true, Complete, 3),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", true, Incomplete, 3),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", true, Complete, 3),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", false, Incomplete, 3),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", true, Incomplete, 3),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            true,
            Complete,
            3,
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
            true,
            Incomplete,
            0,
        ),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
            true,
            Complete,
            1,
        ),
        (b"HTTP/1.0 200 OK\n\nabc", true, Complete, 3),
    ] {
        let (files, exchanges) = answered(get, answer, properly);
        let text = String::from_utf8_lossy(answer);
        assert_eq!(files.ended.len(), 1, "{text}");
        assert_eq!((&files.ended[0].status, files.ended[0].bytes), (&status, bytes), "{text}");
        assert_eq!(exchanges.len(), 1, "{text}");
    }
    // Contradicting lengths: nobody knows where the next answer begins.
    let (files, exchanges) =
        answered(get, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", true);
    assert_eq!((files.ended.len(), exchanges.len()), (0, 1));
}

/// A witness reads what the peers exchange, whatever a strict server would refuse.
#[test]
fn http_heads_of_any_style_are_read() {
    for (request, answer, target) in [
        ("GET /my file.xml HTTP/1.1\r\nHost: h\r\n\r\n", "Content-Length: 3", "/my file.xml"),
        ("GET /a HTTP/1.1\nHo st: h\nno field\n\n", "no field\r\nContent-Length: 3", "/a"),
        ("GET /a HTTP/1.1\r\nX: 1\r\n Y: 2\r\n\r\n", "X: 1\r\n\tY: 2\r\nContent-Length: 3", "/a"),
        ("GET  /a  HTTP/1.1\r\n\r\n", "Content-Length : 3", "/a"),
        ("GET /\u{e9} HTTP/1.0\r\n\r\n", "Server: \u{e9}\r\nContent-Length:3", "/\u{e9}"),
    ] {
        let answer = format!("HTTP/1.1 200\r\n{answer}\r\n\r\nabc");
        let (files, exchanges) = answered(request, answer.as_bytes(), true);
        let told: Vec<_> = files.ended.iter().map(|one| (one.name.as_str(), one.bytes)).collect();
        assert_eq!(told, [(target, 3)], "{request}");
        assert_eq!(files.ended[0].status, TransferStatus::Complete, "{request}");
        assert_eq!((exchanges.len(), exchanges[0].status), (1, Some(200)), "{request}");
    }
    let latin = b"GET /\xe9 HTTP/1.1\r\n\r\n";
    let mut connection = http::Connection::default();
    let mut output = http::Output { exchange: &mut |_| {}, transfer: &mut |_| {} };
    assert!(connection.push(Side::Client, latin, place(1), &mut output));
    for other in ["GET /a", "GET /a SIP/2.0", "GET HTTP/1.1", "GET  HTTP/1.1"] {
        let mut connection = http::Connection::default();
        let head = format!("{other}\r\n\r\n");
        let mut output = http::Output { exchange: &mut |_| {}, transfer: &mut |_| {} };
        assert!(!connection.push(Side::Client, head.as_bytes(), place(1), &mut output), "{other}");
    }
}

#[test]
fn http_that_nobody_answers_is_told() {
    let get = "GET /SEP001122334455.cnf.xml HTTP/1.1\r\nHost: h\r\n\r\n";
    let (files, exchanges) = answered(get, b"", true);
    let told: Vec<_> =
        files.ended.iter().map(|one| (one.name.as_str(), one.begins, one.ends)).collect();
    assert_eq!(told, [("/SEP001122334455.cnf.xml", place(1), place(1))]);
    assert_eq!((files.ended[0].bytes, exchanges[0].status), (0, None));
    // Something came, but it is no answer.
    let (files, _) = answered(get, b"\x00\x01", true);
    assert_eq!((files.ended[0].begins, files.ended[0].ends), (place(1), place(2)));
    // Pages of the web, and what is no file, are not.
    assert!(answered("GET /page.html HTTP/1.1\r\n\r\n", b"", true).0.ended.is_empty());
    assert!(answered("POST /a HTTP/1.1\r\n\r\n", b"", true).0.ended.is_empty());
}

#[test]
fn http_files_packed_with_gzip_are_unpacked() {
    use TransferStatus::{Complete, Incomplete};
    // `<device/>`, as gzip -n packs it.
    const PACKED: [u8; 29] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xb3, 0x49, 0x49, 0x2d, 0xcb, 0x4c, 0x4e, 0xd5, 0xb7,
        3, 0, 0x6b, 0x65, 0x88, 0x5e, 9, 0, 0, 0,
    ];
    let fetch = |target: &str, name: &str, body: &[u8]| {
        let get = format!("GET {target} HTTP/1.1\r\nHost: h\r\n\r\n");
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        answered(&get, &[head.as_bytes(), body].concat(), true).0
    };
    let answer = |name: &str, body: &[u8]| fetch("/SEP001122334455.cnf.xml", name, body);
    for name in ["gzip", "X-GZip"] {
        let files = answer(name, &PACKED);
        let one = &files.ended[0];
        assert_eq!((&one.status, one.bytes, one.announced), (&Complete, 9, None), "{name}");
        assert_eq!(one.sha256, Some(sha256(b"<device/>")), "{name}");
    }
    // What cannot be unpacked is not whole; other codings travel as they are.
    let damaged = [&PACKED[..28], &[1]].concat();
    assert_eq!(answer("gzip", &damaged).ended[0].status, Incomplete);
    assert_eq!(answer("gzip", &PACKED[..20]).ended[0].status, Incomplete);
    assert_eq!(fetch("/ITLFile.tlv", "gzip", &PACKED).ended[0].bytes, 9);
    assert_eq!(fetch("/page.html", "gzip", &PACKED).ended[0].sha256, Some(sha256(&PACKED)));
    assert_eq!(answer("br", &PACKED).ended[0].sha256, Some(sha256(&PACKED)));
}

#[test]
fn http_that_is_something_else_is_given_up() {
    let mut connection = http::Connection::default();
    let mut push = |side: Side, bytes: &[u8]| {
        let mut output = http::Output { exchange: &mut |_| {}, transfer: &mut |_| {} };
        connection.push(side, bytes, place(1), &mut output)
    };
    assert!(!push(Side::Client, &[0x16, 3, 1, 0, 5]));
    assert!(push(Side::Server, b"HTTP/"));
    assert!(!push(Side::Server, b"2"));
    assert_eq!(connection.held(), 0);
    assert!(!connection.is_http());
    // A head without end.
    let mut connection = http::Connection::default();
    let mut output = http::Output { exchange: &mut |_| {}, transfer: &mut |_| {} };
    let mut more = connection.push(Side::Client, b"GET / HTTP/1.1\r\n", place(1), &mut output);
    for _ in 0..10_000 {
        more = connection.push(Side::Client, b"X: 1234567890\r\n", place(1), &mut output);
        assert!(connection.held() <= limits::HTTP_HEAD);
    }
    assert!(!more);
}

#[test]
fn an_answer_read_before_its_request_takes_no_other_request() {
    let mut files = Files::default();
    let mut exchanges = Vec::new();
    let mut connection = http::Connection::default();
    for (side, bytes) in [
        (Side::Server, &b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"[..]),
        (Side::Client, b"GET /first HTTP/1.1\r\n\r\nGET /second HTTP/1.1\r\n\r\n"),
        (Side::Server, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"),
    ] {
        let mut output = http::Output {
            exchange: &mut |exchange| exchanges.push(exchange.clone()),
            transfer: &mut |event| files.take(&event),
        };
        assert!(connection.push(side, bytes, place(1), &mut output));
    }
    let names: Vec<_> = files.ended.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["", "/second"]);
    assert_eq!(exchanges[1].target, "/second");
}

#[test]
fn http_goes_on_behind_a_hole_in_a_body() {
    let mut files = Files::default();
    let mut connection = http::Connection::default();
    let mut output =
        http::Output { exchange: &mut |_| {}, transfer: &mut |event| files.take(&event) };
    let requests = b"GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
    assert!(connection.push(Side::Client, requests, place(1), &mut output));
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc";
    assert!(connection.push(Side::Server, answer, place(2), &mut output));
    assert!(connection.gap(Side::Server, 90, place(3), &mut output));
    let rest = b"1234567HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb";
    assert!(connection.push(Side::Server, rest, place(4), &mut output));
    // A hole where a head may be: what is behind it is not guessed.
    assert!(!connection.gap(Side::Server, 1, place(5), &mut output));
    let told: Vec<_> =
        files.ended.iter().map(|one| (one.name.as_str(), one.status.clone(), one.bytes)).collect();
    let expected = [("/a", TransferStatus::Incomplete, 3), ("/b", TransferStatus::Complete, 1)];
    assert_eq!(told, expected);
}

#[test]
fn cut_or_altered_transfers_never_panic() {
    let collected = capture("tftp.pcap");
    for step in 0..collected.datagrams.len() {
        for bit in 0..16 {
            let mut tftp = Tftp::default();
            let mut files = Files::default();
            for (number, datagram) in
                collected.datagrams.iter().enumerate().take(step + 8).skip(step.saturating_sub(8))
            {
                let mut bytes = datagram.bytes.clone();
                if number == step && !bytes.is_empty() {
                    let at = bit * 7 % bytes.len();
                    bytes[at] ^= 1 << (bit % 8);
                    bytes.truncate(bytes.len() - bit.min(bytes.len()) / 2);
                }
                let packet = Packet {
                    source: datagram.ends.0.parse().unwrap(),
                    destination: datagram.ends.1.parse().unwrap(),
                    bytes: &bytes,
                    missing: 0,
                    place: place(number as u64),
                };
                tftp.datagram(&packet, &mut |event| files.take(&event));
            }
            tftp.end(&mut |event| files.take(&event));
        }
    }
    for flow in pieces(&capture("http.pcap")) {
        for (number, (_, _, bytes)) in flow.iter().enumerate() {
            for at in (0..bytes.len().min(600)).step_by(3) {
                let mut altered = flow.clone();
                altered[number].2[at] ^= 1 << (at % 8);
                http_of(&altered, usize::MAX);
                altered[number].2.truncate(at);
                http_of(&altered, usize::MAX);
            }
        }
    }
}

/// A message of DNS: question, and records of name pointer, type and data.
fn message(flags: u16, name: &[u8], kind: u16, records: &[(u16, u32, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0x12, 0x34];
    bytes.extend(flags.to_be_bytes());
    bytes.extend([0, 1, 0, records.len() as u8, 0, 0, 0, 0]);
    bytes.extend(name);
    bytes.extend(kind.to_be_bytes());
    bytes.extend([0, 1]);
    for (kind, time_to_live, data) in records {
        bytes.extend([0xc0, 12]);
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 1]);
        bytes.extend(time_to_live.to_be_bytes());
        bytes.extend((data.len() as u16).to_be_bytes());
        bytes.extend(*data);
    }
    bytes
}

const NAME: &[u8] = b"\x04cucm\x06steven\x03lab\0";

#[test]
fn dns_answers_are_read() {
    let read = dns::parse(&message(0x8183, NAME, 1, &[])).unwrap();
    assert_eq!(
        (read.name.as_str(), read.response_code_name().as_str()),
        ("cucm.steven.lab", "NXDOMAIN")
    );
    assert_eq!((read.response, read.kind_name().as_str(), read.id), (true, "A", 0x1234));
    let srv = [&[0, 5, 0, 10, 0x1f, 0x90][..], b"\x03pub\xc0\x11"].concat();
    let read = dns::parse(&message(
        0x8180,
        NAME,
        255,
        &[
            (1, 300, &[10, 48, 36, 215]),
            (28, 60, &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            (5, 1, b"\x02ec\xc0\x0c"),
            (33, 1, &srv),
            (99, 1, &[1, 2]),
        ],
    ))
    .unwrap();
    let data: Vec<_> = read.answers.iter().map(|one| one.data.as_str()).collect();
    assert_eq!(
        data,
        ["10.48.36.215", "2001:db8::1", "ec.cucm.steven.lab", "5 10 8080 pub.steven.lab", "0102"]
    );
    assert_eq!((read.answers[0].time_to_live, read.problem), (300, None));
}

#[test]
fn dns_names_that_turn_in_circles_or_never_end_are_refused() {
    let mut bytes = message(0x0100, &[0xc0, 12], 1, &[]);
    let error = dns::parse(&bytes).unwrap_err();
    assert_eq!((error.at, error.field.as_str()), (12, "name"));
    bytes[13] = 200;
    assert!(dns::parse(&bytes).is_err());
    let long = [&b"\x3f"[..], &[b'a'; 63]].concat().repeat(4);
    let error = dns::parse(&message(0x0100, &[&long[..], &[0]].concat(), 1, &[])).unwrap_err();
    assert_eq!(error.field, "name");
    assert_eq!(dns::parse(&message(0x0100, &[0x40, 0], 1, &[])).unwrap_err().at, 12);
    // A record that is cut: the ones before it are kept.
    let whole = message(0x8180, NAME, 1, &[(1, 1, &[1, 2, 3, 4]), (1, 1, &[5, 6, 7, 8])]);
    let read = dns::parse(&whole[..whole.len() - 1]).unwrap();
    assert_eq!(
        (read.answers.len(), read.problem.map(|problem| problem.field)),
        (1, Some("rdata".to_owned()))
    );
    for at in 0..whole.len() {
        let _ = dns::parse(&whole[..at]);
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            let _ = (dns::parse(&flipped), dns::looks_like_dns(&flipped));
        }
    }
}

#[test]
fn dns_over_tcp_is_cut_into_messages() {
    let one = message(0x8180, NAME, 1, &[(1, 1, &[1, 2, 3, 4])]);
    let framed = [&(one.len() as u16).to_be_bytes()[..], &one].concat().repeat(2);
    for size in 1..framed.len() {
        let mut stream = dns::Stream::default();
        let mut found = Vec::new();
        for piece in framed.chunks(size) {
            stream.push(piece, place(1), |message, _| found.push(message));
        }
        assert_eq!(found.len(), 2, "pieces of {size}");
        assert_eq!(found[0], dns::parse(&one).unwrap());
    }
}

/// A mix of flows of others: every DNS message as tshark reads it, every TFTP file that it exports.
#[test]
fn dns_and_tftp_are_what_tshark_reads() {
    let path = folder().join("vectors/captures/s10be.pcapng.xz");
    let file = unpacked(&path).unwrap();
    let held = tempfile::tempdir().unwrap();
    let plain = held.path().join("s10be.pcapng");
    fs::write(&plain, &file).unwrap();
    let output = Command::new("tshark")
        .args(["-r"])
        .arg(&plain)
        .args(["-Y", "dns", "-T", "fields", "-E", "occurrence=f"])
        .args([
            "-e",
            "frame.number",
            "-e",
            "dns.id",
            "-e",
            "dns.flags.response",
            "-e",
            "dns.qry.name",
        ])
        .args(["-e", "dns.qry.type", "-e", "dns.flags.rcode", "-e", "dns.a"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let expected: Vec<&str> = text.lines().collect();
    assert!(expected.len() > 30, "{} messages", expected.len());
    let collected = collect(&file, 1 << 16);
    let read: Vec<String> = collected
        .datagrams
        .iter()
        .filter(|one| one.ends.0.ends_with(":53") || one.ends.1.ends_with(":53"))
        .filter_map(|one| Some((one.at.frame, dns::parse(&one.bytes).ok()?)))
        .map(|(frame, read)| {
            let code = if read.response { read.response_code.to_string() } else { String::new() };
            let address = read.answers.iter().find(|answer| answer.kind == 1);
            let address = address.map(|answer| answer.data.clone()).unwrap_or_default();
            format!(
                "{frame}\t0x{:04x}\t{}\t{}\t{}\t{code}\t{address}",
                read.id,
                u8::from(read.response),
                read.name,
                read.kind
            )
        })
        .collect();
    assert_eq!(read, expected);
    let files = tftp_of(&collected);
    let truth: Vec<Value> = serde_json::from_slice(
        &fs::read(folder().join("vectors/captures/s10be.truth.json")).unwrap(),
    )
    .unwrap();
    let mut wanted: Vec<(String, u64, bool)> = truth
        .iter()
        .filter(|one| one["k"] == "tftp")
        .map(|one| {
            (
                one["name"].as_str().unwrap().to_owned(),
                one["len"].as_u64().unwrap(),
                one["miss"] == true,
            )
        })
        .collect();
    let mut found: Vec<(String, u64, bool)> = files
        .ended
        .iter()
        .map(|one| {
            let missed = matches!(one.status, TransferStatus::Error { .. });
            assert!(missed || one.status == TransferStatus::Complete, "{one:?}");
            (one.name.clone(), one.bytes, missed)
        })
        .collect();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
}
