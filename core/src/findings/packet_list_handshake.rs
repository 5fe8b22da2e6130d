//! What a pasted packet list shows of TLS handshakes: turned away after the ClientHello, refused by an alert about the
//! certificate, never begun, or begun with TLS 1.2 (D19 to D24, B39, B40), and of connections that are refused outright (C33, C34). A list shows less than a capture: nothing here
//! is an error unless the details of the ClientHello were pasted.

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeMap;

use crate::evidence::packet_list::{Conversation, Probes, conversations};
use crate::evidence::tms::TLS12;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "packet_list_handshake",
    severity: Severity::Warning,
    refs: &["B39", "B40", "C33", "C34", "D19", "D20", "D21", "D22", "D23", "D24"],
    evaluate,
};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    OldVersion,
    TurnedAway,
    Alert,
    Refused,
    NeverBegun,
    NewVersion,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.texts.iter().all(|text| text.text.packets.is_empty() && text.text.details.is_empty()) {
        return Outcome::NotApplicable;
    }
    let all = conversations(facts);
    let probes = Probes::of(&all);
    let mut groups: BTreeMap<(Case, IpAddr, SocketAddr, &str), Vec<&Conversation>> =
        BTreeMap::new();
    for one in &all {
        let Some(case) = case(one) else { continue };
        let alert = one.alert.as_ref().map_or("", |(_, description, _)| description.as_str());
        groups.entry((case, one.client.ip(), one.server, alert)).or_default().push(one);
    }
    let found = groups.iter().filter_map(|((case, ..), group)| tell(*case, group, &probes));
    Outcome::of(found.collect())
}

fn case(one: &Conversation) -> Option<Case> {
    if let Some((_, description, _)) = &one.alert
        && is_about_certificates(description)
    {
        return Some(Case::Alert);
    }
    let port = one.server.port();
    if one.is_refused() && one.hello.is_none() && service(port) != "none" {
        return Some(Case::Refused);
    }
    let old = one.version().is_some_and(|version| version < TLS12);
    if one.is_turned_away() {
        return Some(if old { Case::OldVersion } else { Case::TurnedAway });
    }
    let highest = one.versions.as_ref().and_then(|versions| versions.highest().or(versions.record));
    if one.hello.is_some() && highest.is_some_and(|version| version >= TLS12) {
        return Some(Case::NewVersion);
    }
    let silent = one.hello.is_none() && one.server_hello.is_none() && one.alert.is_none();
    let tls = matches!(port, 443 | 2445 | 5061 | 6971 | 6972 | 8443);
    (silent && tls && one.opened && one.end.is_some()).then_some(Case::NeverBegun)
}

/// What listens on a port.
fn service(port: u16) -> &'static str {
    match port {
        2445 => "TVS",
        3804 => "CAPF",
        2443 | 5061 => "CallManager",
        6970..=6972 => "TFTP",
        443 | 8443 => "HTTPS",
        _ => "none",
    }
}

/// Alerts about a certificate, in the words of Wireshark.
fn is_about_certificates(description: &str) -> bool {
    [
        "Unknown CA",
        "Bad Certificate",
        "Certificate Unknown",
        "Certificate Expired",
        "Certificate Revoked",
        "Unsupported Certificate",
        "Internal Error",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(description))
}

fn tell(case: Case, group: &[&Conversation], probes: &Probes<'_>) -> Option<Found> {
    let first = group.first()?;
    let probe = probes.after(first);
    let mut evidence = Vec::new();
    for one in group {
        evidence.extend(one.hello.as_ref().map(|seen| seen.at.clone()));
        evidence.extend(one.versions.as_ref().map(|versions| versions.at.clone()));
        evidence.extend(one.alert.as_ref().map(|(seen, ..)| seen.at.clone()));
        evidence.extend(one.end.as_ref().map(|(seen, ..)| seen.at.clone()));
        if one.hello.is_none() {
            evidence.push(one.first.at.clone());
        }
    }
    evidence.extend(probe.and_then(|one| one.probe.as_ref()).map(|seen| seen.at.clone()));
    sort(&mut evidence);
    let versions = first.versions.as_ref();
    let offered = versions.and_then(|versions| versions.highest());
    let hex = |version: Option<u16>| {
        version.map_or_else(|| "none".to_owned(), |version| format!("0x{version:04x}"))
    };
    let (word, severity) = match case {
        Case::OldVersion if offered.is_some() => ("old-version", Severity::Error),
        Case::OldVersion => ("old-version", Severity::Warning),
        Case::TurnedAway => ("turned-away", Severity::Warning),
        Case::Alert => ("alert", Severity::Warning),
        Case::Refused => ("refused", Severity::Warning),
        Case::NeverBegun if probe.is_some() => ("never-begun", Severity::Warning),
        Case::NeverBegun => ("never-begun", Severity::Info),
        Case::NewVersion => ("new-version", Severity::Good),
    };
    let alert = first.alert.as_ref();
    let sender = if alert.is_some_and(|(_, _, client)| *client) { "client" } else { "server" };
    let arguments = Arguments::new()
        .text("case", word)
        .text("client", first.client.to_string())
        .text("server", first.server.to_string())
        .text("service", service(first.server.port()))
        .number("count", group.len())
        .number("frame", first.hello.as_ref().unwrap_or(&first.first).number)
        .number("end", first.end.as_ref().map_or(0, |(seen, ..)| seen.number))
        .text("record", hex(versions.and_then(|versions| versions.record)))
        .text("offered", hex(offered))
        .text("alert", alert.map_or("", |(_, description, _)| description.as_str()))
        .number("alert-frame", alert.map_or(0, |(seen, ..)| seen.number))
        .text("sender", sender)
        .text("tms", if probe.is_some() { "yes" } else { "no" })
        .text(
            "status",
            probe
                .and_then(|one| one.status)
                .map_or_else(|| "none".to_owned(), |status| status.to_string()),
        );
    Some(Found::at_all(severity, evidence, arguments))
}

fn sort(evidence: &mut Vec<Evidence>) {
    evidence.sort();
    evidence.dedup();
}
