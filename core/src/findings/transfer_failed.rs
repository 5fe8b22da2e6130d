//! A file that a phone asked for and did not get: refused, or not to its end (A31 to A33).

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::proto::transfer::{Protocol, TransferStatus};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "transfer_failed",
    severity: Severity::Warning,
    refs: &["A31", "A32", "A33"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let seen = |capture: &crate::evidence::facts::CaptureFacts<'_>| {
        !capture.content.capture.transfers.is_empty()
    };
    if !facts.captures.iter().any(seen) {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for capture in &facts.captures {
        for seen in &capture.content.capture.transfers {
            let one = &seen.transfer;
            let (case, error) = match &one.status {
                TransferStatus::Complete => continue,
                TransferStatus::Incomplete => ("incomplete", String::new()),
                // A redirection or an unchanged file is an answer (D24).
                TransferStatus::Error { code: 300..=399, .. } => continue,
                TransferStatus::Error { code, message } => ("error", format!("{code} {message}")),
            };
            let name = if one.name.is_empty() { "a file" } else { one.name.as_str() };
            let kind = kind(name);
            let host = one.server.map(|server| server.ip().to_string());
            let address = |place: Option<core::net::SocketAddr>| {
                place.map_or_else(|| "an unknown address".to_owned(), |place| place.to_string())
            };
            let arguments = Arguments::new()
                .text("name", name)
                .text("client", address(one.client))
                .text("server", address(one.server))
                .text("server-host", host.unwrap_or_default())
                .text("protocol", if one.protocol == Protocol::Tftp { "tftp" } else { "http" })
                .number("frame", one.begins.frame)
                .text("case", case)
                .text("error", error.trim())
                .number("bytes", one.bytes)
                .text("kind", kind);
            // Without a CTL a cluster is not in mixed mode: nothing is wrong with that (A31).
            let expected = kind == "ctl" && case == "error";
            let severity = if expected { Severity::Info } else { Severity::Warning };
            let frames = [one.begins.frame, one.ends.frame];
            let mut evidence: Vec<Evidence> = frames
                .into_iter()
                .map(|frame| Evidence {
                    input: capture.input,
                    frame: Some(frame),
                    ..Evidence::default()
                })
                .collect();
            evidence.dedup();
            found.push(Found::at_all(severity, evidence, arguments));
        }
    }
    Outcome::of(found)
}

/// What a file is to a phone, by its name.
fn kind(name: &str) -> &'static str {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    if name.starts_with("ctl") && name.ends_with(".tlv") {
        "ctl"
    } else if name.ends_with(".tlv") {
        "list"
    } else if name.contains(".cnf.xml") {
        "configuration"
    } else {
        "other"
    }
}
