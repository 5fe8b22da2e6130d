//! A client that offers nothing newer than TLS 1.1 and is turned away before a ServerHello (D19 to D25). Retries are one finding.

use std::collections::BTreeMap;

use crate::capture::EndedBy;
use crate::evidence::exchanges::Exchanges;
use crate::evidence::facts::CaptureFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::proto::Side;
use crate::report::model::{Evidence, Severity};
use crate::traffic::{Flow, Reach};

pub(super) const CHECK: Check = Check {
    code: "tls_version_refused",
    severity: Severity::Error,
    refs: &["D4", "D11", "D19", "D20", "D21", "D22", "D24", "D25"],
    evaluate,
};

/// TLS 1.1.
const OLD: u16 = 0x0302;

/// Bytes of a record in front of its message.
const RECORD_HEAD: u64 = 5;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (capture, exchanges) in facts.captures_with_exchanges() {
        let mut pairs: BTreeMap<_, Vec<&Flow>> = BTreeMap::new();
        for flow in &capture.content.capture.flows {
            if let Some(how) = how(flow) {
                pairs.entry((flow.client.ip(), flow.server, how)).or_default().push(flow);
            }
        }
        found.extend(pairs.into_values().filter_map(|flows| refused(capture, exchanges, &flows)));
    }
    Outcome::of(found)
}

/// How a connection was broken off because of its version; `None` where it was not, or something else was the reason.
pub(super) fn how(flow: &Flow) -> Option<&'static str> {
    let tls = flow.tls.as_ref()?;
    let hello = tls.client_hello.as_ref()?;
    if tls.datagram || tls.server_hello.is_some() || hello.highest_version() > OLD {
        return None;
    }
    // A hole, or a capture of one direction, hides the answer.
    let whole = flow.gaps == 0 && flow.reach() == Some(Reach::Answered);
    match tls.alerts.iter().find(|alert| alert.is_fatal()) {
        Some(alert) if alert.from == Side::Client => None,
        // protocol_version, handshake_failure, insufficient_security: what servers answer to a version they refuse.
        Some(alert) => matches!(
            alert.description(),
            Some("protocol_version" | "handshake_failure" | "insufficient_security")
        )
        .then_some("alert"),
        // Who leaves first, decides: a client that gives up was not refused.
        None if !whole || flow.left_first().is_none_or(|(by, _)| by == Side::Client) => None,
        None => match flow.ended_by {
            EndedBy::Rst => Some("rst"),
            EndedBy::Fin => Some("fin"),
            EndedBy::None => None,
        },
    }
}

/// Refusals of one kind, of one client by one server.
fn refused(
    capture: &CaptureFacts<'_>,
    exchanges: &Exchanges<'_>,
    flows: &[&Flow],
) -> Option<Found> {
    let flow = flows.first()?;
    let tls = flow.tls.as_ref()?;
    let hello = tls.client_hello.as_ref()?;
    let alert = tls.alerts.iter().find(|alert| alert.is_fatal());
    let how = how(flow)?;
    let hex = |version: u16| format!("0x{version:04x}");
    let supported: Vec<String> = hello.supported_versions.iter().map(|one| hex(*one)).collect();
    let supported = if supported.is_empty() { "none".to_owned() } else { supported.join(", ") };
    // TMS asks over HTTP when HTTPS fails (D24).
    let probe = exchanges.tms_probe(flow.client.ip(), flow.server.ip(), flow.first_frame);
    let status = probe.and_then(|one| one.exchange.status);
    let location = probe.and_then(|one| one.exchange.location.clone());
    let mut evidence = Vec::new();
    for flow in flows {
        let tls = flow.tls.as_ref();
        let hello = tls.and_then(|tls| tls.client_hello.as_ref()).map(|hello| hello.at.frame);
        let alert = tls.and_then(|tls| tls.alerts.iter().find(|alert| alert.is_fatal()));
        let end = alert.map_or_else(
            || flow.left_first().map_or(flow.last_frame, |(_, at)| at),
            |alert| alert.at.frame,
        );
        evidence.extend(hello.map(|frame| at(capture, frame)));
        evidence.push(at(capture, end));
    }
    evidence.extend(probe.map(|one| at(capture, one.frame)));
    let arguments = Arguments::new()
        .text("client", flow.client.to_string())
        .text("server", flow.server.to_string())
        .text("version", name(hello.highest_version()))
        .number("frame", hello.at.frame)
        .text("record", hex(hello.record_version))
        .text("offered", hex(hello.version))
        .text("supported", supported)
        .text("how", how)
        .text("alert", alert.and_then(|alert| alert.description()).unwrap_or_default())
        .number("length", u64::from(hello.length).saturating_add(RECORD_HEAD))
        .number(
            "end",
            alert.map_or_else(
                || flow.left_first().map_or(flow.last_frame, |(_, at)| at),
                |alert| alert.at.frame,
            ),
        )
        .number("count", flows.len())
        .text("tms", if probe.is_some() { "yes" } else { "no" })
        .number("probe", probe.map_or(0, |one| one.frame))
        .text("status", status.map_or_else(|| "none".to_owned(), |status| status.to_string()))
        .text("location", location.unwrap_or_else(|| "none".to_owned()));
    Some(Found::at_all(Severity::Error, evidence, arguments))
}

fn at(capture: &CaptureFacts<'_>, frame: u64) -> Evidence {
    Evidence { input: capture.input, frame: Some(frame), ..Evidence::default() }
}

fn name(version: u16) -> String {
    match version {
        0x0002 => "SSL 2.0".to_owned(),
        0x0300 => "SSL 3.0".to_owned(),
        0x0301 => "TLS 1.0".to_owned(),
        0x0302 => "TLS 1.1".to_owned(),
        other => format!("version 0x{other:04x}"),
    }
}
