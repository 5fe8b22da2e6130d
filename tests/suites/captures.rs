//! Captures: what was put on the wire is what comes out, however it was cut, mixed and written.
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "captures made here are small, and a connection has two sides, numbered 0 and 1"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::{fs, io};

use anyhow::Context as _;
use tlvet_core::bytes::hex;
use tlvet_core::capture::Side;
use tlvet_core::digest::sha256;
use tlvet_core::error::ErrorKind;
use tlvet_core::limits;
use tlvet_tests::capture::collect::{Collected, Stream, collect, packets};
use tlvet_tests::capture::generate::{Certificates, Mix, Truth, generate};
use tlvet_tests::capture::packets::{self as make, Tcp, flag};
use tlvet_tests::capture::tshark;
use tlvet_tests::capture::write::{Order, PcapNg, Record, pcap, pcapng};
use tlvet_tests::random::Random;
use tlvet_tests::{Failure, files_below, folder, unpacked};

type Result<T> = std::result::Result<T, Failure>;

/// 2026-09-21T14:13:20Z.
const BEGIN: u64 = 1_790_000_000_000_000_000;

const MIX: Mix = Mix { seed: 1, conversations: 60, begin: BEGIN, loss: 0, body: 60_000 };

const ETHERNET: u32 = 1;

fn certificates() -> Result<Certificates> {
    let files = files_below(&folder().join("fixtures/certificates"))?;
    let der = files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "der"));
    Ok(der.map(fs::read).collect::<io::Result<_>>()?)
}

/// What differs between the truth about a mix and what was read of it.
fn differences(truth: &Truth, read: &Collected) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut flows = BTreeMap::new();
    for flow in read.flows.values() {
        let summary = flow.summary.expect("every connection is summed up");
        let ends = (summary.head.client, summary.head.server);
        if flows.insert(ends, (summary, flow)).is_some() {
            wrong.push(format!("{ends:?} twice"));
        }
    }
    for connection in &truth.connections {
        let Some((summary, flow)) = flows.remove(&(connection.client, connection.server)) else {
            wrong.push(format!("{} -> {} is missing", connection.client, connection.server));
            continue;
        };
        for (who, side) in [(0, Side::Client), (1, Side::Server)] {
            let stream = flow.side(side);
            let mut expected = connection.streams[who].clone();
            for (start, length) in &connection.lost[who] {
                expected[*start..start + length].fill(0);
            }
            let gaps: Vec<_> =
                stream.gaps.iter().map(|gap| (gap.offset as usize, gap.length as usize)).collect();
            if stream.bytes != expected || gaps != connection.lost[who] {
                wrong.push(format!(
                    "{} -> {} {side:?}: {} bytes, gaps {gaps:?}; truth {} bytes, gaps {:?}",
                    connection.client,
                    connection.server,
                    stream.bytes.len(),
                    expected.len(),
                    connection.lost[who]
                ));
            }
            let missing: u64 = stream.gaps.iter().map(|gap| gap.length).sum();
            let facts = summary.side(side);
            if facts.bytes + missing != stream.bytes.len() as u64
                || (facts.gaps, facts.missing_bytes) != (stream.gaps.len() as u64, missing)
            {
                wrong.push(format!("{}: {facts:?} miscounts", connection.client));
            }
        }
    }
    wrong.extend(flows.into_keys().map(|ends| format!("{ends:?} was never there")));
    let mut expected: Vec<_> = truth
        .datagrams
        .iter()
        .map(|one| ((one.from.to_string(), one.to.to_string()), one.payload.clone()))
        .collect();
    let mut found: Vec<_> =
        read.datagrams.iter().map(|one| (one.ends.clone(), one.bytes.clone())).collect();
    expected.sort();
    found.sort();
    if expected != found {
        wrong.push(format!("{} datagrams, truth {}", found.len(), expected.len()));
    }
    wrong
}

#[test]
fn every_byte_of_a_disturbed_mix_is_found() -> Result<()> {
    let certificates = certificates()?;
    for seed in 0..40 {
        let (records, truth) = generate(&Mix { seed, ..MIX }, &certificates);
        let read = collect(&pcapng(&records, Order::Little), 1 << 24);
        Failure::unless_empty(&differences(&truth, &read), &format!("seed {seed}"))?;
        assert_eq!(read.file.packets, records.len() as u64);
        assert_eq!(read.network.incomplete_packets, 0);
    }
    Ok(())
}

#[test]
fn what_the_capture_lost_is_a_gap_in_its_place() -> Result<()> {
    let certificates = certificates()?;
    let mut gaps = 0;
    for seed in 100..120 {
        let (records, truth) = generate(&Mix { seed, loss: 40, ..MIX }, &certificates);
        gaps += truth.connections.iter().flat_map(|one| &one.lost).flatten().count();
        let read = collect(&pcap(&records, Order::Big, false, ETHERNET, 1 << 18), 1 << 24);
        Failure::unless_empty(&differences(&truth, &read), &format!("seed {seed}"))?;
    }
    assert!(gaps > 100, "the mixes hold losses");
    Ok(())
}

#[test]
fn chunks_do_not_matter() -> Result<()> {
    let (records, _) = generate(&Mix { seed: 7, loss: 60, body: 20_000, ..MIX }, &certificates()?);
    for file in [pcapng(&records, Order::Big), pcap(&records, Order::Little, true, ETHERNET, 400)] {
        let whole = collect(&file, file.len());
        for chunk in [1, 7, 1_500, 65_536] {
            assert!(collect(&file, chunk) == whole, "chunks of {chunk} differ");
        }
    }
    Ok(())
}

#[test]
fn formats_byte_orders_and_clocks_do_not_matter() -> Result<()> {
    let (records, _) = generate(&Mix { seed: 8, ..MIX }, &certificates()?);
    let expected: Vec<_> = records
        .iter()
        .map(|record| (record.time / 1_000, Some(ETHERNET), record.bytes.clone()))
        .collect();
    let mut files = Vec::new();
    for order in [Order::Big, Order::Little] {
        for nanoseconds in [false, true] {
            files.push(pcap(&records, order, nanoseconds, ETHERNET, 1 << 18));
        }
        for (resolution, units) in
            [(None, 1_000_000), (Some(6), 1_000_000), (Some(9), 1_000_000_000_u64)]
        {
            let offset = 1_000_000_000;
            let mut file = PcapNg::new(order);
            // Interfaces that no packet names, and one with a clock that started later.
            file.interface(101, 96, Some(0x83), None);
            file.interface(1, 0, resolution, Some(offset));
            file.block(0x0bad, b"a block of somebody else");
            for record in &records {
                let nanoseconds = record.time - offset.cast_unsigned() * 1_000_000_000;
                file.packet(1, nanoseconds / (1_000_000_000 / units), &record.bytes);
            }
            files.push(file.file);
        }
    }
    for (number, file) in files.iter().enumerate() {
        let (read, facts) = packets(file, 4_096);
        let found: Vec<_> = read
            .packets
            .iter()
            .map(|(at, link, bytes, original)| {
                assert_eq!(*original, bytes.len() as u64);
                let time = at.time.seconds.cast_unsigned() * 1_000_000
                    + u64::from(at.time.nanoseconds / 1_000);
                (time, *link, bytes.clone())
            })
            .collect();
        assert!(found == expected, "file {number} differs");
        assert_eq!(facts.problems.list, [], "file {number}");
        assert_eq!(read.packets.last().map(|packet| packet.0.frame), Some(records.len() as u64));
        assert_eq!(facts.first.unwrap().seconds, 1_790_000_000);
    }
    Ok(())
}

#[test]
fn every_kind_of_block_is_read_or_stepped_over() {
    let mut file = PcapNg::new(Order::Little);
    file.interface(1, 40, None, None);
    file.packet(0, 5_000_000, &[1; 60]);
    file.old_packet(0, 6_000_000, &[2; 61]);
    file.simple_packet(&[3; 62], 40);
    file.secrets(b"CLIENT_RANDOM 00 11\n");
    file.packet(7, 8_000_000, &[4; 3]);
    file.section(Order::Big);
    file.packet(0, 9_000_000, &[5; 5]);
    file.interface(113, 0, None, None);
    file.packet(0, 10_000_000, &[]);
    let (read, facts) = packets(&file.file, 3);
    let seen: Vec<_> = read
        .packets
        .iter()
        .map(|(at, link, bytes, original)| {
            (at.frame, at.time.seconds, *link, bytes.len(), *original)
        })
        .collect();
    assert_eq!(
        seen,
        [
            (1, 5, Some(1), 60, 60),
            (2, 6, Some(1), 61, 61),
            (3, 6, Some(1), 40, 62),
            (4, 8, None, 3, 3),
            (5, 9, None, 5, 5),
            (6, 10, Some(113), 0, 0),
        ]
    );
    assert_eq!(read.secrets, [(0x544c_534b, b"CLIENT_RANDOM 00 11\n".to_vec())]);
    assert_eq!((facts.packets, facts.truncated_packets, facts.unread_packets), (6, 1, 2));
    assert_eq!(facts.links, [1, 113]);
    let wrong: Vec<_> = facts.problems.list.iter().map(|one| one.error.field.as_str()).collect();
    assert_eq!(wrong, ["interface", "interface"]);
}

#[test]
fn a_cut_last_packet_counts_and_is_no_error() {
    let record = Record { time: BEGIN, bytes: vec![9; 100] };
    let records = [record.clone(), record];
    for (file, head) in [
        (pcap(&records, Order::Little, false, ETHERNET, 1 << 18), 24 + 116 + 16),
        (pcapng(&records, Order::Little), 28 + 24 + 132 + 28),
    ] {
        for kept in [0, 1, 99] {
            let (read, facts) = packets(&file[..head + kept], 11);
            assert_eq!(read.packets.len(), 2);
            assert_eq!(read.packets[1].2.len(), kept);
            assert_eq!((facts.packets, facts.truncated_packets), (2, 1));
            assert_eq!(facts.problems.list.len(), 1);
            assert!(!facts.problems.is_damaged());
        }
    }
}

#[test]
fn hostile_lengths_are_told_and_end_nothing_else() {
    // A packet of 4 GiB: its first bytes are read, what follows belongs to it.
    let mut file = pcap(&[], Order::Little, false, ETHERNET, 1 << 18);
    file.extend([0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 60, 0, 0, 0]);
    file.resize(file.len() + 300_000, 7);
    let (read, facts) = packets(&file, 1_000);
    assert_eq!(read.packets[0].2.len(), limits::CAPTURE_PACKET_BYTES);
    assert_eq!(read.packets.len(), 1);
    assert_eq!(facts.problems.list[0].error.at, 24 + 8);
    assert_eq!(
        facts.problems.list[0].error.kind,
        ErrorKind::TooLarge { limit: limits::CAPTURE_PACKET_BYTES as u64 }
    );
    // A block of no length: nothing behind it can be found.
    let mut blocks = PcapNg::new(Order::Little);
    blocks.interface(1, 0, None, None);
    blocks.packet(0, 1, &[1; 60]);
    let place = blocks.file.len() as u64 + 4;
    blocks.file.extend([5, 0, 0, 0, 0, 0, 0, 0]);
    blocks.packet(0, 1, &[1; 60]);
    let (read, facts) = packets(&blocks.file, 1);
    assert_eq!(read.packets.len(), 1);
    assert!(facts.problems.is_damaged());
    assert_eq!(facts.problems.list[0].error.at, place);
    // A packet that is longer than its block.
    let mut blocks = PcapNg::new(Order::Big);
    blocks.interface(1, 0, None, None);
    let mut body = vec![0; 20];
    body[13] = 1;
    body.extend([1; 8]);
    blocks.block(6, &body);
    blocks.packet(0, 1, &[2; 60]);
    let (read, facts) = packets(&blocks.file, 1_000);
    assert_eq!(read.packets.iter().map(|one| one.2.len()).collect::<Vec<_>>(), [8, 60]);
    assert!(facts.problems.is_damaged());
    // Interfaces without end.
    let mut blocks = PcapNg::new(Order::Little);
    for _ in 0..limits::CAPTURE_INTERFACES + 10 {
        blocks.interface(1, 0, None, None);
    }
    let (_, facts) = packets(&blocks.file, 1 << 20);
    assert_eq!(facts.problems.list.len(), 10);
}

/// A small connection: handshake, a few bytes each way, both say that they are done.
struct Script {
    records: Vec<Record>,
    client: SocketAddr,
    server: SocketAddr,
}

impl Script {
    fn new() -> Self {
        Self {
            records: Vec::new(),
            client: SocketAddr::from(([10, 0, 0, 1], 50_000)),
            server: SocketAddr::from(([10, 0, 0, 2], 8_443)),
        }
    }

    /// A segment of the client (`true`) or the server.
    fn say(&mut self, by_client: bool, sequence: u32, acknowledgment: u32, flags: u8, text: &[u8]) {
        let (from, to) =
            if by_client { (self.client, self.server) } else { (self.server, self.client) };
        let tcp = Tcp { from, to, sequence, acknowledgment, flags, payload: text.to_vec() };
        self.packet(&tcp.packet());
    }

    fn packet(&mut self, packet: &[u8]) {
        let time = BEGIN + 1_000_000 * self.records.len() as u64;
        self.records.push(Record { time, bytes: make::ethernet(packet, &[]) });
    }

    fn handshake(&mut self, client: u32, server: u32) {
        self.say(true, client, 0, flag::SYN, b"");
        self.say(false, server, client + 1, flag::SYN | flag::ACK, b"");
        self.say(true, client + 1, server + 1, flag::ACK, b"");
    }

    fn read(&self) -> Collected {
        collect(&pcapng(&self.records, Order::Little), 1 << 20)
    }
}

/// Ends of the connections, what was said, how it ended and with which packet.
fn told(read: &Collected) -> String {
    let mut text = String::new();
    for (id, flow) in &read.flows {
        let summary = flow.summary.expect("summed up");
        let said = |stream: &Stream| {
            let end = stream.end.map(|(by, at)| format!("{by:?}@{}", at.frame));
            let bytes = String::from_utf8_lossy(&stream.bytes).replace('\0', ".");
            format!("{bytes}|{}", end.unwrap_or_default())
        };
        writeln!(
            text,
            "{id} {}>{} known={} {} {} {:?} last={}",
            summary.head.client.port(),
            summary.head.server.port(),
            summary.head.roles_known,
            said(flow.side(Side::Client)),
            said(flow.side(Side::Server)),
            summary.ended_by,
            summary.last.frame
        )
        .expect("a String grows");
    }
    text
}

#[test]
fn a_connection_that_both_end() {
    let mut script = Script::new();
    script.handshake(100, 500);
    script.say(true, 101, 501, flag::ACK, b"hello");
    script.say(false, 501, 106, flag::ACK, b"well");
    script.say(true, 106, 505, flag::ACK | flag::FIN, b"");
    script.say(false, 505, 107, flag::ACK | flag::FIN, b"");
    script.say(true, 107, 506, flag::ACK, b"");
    assert_eq!(told(&script.read()), "1 50000>8443 known=true hello|Fin@6 well|Fin@7 Fin last=8\n");
}

#[test]
fn a_refusal_and_a_broken_connection() {
    let mut script = Script::new();
    script.say(true, 100, 0, flag::SYN, b"");
    script.say(false, 0, 101, flag::ACK | flag::RST, b"");
    // The next attempt uses the same port and is broken off after the first words (D22).
    script.handshake(900, 500);
    script.say(true, 901, 501, flag::ACK, b"hello");
    script.say(false, 501, 906, flag::ACK, b"");
    script.say(false, 501, 906, flag::ACK | flag::RST, b"");
    let read = script.read();
    assert_eq!(
        told(&read),
        "1 50000>8443 known=true | | Rst last=2\n\
         2 50000>8443 known=true hello|Rst@8 |Rst@8 Rst last=8\n"
    );
    let summary = read.flows[&2].summary.unwrap();
    assert_eq!(summary.server.rst.unwrap().frame, 8);
    assert_eq!((summary.client.rst, summary.server.bytes), (None, 0));
}

#[test]
fn nobody_answers() {
    let mut script = Script::new();
    for _ in 0..3 {
        script.say(true, 100, 0, flag::SYN, b"");
    }
    let read = script.read();
    assert_eq!(told(&read), "1 50000>8443 known=true | | None last=3\n");
    assert_eq!(read.flows[&1].summary.unwrap().client.packets, 3);
}

#[test]
fn a_capture_that_begins_in_mid_stream() {
    let mut script = Script::new();
    script.say(false, 7_000, 3_000, flag::ACK, b"");
    script.say(false, 7_000, 3_000, flag::ACK, b"server");
    script.say(true, 3_004, 7_006, flag::ACK, b"nt");
    script.say(true, 3_000, 7_006, flag::ACK, b"clie");
    script.say(false, 7_006, 3_006, flag::ACK | flag::RST, b"");
    let read = script.read();
    assert_eq!(told(&read), "1 50000>8443 known=false client|Rst@5 server|Rst@5 Rst last=5\n");
    assert_eq!(read.network.flows.unclaimed_segments, 1);
}

#[test]
fn ports_are_used_again() {
    let mut script = Script::new();
    script.handshake(100, 500);
    script.say(true, 101, 501, flag::ACK, b"first");
    // No end was captured; the SYN tells that this is another connection.
    script.handshake(70_000_000, 80_000_000);
    script.say(true, 70_000_001, 80_000_001, flag::ACK, b"second");
    // Neither end nor SYN were captured: two segments that fit each other and nothing else tell it.
    script.say(true, 3_000_000_000, 1_000_000_000, flag::ACK, b"th");
    script.say(true, 3_000_000_002, 1_000_000_000, flag::ACK, b"ird");
    script.say(false, 1_000_000_000, 3_000_000_005, flag::ACK, b"yes");
    // A segment that fits nothing at all is left out.
    script.say(true, 42, 0, flag::ACK, b"noise");
    let read = script.read();
    assert_eq!(
        told(&read),
        "1 50000>8443 known=true first|None@4 |None@4 None last=4\n\
         2 50000>8443 known=true second|None@9 |None@9 None last=9\n\
         3 50000>8443 known=false third|None@12 yes|None@12 None last=12\n"
    );
    assert_eq!(read.flows[&3].summary.unwrap().client.stray_segments, 1);
}

#[test]
fn a_message_completes_with_the_packet_that_fills_the_hole() {
    let mut script = Script::new();
    script.handshake(100, 500);
    script.say(true, 105, 501, flag::ACK, b"efgh");
    script.say(true, 109, 501, flag::ACK, b"ijkl");
    script.say(true, 101, 501, flag::ACK, b"abcd");
    script.say(true, 113, 501, flag::ACK, b"mnop");
    let read = script.read();
    let marks: Vec<_> =
        read.flows[&1].side(Side::Client).marks.iter().map(|(end, at)| (*end, at.frame)).collect();
    assert_eq!(marks, [(4, 6), (8, 6), (12, 6), (16, 7)]);
}

#[test]
fn cut_packets_leave_gaps_of_known_length() -> Result<()> {
    let (records, truth) = generate(&Mix { seed: 9, conversations: 30, ..MIX }, &certificates()?);
    let read = collect(&pcap(&records, Order::Little, false, ETHERNET, 200), 1 << 20);
    let whole = collect(&pcapng(&records, Order::Little), 1 << 20);
    assert!(read.file.truncated_packets > 0);
    let mut gaps = 0;
    for (id, flow) in &read.flows {
        for side in [Side::Client, Side::Server] {
            let (cut, full) = (flow.side(side), whole.flows[id].side(side));
            assert_eq!(cut.bytes.len(), full.bytes.len(), "connection {id}");
            let mut expected = full.bytes.clone();
            for gap in &cut.gaps {
                expected[gap.offset as usize..(gap.offset + gap.length) as usize].fill(0);
            }
            assert!(cut.bytes == expected, "connection {id}");
            gaps += cut.gaps.len();
        }
    }
    assert_eq!(read.flows.len(), truth.connections.len());
    assert!(gaps > 100);
    Ok(())
}

#[test]
fn tunnels_show_what_is_in_them() {
    let mut inner = Script::new();
    inner.handshake(100, 500);
    inner.say(true, 101, 501, flag::ACK, b"hello");
    let outer = [[192, 0, 2, 1], [192, 0, 2, 2]];
    let v4 = outer.map(|address| SocketAddr::from((address, 4_789)));
    let v6 = [1_u16, 2].map(|n| SocketAddr::from(([0x2001, 0xdb8, 0, 0, 0, 0, 0, n], 6_081)));
    let ip = |ends: [SocketAddr; 2], protocol, payload: &[u8]| {
        make::ip(ends[0].ip(), ends[1].ip(), protocol, payload)
    };
    let packet = |frame: &[u8]| frame[14..].to_vec();
    type Wrap<'w> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'w>;
    let cases: Vec<(&str, Wrap<'_>)> = vec![
        ("4in4", Box::new(|frame| ip(v4, 4, &packet(frame)))),
        ("4in6", Box::new(|frame| ip(v6, 4, &packet(frame)))),
        ("GRE", Box::new(|frame| ip(v4, 47, &[&[0, 0, 8, 0][..], &packet(frame)].concat()))),
        (
            "GRE with checksum, key and sequence",
            Box::new(|frame| ip(v6, 47, &[&[0xb0, 0, 0x65, 0x58][..], &[0; 12], frame].concat())),
        ),
        ("ERSPAN I", Box::new(|frame| ip(v4, 47, &[&[0, 0, 0x88, 0xbe][..], frame].concat()))),
        (
            "ERSPAN II",
            Box::new(|frame| {
                ip(v4, 47, &[&[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1][..], &[0x10; 8], frame].concat())
            }),
        ),
        (
            "ERSPAN III",
            Box::new(|frame| {
                let head = [&[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1][..], &[0x20; 11], &[0x01]].concat();
                ip(v4, 47, &[&head, &[0; 8][..], frame].concat())
            }),
        ),
        (
            "VXLAN",
            Box::new(|frame| {
                make::udp(v6[0], v4[1], &[&[8, 0, 0, 0, 0, 0, 1, 0][..], frame].concat());
                make::udp(v4[0], v4[1], &[&[8, 0, 0, 0, 0, 0, 1, 0][..], frame].concat())
            }),
        ),
        (
            "Geneve",
            Box::new(|frame| {
                let head = [&[1, 0, 0x65, 0x58, 0, 0, 1, 0][..], &[0; 4]].concat();
                make::udp(v6[0], v6[1], &[&head[..], frame].concat())
            }),
        ),
        (
            "MPLS in IP",
            Box::new(|frame| ip(v4, 137, &[&[0, 1, 1, 64][..], &packet(frame)].concat())),
        ),
        (
            "a tunnel in a tunnel in fragments",
            Box::new(|frame| ip(v4, 4, &ip(v6, 4, &packet(frame)))),
        ),
    ];
    let plain = told(&inner.read());
    for (name, wrap) in cases {
        let mut script = Script::new();
        for record in &inner.records {
            script.packet(&wrap(&record.bytes));
        }
        assert_eq!(told(&script.read()), plain, "{name}");
    }
    // A tunnel without end is given up.
    let mut script = Script::new();
    let mut packet = packet(&inner.records[0].bytes);
    for _ in 0..40 {
        packet = ip(v4, 4, &packet);
    }
    script.packet(&packet);
    assert_eq!(script.read().network.too_deep, 1);
}

#[test]
fn undelivered_packets_are_named() {
    let mut script = Script::new();
    let (client, server) = (script.client, script.server);
    let query = make::udp(client, server, b"query");
    let message = [&[3, 3, 0, 0, 0, 0, 0, 0][..], &query].concat();
    let router = SocketAddr::from(([10, 0, 0, 254], 0));
    script.packet(&make::ip(router.ip(), client.ip(), 1, &message));
    script.packet(&make::ip(router.ip(), client.ip(), 1, &[0; 8]));
    let read = script.read();
    assert_eq!(read.undelivered.len(), 1);
    let told = read.undelivered[0];
    assert_eq!((told.kind, told.code, told.protocol, told.at.frame), (3, 3, 17, 1));
    assert_eq!((told.reporter, told.source, told.destination), (router.ip(), client, server));
}

#[test]
fn any_number_of_half_open_connections_is_bounded() {
    let mut file = PcapNg::new(Order::Little);
    file.interface(1, 0, None, None);
    let attempts = 3 * limits::CAPTURE_FLOWS;
    for number in 0..attempts {
        let [_, a, b, c] = u32::try_from(number).unwrap().to_be_bytes();
        let syn = Tcp {
            from: SocketAddr::from(([10, a, b, c], 1_024)),
            to: SocketAddr::from(([10, 255, 0, 1], 3_804)),
            sequence: 1,
            acknowledgment: 0,
            flags: flag::SYN,
            payload: Vec::new(),
        };
        file.packet(0, number as u64, &make::ethernet(&syn.packet(), &[]));
    }
    let read = collect(&file.file, 1 << 20);
    assert_eq!(read.flows.len(), attempts);
    assert_eq!(read.network.flows.given_up, (attempts - limits::CAPTURE_FLOWS) as u64);
    assert_eq!(read.network.flows.connections, attempts as u64);
}

#[test]
fn what_waits_behind_holes_is_bounded() {
    // Each of many connections has a hole and 64 KiB behind it.
    let mut file = PcapNg::new(Order::Little);
    file.interface(1, 0, None, None);
    let connections = 400_u16;
    for round in 0..45_u32 {
        for number in 0..connections {
            let tcp = Tcp {
                from: SocketAddr::from(([10, 0, 0, 1], 10_000 + number)),
                to: SocketAddr::from(([10, 0, 0, 2], 443)),
                sequence: if round == 0 { 0 } else { 2 + round * 1_400 },
                acknowledgment: 0,
                flags: if round == 0 { flag::SYN } else { 0 },
                payload: if round == 0 { Vec::new() } else { vec![1; 1_400] },
            };
            file.packet(0, u64::from(round), &make::ethernet(&tcp.packet(), &[]));
        }
    }
    let read = collect(&file.file, 1 << 20);
    assert_eq!(read.flows.len(), usize::from(connections));
    assert!(read.network.flows.holes_given_up > 0);
    for flow in read.flows.values() {
        assert_eq!(flow.sides[0].bytes.len(), 1 + 1_400 + 44 * 1_400);
    }
}

#[test]
fn damaged_captures_end_in_what_can_be_read() -> Result<()> {
    let mix = Mix { seed: 11, conversations: 6, body: 300, ..MIX };
    let (records, _) = generate(&mix, &certificates()?);
    let mut files =
        vec![pcap(&records, Order::Big, true, ETHERNET, 1 << 18), pcapng(&records, Order::Little)];
    // Cut at every length.
    for file in &files {
        for length in 0..file.len().min(9_000) {
            let read = collect(&file[..length], 4_096);
            assert!(read.file.packets <= records.len() as u64);
        }
    }
    // Bits and words altered, again and again.
    let mut random = Random::new(5);
    for _ in 0..1_500 {
        for file in &mut files {
            let mut altered = file.clone();
            for _ in 0..1 + random.below(12) {
                let place = random.below(altered.len());
                match random.below(3) {
                    0 => altered[place] ^= 1 << random.below(8),
                    1 => altered[place..].iter_mut().take(4).for_each(|byte| *byte = 0xff),
                    _ => altered[place..].iter_mut().take(4).for_each(|byte| *byte = 0),
                }
            }
            collect_bounded(&altered);
        }
    }
    // Nothing but noise.
    for size in [0, 1, 3, 4, 24, 1_000, 100_000] {
        let noise = random.bytes(size);
        assert_eq!(collect(&noise, 100).file.packets, 0);
        for head in [&files[0][..24], &files[1][..48]] {
            collect_bounded(&[head, &noise].concat());
        }
    }
    Ok(())
}

/// Reads with the chunk length that the bytes themselves choose, and asks for what must hold of any result.
fn collect_bounded(file: &[u8]) {
    let chunk = 1 + file.iter().fold(0_usize, |sum, byte| (sum * 31 + usize::from(*byte)) % 5_000);
    let read = collect(file, chunk);
    let streams: u64 = read
        .flows
        .values()
        .filter_map(|flow| flow.summary)
        .map(|summary| summary.client.bytes + summary.server.bytes)
        .sum();
    assert!(streams <= file.len() as u64, "{streams} bytes of streams in {}", file.len());
    assert!(read.file.packets <= file.len() as u64 / 12);
}

/// A capture of the vectors, which are compressed with xz.
fn vector(name: &str) -> Result<Vec<u8>> {
    let path = folder().join("vectors/captures").join(name);
    Ok(unpacked(&path)?)
}

/// A side's stream as it is recorded: length, digest, and the places that tshark gave up.
fn recorded(stream: &[u8], given_up: &[(usize, usize)]) -> String {
    let mut plain = stream.to_vec();
    let mut text = String::new();
    for (start, length) in given_up {
        if let Some(place) = plain.get_mut(*start..start + length) {
            place.fill(0);
        }
        text.push_str(&format!(" -{start}+{length}"));
    }
    let digest = hex(&sha256(&plain));
    format!("{} {}{text}", plain.len(), digest.get(..16).unwrap_or_default())
}

#[test]
fn streams_are_those_that_tshark_follows() -> Result<()> {
    for name in ["s10-dsb.pcapng", "s10be.pcapng"] {
        let file = vector(&format!("{name}.xz"))?;
        let read = collect(&file, 1 << 20);
        assert_eq!(read.file.problems.list, [], "{name}");
        let record = folder().join("vectors/captures").join(format!("{name}.streams.txt"));
        if let Some(tshark) = tshark::program() {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join(name);
            fs::write(&path, &file)?;
            let mut theirs = String::new();
            for ((first, second), sides) in tshark::streams(tshark, &path, read.flows.len())? {
                let [a, b] = sides.each_ref().map(|side| {
                    let (plain, given_up) = tshark::without_marks(side);
                    recorded(&plain, &given_up)
                });
                writeln!(theirs, "{first}\n  {a}\n{second}\n  {b}")?;
            }
            if std::env::var_os("BLESS").is_some() {
                fs::write(&record, &theirs)?;
            }
            assert!(theirs == fs::read_to_string(&record)?, "{name}: tshark says otherwise");
        }
        let record = fs::read_to_string(&record)?;
        let mut lines = record.lines();
        let mut streams = 0;
        let mut wrong = Vec::new();
        while let (Some(first), Some(a), Some(second), Some(b)) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        {
            let found = read.flows.values().find(|flow| {
                let ends = flow.summary.map(|one| (one.head.client, one.head.server));
                ends.is_some_and(|ends| {
                    (ends.0.to_string(), ends.1.to_string()) == (first.into(), second.into())
                })
            });
            let flow = found.with_context(|| format!("{name}: {first} -> {second} is missing"))?;
            for (side, line) in flow.sides.iter().zip([a, b]) {
                let places = line.split(" -").skip(1).filter_map(|place| {
                    let (start, length) = place.split_once('+')?;
                    Some((start.parse().ok()?, length.parse().ok()?))
                });
                let ours = recorded(&side.bytes, &places.collect::<Vec<_>>());
                if ours != line.trim() || !side.gaps.is_empty() {
                    wrong.push(format!("{first} -> {second}: {ours}, recorded {line}"));
                }
            }
            streams += 1;
        }
        Failure::unless_empty(&wrong, name)?;
        assert_eq!(streams, read.flows.len(), "{name}");
    }
    Ok(())
}

#[test]
fn a_key_log_in_the_capture_is_handed_on() -> Result<()> {
    let read = collect(&vector("s10-dsb.pcapng.xz")?, 1 << 16);
    let log = fs::read(folder().join("vectors/captures/s10-dsb.keys.log"))?;
    assert_eq!(read.secrets, [(0x544c_534b, log)]);
    Ok(())
}
