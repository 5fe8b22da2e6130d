//! What a capture cannot tell: packets that are cut or lost, caps that were met, one direction only, handshakes before its
//! beginning, certificates that TLS 1.3 encrypts. "No certificate seen" is never "no certificate sent".

use crate::evidence::facts::CaptureFacts;
use crate::findings::transfer_failed::Running;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::proto::tls::CertificateVisibility;
use crate::proto::transfer::TransferStatus;
use crate::report::model::{Evidence, Severity};
use crate::traffic::{Flow, Reach};

pub(super) const CHECK: Check = Check {
    code: "capture_incomplete",
    severity: Severity::Warning,
    refs: &["B39", "C34"],
    evaluate,
};

/// One thing that is not known, and where.
struct Unknown {
    kind: &'static str,
    count: u64,
    severity: Severity,
    frames: Vec<u64>,
}

/// Frames that are named for each thing.
const FRAMES: usize = 4;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(facts.captures.iter().filter_map(of_capture).collect())
}

fn of_capture(capture: &CaptureFacts<'_>) -> Option<Found> {
    let unknown = unknown(capture);
    let severity = unknown.iter().map(|one| one.severity).min()?;
    let mut evidence: Vec<Evidence> = unknown
        .iter()
        .flat_map(|one| &one.frames)
        .map(|frame| Evidence { input: capture.input, frame: Some(*frame), ..Evidence::default() })
        .collect();
    if evidence.is_empty() {
        evidence.push(Evidence { input: capture.input, ..Evidence::default() });
    }
    let row = |one: &Unknown| {
        let frames: Vec<String> = one.frames.iter().map(ToString::to_string).collect();
        let arguments = Arguments::new()
            .text("kind", one.kind)
            .number("count", one.count)
            .text("frames", frames.join(", "));
        ("capture-incomplete-row", arguments)
    };
    let has = |kind: &str| unknown.iter().any(|one| one.kind == kind);
    let advice = if has("cut") {
        "cut"
    } else if has("one-sided") {
        "one-sided"
    } else if has("lost") || has("transfers") {
        "lost"
    } else if has("caps") {
        "caps"
    } else if has("secrets") {
        "secrets"
    } else if has("encrypted") {
        "encrypted"
    } else {
        "begun"
    };
    let arguments = Arguments::new()
        .text("advice", advice)
        .text("weight", if severity == Severity::Warning { "matters" } else { "note" })
        .rows("rows", unknown.iter().map(row).collect());
    Some(Found::at_all(severity, evidence, arguments))
}

fn unknown(capture: &CaptureFacts<'_>) -> Vec<Unknown> {
    let seen = &capture.content.capture;
    let unseen = |why: CertificateVisibility| {
        seen.flows.iter().filter(move |flow| {
            flow.tls.as_ref().is_some_and(|tls| tls.certificate_visibility() == why)
        })
    };
    let began = |flow: &&Flow| {
        flow.tcp.as_ref().is_none_or(|tcp| tcp.client.syn.is_some() || tcp.server.syn.is_some())
    };
    let not_captured = || unseen(CertificateVisibility::NotCaptured);
    let running = Running::of(capture);
    let holed = seen.transfers.iter().filter(|one| {
        one.transfer.status == TransferStatus::Incomplete
            && one.transfer.bytes > 0
            && !running.is_running(one)
    });
    let holes: Vec<u64> = holed.map(|one| one.transfer.begins.frame).collect();
    let lost: Vec<u64> = not_captured().filter(began).map(|flow| flow.first_frame).collect();
    let one_sided: Vec<u64> = seen
        .flows
        .iter()
        .filter(|flow| flow.reach() == Some(Reach::OneSided))
        .map(|flow| flow.first_frame)
        .collect();
    let mut found = Vec::new();
    let mut add = |kind, severity, frames: Vec<u64>, count: u64| {
        if count > 0 {
            let frames = frames.into_iter().take(FRAMES).collect();
            found.push(Unknown { kind, count, severity, frames });
        }
    };
    let length = |frames: &[u64]| frames.len() as u64;
    // Cut packets that took nothing from anybody (voice, mostly) are not worth a word.
    let hurt = !lost.is_empty() || !holes.is_empty();
    if hurt {
        add("cut", Severity::Warning, Vec::new(), seen.truncated_packets);
    }
    add("lost", Severity::Warning, lost.clone(), length(&lost));
    // That they are not whole is told for each of them.
    add("transfers", Severity::Info, holes.clone(), length(&holes));
    if hurt {
        add("fragments", Severity::Warning, Vec::new(), seen.caps.incomplete_packets);
    }
    add("one-sided", Severity::Warning, one_sided.clone(), length(&one_sided));
    add("caps", Severity::Warning, Vec::new(), u64::from(seen.caps.is_met()));
    let begun: Vec<u64> =
        not_captured().filter(|flow| !began(flow)).map(|flow| flow.first_frame).collect();
    add("begun", Severity::Info, begun.clone(), length(&begun));
    add("secrets", Severity::Info, seen.unopened.clone(), length(&seen.unopened));
    let hello = |flow: &Flow| {
        let tls = flow.tls.as_ref()?;
        tls.server_hello.as_ref().map(|hello| hello.at.frame)
    };
    let encrypted: Vec<u64> = unseen(CertificateVisibility::Hidden).filter_map(hello).collect();
    add("encrypted", Severity::Info, encrypted.clone(), length(&encrypted));
    let resumed: Vec<u64> = unseen(CertificateVisibility::Resumed).filter_map(hello).collect();
    add("resumed", Severity::Info, resumed.clone(), length(&resumed));
    found
}
