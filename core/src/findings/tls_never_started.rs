//! A TCP connection to a TLS port that ends before anybody says a byte (D23).

use std::collections::BTreeMap;

use crate::capture::EndedBy;
use crate::evidence::exchanges::Exchanges;
use crate::evidence::facts::CaptureFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::traffic::Flow;

pub(super) const CHECK: Check = Check {
    code: "tls_never_started",
    severity: Severity::Warning,
    refs: &["D23", "D24"],
    evaluate,
};

/// Ports on which the client speaks first, and speaks TLS.
const PORTS: [u16; 9] = [443, 2443, 2445, 2749, 3804, 5061, 6971, 6972, 8443];

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    let captures = facts.captures_with_exchanges();
    Outcome::of(captures.flat_map(|(capture, exchanges)| of_capture(capture, exchanges)).collect())
}

/// One finding for each client and server.
fn of_capture(capture: &CaptureFacts<'_>, exchanges: &Exchanges<'_>) -> Vec<Found> {
    let mut pairs: BTreeMap<_, Vec<&Flow>> = BTreeMap::new();
    for flow in &capture.content.capture.flows {
        if PORTS.contains(&flow.server.port()) && is_empty(flow) {
            pairs.entry((flow.client.ip(), flow.server)).or_default().push(flow);
        }
    }
    let found = pairs.into_iter().filter_map(|((client, server), flows)| {
        let first = flows.first()?;
        let fallback = exchanges.tms_probe(client, server.ip(), first.first_frame);
        let mut evidence: Vec<Evidence> = flows
            .iter()
            .flat_map(|flow| [flow.first_frame, flow.last_frame])
            .map(|frame| at(capture, frame))
            .collect();
        evidence.extend(fallback.map(|one| at(capture, one.frame)));
        let status = fallback.and_then(|one| one.exchange.status);
        let arguments = Arguments::new()
            .text("client", client.to_string())
            .text("server", server.to_string())
            .number("count", flows.len())
            .number("frame", first.first_frame)
            .number("last", first.last_frame)
            .text("by", if first.ended_by == EndedBy::Rst { "rst" } else { "fin" })
            .text("fallback", if fallback.is_some() { "yes" } else { "no" })
            .number("fallback-frame", fallback.map_or(0, |one| one.frame))
            .text("status", status.map_or_else(|| "none".to_owned(), |status| status.to_string()));
        // Monitors open and close ports all day; only what follows tells that somebody wanted to talk.
        let severity = if fallback.is_some() { Severity::Warning } else { Severity::Info };
        Some(Found::at_all(severity, evidence, arguments))
    });
    found.collect()
}

/// Both sides were there, neither said a byte, and the capture shows the end.
fn is_empty(flow: &Flow) -> bool {
    flow.tcp.as_ref().is_some_and(|tcp| {
        let opened = tcp.client.syn.is_some() && tcp.server.syn.is_some();
        let silent = tcp.client.bytes == 0 && tcp.server.bytes == 0;
        opened && silent && flow.gaps == 0 && flow.ended_by != EndedBy::None
    })
}

fn at(capture: &CaptureFacts<'_>, frame: u64) -> Evidence {
    Evidence { input: capture.input, frame: Some(frame), ..Evidence::default() }
}
