//! A client that gets no connection to a service that phones need: refused, unreachable, or no answer at all (C33, C34,
//! A45).
//!
//! "No answer" is only said where the capture shows answers to the same client from elsewhere: a capture of one direction
//! shows none to anything.

use core::net::{IpAddr, SocketAddr};
use std::collections::{BTreeMap, BTreeSet};

use crate::capture::Timestamp;
use crate::evidence::facts::CaptureFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::traffic::{Flow, Reach};

pub(super) const CHECK: Check = Check {
    code: "service_not_reached",
    severity: Severity::Error,
    refs: &["A45", "C33", "C34"],
    evaluate,
};

/// The services that phones and Expressway need, and whether clients do without (TFTP serves what 6970 serves).
const SERVICES: [(u16, &str, bool); 9] = [
    (443, "HTTPS", false),
    (2443, "SCCP over TLS", false),
    (2445, "TVS", false),
    (3804, "CAPF", false),
    (5061, "SIP over TLS", false),
    (6970, "configuration over HTTP", true),
    (6971, "configuration over HTTPS", false),
    (6972, "configuration over HTTPS", false),
    (8443, "CUCM services over HTTPS", false),
];

/// ICMP: TCP's number.
const TCP: u8 = 6;

/// Why a connection did not come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Refused,
    Silent,
    OneSided,
    Unreachable,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(facts.captures.iter().flat_map(of_capture).collect())
}

fn of_capture(capture: &CaptureFacts<'_>) -> Vec<Found> {
    let seen = &capture.content.capture;
    let mut answered_clients: BTreeSet<IpAddr> = BTreeSet::new();
    let mut reached: BTreeMap<(IpAddr, u16), SocketAddr> = BTreeMap::new();
    let unreachable: BTreeMap<(SocketAddr, SocketAddr), u64> = seen
        .undelivered
        .iter()
        .filter(|one| one.protocol == TCP)
        .map(|one| ((one.source, one.destination), one.at.frame))
        .collect();
    for flow in &seen.flows {
        if flow.reach().is_none_or(|reach| matches!(reach, Reach::Answered | Reach::Refused)) {
            answered_clients.insert(flow.client.ip());
        }
        if flow.reach() == Some(Reach::Answered) {
            reached.insert((flow.client.ip(), flow.server.port()), flow.server);
        }
    }
    let answered = seen.dns.iter().filter(|one| one.code.is_some()).map(|one| one.client);
    answered_clients.extend(answered);
    let delivered = seen.transfers.iter().filter(|one| one.transfer.bytes > 0);
    answered_clients.extend(delivered.filter_map(|one| Some(one.transfer.client?.ip())));

    let mut alike: BTreeMap<_, Vec<(&Flow, u64)>> = BTreeMap::new();
    for flow in &seen.flows {
        if service(flow.server.port()).is_none() {
            continue;
        }
        let icmp = unreachable.get(&(flow.client, flow.server)).copied();
        let why = match (flow.reach(), icmp) {
            (Some(Reach::Silent), Some(_)) => Why::Unreachable,
            (Some(Reach::Refused), _) => Why::Refused,
            (Some(Reach::Silent), None) if !had_time(flow, seen.last) => continue,
            (Some(Reach::Silent), None) if answered_clients.contains(&flow.client.ip()) => {
                Why::Silent
            }
            (Some(Reach::Silent | Reach::OneSided), _) => Why::OneSided,
            _ => continue,
        };
        // One direction of a connection that carried data is the capture's fault, and matters only where phones are stuck.
        if why == Why::OneSided && !matches!(flow.server.port(), 2445 | 3804) {
            continue;
        }
        let at = icmp.unwrap_or(flow.last_frame);
        alike.entry((flow.client.ip(), flow.server, why)).or_default().push((flow, at));
    }
    let tell = |((client, server, why), flows): (_, Vec<_>)| {
        tell(capture, &reached, client, server, why, &flows)
    };
    alike.into_iter().filter_map(tell).collect()
}

fn tell(
    capture: &CaptureFacts<'_>,
    reached: &BTreeMap<(IpAddr, u16), SocketAddr>,
    client: IpAddr,
    server: SocketAddr,
    why: Why,
    flows: &[(&Flow, u64)],
) -> Option<Found> {
    let (flow, at) = flows.first()?;
    let (name, spare) = service(server.port())?;
    let instead = reached.get(&(client, server.port()));
    let packets = |flow: &Flow| flow.tcp.as_ref().map_or(0, |tcp| tcp.client.packets);
    let mut evidence = Vec::new();
    for (flow, at) in flows {
        for frame in [flow.first_frame, *at] {
            evidence.push(Evidence {
                input: capture.input,
                frame: Some(frame),
                ..Evidence::default()
            });
        }
    }
    evidence.dedup();
    let severity = match why {
        _ if spare || instead.is_some() => Severity::Info,
        // Nothing else does what these two do; other services have spare nodes, or were only tried.
        Why::Refused | Why::Unreachable if matches!(server.port(), 2445 | 3804) => Severity::Error,
        _ => Severity::Warning,
    };
    let arguments = Arguments::new()
        .text("service", name)
        .text("port", server.port().to_string())
        .text("client", client.to_string())
        .text("server", server.to_string())
        .text("host", server.ip().to_string())
        .number("frame", flow.first_frame)
        .number("at", *at)
        .number("count", flows.iter().map(|(flow, _)| packets(flow).max(1)).sum::<u64>())
        .text(
            "why",
            match why {
                Why::OneSided => "one-sided",
                Why::Refused => "refused",
                Why::Silent => "silent",
                Why::Unreachable => "unreachable",
            },
        )
        .text("instead", instead.map_or_else(|| "none".to_owned(), ToString::to_string));
    Some(Found::at_all(severity, evidence, arguments))
}

/// The call was repeated, or the capture goes on long enough for an answer.
fn had_time(flow: &Flow, end: Option<Timestamp>) -> bool {
    /// Seconds; the first repetition comes after one.
    const PATIENCE: i64 = 3;
    flow.tcp.as_ref().is_some_and(|tcp| {
        let after = end.map_or(0, |end| end.seconds.saturating_sub(tcp.last.time.seconds));
        tcp.client.packets > 1 || after >= PATIENCE
    })
}

fn service(port: u16) -> Option<(&'static str, bool)> {
    let (_, name, spare) = SERVICES.iter().find(|(known, ..)| *known == port)?;
    Some((name, *spare))
}
