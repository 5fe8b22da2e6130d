use super::said::{self, Hello};
use super::*;
use crate::limits;

const NAME_ONLY: &str = r#", "verify": ["name"]"#;

fn hello() -> Vec<u8> {
    said::record(22, &said::client_hello(&Hello::default()))
}

fn flight(pem: &[&str]) -> Vec<u8> {
    said::records(&said::flight(&chain(pem), &[]), 16_384)
}

fn enforce(more: &str) -> (Rc<Policy>, Rc<Desk>) {
    (policy(&configuration("passthrough", "enforce", more)), desk())
}

fn alert(description: u8) -> Vec<u8> {
    vec![21, 3, 3, 0, 2, 2, description]
}

/// Shows an origin's flight to an enforcing filter: what the client gets, the lines, the one count.
fn shown(more: &str, flight: &[u8]) -> (Vec<u8>, Vec<String>, String) {
    let (policy, desk) = enforce(more);
    let mut wire = Wire::new(&policy, &desk);
    assert_eq!(wire.client(&hello(), false), Step::Pass);
    wire.origin(flight, false);
    wire.tick();
    let counts: Vec<String> = desk.counts.borrow().keys().cloned().collect();
    assert_eq!(counts.len(), 1, "{counts:?}");
    (
        wire.to_client,
        desk.lines(),
        counts[0].trim_start_matches("tlvet_connections_total.").to_owned(),
    )
}

#[test]
fn a_good_origin_passes_unchanged() {
    let good = flight(&[LEAF, INTERMEDIATE]);
    let (client, lines, count) = shown("", &good);
    assert_eq!(client, good);
    assert_eq!(lines, [""; 0]);
    assert_eq!(count, "result.passed.reason.verified");
}

#[test]
fn each_fault_has_its_line_alert_and_count() {
    for (pem, more, code, line, count) in [
        (
            vec![SELF_SIGNED],
            "",
            48,
            "WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate \
             Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0",
            "result.refused.reason.self_signed",
        ),
        (
            vec![LEAF],
            "",
            48,
            "WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate \
             Error=unable to get local issuer certificate server=cucm.steven.lab(10.48.36.215) depth=0",
            "result.refused.reason.unknown_issuer",
        ),
        (
            vec![EXPIRED, INTERMEDIATE],
            "",
            45,
            "WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate \
             Error=certificate has expired server=cucm.steven.lab(10.48.36.215) depth=0",
            "result.refused.reason.expired",
        ),
        (
            vec![OTHER, INTERMEDIATE],
            "",
            42,
            "WARNING: SNI (cucm.steven.lab) not in certificate. Action=Terminate server=cucm.steven.lab(10.48.36.215)",
            "result.refused.reason.name",
        ),
        (
            vec![OTHER],
            NAME_ONLY,
            42,
            "WARNING: SNI (cucm.steven.lab) not in certificate. Action=Terminate server=cucm.steven.lab(10.48.36.215)",
            "result.refused.reason.name",
        ),
    ] {
        let (client, lines, counted) = shown(more, &flight(&pem));
        assert_eq!(client, alert(code), "{line}");
        assert_eq!(lines, [line]);
        assert_eq!(counted, count);
    }
    assert_eq!(shown(NAME_ONLY, &flight(&[SELF_SIGNED])).2, "result.passed.reason.verified");
    assert_eq!(
        shown(r#", "verify": ["signature"]"#, &flight(&[OTHER, INTERMEDIATE])).2,
        "result.passed.reason.verified"
    );
}

#[test]
fn monitor_names_every_fault_and_holds_nothing() {
    let desk = desk();
    let policy = policy(&configuration("passthrough", "monitor", ""));
    let mut wire = Wire::new(&policy, &desk);
    for byte in hello() {
        assert_eq!(wire.client(&[byte], false), Step::Pass);
    }
    let flight = flight(&[OTHER]);
    for byte in &flight {
        assert_eq!(wire.origin(&[*byte], false), Step::Pass);
    }
    assert_eq!(wire.to_client, flight);
    let core = |error| {
        format!(
            "WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Continue \
             Error={error} server=cucm.steven.lab(10.48.36.215) depth=0"
        )
    };
    assert_eq!(
        desk.lines(),
        [
            core("unable to get local issuer certificate"),
            core("unable to verify the first certificate"),
            "WARNING: SNI (cucm.steven.lab) not in certificate. Action=Continue server=cucm.steven.lab(10.48.36.215)"
                .to_owned(),
        ]
    );
    assert_eq!(
        desk.count_of("tlvet_connections_total.result.would_refuse.reason.unknown_issuer"),
        1
    );
}

#[test]
fn no_fragmentation_changes_the_verdict() {
    for (pem, passes) in [(vec![LEAF, INTERMEDIATE], true), (vec![SELF_SIGNED], false)] {
        let messages = said::flight(&chain(&pem), &[]);
        for in_record in [1, 7, 512, 16_384] {
            let flight = said::records(&messages, in_record);
            for in_chunk in [1, 2, 5, 300, 1_460, flight.len()] {
                let (policy, desk) = enforce("");
                let mut wire = Wire::new(&policy, &desk);
                for part in said::records(&said::client_hello(&Hello::default()), in_record)
                    .chunks(in_chunk)
                {
                    wire.client(part, false);
                }
                for part in flight.chunks(in_chunk) {
                    assert!(wire.to_client.is_empty(), "bytes passed before the verdict");
                    wire.origin(part, false);
                }
                let expected = if passes { flight.clone() } else { alert(48) };
                assert!(
                    wire.to_client == expected,
                    "{in_record} in a record, {in_chunk} in a chunk"
                );
            }
        }
    }
}

#[test]
fn a_refused_client_hears_the_alert_and_then_the_close() {
    let (policy, desk) = enforce("");
    let mut wire = Wire::new(&policy, &desk);
    wire.client(&hello(), false);
    assert_eq!(wire.origin(&flight(&[SELF_SIGNED]), false), Step::PassAndClose);
    assert!(!wire.closed && wire.filter.waits());
    assert_eq!(wire.origin(&said::application_data("secret"), false), Step::PassAndClose);
    assert_eq!(wire.to_client, alert(48));
    wire.tick();
    assert!(wire.closed);
    // The client's answer to the alert closes as well, when it is faster than the tick.
    let mut wire = Wire::new(&policy, &desk);
    wire.client(&hello(), false);
    wire.origin(&flight(&[SELF_SIGNED]), false);
    assert_eq!(wire.client(&[], true), Step::Close);
}

#[test]
fn the_end_of_the_origins_stream_passes_in_mode_monitor() {
    for cut in [0, 3, 100, 700] {
        let desk = desk();
        let policy = policy(&configuration("passthrough", "monitor", ""));
        let mut wire = Wire::new(&policy, &desk);
        wire.client(&hello(), false);
        let cut = &flight(&[LEAF, INTERMEDIATE])[..cut];
        assert_eq!(wire.origin(cut, true), Step::Pass);
        assert_eq!(wire.to_client, cut);
        wire.tick();
        assert!(!wire.closed);
        assert_eq!(desk.count_of("tlvet_connections_total.result.ended.reason.closed"), 1);
    }
}

#[test]
fn the_end_of_the_origins_stream_closes_by_tick_only() {
    for cut in [0, 3, 100, 700] {
        let (policy, desk) = enforce("");
        let mut wire = Wire::new(&policy, &desk);
        wire.client(&hello(), false);
        assert_eq!(
            wire.origin(&flight(&[LEAF, INTERMEDIATE])[..cut], true),
            Step::PassAndClose,
            "{cut}"
        );
        assert_eq!(wire.to_client, alert(40));
        wire.tick();
        assert!(wire.closed);
        assert_eq!(desk.count_of("tlvet_connections_total.result.ended.reason.closed"), 1);
    }
}

#[test]
fn what_is_no_handshake_is_refused() {
    let good = flight(&[LEAF, INTERMEDIATE]);
    let messages = said::flight(&chain(&[LEAF, INTERMEDIATE]), &[]);
    let hello_length = said::server_hello(0xc02f, &[], false).len();
    let with = |front: &[u8], back: &[u8]| [front, back].concat();
    for (what, flight, count) in [
        ("HTTP", b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), "result.refused.reason.not_tls"),
        ("application data first", said::application_data("x"), "result.refused.reason.not_tls"),
        (
            "a second certificate",
            said::records(
                &with(&messages[..messages.len() - 4], &said::certificate(&chain(&[OTHER]))),
                16_384,
            ),
            "result.refused.reason.malformed",
        ),
        (
            "data behind the flight",
            with(&good, &said::application_data("x")),
            "result.refused.reason.malformed",
        ),
        (
            "a message behind the flight",
            said::records(&with(&messages, &messages), 16_384),
            "result.refused.reason.malformed",
        ),
        (
            "no certificate",
            said::records(&with(&messages[..hello_length], &said::message(14, &[])), 99),
            "result.refused.reason.no_certificate",
        ),
        (
            "an empty chain",
            said::records(&with(&messages[..hello_length], &said::certificate(&[])), 99),
            "result.refused.reason.no_certificate",
        ),
        (
            "an anonymous suite",
            said::records(&said::server_hello(0xc018, &[], false), 99),
            "result.refused.reason.no_certificate",
        ),
        (
            "TLS 1.3",
            said::records(&said::server_hello(0x1301, &[], true), 99),
            "result.refused.reason.tls13",
        ),
        ("a fatal alert", said::record(21, &[2, 40]), "result.refused.reason.origin_alert"),
        ("a goodbye", said::record(21, &[1, 0]), "result.refused.reason.origin_alert"),
        ("a record of no length", said::record(22, &[]), "result.refused.reason.malformed"),
        (
            "a certificate without hello",
            said::records(&messages[hello_length..], 16_384),
            "result.refused.reason.malformed",
        ),
        (
            "a session that nobody knows",
            with(&said::records(&messages[..hello_length], 99), &said::change_cipher_spec()),
            "result.refused.reason.resumption",
        ),
        (
            "a change in mid-message",
            with(&said::records(&messages[..20], 99), &said::change_cipher_spec()),
            "result.refused.reason.malformed",
        ),
        (
            "a message of 16 MiB",
            said::record(22, &[2, 255, 255, 255]),
            "result.refused.reason.oversize",
        ),
    ] {
        let (client, lines, counted) = shown("", &flight);
        assert_eq!(counted, count, "{what}");
        assert_eq!((client.len(), client[0], client[5]), (7, 21, 2), "{what}");
        let reason = count.rsplit('.').next().unwrap();
        assert_eq!(
            lines,
            [format!(
                "WARNING: tlvet: origin not verified. Action=Terminate Reason={reason} \
                 server=cucm.steven.lab(10.48.36.215)"
            )],
            "{what}"
        );
    }
}

#[test]
fn warnings_may_stand_in_between() {
    let messages = said::flight(&chain(&[LEAF, INTERMEDIATE]), &[]);
    let warning = said::record(21, &[1, 112]);
    let flight = [
        warning.clone(),
        said::records(&messages[..60], 16_384),
        warning.clone(),
        said::records(&messages[60..], 16_384),
    ]
    .concat();
    assert_eq!(shown("", &flight).2, "result.passed.reason.verified");
    assert_eq!(shown("", &warning.repeat(5)).2, "result.refused.reason.origin_alert");
}

#[test]
fn a_flood_is_refused_at_the_cap() {
    // A message that is not to come first, and one that is: of the largest size, in records without end.
    for first in [vec![11, 1, 0, 0], said::server_hello(0xc02f, &[], false)] {
        let (policy, desk) = enforce("");
        let mut wire = Wire::new(&policy, &desk);
        wire.client(&hello(), false);
        wire.origin(&said::records(&first, 99), false);
        wire.origin(&said::record(22, &[11, 1, 0, 0]), false);
        let mut sent = 0;
        while wire.to_client.is_empty() {
            assert!(desk.origin.borrow().len() <= 65_536);
            wire.origin(&said::record(22, &[0; 4_096]), false);
            sent += 4_101;
        }
        assert!((61_000..=66_000).contains(&sent), "{sent}");
        assert_eq!(wire.to_client, alert(40));
        assert_eq!(desk.count_of("tlvet_connections_total.result.refused.reason.oversize"), 1);
    }
}

#[test]
fn unfinished_handshakes_share_what_the_vm_may_keep() {
    const EACH: usize = 60_000;
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let part = [said::records(&[1, 0, 0xf0, 0], 4), said::records(&[0; EACH], 16_384)].concat();
    let fitting = limits::UNFINISHED_BYTES / part.len();
    let mut open = Vec::new();
    for _ in 0..fitting {
        let mut wire = Wire::new(&policy, &desk());
        assert_eq!(wire.client(&part, false), Step::Hold);
        open.push(wire);
    }
    let late = desk();
    assert_eq!(Wire::new(&policy, &late).client(&part, false), Step::Close);
    assert_eq!(late.count_of("tlvet_connections_total.result.refused.reason.oversize"), 1);
    // An end gives the room back; so does a verdict, while the connection goes on.
    open.pop();
    assert_eq!(Wire::new(&policy, &desk()).client(&part, false), Step::Hold);
    open.clear();
    for _ in 0..fitting * 20 {
        let mut wire = Wire::new(&policy, &desk());
        wire.client(&hello(), false);
        wire.origin(&flight(&[LEAF, INTERMEDIATE]), false);
        assert!(!wire.to_client.is_empty());
        open.push(wire);
    }
}

#[test]
fn clients_are_read_strictly_too() {
    for (what, bytes, reason) in [
        ("HTTP", b"GET / HTTP/1.1\r\n\r\n".to_vec(), "not_tls"),
        ("SSL 2.0", vec![0x80, 46, 1, 3, 1], "not_tls"),
        ("another message", said::record(22, &said::message(16, &[0; 8])), "malformed"),
        (
            "a hello with a rest",
            said::record(22, &[said::client_hello(&Hello::default()), vec![0]].concat()),
            "malformed",
        ),
    ] {
        let (policy, desk) = enforce("");
        let mut wire = Wire::new(&policy, &desk);
        assert_eq!(wire.client(&bytes, false), Step::Close, "{what}");
        assert!(wire.to_origin.is_empty(), "{what}");
        assert_eq!(
            desk.count_of(&format!("tlvet_connections_total.result.refused.reason.{reason}")),
            1,
            "{what}"
        );
    }
}

#[test]
fn early_data_never_reaches_the_origin() {
    let early = said::record(22, &said::client_hello(&Hello { early: true, ..Hello::default() }));
    let data = said::application_data("GET /secret");
    for (first, then) in [
        ([early.clone(), data.clone()].concat(), Vec::new()),
        (early, data.clone()),
        ([hello(), data.clone()].concat(), Vec::new()),
    ] {
        let (policy, desk) = enforce("");
        let mut wire = Wire::new(&policy, &desk);
        wire.client(&first, false);
        wire.client(&then, false);
        assert!(!wire.to_origin.windows(data.len()).any(|part| part == data));
        wire.origin(&flight(&[LEAF, INTERMEDIATE]), false);
        assert_eq!(wire.to_client, alert(10));
        assert_eq!(desk.count_of("tlvet_connections_total.result.refused.reason.early_data"), 1);
    }
    // Behind a hello without early data, in a chunk of its own.
    let (policy, desk) = enforce("");
    let mut wire = Wire::new(&policy, &desk);
    wire.client(&hello(), false);
    assert_eq!(wire.client(&data, false), Step::Close);
    assert_eq!(wire.to_origin, hello());
}

#[test]
fn what_the_client_says_meanwhile_waits_for_the_verdict() {
    let (policy, desk) = enforce("");
    let mut wire = Wire::new(&policy, &desk);
    wire.client(&hello(), false);
    let second = said::client_second_flight();
    assert_eq!(wire.client(&second[..30], false), Step::Hold);
    assert_eq!(wire.client(&second[30..], false), Step::Hold);
    assert_eq!(wire.to_origin, hello());
    assert_eq!(wire.origin(&flight(&[LEAF, INTERMEDIATE]), false), Step::PassBoth);
    assert_eq!(wire.to_origin, [hello(), second].concat());
}

#[test]
fn time_outs_close() {
    let (policy, desk) = enforce(r#", "limits": {"handshake_ms": 1000}"#);
    let mut wire = Wire::new(&policy, &desk);
    wire.client(&hello(), false);
    wire.origin(&flight(&[LEAF])[..10], false);
    desk.elapsed.set(999);
    wire.tick();
    assert!(!wire.closed);
    desk.elapsed.set(1_000);
    wire.tick();
    assert!(wire.closed && wire.to_client.is_empty());
    assert_eq!(desk.count_of("tlvet_connections_total.result.refused.reason.timeout"), 1);
}

fn established() -> (Wire, Rc<Desk>) {
    let (policy, desk) = enforce("");
    let mut wire = Wire::new(&policy, &desk);
    wire.client(&hello(), false);
    wire.origin(&flight(&[LEAF, INTERMEDIATE]), false);
    assert_eq!(wire.client(&said::client_second_flight(), false), Step::Pass);
    let finished = [said::change_cipher_spec(), said::record(22, &[0xbb; 40])].concat();
    assert_eq!(wire.origin(&finished, false), Step::Pass);
    (wire, desk)
}

#[test]
fn a_second_handshake_is_refused_in_either_direction() {
    let data = said::application_data("hello");
    let (mut wire, desk) = established();
    assert_eq!(wire.client(&data, false), Step::Pass);
    assert_eq!(wire.origin(&data, false), Step::Pass);
    assert_eq!(wire.origin(&said::record(21, &[0; 24]), false), Step::Pass);
    assert_eq!(wire.origin(&said::record(22, &[0xcc; 32]), false), Step::PassAndClose);
    assert!(!wire.to_client.windows(32).any(|part| part == [0xcc; 32]));
    assert_eq!(desk.count_of("tlvet_connections_total.result.refused.reason.renegotiation"), 1);
    let (mut wire, _) = established();
    let sent = wire.to_origin.len();
    assert_eq!(wire.client(&said::record(22, &[0xcc; 32]), false), Step::Close);
    assert_eq!(wire.to_origin.len(), sent);
    // In clear, before anything is encrypted.
    let (policy, desk) = enforce("");
    let mut wire = Wire::new(&policy, &desk);
    wire.client(&hello(), false);
    wire.origin(&flight(&[LEAF, INTERMEDIATE]), false);
    assert_eq!(wire.origin(&flight(&[OTHER, INTERMEDIATE]), false), Step::PassAndClose);
}

#[test]
fn records_of_the_course_may_come_in_any_pieces() {
    let (mut wire, _) = established();
    let stream: Vec<u8> = (0..50).flat_map(|n| said::application_data(&"x".repeat(n))).collect();
    let before = wire.to_client.len();
    for (n, part) in stream.chunks(3).enumerate() {
        assert_eq!(wire.origin(part, false), Step::Pass, "chunk {n}");
    }
    assert_eq!(wire.to_client[before..], stream);
}

#[test]
fn settings_let_pass_unchecked() {
    let tls13 = said::records(&said::server_hello(0x1301, &[], true), 99);
    assert_eq!(shown(r#", "opaque_tls13": "allow""#, &tls13).2, "result.unchecked.reason.tls13");
    let resumed =
        [said::records(&said::server_hello(0xc02f, &[], false), 99), said::change_cipher_spec()]
            .concat();
    assert_eq!(
        shown(r#", "resumption": "allow""#, &resumed).2,
        "result.unchecked.reason.resumption"
    );
    let (policy, desk) = enforce(r#", "not_tls": "allow""#);
    let mut wire = Wire::new(&policy, &desk);
    assert_eq!(wire.client(b"EHLO a\r\n", false), Step::Pass);
    assert_eq!(wire.origin(b"250 b\r\n", false), Step::Pass);
    // An origin that does not answer a hello in TLS is no such traffic.
    assert_eq!(shown(r#", "not_tls": "allow""#, b"250 b\r\n").2, "result.refused.reason.not_tls");
}

#[test]
fn exceptions_hold_until_the_end_of_their_day() {
    let more = |name: &str, until: &str| {
        format!(
            r#", "exceptions": [{{"name": "{name}", "until": "{until}", "reason": "ticket 4711"}}]"#
        )
    };
    let bad = flight(&[SELF_SIGNED]);
    for name in ["cucm.steven.lab", "10.48.36.215"] {
        let (client, lines, count) = shown(&more(name, "2026-11-21"), &bad);
        assert_eq!(client, bad);
        assert_eq!(count, "result.excepted.reason.self_signed");
        assert_eq!(
            lines,
            [
                "WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Continue \
              Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0"
            ]
        );
    }
    assert_eq!(
        shown(&more("cucm.steven.lab", "2026-11-20"), &bad).2,
        "result.refused.reason.self_signed"
    );
    assert_eq!(
        shown(&more("imp.steven.lab", "2026-12-31"), &bad).2,
        "result.refused.reason.self_signed"
    );
    // It is about the origin, not about broken conversations.
    assert_eq!(
        shown(&more("cucm.steven.lab", "2026-12-31"), &said::record(22, &[])).2,
        "result.refused.reason.malformed"
    );
}

#[test]
fn without_a_name_the_address_is_asked_for() {
    let (policy, desk) = enforce("");
    let mut wire = Wire::new(&policy, &desk);
    wire.client(
        &said::record(22, &said::client_hello(&Hello { name: None, ..Hello::default() })),
        false,
    );
    wire.origin(&flight(&[LEAF, INTERMEDIATE]), false);
    assert_eq!(
        desk.lines(),
        [
            "WARNING: SNI (10.48.36.215) not in certificate. Action=Terminate server=(null)(10.48.36.215)"
        ]
    );
    let (policy, desk) = enforce(r#", "profile": "openssl-3.0""#);
    desk.knows("upstream.address", "127.0.0.1:8443");
    let mut wire = Wire::new(&policy, &desk);
    wire.client(
        &said::record(22, &said::client_hello(&Hello { name: None, ..Hello::default() })),
        false,
    );
    wire.origin(&flight(&[LEAF, INTERMEDIATE]), false);
    assert_eq!(desk.count_of("tlvet_connections_total.result.passed.reason.verified"), 1);
}

/// A name that a client makes up must not write lines of its own, nor stand in for another.
#[test]
fn a_name_that_is_none_is_refused() {
    for name in ["a\nWARNING: x", "cucm.steven.lab\0", "*.steven.lab", "2130706433", ""] {
        let (policy, desk) = enforce("");
        let mut wire = Wire::new(&policy, &desk);
        wire.client(
            &said::record(22, &said::client_hello(&Hello { name: Some(name), ..Hello::default() })),
            false,
        );
        wire.origin(&flight(&[LEAF, INTERMEDIATE]), false);
        assert_eq!(wire.to_client, alert(40), "{name:?}");
        assert_eq!(
            desk.lines(),
            [
                "WARNING: tlvet: origin not verified. Action=Terminate Reason=bad_name server=(null)(10.48.36.215)"
            ]
        );
    }
}

/// Bytes of an unverified origin, changed at random: the client never gets any of them, nor the origin more than the hello.
#[test]
fn nothing_crosses_whatever_an_unverified_origin_sends() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    let policy = policy(&configuration("passthrough", "enforce", ""));
    let secret = said::application_data("the origin's secret");
    let seeds = [
        [flight(&[SELF_SIGNED]), secret.clone()].concat(),
        [
            said::records(&said::flight(&chain(&[OTHER, INTERMEDIATE]), &[8; 32]), 33),
            secret.clone(),
        ]
        .concat(),
        [
            said::records(&said::server_hello(0xc02f, &[8; 32], false), 99),
            said::records(&said::ticket(b"t"), 9),
            said::change_cipher_spec(),
            secret.clone(),
        ]
        .concat(),
        [
            said::records(&said::server_hello(0x1301, &[], true), 99),
            said::change_cipher_spec(),
            secret,
        ]
        .concat(),
    ];
    for round in 0..3_000 {
        let desk = desk();
        let mut wire = Wire::new(&policy, &desk);
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..random(4) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] ^= 1 << random(8),
                1 => bytes.truncate(at),
                2 => bytes.insert(at, u8::try_from(random(256)).unwrap()),
                _ => drop(bytes.drain(at..(at + random(9)).min(bytes.len()))),
            }
            if bytes.is_empty() {
                break;
            }
        }
        wire.client(&hello(), false);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(1 + random(rest.len()));
            wire.origin(part, behind.is_empty() && random(2) == 0);
            wire.client(&said::application_data("the client's secret"), false);
            rest = behind;
            if random(3) == 0 {
                wire.tick();
            }
        }
        assert!(
            wire.to_client.is_empty() || (wire.to_client.len() == 7 && wire.to_client[0] == 21),
            "round {round}: {:?}",
            wire.to_client
        );
        assert_eq!(wire.to_origin, hello(), "round {round}");
    }
}
