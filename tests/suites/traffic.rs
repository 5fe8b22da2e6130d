//! What captures show: certificates, alerts, files and names, as the peers sent them and as tshark sees them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what is made here is there; a missing key of a JSON value gives null"
)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::{fs, io};

use anyhow::Context as _;
use serde_json::Value;
use tlvet_core::bytes::hex;
use tlvet_core::digest::sha256;
use tlvet_core::limits;
use tlvet_core::proto::Side;
use tlvet_core::proto::tls::{
    AlertContent, CertificateSeen, CertificateVisibility, Secrets, Summary,
};
use tlvet_core::proto::transfer::{Protocol, TransferStatus};
use tlvet_core::report::model::InputRole;
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_core::traffic::{Analysis, Capture, CarriedFile, Flow, ServiceMessageContent};
use tlvet_tests::capture::generate::{Certificates, Mix, Truth, generate};
use tlvet_tests::capture::packets::{Tcp, ethernet, flag};
use tlvet_tests::capture::tshark;
use tlvet_tests::capture::write::{Order, PcapNg, Record, pcap, pcapng};
use tlvet_tests::{Failure, files_below, folder, unpacked};

type Result<T> = std::result::Result<T, Failure>;

/// 2026-09-21T14:13:20Z.
const BEGIN: u64 = 1_790_000_000_000_000_000;

const MIX: Mix = Mix { seed: 1, conversations: 80, begin: BEGIN, loss: 0, body: 30_000 };

fn analysed(file: &[u8], chunk: usize, secrets: Secrets) -> (Capture, Vec<CarriedFile>) {
    let mut analysis = Analysis::new(secrets);
    let mut files = Vec::new();
    for chunk in file.chunks(chunk.max(1)) {
        analysis.push(chunk);
        files.extend(analysis.files());
    }
    let (capture, rest) = analysis.end();
    files.extend(rest);
    (capture, files)
}

fn certificates() -> Result<Certificates> {
    let files = files_below(&folder().join("fixtures/certificates"))?;
    let der = files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "der"));
    Ok(der.map(fs::read).collect::<io::Result<_>>()?)
}

/// What differs between the truth about a mix and what was found in it.
fn differences(
    truth: &Truth,
    made: &Certificates,
    capture: &Capture,
    files: &[CarriedFile],
) -> Vec<String> {
    let mut wrong = Vec::new();
    let flows: BTreeMap<_, &Flow> =
        capture.flows.iter().map(|flow| ((flow.client, flow.server), flow)).collect();
    for connection in &truth.connections {
        let ends = (connection.client, connection.server);
        let who = format!("{} -> {}", ends.0, ends.1);
        let Some(flow) = flows.get(&ends) else {
            wrong.push(format!("{who} is missing"));
            continue;
        };
        let is_tls = connection.name.is_some() || !connection.certificates[1].is_empty();
        if is_tls != flow.tls.is_some() {
            wrong.push(format!("{who}: TLS {}", flow.tls.is_some()));
            continue;
        }
        let Some(tls) = &flow.tls else { continue };
        for side in [Side::Client, Side::Server] {
            let number = usize::from(side == Side::Server);
            // One direction only: what the other side showed is not in the capture.
            if connection.streams[number].is_empty() {
                continue;
            }
            let shown: Vec<_> = tls.certificates(side).iter().map(|one| one.sha256).collect();
            let expected: Vec<_> =
                connection.certificates[number].iter().map(|n| sha256(&made[*n])).collect();
            if shown != expected {
                wrong.push(format!(
                    "{who}: {side:?} shows {}, truth {}",
                    shown.len(),
                    expected.len()
                ));
            }
            for digest in expected {
                let known = capture.certificates.get(&digest).is_some_and(|seen| {
                    sha256(&seen.der) == digest && seen.seen.iter().any(|one| one.flow == flow.id)
                });
                if !known {
                    wrong.push(format!("{who}: a certificate is not kept"));
                }
            }
        }
        if !connection.streams[0].is_empty() {
            let name = tls.client_hello.as_ref().and_then(|hello| hello.server_name.clone());
            if name != connection.name {
                wrong.push(format!("{who}: name {name:?}, truth {:?}", connection.name));
            }
            let alerts: Vec<_> = tls
                .alerts
                .iter()
                .filter_map(|alert| match alert.content {
                    AlertContent::Plain { description, .. } => {
                        Some((usize::from(alert.from == Side::Server), description))
                    }
                    _ => None,
                })
                .collect();
            if alerts != connection.alert.into_iter().collect::<Vec<_>>() {
                wrong.push(format!("{who}: alerts {alerts:?}, truth {:?}", connection.alert));
            }
        }
    }
    for expected in &truth.transfers {
        let found = capture.transfers.iter().find(|one| {
            one.transfer.protocol == Protocol::Tftp && one.transfer.name == expected.name
        });
        let Some(found) = found else {
            wrong.push(format!("{} is missing", expected.name));
            continue;
        };
        match &expected.content {
            Some(content) => {
                let whole = found.transfer.status == TransferStatus::Complete
                    && found.transfer.sha256 == Some(sha256(content))
                    && found.transfer.bytes == content.len() as u64;
                if !whole {
                    wrong.push(format!("{}: {:?}", expected.name, found.transfer));
                }
            }
            None => {
                let message = "File not found".to_owned();
                if found.transfer.status != (TransferStatus::Error { code: 1, message }) {
                    wrong.push(format!("{}: {:?}", expected.name, found.transfer.status));
                }
            }
        }
    }
    for (name, code) in &truth.names {
        let found = capture.dns.iter().find(|one| one.name == *name);
        let expected = if *code == 3 { "NXDOMAIN" } else { "NOERROR" };
        if found.and_then(|one| one.code.as_deref()) != Some(expected) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    for file in files {
        if !capture.transfers.iter().any(|one| one.file == Some(file.number)) {
            wrong.push(format!("file {} of nobody", file.number));
        }
    }
    if capture.caps.is_met() {
        wrong.push(format!("a cap is met: {:?}", capture.caps));
    }
    wrong
}

#[test]
fn every_certificate_file_and_name_of_a_disturbed_mix_is_found() -> Result<()> {
    let certificates = certificates()?;
    let mut shown = 0;
    for seed in 0..30 {
        let (records, truth) = generate(&Mix { seed, ..MIX }, &certificates);
        let (capture, files) =
            analysed(&pcapng(&records, Order::Little), 1 << 20, Secrets::default());
        let title = format!("seed {seed}");
        Failure::unless_empty(&differences(&truth, &certificates, &capture, &files), &title)?;
        shown += truth.connections.iter().flat_map(|one| &one.certificates).flatten().count();
    }
    assert!(shown > 1_000, "only {shown} certificates in the mixes");
    Ok(())
}

#[test]
fn chunks_do_not_matter() -> Result<()> {
    let mix = Mix { seed: 3, loss: 80, body: 9_000, ..MIX };
    let (records, _) = generate(&mix, &certificates()?);
    for file in [pcapng(&records, Order::Big), pcap(&records, Order::Little, true, 1, 300)] {
        let whole = analysed(&file, file.len(), Secrets::default());
        for chunk in [1, 1_500, 16 << 20] {
            assert!(analysed(&file, chunk, Secrets::default()) == whole, "chunks of {chunk}");
        }
    }
    Ok(())
}

/// A capture of `tests/captures` and what is known of it.
/// The report on a capture pushed in chunks of this size.
fn report(file: &[u8], chunk: usize) -> String {
    let mut session = Session::new();
    let id = session.open("capture", InputRole::Observed).expect("room for one");
    for chunk in file.chunks(chunk) {
        session.push(id, chunk);
    }
    session.close(id);
    session.report_json(UnixTime(1_795_300_000))
}

#[test]
fn chunks_do_not_matter_to_the_report() -> Result<()> {
    for name in ["tftp", "tls12_mutual", "tls12_unknown_ca"] {
        let (file, _) = captured(name)?;
        let whole = report(&file, file.len());
        let captures = serde_json::from_str::<Value>(&whole)?["captures"].clone();
        assert_eq!(captures[0]["input"], 0, "{name}: {whole}");
        for chunk in [1, 2, 3, 5, 1500] {
            assert_eq!(report(&file, chunk), whole, "{name} in chunks of {chunk}");
        }
    }
    Ok(())
}

#[test]
fn a_carried_file_is_an_input_inside_the_capture() -> Result<()> {
    let (file, _) = captured("tftp")?;
    let report: Value = serde_json::from_str(&report(&file, file.len()))?;
    let names: Vec<_> = report["inputs"]
        .as_array()
        .context("inputs")?
        .iter()
        .map(|input| (&input["name"], &input["kind"], &input["inside"]))
        .collect();
    let inside = serde_json::json!(["CTLSEP001122334455.tlv", "trust-list", 0]);
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(names[1], (&inside[0], &inside[1], &inside[2]));
    assert_eq!(report["captures"][0]["transfers"][0]["input"], 1);
    assert_eq!(report["trust_lists"][0]["verification"]["status"], "verified");
    Ok(())
}

#[test]
fn what_happened_on_a_connection_is_told_step_by_step() -> Result<()> {
    let (file, _) = captured("tls12_unknown_ca")?;
    let report: Value = serde_json::from_str(&report(&file, file.len()))?;
    let flow = &report["captures"][0]["flows"][0];
    let steps: Vec<String> = flow["steps"]
        .as_array()
        .context("steps")?
        .iter()
        .map(|step| format!("{} {} {}", step["frame"], step["from"], step["step"]).replace('"', ""))
        .collect();
    assert_eq!(
        steps,
        [
            "1 client syn",
            "2 server syn",
            "4 client client_hello",
            "6 server server_hello",
            "6 server certificate",
            "8 client alert",
            "9 client fin",
            "10 server fin",
        ]
    );
    assert_eq!(flow["first"], flow["steps"][0]["time"]);
    let times: Vec<_> =
        flow["steps"].as_array().into_iter().flatten().map(|step| &step["time"]).collect();
    assert!(
        times.iter().all(|time| time.as_str().is_some_and(|time| time.len() == 27)),
        "{times:?}"
    );
    Ok(())
}

#[test]
fn what_is_found_so_far_is_told_once() -> Result<()> {
    // Connections are kept for 4,096 packets after their end.
    let mix = Mix { conversations: 400, body: 9_000, ..MIX };
    let (records, _) = generate(&mix, &certificates()?);
    let file = pcap(&records, Order::Little, true, 1, 1 << 18);
    let mut session = Session::new();
    let id = session.open("mix", InputRole::Observed)?;
    let (mut flows, mut shown, mut last) = (Vec::new(), Vec::new(), None);
    for chunk in file.chunks(50_000) {
        session.push(id, chunk);
        let news = session.so_far(id).context("a capture is open")?;
        flows.extend(news.flows.iter().map(|flow| (flow.transport.clone(), flow.id)));
        shown.extend(news.certificates.iter().map(|one| one.sha256.clone()));
        assert_eq!(news.connections, flows.len(), "so few in one chunk are all told");
        last = Some(news);
    }
    let last = last.context("there are chunks")?;
    session.close(id);
    assert!(session.so_far(id).is_none(), "nothing is open any more");
    let report = session.report(UnixTime(1_795_300_000));
    let capture = report.captures.first().context("one capture")?;
    let count = flows.len();
    flows.sort();
    flows.dedup();
    assert_eq!(flows.len(), count, "a connection is told twice");
    assert!(count > 50 && count <= capture.flows.len(), "{count} of {}", capture.flows.len());
    assert!(last.refused > 0 && last.refused < count, "{} of {count} refused", last.refused);
    assert!(last.transfers > 0 && last.transfers <= capture.transfers.len());
    assert!(last.failed < last.transfers, "{} of {} failed", last.failed, last.transfers);
    assert!(last.names > 0 && last.names <= capture.dns.len());
    assert_eq!(last.unknown, last.names, "no name of this traffic has an answer that helps");
    let different = shown.len();
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), different, "a certificate is told twice");
    assert!(different > 0 && different <= report.certificates.len());
    Ok(())
}

#[test]
fn a_capture_that_is_stopped_is_judged_as_far_as_it_was_read() -> Result<()> {
    let (file, _) = captured("tls12_unknown_ca")?;
    let mut session = Session::new();
    let capture = session.open("capture", InputRole::Observed)?;
    session.push(capture, &file);
    session.stop(capture, "not used");
    let other = session.open("text", InputRole::Observed)?;
    session.push(other, b"half of ");
    session.stop(other, "stopped");
    let report = serde_json::to_value(session.report(UnixTime(1_795_300_000)))?;
    assert_eq!(report["captures"][0]["whole"], false);
    assert_eq!(report["captures"][0]["flows"][0]["tls"]["alerts"][0]["frame"], 8);
    assert_eq!(report["inputs"][0]["bytes"], file.len());
    assert_eq!(report["inputs"][0]["sha256"], "", "half a file has no digest of the file");
    assert_eq!(report["inputs"][1]["kind"], "unreadable");
    let skipped = report["skipped"].as_array().context("skipped")?;
    let told = skipped.iter().find(|one| one["code"] == "input_unreadable").context("told")?;
    assert_eq!(told["outcome"], "not_enough_evidence");
    let expected = format!(
        "capture: reading was stopped after {} bytes. What it shows until there is judged; what follows is not known. One more input is not whole.",
        file.len()
    );
    assert_eq!(told["needs"].as_str().map(plain), Some(expected));
    Ok(())
}

/// Without the marks that set off values in a text, and with numbers as they are.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}', ','], "")
}

#[test]
fn large_captures_have_no_digests() -> Result<()> {
    let packet = Record { time: BEGIN, bytes: vec![0; 60_000] };
    let limit = usize::try_from(limits::STREAM_DIGEST_BYTES)?;
    let records = vec![packet; limit / 60_000 + 1];
    let large = pcap(&records, Order::Little, false, 1, 1 << 18);
    let small = large.get(..limit).context("it is larger")?;
    for (file, hashed) in [(small, true), (large.as_slice(), false)] {
        for chunk in [1 << 20, file.len()] {
            let report: Value = serde_json::from_str(&report(file, chunk))?;
            let expected = if hashed { hex(&sha256(file)) } else { String::new() };
            assert_eq!(report["inputs"][0]["sha256"], expected, "{} in {chunk}", file.len());
        }
    }
    Ok(())
}

#[test]
fn captures_that_are_announced_as_large_are_not_digested_in_vain() -> Result<()> {
    let (file, _) = captured("tftp")?;
    let known = file.len() as u64;
    for (announced, hashed) in [(known, true), (limits::STREAM_DIGEST_BYTES + 1, false)] {
        let mut session = Session::new();
        let id = session.open("capture", InputRole::Observed)?;
        session.announce(id, announced);
        session.push(id, &file);
        session.close(id);
        let report = session.report(UnixTime(1_795_300_000));
        let expected = if hashed { hex(&sha256(&file)) } else { String::new() };
        assert_eq!(report.inputs[0].sha256, expected, "announced {announced}");
        assert_eq!(report.inputs[0].bytes, known, "announced {announced}");
    }
    Ok(())
}

fn captured(name: &str) -> Result<(Vec<u8>, Value)> {
    let path = folder().join("captures").join(name);
    let truth = serde_json::from_slice(&fs::read(path.with_extension("json"))?)?;
    Ok((fs::read(path.with_extension("pcapng"))?, truth))
}

/// Certificates as the truth lists them.
fn listed(certificates: &[CertificateSeen]) -> Vec<(String, u64)> {
    certificates.iter().map(|one| (hex(&one.sha256), one.at.frame)).collect()
}

fn expected(list: &Value) -> Vec<(String, u64)> {
    let list = list.as_array().expect("a list");
    let text = |one: &Value| one["sha256"].as_str().unwrap_or_default().to_owned();
    list.iter().map(|one| (text(one), one["frame"].as_u64().unwrap_or_default())).collect()
}

/// How the handshake of one connection differs from what tshark says of it.
fn against_tshark(tls: &Summary, truth: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut compare = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            wrong.push(format!("{what}: {ours}, tshark {theirs}"));
        }
    };
    let hello = tls.client_hello.as_ref().map(|hello| {
        let name = hello.server_name.clone().unwrap_or_default();
        let suites = hello.cipher_suites.len();
        format!("{} {:#06x} {name} {suites}", hello.at.frame, hello.version)
    });
    let theirs = truth["client_hello"].as_object().map(|hello| {
        let text = |key: &str| hello[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}", hello["frame"], text("version"), text("sni"), hello["cipher_suites"])
    });
    compare("ClientHello", hello.unwrap_or_default(), theirs.unwrap_or_default());
    let hello = tls.server_hello.as_ref().map(|hello| {
        format!("{} {:#06x} {:#06x}", hello.at.frame, hello.legacy_version, hello.cipher_suite)
    });
    let theirs = truth["server_hello"].as_object().map(|hello| {
        let text = |key: &str| hello[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", hello["frame"], text("version"), text("cipher_suite"))
    });
    compare("ServerHello", hello.unwrap_or_default(), theirs.unwrap_or_default());
    for (side, key) in
        [(Side::Server, "server_certificates"), (Side::Client, "client_certificates")]
    {
        compare(
            key,
            format!("{:?}", listed(tls.certificates(side))),
            format!("{:?}", expected(&truth[key])),
        );
    }
    let alerts = tls.alerts.iter().filter_map(|alert| match alert.content {
        AlertContent::Plain { level, description } => {
            let from = if alert.from == Side::Client { "client" } else { "server" };
            Some(format!("{from} {} {description} {}", level.name(), alert.at.frame))
        }
        _ => None,
    });
    let theirs = truth["alerts"].as_array().expect("a list").iter().map(|alert| {
        let level = if alert["level"] == 2 { "fatal" } else { "warning" };
        let from = alert["from"].as_str().unwrap_or_default();
        format!("{from} {level} {} {}", alert["description"], alert["frame"])
    });
    compare("alerts", alerts.collect::<Vec<_>>().join(", "), theirs.collect::<Vec<_>>().join(", "));
    wrong
}

#[test]
fn handshakes_of_real_peers_are_seen_as_tshark_sees_them() -> Result<()> {
    let mut seen = 0;
    for path in files_below(&folder().join("captures"))? {
        let name = path.file_stem().and_then(|name| name.to_str()).context("a name")?;
        if path.extension().is_none_or(|kind| kind != "pcapng") || !is_handshake(name) {
            continue;
        }
        let (file, truth) = captured(name)?;
        let (capture, _) = analysed(&file, 1_500, Secrets::default());
        assert_eq!(Some(capture.packets), truth["packets"].as_u64(), "{name}");
        let connections = truth["connections"].as_array().context("connections")?;
        assert_eq!(capture.flows.len(), connections.len(), "{name}");
        for (flow, truth) in capture.flows.iter().zip(connections) {
            let tls = flow.tls.as_ref().with_context(|| format!("{name}: no TLS"))?;
            Failure::unless_empty(&against_tshark(tls, truth), name)?;
            assert!(!tls.roles_swapped && flow.gaps == 0, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 15, "only {seen} handshakes");
    Ok(())
}

fn is_handshake(name: &str) -> bool {
    ["tls", "service", "version"].iter().any(|kind| name.starts_with(kind))
}

#[test]
fn what_cannot_be_seen_is_said_to_be_hidden() -> Result<()> {
    let visibility = |name: &str, secrets: Secrets| -> Result<Vec<CertificateVisibility>> {
        let (capture, _) = analysed(&captured(name)?.0, 1 << 20, secrets);
        let flows = capture.flows.iter().filter_map(|flow| flow.tls.as_ref());
        Ok(flows.map(|tls| tls.certificate_visibility()).collect())
    };
    use CertificateVisibility::{Hidden, NotSent, Resumed, Shown};
    assert_eq!(visibility("tls12", Secrets::default())?, [Shown]);
    assert_eq!(visibility("tls12_resumed", Secrets::default())?, [Shown, Resumed]);
    assert_eq!(visibility("tls13", Secrets::default())?, [Hidden]);
    assert_eq!(visibility("tls13_resumed", Secrets::default())?, [Hidden, Resumed]);
    assert_eq!(visibility("version_refused", Secrets::default())?, [NotSent]);
    let mut secrets = Secrets::default();
    secrets.add_key_log(&fs::read(folder().join("captures/tls13.keys.log"))?);
    assert_eq!(visibility("tls13", secrets)?, [Shown]);
    Ok(())
}

#[test]
fn a_key_log_opens_what_tls13_hides() -> Result<()> {
    let mut secrets = Secrets::default();
    secrets.add_key_log(&fs::read(folder().join("captures/tls13_mutual.keys.log"))?);
    let (capture, _) = analysed(&captured("tls13_mutual")?.0, 700, secrets);
    let tls = capture.flows[0].tls.as_ref().context("TLS")?;
    let digests = |side| listed(tls.certificates(side)).into_iter().map(|one| one.0);
    // The same certificates as in the handshake of TLS 1.2, where everybody can see them.
    let (_, truth) = captured("tls12_mutual")?;
    for (side, key) in
        [(Side::Server, "server_certificates"), (Side::Client, "client_certificates")]
    {
        let theirs = expected(&truth["connections"][0][key]).into_iter().map(|one| one.0);
        assert_eq!(digests(side).collect::<Vec<_>>(), theirs.collect::<Vec<_>>());
    }
    Ok(())
}

#[test]
fn files_of_real_servers_come_whole() -> Result<()> {
    for (name, protocol) in [("tftp", Protocol::Tftp), ("http", Protocol::Http)] {
        let (file, truth) = captured(name)?;
        let (capture, files) = analysed(&file, 1_000, Secrets::default());
        let listed = truth["transfers"].as_array().context("transfers")?;
        assert_eq!(capture.transfers.len(), listed.len(), "{name}");
        for truth in listed {
            let wanted = truth["name"].as_str().context("name")?;
            let found = capture
                .transfers
                .iter()
                .find(|one| one.transfer.name.trim_start_matches('/') == wanted)
                .with_context(|| format!("{name}: {wanted} is missing"))?;
            assert_eq!(found.transfer.protocol, protocol);
            assert!(found.transfer.client.is_some() && found.transfer.server.is_some());
            match truth["sha256"].as_str() {
                Some(digest) => {
                    assert_eq!(found.transfer.status, TransferStatus::Complete, "{wanted}");
                    assert_eq!(hex(&found.transfer.sha256.context("digest")?), digest, "{wanted}");
                    assert_eq!(Some(found.transfer.bytes), truth["bytes"].as_u64(), "{wanted}");
                    if let Some(number) = found.file {
                        let file = files.iter().find(|file| file.number == number);
                        let file = file.with_context(|| format!("{wanted} was not handed out"))?;
                        assert_eq!(hex(&sha256(&file.bytes)), digest);
                        assert_eq!(file.name, wanted);
                        assert_eq!(file.frame, found.transfer.ends.frame);
                    }
                }
                None => assert!(
                    matches!(found.transfer.status, TransferStatus::Error { code: 1 | 404, .. }),
                    "{wanted}: {:?}",
                    found.transfer.status
                ),
            }
        }
        // The trust list and the configuration are of use; zeros and plain bytes are not.
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert!(names.contains(&"CTLSEP001122334455.tlv"), "{name}: {names:?}");
        assert!(!names.contains(&"exact.bin"), "{name}: {names:?}");
    }
    Ok(())
}

#[test]
fn messages_of_services_are_read_where_a_key_log_opens_them() -> Result<()> {
    let messages = |name: &str, opened: bool| -> Result<Vec<String>> {
        let mut secrets = Secrets::default();
        if opened {
            secrets.add_key_log(&fs::read(folder().join(format!("captures/{name}.keys.log")))?);
        }
        let (capture, _) = analysed(&captured(name)?.0, 100, secrets);
        assert_eq!(capture.flows.len(), 1, "{name}");
        let said = capture.messages.iter().map(|one| {
            let kind = match &one.content {
                ServiceMessageContent::Capf(found) => {
                    assert!(!found.problems.is_damaged(), "{name}: {found:?}");
                    found.message.as_ref().map(|message| format!("{:?}", message.message_type))
                }
                ServiceMessageContent::Tvs(found) => {
                    assert!(!found.problems.is_damaged(), "{name}: {found:?}");
                    found.message.as_ref().map(|message| format!("{:?}", message.message_type))
                }
            };
            assert!(one.at.frame > 8, "{name}: before the handshake is over");
            format!("{:?} {}", one.from, kind.unwrap_or_default())
        });
        Ok(said.collect())
    };
    assert_eq!(messages("service_tvs", true)?, ["Client QueryRequest", "Server QueryResponse"]);
    assert_eq!(
        messages("service_capf", true)?,
        [
            "Server AuthenticationRequest",
            "Client AuthenticationResponse",
            "Server KeyGenerationRequest",
            "Client KeyGenerationResponse",
            "Server StoreRequest",
            "Client StoreResponse",
            "Server EndSession",
        ]
    );
    for name in ["service_tvs", "service_capf"] {
        assert_eq!(messages(name, false)?, [""; 0], "{name}: encrypted");
    }
    Ok(())
}

#[test]
fn handshakes_that_never_end_are_bounded() {
    // Each server begins a Certificate message of 200 KiB and never ends it.
    let mut file = PcapNg::new(Order::Little);
    file.interface(1, 0, None, None);
    let message = [&[11, 3, 0x20, 0, 3, 0x1f, 0xfd][..], &[0x30; 150_000]].concat();
    let records: Vec<u8> = message
        .chunks(16_000)
        .flat_map(|piece| {
            let length = u16::try_from(piece.len()).expect("short").to_be_bytes();
            [&[22, 3, 3][..], &length, piece].concat()
        })
        .collect();
    let connections = 300_u16;
    for number in 0..connections {
        for (place, piece) in records.chunks(60_000).enumerate() {
            let tcp = Tcp {
                from: SocketAddr::from(([10, 0, 0, 2], 443)),
                to: SocketAddr::from(([10, 0, 0, 1], 10_000 + number)),
                sequence: u32::try_from(place * 60_000).expect("short"),
                acknowledgment: 1,
                flags: flag::ACK,
                payload: piece.to_vec(),
            };
            file.packet(0, 1, &ethernet(&tcp.packet(), &[]));
        }
    }
    let (capture, _) = analysed(&file.file, 1 << 20, Secrets::default());
    assert_eq!(capture.flows.len(), usize::from(connections));
    assert!(capture.flows.iter().all(|flow| flow.tls.is_some()));
    assert!(capture.caps.table.given_up > 100, "{:?}", capture.caps);
    assert!(capture.caps.is_met());
}

/// An HTTP connection that fetches files, one after another; `lost` segments of the server are not in the capture, and
/// the capture ends after `kept` packets.
fn fetched(bodies: &[Vec<u8>], lost: &[usize], kept: usize) -> Vec<u8> {
    let (client, server): (SocketAddr, SocketAddr) =
        (([10, 0, 0, 1], 40_000).into(), ([10, 0, 0, 2], 6_970).into());
    let mut sent = [1_u32, 1_000];
    let mut records = Vec::new();
    let mut say = |who: usize, flags: u8, payload: &[u8]| {
        let (from, to) = if who == 0 { (client, server) } else { (server, client) };
        let (sequence, acknowledgment) = (sent[who], sent[1 - who]);
        let tcp = Tcp { from, to, sequence, acknowledgment, flags, payload: payload.to_vec() };
        sent[who] += u32::try_from(payload.len()).expect("short") + u32::from(flags & 3 != 0);
        let time = BEGIN + 1_000_000 * records.len() as u64;
        records.push(Record { time, bytes: ethernet(&tcp.packet(), &[]) });
    };
    say(0, flag::SYN, b"");
    say(1, flag::SYN | flag::ACK, b"");
    for (number, body) in bodies.iter().enumerate() {
        say(0, flag::ACK, format!("GET /file{number} HTTP/1.1\r\n\r\n").as_bytes());
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        say(1, flag::ACK, head.as_bytes());
        for piece in body.chunks(1_400) {
            say(1, flag::ACK, piece);
        }
    }
    say(1, flag::ACK | flag::FIN, b"");
    say(0, flag::ACK | flag::FIN, b"");
    let kept = records.into_iter().take(kept).enumerate();
    let kept: Vec<_> = kept.filter(|(number, _)| !lost.contains(number)).map(|one| one.1).collect();
    pcapng(&kept, Order::Little)
}

#[test]
fn firmware_is_counted_and_costs_nothing() {
    let firmware = vec![7; 300_000];
    let small = vec![9; 20_000];
    let configuration = b"<device/>".repeat(30_000);
    let bodies = [firmware, small.clone(), configuration.clone()];
    let (capture, files) = analysed(&fetched(&bodies, &[], usize::MAX), 4_096, Secrets::default());
    let found: Vec<_> = capture
        .transfers
        .iter()
        .map(|one| (one.transfer.name.as_str(), one.transfer.bytes, one.transfer.sha256, one.file))
        .collect();
    assert_eq!(
        found,
        [
            ("/file0", 300_000, None, None),
            ("/file1", 20_000, Some(sha256(&small)), None),
            ("/file2", 270_000, Some(sha256(&configuration)), Some(1)),
        ]
    );
    assert!(capture.transfers.iter().all(|one| one.transfer.status == TransferStatus::Complete));
    assert_eq!(files[0].bytes, configuration);
    // Losses inside of it do not matter; what comes after it does.
    let (capture, _) =
        analysed(&fetched(&bodies, &[20, 90], usize::MAX), 9_000, Secrets::default());
    assert_eq!(capture.transfers.len(), 3);
    assert_eq!(capture.transfers[2].transfer.sha256, Some(sha256(&configuration)));
}

#[test]
fn firmware_that_is_cut_is_incomplete() {
    // Two packets of the handshake, request, head, and a hundred pieces.
    let file = fetched(&[vec![7; 300_000]], &[], 2 + 2 + 100);
    let (capture, _) = analysed(&file, 9_000, Secrets::default());
    assert_eq!(capture.transfers[0].transfer.status, TransferStatus::Incomplete);
    assert_eq!(capture.transfers[0].transfer.bytes, 140_000);
    let file = fetched(&[vec![7; 300_000]], &[], usize::MAX);
    let (capture, _) = analysed(&file, 9_000, Secrets::default());
    assert_eq!(capture.transfers[0].transfer.status, TransferStatus::Complete);
    assert_eq!(capture.transfers[0].transfer.announced, Some(300_000));
}

/// What tshark finds in a capture, one line for each hello, chain and alert: packet, sender, content.
fn by_tshark(path: &Path) -> Result<Option<String>> {
    let options = ["-d", "tcp.port==3804,tls", "-o", "tcp.reassemble_out_of_order:TRUE"];
    let ask = |filter: &str, names: &[&str]| -> Result<Option<Vec<Vec<String>>>> {
        let Some(tshark) = tshark::program() else { return Ok(None) };
        let place = ["frame.number", "ip.src", "ipv6.src", "tcp.srcport"];
        let names = [&place[..], names].concat();
        let mut lines = tshark::fields(tshark, path, &options, filter, &names)?;
        for line in &mut lines {
            line.resize(names.len(), String::new());
        }
        Ok(Some(lines))
    };
    let end = |line: &[String]| {
        let host = if line[1].is_empty() { format!("[{}]", line[2]) } else { line[1].clone() };
        format!("{} {host}:{}", line[0], line[3])
    };
    let hellos = ask(
        "tls.handshake.type==1",
        &["tls.handshake.version", "tls.handshake.extensions_server_name"],
    )?;
    let chains = ask("tls.handshake.certificate", &["tls.handshake.certificate"])?;
    let alerts =
        ask("tls.alert_message.desc", &["tls.alert_message.level", "tls.alert_message.desc"])?;
    let (Some(hellos), Some(chains), Some(alerts)) = (hellos, chains, alerts) else {
        return Ok(None);
    };
    let mut lines = Vec::new();
    for line in hellos {
        lines.push(format!("{} hello {} {}", end(&line), line[4], line[5]));
    }
    for line in chains {
        let digests = line[4].split(',').map(|text| {
            let pairs = text.as_bytes().chunks_exact(2);
            let bytes =
                pairs.filter_map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
            hex(&sha256(&bytes.collect::<Vec<_>>())[..8])
        });
        lines.push(format!("{} chain {}", end(&line), digests.collect::<Vec<_>>().join(" ")));
    }
    for line in alerts {
        lines.push(format!("{} alert {} {}", end(&line), line[4], line[5]));
    }
    lines.sort();
    Ok(Some(lines.join("\n") + "\n"))
}

/// The same of what was found here.
fn by_us(capture: &Capture) -> String {
    let mut lines = Vec::new();
    for flow in &capture.flows {
        let Some(tls) = &flow.tls else { continue };
        let end = |side| if side == Side::Client { flow.client } else { flow.server };
        if let Some(hello) = &tls.client_hello {
            let name = hello.server_name.clone().unwrap_or_default();
            let end = end(Side::Client);
            lines.push(format!("{} {end} hello {:#06x} {name}", hello.at.frame, hello.version));
        }
        for side in [Side::Client, Side::Server] {
            let shown = tls.certificates(side);
            if let Some(first) = shown.first() {
                let digests: Vec<_> = shown.iter().map(|one| hex(&one.sha256[..8])).collect();
                lines.push(format!("{} {} chain {}", first.at.frame, end(side), digests.join(" ")));
            }
        }
        for alert in &tls.alerts {
            if let AlertContent::Plain { level, description } = alert.content {
                let level = if level.name() == "fatal" { 2 } else { 1 };
                let frame = alert.at.frame;
                lines.push(format!("{frame} {} alert {level} {description}", end(alert.from)));
            }
        }
    }
    lines.sort();
    lines.join("\n") + "\n"
}

#[test]
fn captures_of_others_show_what_tshark_finds_in_them() -> Result<()> {
    for name in ["s10-dsb.pcapng", "s10be.pcapng"] {
        let file = vector(name)?;
        let (capture, _) = analysed(&file, 65_536, Secrets::default());
        let record = folder().join("vectors/captures").join(format!("{name}.tls.txt"));
        let place = tempfile::tempdir()?;
        let path = place.path().join(name);
        fs::write(&path, &file)?;
        if let Some(theirs) = by_tshark(&path)? {
            if std::env::var_os("BLESS").is_some() {
                fs::write(&record, &theirs)?;
            }
            assert!(theirs == fs::read_to_string(&record)?, "{name}: tshark says otherwise");
        }
        assert_eq!(by_us(&capture), fs::read_to_string(&record)?, "{name}");
    }
    Ok(())
}

#[test]
fn the_truth_beside_a_capture_is_found_in_it() -> Result<()> {
    let truth = fs::read(folder().join("vectors/captures/s10be.truth.json"))?;
    let truth: Vec<Value> = serde_json::from_slice(&truth)?;
    let (capture, _) = analysed(&vector("s10be.pcapng")?, 1 << 20, Secrets::default());
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let (mut handshakes, mut files) = (0, 0);
    for one in &truth {
        let port = number(&one["cp"]);
        if one["k"] == "tls" {
            let found = capture.flows.iter().find(|flow| {
                u64::from(flow.client.port()) == port
                    && u64::from(flow.server.port()) == number(&one["sp"])
            });
            let flow = found.with_context(|| format!("the connection from port {port}"))?;
            assert!(flow.tls.is_some(), "port {port}");
            handshakes += 1;
        } else {
            let name = one["name"].as_str().context("name")?;
            let found = capture.transfers.iter().find(|seen| seen.transfer.name == name);
            let seen = found.with_context(|| format!("the transfer of {name}"))?;
            assert_eq!(seen.transfer.client.map(|end| u64::from(end.port())), Some(port));
            assert_eq!(seen.transfer.status, TransferStatus::Complete, "{name}");
            assert_eq!(seen.transfer.bytes, number(&one["len"]), "{name}");
            files += 1;
        }
    }
    assert_eq!((handshakes, files), (10, 2));
    Ok(())
}

#[test]
fn a_capture_opens_itself_with_the_key_log_in_it() -> Result<()> {
    let (capture, _) = analysed(&vector("s10-dsb.pcapng")?, 1 << 20, Secrets::default());
    assert!(capture.own_secrets > 0);
    let opened = capture.flows.iter().filter_map(|flow| flow.tls.as_ref());
    let opened: Vec<_> = opened.filter(|tls| tls.opened_records > 0).collect();
    assert!(!opened.is_empty());
    for tls in opened {
        assert_eq!(tls.closed_records, 0, "{:?}", tls.client_hello);
    }
    Ok(())
}

/// A capture of the vectors, which are compressed with xz.
fn vector(name: &str) -> Result<Vec<u8>> {
    let path = folder().join("vectors/captures").join(format!("{name}.xz"));
    Ok(unpacked(&path)?)
}
