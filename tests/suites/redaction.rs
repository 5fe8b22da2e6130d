//! Redaction: no name and no address of the inputs is left in any form of the report, and one thing keeps one alias.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::collections::BTreeSet;

use tlvet_core::report::model::{Evidence, InputRole, Report};
use tlvet_core::report::redact::redact;
use tlvet_core::report::text::Style;
use tlvet_core::report::{html, json, markdown, sarif, text};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{case, folder, rules};

/// What stands in the fixtures of all incidents, in lower case: domains, organisations, places, people, addresses, devices.
const ORIGINALS: &[&str] = &[
    "10.10.0.",
    "10.48.",
    "001122334455",
    "00:11:22:33:44:55",
    "acme.lab",
    "c3rldmvulmxhyi",
    "csfsteven",
    "cucm-pub",
    "cucm-sub",
    "example.com",
    "expc1",
    "l=rome",
    "steven",
];

/// Every form of a report, by name.
fn forms(report: &Report) -> [(&'static str, String); 5] {
    [
        ("html", html::render(report)),
        ("json", json::render(report)),
        ("markdown", markdown::render(report)),
        ("sarif", sarif::render(report)),
        ("text", text::render(report, Style::default())),
    ]
}

#[test]
fn nothing_of_an_incident_is_left_in_any_form() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for incident in case::all(&folder().join("incidents")).unwrap() {
        let mut report = incident.report().unwrap();
        let before = json::render(&report).to_lowercase();
        seen.extend(ORIGINALS.iter().copied().filter(|original| before.contains(original)));
        redact(&mut report);
        assert!(report.redacted);
        assert_eq!(rules::broken(&report), Vec::<String>::new(), "{}", incident.name);
        for (form, rendered) in forms(&report) {
            let lower = rendered.to_lowercase();
            for original in ORIGINALS {
                if let Some(at) = lower.find(original) {
                    let start = lower.floor_char_boundary(at.saturating_sub(80));
                    let end = lower.ceil_char_boundary(at + 80);
                    panic!("{}: {form} has {original}: {}", incident.name, &lower[start..end]);
                }
            }
        }
    }
    // The list says something about these incidents.
    assert!(seen.len() + 2 >= ORIGINALS.len(), "{seen:?}");
}

/// Findings, their order and their places stay; only names change.
#[test]
fn redaction_changes_names_only() {
    for incident in case::all(&folder().join("incidents")).unwrap() {
        let report = incident.report().unwrap();
        let mut redacted = report.clone();
        redact(&mut redacted);
        let facts = |report: &Report| -> Vec<String> {
            let one = report.findings.iter().map(|finding| {
                // Lines of logs hold names; where they stand does not change.
                let places = finding.evidence.iter().cloned();
                let places: Vec<Evidence> =
                    places.map(|place| Evidence { text: None, ..place }).collect();
                format!(
                    "{} {:?} {places:?} {:?}",
                    finding.code, finding.severity, finding.caused_by
                )
            });
            one.collect()
        };
        assert_eq!(facts(&report), facts(&redacted), "{}", incident.name);
        let digests = |report: &Report| -> Vec<String> {
            report.certificates.iter().map(|one| format!("{} {}", one.sha256, one.serial)).collect()
        };
        assert_eq!(digests(&report), digests(&redacted), "{}", incident.name);
        let mut again = report.clone();
        redact(&mut again);
        assert_eq!(json::render(&redacted), json::render(&again), "{}", incident.name);
    }
}

/// Names of every case, as a program that knows nothing of redaction finds them: words with dots or digits in typed fields.
#[test]
fn addresses_and_hosts_of_every_case_are_replaced() {
    for case in case::all(&folder().join("cases")).unwrap() {
        let report = case.report().unwrap();
        let mut originals: BTreeSet<String> = BTreeSet::new();
        for capture in &report.captures {
            for flow in &capture.flows {
                for end in [&flow.client, &flow.server] {
                    let host = end.rsplit_once(':').map_or(end.as_str(), |(host, _)| host);
                    originals.insert(host.trim_matches(['[', ']']).to_owned());
                }
            }
            originals.extend(capture.dns.iter().map(|question| question.name.to_lowercase()));
            originals.extend(capture.boots.iter().filter_map(|boot| boot.device.clone()));
        }
        for certificate in &report.certificates {
            originals.extend(certificate.san.dns.iter().map(|name| name.to_lowercase()));
            originals.extend(certificate.san.ip.iter().cloned());
        }
        for list in &report.trust_lists {
            originals.extend(list.records.iter().map(|record| record.dns_name.to_lowercase()));
        }
        let alias = |name: &str| {
            ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "127.", "::"]
                .iter()
                .any(|start| name.starts_with(start))
        };
        let kept = ["cisco.com", ".example"];
        originals.retain(|name| {
            name.contains(['.', ':'])
                && name.len() > 4
                && name.is_ascii()
                && !alias(name)
                && !name.contains(char::is_whitespace)
                && !kept.iter().any(|end| name.ends_with(end))
                && !name.chars().any(|character| character.is_ascii_control())
        });
        let mut redacted = report.clone();
        redact(&mut redacted);
        let rendered = json::render(&redacted).to_lowercase();
        for original in &originals {
            assert!(!rendered.contains(&original.to_lowercase()), "{}: {original}", case.name);
        }
    }
}

#[test]
fn names_of_files_are_names_too() {
    let mut session = Session::new();
    let mut give = |name: &str, bytes: &[u8]| {
        let id = session.open(name, InputRole::Observed).unwrap();
        session.push(id, bytes);
        session.close(id);
    };
    give("Acme Bank Rome/gatekeeper7.acme-bank.it.pem", b"not a certificate");
    give("Acme Bank Rome/traffic_server.log", b"not a log either");
    let mut report = session.report(UnixTime(1_795_000_000));
    redact(&mut report);
    let names: Vec<&str> = report.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["file-1/file-2.pem", "file-1/traffic_server.log"]);
    for (form, rendered) in forms(&report) {
        let lower = rendered.to_lowercase();
        assert!(!lower.contains("acme") && !lower.contains("gatekeeper"), "{form}: {rendered}");
    }
}
