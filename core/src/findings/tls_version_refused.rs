//! A client that offers nothing newer than TLS 1.1 and is turned away before a ServerHello (D19 to D24).

use crate::capture::EndedBy;
use crate::evidence::facts::{CaptureFacts, Facts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};
use crate::traffic::Flow;

pub(super) const CHECK: Check = Check {
    code: "tls_version_refused",
    severity: Severity::Error,
    refs: &["D19", "D20", "D21", "D22", "D24"],
    evaluate,
};

/// TLS 1.1.
const OLD: u16 = 0x0302;

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for capture in &facts.captures {
        for flow in &capture.content.capture.flows {
            found.extend(refused(capture, flow));
        }
    }
    Outcome::of(found)
}

fn refused(capture: &CaptureFacts<'_>, flow: &Flow) -> Option<Found> {
    let tls = flow.tls.as_ref()?;
    let hello = tls.client_hello.as_ref()?;
    if tls.datagram || tls.server_hello.is_some() || hello.highest_version() > OLD {
        return None;
    }
    let alert = tls.alerts.iter().find(|alert| alert.is_fatal());
    let how = match (alert, flow.ended_by) {
        (Some(_), _) => "alert",
        (None, EndedBy::Rst) => "rst",
        (None, EndedBy::Fin) => "fin",
        (None, EndedBy::None) => return None,
    };
    let hex = |version: u16| format!("0x{version:04x}");
    let supported: Vec<String> = hello.supported_versions.iter().map(|one| hex(*one)).collect();
    let supported = if supported.is_empty() { "none".to_owned() } else { supported.join(", ") };
    // TMS tries HTTP when HTTPS fails (D24).
    let http = capture.content.capture.flows.iter().any(|other| {
        other.client.ip() == flow.client.ip()
            && other.server.ip() == flow.server.ip()
            && other.server.port() == 80
            && other.first_frame > flow.first_frame
    });
    let mut evidence =
        vec![Evidence { input: capture.input, frame: Some(hello.at.frame), ..Evidence::default() }];
    let end = alert.map_or(flow.last_frame, |alert| alert.at.frame);
    evidence.push(Evidence { input: capture.input, frame: Some(end), ..Evidence::default() });
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
        .text("http", if http { "yes" } else { "no" });
    Some(Found::at_all(Severity::Error, evidence, arguments))
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
