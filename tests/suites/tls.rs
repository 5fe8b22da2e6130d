//! TLS against real peers: streams that openssl's client and server exchanged (`tests/streams/tls`), with what openssl
//! and tshark say about them. `tests/fixtures/tls_streams.py` recorded both.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::Value;
use tlvet_core::bytes::hex;
use tlvet_core::digest::sha256;
use tlvet_core::error::ErrorKind;
use tlvet_core::limits;
use tlvet_core::proto::tls::{
    Alert, AlertContent, CertificateVisibility, Connection, Context, Event, Secrets, StartTls,
    Summary, Wants, dtls, looks_like_key_log,
};
use tlvet_core::proto::{Place, Side, capf, tvs};
use tlvet_core::traffic::{Analysis, ServiceMessageContent};
use tlvet_core::x509::PrivateKey;
use tlvet_tests::capture::packets::{Tcp, ethernet, flag};
use tlvet_tests::capture::write::{Order, Record, pcapng};

const PING: &[u8] = b"ping from the client\n";
const PONG: &[u8] = b"tneilc eht morf gnip\n";

fn vector(name: &str) -> Vec<u8> {
    fs::read(tlvet_tests::folder().join("vectors").join(name).with_extension("bin")).unwrap()
}

/// What two peers exchanged.
struct Scenario {
    name: String,
    turns: Vec<(Side, Vec<u8>)>,
    keys: Option<Vec<u8>>,
    truth: Value,
}

fn folder() -> PathBuf {
    tlvet_tests::folder().join("streams/tls")
}

fn scenario(name: &str) -> Scenario {
    let folder = folder().join(name);
    let truth: Value =
        serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let mut rest = [
        fs::read(folder.join("client.bin")).unwrap(),
        fs::read(folder.join("server.bin")).unwrap(),
    ];
    let turns = truth["turns"].as_array().unwrap().iter().map(|turn| {
        let (side, index) = if turn[0] == "client" { (Side::Client, 0) } else { (Side::Server, 1) };
        let length = usize::try_from(turn[1].as_u64().unwrap()).unwrap();
        let behind = rest[index].split_off(length);
        (side, std::mem::replace(&mut rest[index], behind))
    });
    let turns = turns.collect();
    assert!(rest.iter().all(Vec::is_empty), "{name}: turns and streams differ");
    Scenario { name: name.to_owned(), turns, keys: fs::read(folder.join("keys.log")).ok(), truth }
}

/// The scenarios over TCP.
fn scenarios() -> Vec<Scenario> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("tls"))
        .collect();
    names.sort();
    assert!(names.len() >= 28, "{} scenarios", names.len());
    names.iter().map(|name| scenario(name)).collect()
}

impl Scenario {
    /// The secrets that openssl wrote down.
    fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        if let Some(keys) = &self.keys {
            assert!(looks_like_key_log(keys), "{}", self.name);
            assert!(secrets.add_key_log(keys).secrets > 0, "{}", self.name);
        }
        secrets
    }

    fn tshark(&self, field: &str) -> Vec<String> {
        let values = self.truth["tshark"][field].as_array().unwrap().iter();
        values.map(|value| value.as_str().unwrap().to_owned()).collect()
    }

    /// Bytes of both sides, and of the turns from `from` on.
    fn read(&self, secrets: &Secrets) -> Read {
        read(&self.turns, usize::MAX, secrets)
    }
}

/// What was seen.
#[derive(Clone, Debug, PartialEq)]
struct Read {
    summary: Summary,
    events: Vec<String>,
    /// Application data of client and server.
    data: [Vec<u8>; 2],
    certificates: Vec<String>,
}

impl Read {
    fn alerts(&self) -> Vec<String> {
        let plain = self.summary.alerts.iter().filter_map(|alert| match alert.content {
            AlertContent::Plain { description, .. } => Some(description.to_string()),
            _ => None,
        });
        plain.collect()
    }
}

/// Reads turns in pieces of `size`; every turn is a packet of its own.
fn read(turns: &[(Side, Vec<u8>)], size: usize, secrets: &Secrets) -> Read {
    let mut connection = Connection::default();
    let mut seen = Seen::default();
    let mut frame = 0;
    for (side, bytes) in turns {
        frame += 1;
        for piece in bytes.chunks(size.min(bytes.len()).max(1)) {
            seen.with(frame, secrets, |context| connection.push(*side, piece, context));
        }
    }
    for side in [Side::Client, Side::Server] {
        seen.with(frame, secrets, |context| connection.end(side, context));
    }
    assert_eq!(connection.held(), 0);
    seen.finish(connection.into_summary())
}

#[derive(Default)]
struct Seen {
    events: Vec<String>,
    data: [Vec<u8>; 2],
    certificates: Vec<String>,
}

impl Seen {
    fn with(&mut self, frame: u64, secrets: &Secrets, call: impl FnOnce(&mut Context<'_>)) {
        let place = Place { frame, ..Place::default() };
        let mut observer = |event: Event<'_>| self.note(&event);
        call(&mut Context { place, secrets, observer: &mut observer });
    }

    fn note(&mut self, event: &Event<'_>) {
        match event {
            Event::ApplicationData { from, bytes, .. } => {
                self.data[usize::from(*from == Side::Server)].extend_from_slice(bytes);
            }
            Event::Chain { from, certificates, complete, at } => {
                self.events.push(format!("{from:?} {} {complete} {at:?}", certificates.len()));
                self.certificates.extend(certificates.iter().map(|der| hex(der)));
            }
            other => self.events.push(format!("{other:?}")),
        }
    }

    fn finish(self, summary: Summary) -> Read {
        Read { summary, events: self.events, data: self.data, certificates: self.certificates }
    }
}

fn sha256s(certificates: &[String]) -> Vec<[u8; 32]> {
    certificates
        .iter()
        .map(|text| {
            let bytes: Vec<u8> = (0..text.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
                .collect();
            sha256(&bytes)
        })
        .collect()
}

/// Hellos, fingerprints, certificates and alerts are those that tshark reads, without any secret.
#[test]
fn what_is_in_clear_is_what_tshark_reads() {
    let nothing = Secrets::default();
    for scenario in scenarios() {
        let name = &scenario.name;
        let read = scenario.read(&nothing);
        let hello = read.summary.client_hello.as_deref().expect(name);
        assert_eq!(hello.problem, None, "{name}");
        assert_eq!(hello.ja4, scenario.truth["ja4"].as_str().unwrap(), "{name}");
        assert_eq!(Some(&hello.ja3), scenario.tshark("ja3").first(), "{name}");
        assert_eq!(hello.server_name.as_ref(), scenario.tshark("sni").first(), "{name}");
        let spoken = read.summary.server_hello.as_deref();
        if name == "tls10_refused" {
            assert_eq!(spoken, None);
        } else {
            let spoken = spoken.unwrap();
            assert_eq!(Some(&spoken.ja3s), scenario.tshark("ja3s").last(), "{name}");
            let suite = format!("0x{:04x}", spoken.cipher_suite);
            assert_eq!(Some(&suite), scenario.tshark("suite").last(), "{name}");
            let version = match &name[..5] {
                "tls10" => 0x0301,
                "tls11" => 0x0302,
                "tls12" => 0x0303,
                _ => 0x0304,
            };
            assert_eq!(spoken.version, version, "{name}");
            let reused =
                scenario.truth["openssl"]["session"].as_str().unwrap().starts_with("Reused");
            assert_eq!(read.summary.resumed, reused, "{name}");
        }
        if name == "tls12_null_sha256" {
            // Without encryption the goodbyes are in clear; tshark shows them too.
            assert_eq!(read.data, [PING.to_vec(), PONG.to_vec()]);
        } else {
            assert_eq!(read.data, [Vec::<u8>::new(), Vec::new()], "{name}");
            assert_eq!(read.summary.opened_records, 0, "{name}");
        }
        assert_eq!(read.certificates, scenario.tshark("certificates"), "{name}");
        assert_eq!(read.alerts(), scenario.tshark("alert"), "{name}");
        assert_eq!(read.summary.problems, [], "{name}");
        assert_eq!(read.summary.lost, None, "{name}");
        let presumed = read.summary.renegotiation_presumed.is_some();
        assert_eq!(presumed, name == "tls12_renegotiated", "{name}");
    }
}

#[test]
fn why_no_certificate_is_seen() {
    use CertificateVisibility::{Hidden, NotSent, Resumed, Shown};
    for (name, expected) in [
        ("tls12_ecdhe_aes256_gcm", Shown),
        ("tls12_resumed_ticket", Resumed),
        ("tls12_resumed_session_id", Resumed),
        ("tls13_aes128_gcm", Hidden),
        ("tls13_resumed", Resumed),
        ("tls10_refused", NotSent),
    ] {
        let scenario = scenario(name);
        let read = scenario.read(&Secrets::default());
        assert_eq!(read.summary.certificate_visibility(), expected, "{name}");
    }
    let opened = scenario("tls13_aes128_gcm");
    let read = opened.read(&opened.secrets());
    assert_eq!(read.summary.certificate_visibility(), Shown);
}

/// With the key log of the run everything opens, and what comes out is what the peers said.
#[test]
fn key_logs_open_every_version() {
    for scenario in scenarios() {
        let name = &scenario.name;
        if scenario.keys.is_none() {
            assert!(
                ["tls10_refused", "tls12_unknown_ca", "tls12_wrong_name"].contains(&name.as_str()),
                "{name}"
            );
            continue;
        }
        let read = scenario.read(&scenario.secrets());
        assert_eq!(read.summary.closed_records, 0, "{name}");
        assert!(read.summary.opened_records > 0, "{name}");
        let opened = &scenario.truth["tshark"]["opened"];
        let list = |field: &str| -> Vec<String> {
            let values = opened[field].as_array().unwrap().iter();
            values.map(|value| value.as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(read.certificates, list("certificates"), "{name}");
        assert_eq!(read.alerts(), list("alert"), "{name}");
        let expected: (Vec<u8>, Vec<u8>) = match name.as_str() {
            "tls12_smtp" => (b"NOOP\r\n".to_vec(), b"250 OK\r\n".to_vec()),
            "tls10_tvs" => {
                (vector("tvs/good_verify_request"), vector("tvs/good_verify_response_valid"))
            }
            "tls12_capf" => {
                (vector("capf/good_02_auth_response"), vector("capf/good_03_keygen_request_rsa"))
            }
            "tls13_early_data" => ([b"early words\n", PING].concat(), PONG.to_vec()),
            "tls13_key_update" => (PING.repeat(3), PONG.repeat(3)),
            "tls12_renegotiated" => (PING.repeat(2), PONG.repeat(2)),
            "tls12_client_without_certificate" | "tls13_unknown_ca" => (Vec::new(), Vec::new()),
            _ => (PING.to_vec(), PONG.to_vec()),
        };
        assert_eq!((&read.data[0], &read.data[1]), (&expected.0, &expected.1), "{name}");
        assert_eq!(read.summary.problems, [], "{name}");
    }
}

/// The server's RSA key opens RSA key exchange, with and without extended master secret, and nothing else.
#[test]
fn an_rsa_key_opens_rsa_key_exchange() {
    let key = |name: &str| {
        let pem = fs::read(tlvet_tests::folder().join("fixtures/keys").join(name)).unwrap();
        PrivateKey::parse(&pem).unwrap()
    };
    let mut secrets = Secrets::default();
    assert!(secrets.add_private_key(key("other.pem")));
    assert!(secrets.add_private_key(key("tomcat.pem")));
    let mut wrong = Secrets::default();
    assert!(wrong.add_private_key(key("other.pem")));
    for scenario in scenarios() {
        let name = scenario.name.as_str();
        let read = scenario.read(&secrets);
        let by_rsa = [
            "tls10_rsa_aes256_sha",
            "tls12_rsa_aes128_gcm",
            "tls12_rsa_aes256_ccm",
            "tls12_rsa_aes256_sha256",
        ];
        if by_rsa.contains(&name) {
            assert_eq!(read.data, [PING.to_vec(), PONG.to_vec()], "{name}");
            assert_eq!(read.summary.closed_records, 0, "{name}");
        } else if ["tls10_tvs", "tls12_capf"].contains(&name) {
            assert_eq!(read.summary.closed_records, 0, "{name}");
        } else if name != "tls12_null_sha256" {
            assert_eq!(read.summary.opened_records, 0, "{name}");
        }
        if name != "tls12_null_sha256" {
            assert_eq!(scenario.read(&wrong).summary.opened_records, 0, "{name}");
        }
    }
}

/// A key log that begins late, or a handshake whose end is lost: what is said behind it opens all the same.
#[test]
fn application_data_opens_without_the_secrets_of_the_handshake() {
    for name in ["tls13_aes128_gcm", "tls13_chacha20", "tls13_mutual"] {
        let scenario = scenario(name);
        let log = String::from_utf8(scenario.keys.clone().unwrap()).unwrap();
        let lines: Vec<&str> = log.lines().filter(|line| !line.contains("_HANDSHAKE_")).collect();
        let mut secrets = Secrets::default();
        secrets.add_key_log(lines.join("\n").as_bytes());
        let read = scenario.read(&secrets);
        assert_eq!(read.data, [PING.to_vec(), PONG.to_vec()], "{name}");
        assert_eq!(read.certificates, Vec::<String>::new(), "{name}");
        let visibility = read.summary.certificate_visibility();
        assert_eq!(visibility, CertificateVisibility::Hidden, "{name}");
    }
}

/// Another connection's secrets, under this connection's random, open nothing.
#[test]
fn wrong_secrets_open_nothing() {
    for name in [
        "tls10_rsa_aes256_sha",
        "tls12_ecdhe_aes256_sha384",
        "tls12_ecdsa_chacha20",
        "tls13_aes256_gcm",
    ] {
        let scenario = scenario(name);
        let text = String::from_utf8(scenario.keys.clone().unwrap()).unwrap();
        let altered: String = text
            .lines()
            .map(|line| {
                let last = if line.ends_with('0') { '1' } else { '0' };
                format!("{}{last}\n", &line[..line.len() - 1])
            })
            .collect();
        let mut secrets = Secrets::default();
        secrets.add_key_log(altered.as_bytes());
        let read = scenario.read(&secrets);
        assert_eq!(read.summary.opened_records, 0, "{name}");
        assert!(read.summary.closed_records > 0, "{name}");
        assert_eq!(read.data, [Vec::<u8>::new(), Vec::new()], "{name}");
    }
}

#[test]
fn alerts_tell_who_refused_and_when() {
    let read = |name: &str| scenario(name).read(&Secrets::default());
    for (name, from, description, frame) in [
        ("tls12_unknown_ca", Side::Client, "unknown_ca", 3),
        ("tls12_wrong_name", Side::Client, "bad_certificate", 3),
        ("tls12_client_without_certificate", Side::Server, "handshake_failure", 4),
        ("tls10_refused", Side::Server, "protocol_version", 2),
        ("tls13_unknown_ca", Side::Client, "unknown_ca", 3),
    ] {
        let summary = read(name).summary;
        let alert = summary.alerts[0];
        assert_eq!((alert.from, alert.at.frame), (from, frame), "{name}");
        assert_eq!(alert.description(), Some(description), "{name}");
        assert!(alert.is_fatal(), "{name}");
    }
    let goodbye = read("tls12_ecdhe_aes256_gcm").summary.alerts;
    assert!(goodbye.iter().all(|alert| alert.content == AlertContent::Encrypted));
    assert_eq!(goodbye.len(), 2);
    let refused = read("tls12_client_without_certificate").summary;
    assert_eq!(refused.client_certificate_refused.unwrap().frame, 3);
}

#[test]
fn hellos_hold_what_was_asked_for() {
    let read = |name: &str| scenario(name).read(&Secrets::default()).summary;
    let summary = read("tls12_ecdhe_aes256_gcm");
    let hello = summary.client_hello.unwrap();
    assert_eq!((hello.record_version, hello.version), (0x0301, 0x0303));
    assert_eq!(hello.alpn, ["h2", "http/1.1"]);
    assert_eq!(hello.length, 184 - 5);
    assert_eq!(hello.session_ticket, Some(0));
    assert!(hello.extended_master_secret && hello.encrypt_then_mac);
    assert_eq!(hello.cipher_suites, [0xc030, 0x00ff]);
    assert_eq!(summary.alpn.as_deref(), Some("http/1.1"));
    let hello = read("tls13_aes128_gcm").client_hello.unwrap();
    assert_eq!((hello.record_version, hello.version), (0x0301, 0x0303));
    assert_eq!(
        (hello.supported_versions.as_slice(), hello.highest_version()),
        (&[0x0304][..], 0x0304)
    );
    let hello = read("tls10_refused").client_hello.unwrap();
    assert_eq!(
        (hello.record_version, hello.version, hello.highest_version()),
        (0x0301, 0x0301, 0x0301)
    );
    let summary = read("tls13_retry");
    assert_eq!(summary.retry_request.unwrap().frame, 2);
    assert_eq!((summary.handshakes, summary.server_hello.unwrap().group), (1, Some(24)));
    let summary = read("tls12_mutual");
    assert_eq!((summary.server_certificates.len(), summary.client_certificates.len()), (3, 2));
    assert_eq!(summary.certificate_request.unwrap().at.frame, 2);
    assert_eq!(summary.client_certificates[0].at.frame, 3);
}

#[test]
fn starttls_is_found_behind_its_dialogue() {
    let summary = scenario("tls12_smtp").read(&Secrets::default()).summary;
    assert_eq!(summary.starttls, Some(StartTls::Smtp));
    let begins = (summary.begins.client.unwrap(), summary.begins.server.unwrap());
    assert_eq!((begins.0.0, begins.0.1.frame), (26, 6));
    assert_eq!((begins.1.0, begins.1.1.frame), (73, 7));
    assert_eq!(summary.server_certificates.len(), 3);
}

/// What stands in front of TLS, and which protocol that is.
#[test]
fn every_way_to_turn_tls_on() {
    use StartTls::{
        Ftp, HttpConnect, HttpUpgrade, Imap, Ldap, MySql, Other, Pop3, PostgreSql, Rdp, Smtp, Xmpp,
    };
    let scenario = scenario("tls12_unknown_ca");
    let ldap =
        [&[0x30, 0x1d, 2, 1, 1, 0x77, 0x18, 0x80, 0x16][..], b"1.3.6.1.4.1.1466.20037"].concat();
    let mysql = [&[32, 0, 0, 1, 0x85, 0xae, 0x7f, 0][..], &[0; 28]].concat();
    let dialogues: [(StartTls, &[u8], &[u8]); 12] = [
        (Ftp, b"AUTH TLS\r\n", b"220 FTP\r\n234 AUTH TLS\r\n"),
        (HttpConnect, b"CONNECT cucm:8443 HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"),
        (
            HttpUpgrade,
            b"GET / HTTP/1.1\r\nUpgrade: TLS/1.2\r\n\r\n",
            b"HTTP/1.1 101 Switching\r\n\r\n",
        ),
        (Imap, b". CAPABILITY\r\n. STARTTLS\r\n", b"* OK\r\n. OK\r\n"),
        (Ldap, &ldap, &[0x30, 0x0c, 2, 1, 1, 0x78, 7, 10, 1, 0, 4, 0, 4, 0]),
        (MySql, &mysql, &[0x4a, 0, 0, 0, 10, b'8', 0]),
        (Other, b"HI\n", b"OK\n"),
        (Pop3, b"STLS\r\n", b"+OK\r\n"),
        (PostgreSql, &[0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f], b"S"),
        (
            Rdp,
            &[3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0],
            &[3, 0, 0, 19, 14, 0xd0],
        ),
        (Smtp, b"EHLO a\r\nSTARTTLS\r\n", b"220 a\r\n250 STARTTLS\r\n220 go\r\n"),
        (
            Xmpp,
            b"<stream:stream><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            b"<proceed/>",
        ),
    ];
    for (protocol, client, server) in dialogues {
        let mut turns = vec![(Side::Client, client.to_vec()), (Side::Server, server.to_vec())];
        turns.extend(scenario.turns.iter().cloned());
        for size in [usize::MAX, 1] {
            let summary = read(&turns, size, &Secrets::default()).summary;
            assert_eq!(summary.starttls, Some(protocol));
            assert_eq!(summary.begins.client.unwrap().0, client.len() as u64, "{protocol:?}");
            assert_eq!(summary.begins.server.unwrap().0, server.len() as u64, "{protocol:?}");
            assert_eq!((summary.server_certificates.len(), summary.alerts.len()), (3, 1));
        }
    }
    let summary = scenario.read(&Secrets::default()).summary;
    assert_eq!((summary.starttls, summary.begins.client.unwrap().0), (None, 0));
}

#[test]
fn renegotiation_is_seen_with_the_keys_only() {
    let scenario = scenario("tls12_renegotiated");
    let closed = scenario.read(&Secrets::default()).summary;
    assert_eq!((closed.handshakes, closed.server_certificates.len()), (1, 3));
    // Without them: encrypted handshake messages behind Finished, from the first of them on.
    assert_eq!(closed.renegotiation_presumed.unwrap().frame, 7);
    let opened = scenario.read(&scenario.secrets()).summary;
    assert_eq!(opened.renegotiation_presumed, None);
    assert_eq!((opened.handshakes, opened.server_certificates.len()), (2, 6));
    assert_eq!(opened.server_certificates[5].handshake, 1);
}

/// Bytes arrive in pieces of any size: nothing changes.
#[test]
fn pieces_do_not_matter() {
    for scenario in scenarios() {
        for secrets in [Secrets::default(), scenario.secrets()] {
            let whole = scenario.read(&secrets);
            for size in [1, 2, 3, 5, 7, 64, 1400] {
                assert_eq!(
                    read(&scenario.turns, size, &secrets),
                    whole,
                    "{} {size}",
                    scenario.name
                );
            }
        }
    }
}

/// The sides of a capture arrive in any order: certificates and alerts are the same.
#[test]
fn the_order_of_the_sides_does_not_matter_for_what_is_in_clear() {
    let nothing = Secrets::default();
    for scenario in scenarios() {
        let whole = scenario.read(&nothing);
        for first in [Side::Client, Side::Server] {
            let mut turns = scenario.turns.clone();
            turns.sort_by_key(|(side, _)| *side != first);
            let read = read(&turns, usize::MAX, &nothing);
            let sorted = |read: &Read| {
                let mut certificates = read.certificates.clone();
                certificates.sort();
                certificates
            };
            assert_eq!(sorted(&read), sorted(&whole), "{} {first:?}", scenario.name);
            // What is only signed is known as such with the ServerHello.
            if scenario.name != "tls12_null_sha256" {
                assert_eq!(read.alerts(), whole.alerts(), "{} {first:?}", scenario.name);
            }
        }
        // One side alone.
        for alone in [Side::Client, Side::Server] {
            let turns: Vec<_> =
                scenario.turns.iter().filter(|(side, _)| *side == alone).cloned().collect();
            let read = read(&turns, usize::MAX, &nothing);
            assert_eq!(
                read.summary.certificates(alone).len(),
                whole.summary.certificates(alone).len(),
                "{}",
                scenario.name
            );
        }
    }
}

/// Who was taken for the client is the server.
#[test]
fn roles_are_put_right() {
    let scenario = scenario("tls12_unknown_ca");
    let turns: Vec<_> =
        scenario.turns.iter().map(|(side, bytes)| (side.peer(), bytes.clone())).collect();
    let read = read(&turns, usize::MAX, &Secrets::default());
    assert!(read.summary.roles_swapped);
    assert_eq!(read.summary.server_certificates.len(), 3);
    assert_eq!(read.summary.alerts[0].from, Side::Client);
    // The ServerHello tells it, too, when the ClientHello is missing.
    let read = self::read(&turns[1..], usize::MAX, &Secrets::default());
    assert!(read.summary.roles_swapped);
    assert_eq!((read.summary.server_certificates.len(), read.summary.client_hello), (3, None));
    assert_eq!(read.summary.alerts[0].from, Side::Client);
}

/// A summary travels between instances of the engine, and is the same behind it.
#[test]
fn summaries_can_be_carried() {
    for name in ["tls12_mutual", "tls12_smtp", "tls13_retry", "tls12_unknown_ca"] {
        let summary = scenario(name).read(&Secrets::default()).summary;
        let carried: Summary =
            serde_json::from_slice(&serde_json::to_vec(&summary).unwrap()).unwrap();
        assert_eq!(carried, summary, "{name}");
    }
}

/// A capture that ends anywhere, or begins anywhere: a report of what there is, and never more.
#[test]
fn cut_streams_are_read_as_far_as_they_go() {
    let nothing = Secrets::default();
    for scenario in scenarios() {
        let whole = sha256s(&scenario.read(&nothing).certificates);
        let secrets = scenario.secrets();
        let total: usize = scenario.turns.iter().map(|(_, bytes)| bytes.len()).sum();
        for length in 0..total {
            let mut left = length;
            let mut turns = scenario.turns.clone();
            for (_, bytes) in &mut turns {
                bytes.truncate(left);
                left -= bytes.len();
            }
            let cut = read(&turns, usize::MAX, if length % 5 == 0 { &secrets } else { &nothing });
            if length % 5 != 0 {
                let seen = sha256s(&cut.certificates);
                assert!(whole.starts_with(&seen), "{} cut at {length}", scenario.name);
            }
            // What the other end has: the beginning is missing.
            let mut missing = length;
            let mut turns = scenario.turns.clone();
            for (_, bytes) in &mut turns {
                let gone = missing.min(bytes.len());
                bytes.drain(..gone);
                missing -= gone;
            }
            turns.retain(|(_, bytes)| !bytes.is_empty());
            let late = read(&turns, usize::MAX, &nothing);
            let seen = sha256s(&late.certificates);
            assert!(seen.iter().all(|one| whole.contains(one)), "{} from {length}", scenario.name);
        }
    }
}

/// A hello that is cut still tells its version and, where the bytes are there, its name.
#[test]
fn a_cut_hello_is_read() {
    let scenario = scenario("tls12_ecdhe_aes256_gcm");
    let mut turns = scenario.turns[..1].to_vec();
    turns[0].1.truncate(100);
    let summary = read(&turns, usize::MAX, &Secrets::default()).summary;
    let hello = summary.client_hello.unwrap();
    assert_eq!((hello.version, hello.server_name.as_deref()), (0x0303, Some("cucm.steven.lab")));
    assert!(hello.problem.is_some());
}

/// One segment is lost: its message is missing, what is behind it is not.
#[test]
fn holes_cost_what_they_hold() {
    let secrets = Secrets::default();
    for scenario in scenarios() {
        let whole = sha256s(&scenario.read(&secrets).certificates);
        for (at, (lost_side, lost)) in scenario.turns.iter().enumerate() {
            for from in (0..lost.len()).step_by(97) {
                let to = (from + 400).min(lost.len());
                let mut connection = Connection::default();
                let mut seen = Seen::default();
                for (number, (side, bytes)) in scenario.turns.iter().enumerate() {
                    let frame = number as u64 + 1;
                    let (before, behind) = if number == at {
                        (&bytes[..from], &bytes[to..])
                    } else {
                        (&bytes[..], &[][..])
                    };
                    seen.with(frame, &secrets, |context| connection.push(*side, before, context));
                    if number == at {
                        let length = (to - from) as u64;
                        seen.with(frame, &secrets, |context| {
                            connection.gap(*lost_side, length, context);
                        });
                        seen.with(frame, &secrets, |context| {
                            connection.push(*side, behind, context);
                        });
                    }
                }
                for side in [Side::Client, Side::Server] {
                    seen.with(99, &secrets, |context| connection.end(side, context));
                }
                let read = seen.finish(connection.into_summary());
                let found = sha256s(&read.certificates);
                assert!(
                    found.iter().all(|one| whole.contains(one)),
                    "{} {at} {from}",
                    scenario.name
                );
                if !read.summary.resumed
                    && *lost_side == Side::Server
                    && read.certificates.is_empty()
                    && !whole.is_empty()
                {
                    assert_ne!(
                        read.summary.certificate_visibility(),
                        CertificateVisibility::Resumed
                    );
                }
            }
        }
    }
}

/// Behind a lost segment of encrypted data the next record is found again, and opened.
#[test]
fn decryption_goes_on_behind_a_hole() {
    let scenario = scenario("tls13_key_update");
    let secrets = scenario.secrets();
    // The client's first ping is lost; its second comes under the next key.
    let mut connection = Connection::default();
    let mut seen = Seen::default();
    for (number, (side, bytes)) in scenario.turns.iter().enumerate() {
        seen.with(1, &secrets, |context| {
            if number == 4 {
                connection.gap(*side, bytes.len() as u64, context);
            } else {
                connection.push(*side, bytes, context);
            }
        });
    }
    let read = seen.finish(connection.into_summary());
    assert_eq!(read.data[1], PONG.repeat(3));
    assert_eq!(read.data[0], PING.repeat(2));
    assert!(read.summary.lost.is_some());
}

/// A wrong secret is given up behind a few records, and the bulk behind them is not asked for.
#[test]
fn wrong_secrets_are_given_up() {
    let scenario = scenario("tls13_aes128_gcm");
    let text = String::from_utf8(scenario.keys.clone().unwrap()).unwrap();
    // Right for the handshake, wrong for the application's data.
    let altered: String = text
        .lines()
        .map(|line| match line.starts_with("CLIENT_TRAFFIC_SECRET_0") {
            true => format!("{}{}\n", &line[..line.len() - 4], "abcd"),
            false => format!("{line}\n"),
        })
        .collect();
    let mut secrets = Secrets::default();
    secrets.add_key_log(altered.as_bytes());
    let mut connection = Connection::default();
    let mut seen = Seen::default();
    for (side, bytes) in &scenario.turns[..4] {
        seen.with(1, &secrets, |context| connection.push(*side, bytes, context));
    }
    let data = record(23, 3, &[0; 16_000]);
    for number in 0..10 {
        seen.with(1, &secrets, |context| connection.push(Side::Client, &data[..5], context));
        let wants = connection.wants(Side::Client);
        assert_eq!(wants, if number < 8 { Wants::More } else { Wants::Skip(16_000) }, "{number}");
        seen.with(1, &secrets, |context| connection.push(Side::Client, &data[5..], context));
    }
    assert_eq!(connection.summary().closed_records, 10);
}

/// Bulk data that nobody can open is not asked for.
#[test]
fn closed_data_is_skipped() {
    let scenario = scenario("tls12_ecdhe_aes256_gcm");
    let secrets = Secrets::default();
    let mut connection = Connection::default();
    let mut seen = Seen::default();
    for (side, bytes) in &scenario.turns[..4] {
        seen.with(1, &secrets, |context| connection.push(*side, bytes, context));
    }
    assert_eq!(connection.wants(Side::Client), Wants::More);
    seen.with(1, &secrets, |context| {
        connection.push(Side::Client, &[23, 3, 3, 0x40, 0, 9, 9], context);
    });
    assert_eq!(connection.wants(Side::Client), Wants::Skip(0x4000 - 2));
    seen.with(1, &secrets, |context| connection.skip(Side::Client, 0x4000 - 2, context));
    assert_eq!(connection.wants(Side::Client), Wants::More);
    assert_eq!(connection.summary().lost, None);
    assert_eq!(connection.held(), 0);
}

/// What is no TLS is dropped behind the cap, in time that grows with its length.
#[test]
fn something_else_is_given_up() {
    let secrets = Secrets::default();
    for fill in [
        &b"GET /file HTTP/1.1\r\n\r\n"[..],
        &[0x16, 3, 1],
        &[23, 3, 3, 0, 1],
        &[22],
        &[0x80, 0x2e, 1],
    ] {
        let noise = fill.repeat(1_000_000 / fill.len());
        let mut connection = Connection::default();
        let mut seen = Seen::default();
        let mut most = 0;
        for piece in noise.chunks(1400) {
            seen.with(1, &secrets, |context| connection.push(Side::Client, piece, context));
            most = most.max(connection.held());
        }
        assert!(most <= 64 * 1024, "{fill:?}: {most}");
        if fill[0] == b'G' {
            assert_eq!(connection.wants(Side::Client), Wants::Nothing);
            assert!(!connection.is_tls());
        }
    }
}

#[test]
fn no_flipped_bit_panics() {
    for scenario in scenarios() {
        let secrets = scenario.secrets();
        let sides = scenario.turns.len();
        for turn in 0..sides {
            for at in (0..scenario.turns[turn].1.len()).step_by(3) {
                let mut turns = scenario.turns.clone();
                turns[turn].1[at] ^= 1 << (at % 8);
                let read = read(&turns, usize::MAX, &secrets);
                // An altered record of a known key is not opened; one that is only signed may be.
                assert!(read.data[0].len() <= scenario.turns[turn].1.len().max(1_000));
            }
        }
    }
}

/// Reads datagrams in this order; each is a packet.
fn read_datagrams(turns: &[(Side, Vec<u8>)], secrets: &Secrets) -> Read {
    let mut association = dtls::Association::default();
    let mut seen = Seen::default();
    for (number, (side, bytes)) in turns.iter().enumerate() {
        assert!(dtls::looks_like_dtls(bytes), "datagram {number}");
        let frame = number as u64 + 1;
        seen.with(frame, secrets, |context| association.datagram(*side, bytes, context));
    }
    seen.with(turns.len() as u64, secrets, |context| association.end(context));
    assert_eq!(association.held(), 0);
    seen.finish(association.into_summary())
}

const DATAGRAMS: [&str; 3] = ["dtls10_aes128_sha", "dtls12_ecdhe_aes128_gcm", "dtls12_small_mtu"];

#[test]
fn datagrams_are_read_as_tshark_reads_them_and_opened() {
    for name in DATAGRAMS {
        let scenario = scenario(name);
        let read = read_datagrams(&scenario.turns, &scenario.secrets());
        let hello = read.summary.client_hello.as_deref().unwrap();
        assert_eq!(hello.problem, None, "{name}");
        assert_eq!(hello.ja4, scenario.truth["ja4"].as_str().unwrap(), "{name}");
        assert_eq!(Some(&hello.ja3), scenario.tshark("ja3").first(), "{name}");
        let answer = read.summary.server_hello.as_deref().unwrap();
        assert_eq!(Some(&answer.ja3s), scenario.tshark("ja3s").first(), "{name}");
        assert_eq!(hello.server_name.as_ref(), scenario.tshark("sni").first(), "{name}");
        assert_eq!(read.certificates, scenario.tshark("certificates"), "{name}");
        let version = if name.starts_with("dtls10") { 0xfeff } else { 0xfefd };
        assert_eq!(read.summary.version(), Some(version), "{name}");
        // The first hello has no cookie: the server asks for another, and that is one handshake.
        assert_eq!(read.summary.retry_request.unwrap().frame, 2, "{name}");
        assert_eq!((read.summary.handshakes, read.summary.closed_records), (1, 0), "{name}");
        assert_eq!(read.data, [PING.to_vec(), PONG.to_vec()], "{name}");
        let closed = read_datagrams(&scenario.turns, &Secrets::default());
        assert_eq!(closed.summary.opened_records, 0, "{name}");
        assert_eq!(closed.certificates, read.certificates, "{name}");
    }
}

/// Datagrams come twice and out of order; the server's messages are put together all the same.
#[test]
fn datagrams_in_any_order() {
    for name in DATAGRAMS {
        let scenario = scenario(name);
        let whole = read_datagrams(&scenario.turns, &Secrets::default());
        let flight: Vec<usize> = (3..scenario.turns.len())
            .take_while(|number| scenario.turns[*number].0 == Side::Server)
            .collect();
        assert!(flight.len() > 5);
        let mut turns = scenario.turns.clone();
        turns[3..3 + flight.len()].reverse();
        let repeated = turns[4].clone();
        turns.insert(6, repeated);
        let read = read_datagrams(&turns, &Secrets::default());
        assert_eq!(read.certificates, whole.certificates, "{name}");
        assert_eq!(
            read.summary.server_hello.map(|hello| hello.random),
            whole.summary.server_hello.map(|hello| hello.random)
        );
        // Some are lost: the chain is not there, nothing else takes its place, and nobody says "resumed".
        for lost in [1, 3, flight.len()] {
            let mut turns = scenario.turns.clone();
            turns.drain(3..3 + lost);
            let read = read_datagrams(&turns, &Secrets::default());
            assert_eq!(read.certificates, Vec::<String>::new(), "{name} {lost}");
            assert!(!read.summary.resumed, "{name} {lost}");
            let visibility = read.summary.certificate_visibility();
            assert_eq!(visibility, CertificateVisibility::NotCaptured, "{name} {lost}");
        }
    }
}

/// A capture that begins behind the hellos, or loses one: the certificates behind them are there.
#[test]
fn datagrams_whose_first_message_is_lost_still_show_certificates() {
    for name in DATAGRAMS {
        let scenario = scenario(name);
        let whole = read_datagrams(&scenario.turns, &Secrets::default());
        let flight = scenario.turns.iter().skip(3).take_while(|(side, _)| *side == Side::Server);
        let last = 3 + flight.count();
        // The hellos of the client, and with them who is who: the server speaks first.
        let swapped: Vec<_> =
            scenario.turns[3..].iter().map(|(side, bytes)| (side.peer(), bytes.clone())).collect();
        let read = read_datagrams(&swapped, &Secrets::default());
        assert_eq!(read.certificates, whole.certificates, "{name}");
        let of = |summary: &Summary| -> Vec<_> {
            summary.server_certificates.iter().map(|seen| seen.sha256).collect()
        };
        assert_eq!(of(&read.summary), of(&whole.summary), "{name}");
        assert!(read.summary.roles_swapped && read.summary.lost.is_some(), "{name}");
        assert_eq!(read.summary.certificate_visibility(), CertificateVisibility::Shown, "{name}");
        // The last part of the chain is lost: what stands before it is read as far as it goes.
        let mut turns = scenario.turns.clone();
        turns.drain(last - 2..);
        let read = read_datagrams(&turns, &Secrets::default());
        assert!(whole.certificates.starts_with(&read.certificates), "{name}");
        assert!(!read.certificates.is_empty(), "{name}");
    }
}

/// RFC 6347 section 4.2.8: a client that begins again on its old port.
#[test]
fn a_hello_with_another_random_begins_anew() {
    let [first, second] = [DATAGRAMS[1], DATAGRAMS[2]].map(scenario);
    let nothing = Secrets::default();
    let mut association = dtls::Association::default();
    let mut seen = Seen::default();
    for (number, (side, bytes)) in first.turns.iter().enumerate() {
        assert!(!association.begins_anew(bytes), "datagram {number}");
        seen.with(1, &nothing, |context| association.datagram(*side, bytes, context));
    }
    // Repeated, it is the same connection.
    assert!(!association.begins_anew(&first.turns[0].1));
    assert!(association.begins_anew(&second.turns[0].1));
    for (number, (_, bytes)) in second.turns.iter().enumerate().skip(2) {
        assert!(!association.begins_anew(bytes), "datagram {number}");
    }
}

#[test]
fn altered_and_cut_datagrams_never_panic() {
    let nothing = Secrets::default();
    for name in DATAGRAMS {
        let scenario = scenario(name);
        let secrets = scenario.secrets();
        for turn in 0..scenario.turns.len() {
            for at in (0..scenario.turns[turn].1.len()).step_by(2) {
                let mut association = dtls::Association::default();
                let mut seen = Seen::default();
                for (number, (side, bytes)) in scenario.turns.iter().enumerate() {
                    let mut bytes = bytes.clone();
                    if number == turn {
                        bytes[at] ^= 1 << (at % 8);
                        if at % 4 == 0 {
                            bytes.truncate(at);
                        }
                    }
                    let secrets = if at % 16 == 0 { &secrets } else { &nothing };
                    seen.with(1, secrets, |context| association.datagram(*side, &bytes, context));
                    assert!(association.held() <= 2 * limits::TLS_HANDSHAKE_MESSAGE);
                }
            }
        }
    }
}

fn push_all(pieces: &[(Side, &[u8])]) -> Read {
    let turns: Vec<_> = pieces.iter().map(|(side, bytes)| (*side, bytes.to_vec())).collect();
    read(&turns, usize::MAX, &Secrets::default())
}

/// A hello in the form of SSL 2.0 that offers TLS 1.0, as old Java clients send it (RFC 5246 appendix E.2), and the
/// answer of a server that speaks SSL 2.0 only.
#[test]
fn ssl2_hellos_are_read() {
    let hello = [
        &[0x80, 0x22, 1, 3, 1, 0, 9, 0, 0, 0, 0x10][..],
        &[0, 0, 0x35, 7, 0, 0xc0, 0, 0, 0x2f],
        &[0xaa; 16],
    ]
    .concat();
    let summary =
        push_all(&[(Side::Client, &hello), (Side::Client, &[21, 3, 1, 0, 2, 2, 40])]).summary;
    let read = summary.client_hello.unwrap();
    assert!(read.ssl2);
    assert_eq!((read.record_version, read.version, read.length), (2, 0x0301, 34));
    assert_eq!(read.cipher_suites, [0x0035, 0x002f]);
    assert_eq!((&read.random[..16], &read.random[16..]), (&[0; 16][..], &[0xaa; 16][..]));
    assert_eq!(summary.alerts[0].description(), Some("handshake_failure"));
    let answer = [&[0x80, 17, 4, 0, 1, 0, 2, 0, 3, 0, 3, 0, 0][..], b"DER", &[1, 0, 0x80]].concat();
    let summary = push_all(&[(Side::Client, &hello), (Side::Server, &answer)]);
    assert_eq!(summary.summary.version(), Some(2));
    assert_eq!(summary.certificates, [hex(b"DER")]);
    assert_eq!(summary.summary.problems, []);
    // A length that does not add up is no hello.
    let mut wrong = hello;
    wrong[1] += 1;
    wrong.push(0);
    assert!(!push_all(&[(Side::Client, &wrong)]).summary.is_tls());
}

fn record(kind: u8, version: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[kind, 3, version][..], &length, content].concat()
}

/// SSL 3.0 has no extensions, and its alerts are the first of their kind.
#[test]
fn ssl3_is_read() {
    let hello = [&[1, 0, 0, 41, 3, 0][..], &[7; 32], &[0, 0, 2, 0, 0x35, 1, 0]].concat();
    let summary = push_all(&[
        (Side::Client, &record(22, 0, &hello)),
        (Side::Server, &record(21, 0, &[2, 70])),
    ])
    .summary;
    let read = summary.client_hello.unwrap();
    assert_eq!((read.record_version, read.version, read.problem), (0x0300, 0x0300, None));
    assert_eq!((read.cipher_suites.as_slice(), read.extensions.len()), (&[0x35][..], 0));
    assert_eq!(summary.alerts[0].description(), Some("protocol_version"));
}

fn named(alert: &Alert) -> String {
    match alert.content {
        AlertContent::Plain { level, .. } => {
            format!("{} {}", level.name(), alert.description().unwrap())
        }
        _ => String::new(),
    }
}

/// A hello in records of one byte, an alert in two records, two alerts in one.
#[test]
fn messages_are_put_together_over_records() {
    let hello = [&[1, 0, 0, 41, 3, 3][..], &[7; 32], &[0, 0, 2, 0, 0x35, 1, 0]].concat();
    let pieces: Vec<u8> = hello.chunks(1).flat_map(|piece| record(22, 1, piece)).collect();
    let alerts =
        [record(21, 3, &[1]), record(21, 3, &[100]), record(21, 3, &[1, 0, 2, 80])].concat();
    let summary = push_all(&[(Side::Client, &pieces), (Side::Client, &alerts)]).summary;
    assert_eq!(summary.client_hello.unwrap().problem, None);
    let alerts: Vec<_> = summary.alerts.iter().map(named).collect();
    assert_eq!(
        alerts,
        ["warning no_renegotiation", "warning close_notify", "fatal internal_error"]
    );
}

/// A message of 16 MiB is skipped, and the one behind it is read.
#[test]
fn messages_beyond_the_cap_are_skipped() {
    let secrets = Secrets::default();
    let mut connection = Connection::default();
    let mut seen = Seen::default();
    let hello = [&[2, 0, 0, 38, 3, 3][..], &[7; 32], &[0, 0xc0, 0x2f, 0]].concat();
    let mut stream = record(22, 3, &hello);
    let long = [&[11, 0xff, 0xff, 0xff][..], &vec![0; 0x00ff_ffff], &[14, 0, 0, 0]].concat();
    stream.extend(long.chunks(16_384).flat_map(|piece| record(22, 3, piece)));
    let mut most = 0;
    for piece in stream.chunks(1_400) {
        seen.with(1, &secrets, |context| connection.push(Side::Server, piece, context));
        most = most.max(connection.held());
    }
    assert!(most <= limits::TLS_HANDSHAKE_MESSAGE + 2 * limits::TLS_RECORD, "{most}");
    let read = seen.finish(connection.into_summary());
    assert_eq!(read.summary.problems.len(), 2);
    assert_eq!(read.summary.problems[0].2.kind, ErrorKind::TooLarge { limit: 256 * 1024 });
    assert!(read.events.last().unwrap().starts_with("ServerHelloDone"));
}

/// TLS in mid-stream is told by two records in a row; what follows a lost piece likewise.
#[test]
fn tls_is_found_in_mid_stream() {
    let data = record(23, 3, &[9; 300]);
    let stream = [&[0x55; 100][..], &data, &data, &record(21, 3, &[0; 26])].concat();
    let summary = push_all(&[(Side::Server, &stream)]).summary;
    assert_eq!(summary.begins.server.unwrap().0, 100);
    assert_eq!((summary.closed_records, summary.alerts.len()), (3, 1));
    assert_eq!(summary.alerts[0].content, AlertContent::Encrypted);
    assert_eq!(summary.certificate_visibility(), CertificateVisibility::NotCaptured);
    // One record alone proves nothing.
    assert!(!push_all(&[(Side::Server, &data)]).summary.is_tls());
}

/// TLS 1.3 hides alerts: one that stands where a longer message must stand is presumed, and said to be.
#[test]
fn an_alert_hidden_by_tls13_is_presumed() {
    let scenario = scenario("tls13_aes128_gcm");
    let mut turns = scenario.turns[..2].to_vec();
    turns.push((Side::Client, record(23, 3, &[0x5a; 19])));
    let summary = read(&turns, usize::MAX, &Secrets::default()).summary;
    assert_eq!(summary.alerts.len(), 1);
    let alert = summary.alerts[0];
    assert_eq!(
        (alert.from, alert.content, alert.at.frame),
        (Side::Client, AlertContent::Presumed, 3)
    );
    assert_eq!(alert.description(), None);
}

/// A capture of one connection, every turn a packet.
fn capture_of(turns: &[(Side, Vec<u8>)], port: u16) -> Vec<u8> {
    let ends: [SocketAddr; 2] =
        [([10, 48, 36, 46], 31_576).into(), ([10, 48, 36, 215], port).into()];
    let mut sequence = [1_000_u32, 2_000];
    let mut records = Vec::new();
    let mut segment = |from: usize, flags: u8, payload: &[u8]| {
        let tcp = Tcp {
            from: ends[from],
            to: ends[1 - from],
            sequence: sequence[from],
            acknowledgment: sequence[1 - from],
            flags,
            payload: payload.to_vec(),
        };
        let length = u32::try_from(payload.len()).unwrap();
        sequence[from] += length + u32::from(flags & flag::SYN != 0);
        let time = 1_790_000_000_000_000_000 + records.len() as u64;
        records.push(Record { time, bytes: ethernet(&tcp.packet(), &[]) });
    };
    segment(0, flag::SYN, &[]);
    segment(1, flag::SYN | flag::ACK, &[]);
    for (side, bytes) in turns {
        for piece in bytes.chunks(1_400) {
            segment(usize::from(*side == Side::Server), flag::ACK, piece);
        }
    }
    pcapng(&records, Order::Little)
}

/// Through a proxy: HTTP at first, TLS behind it, and certificates with their frames.
#[test]
fn tls_through_a_proxy_is_read() {
    let scenario = scenario("tls12_unknown_ca");
    let mut turns = vec![
        (Side::Client, b"CONNECT cucm.steven.lab:8443 HTTP/1.1\r\n\r\n".to_vec()),
        (Side::Server, b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec()),
    ];
    turns.extend(scenario.turns);
    let mut analysis = Analysis::new(Secrets::default());
    analysis.push(&capture_of(&turns, 3_128));
    let (capture, _) = analysis.end();
    let tls = capture.flows[0].tls.as_deref().expect("TLS");
    assert_eq!(tls.starttls, Some(StartTls::HttpConnect));
    assert_eq!(tls.begins.client.map(|(offset, place)| (offset, place.frame)), Some((41, 5)));
    let frames: Vec<_> = tls.server_certificates.iter().map(|one| one.at.frame).collect();
    assert_eq!(frames, [7, 7, 7]);
    assert_eq!(tls.alerts[0].description(), Some("unknown_ca"));
}

/// TVS and CAPF inside TLS: with the server's private key alone, their messages are read (domain items A54, C34).
#[test]
fn tvs_and_capf_are_read_inside_tls() {
    let pem = fs::read(tlvet_tests::folder().join("fixtures/keys/tomcat.pem")).unwrap();
    for (name, port) in [("tls10_tvs", tvs::PORT), ("tls12_capf", capf::PORT)] {
        let scenario = scenario(name);
        let mut secrets = Secrets::default();
        assert!(secrets.add_private_key(PrivateKey::parse(&pem).unwrap()));
        let mut analysis = Analysis::new(secrets);
        analysis.push(&capture_of(&scenario.turns, port));
        let (capture, _) = analysis.end();
        let from: Vec<_> = capture.messages.iter().map(|message| message.from).collect();
        assert_eq!(from, [Side::Client, Side::Server], "{name}");
        match (&capture.messages[0].content, &capture.messages[1].content) {
            (ServiceMessageContent::Tvs(asked), ServiceMessageContent::Tvs(answered)) => {
                let asked = asked.message.as_ref().unwrap();
                assert_eq!(asked.device.as_deref(), Some("CP-8861-SEPB000B4BA0AEE"));
                let answered = answered.message.as_ref().unwrap();
                assert_eq!((answered.status, answered.time_to_live), (Some(0), Some(86_400)));
                assert_eq!(answered.session, asked.session);
            }
            (ServiceMessageContent::Capf(answered), ServiceMessageContent::Capf(asked)) => {
                let answered = answered.message.as_ref().unwrap();
                assert_eq!(answered.device.as_deref(), Some("SEP001122334455"));
                assert_eq!(asked.message.as_ref().unwrap().key_size, Some(2048));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}
