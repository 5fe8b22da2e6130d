//! A TLS key log among the inputs: what it opened, and what was read before it came. Its secrets are never shown.

use crate::artifact::Content;
use crate::evidence::facts::CaptureFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::traffic::Flow;

pub(super) const CHECK: Check = Check {
    code: "key_log_found",
    severity: Severity::Info,
    refs: &["A69", "draft-ietf-tls-keylogfile"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    let count = |capture: &CaptureFacts<'_>, wanted: fn(&Flow) -> bool| {
        capture.content.capture.flows.iter().filter(|flow| wanted(flow)).count()
    };
    // Connections that were opened, and those in which something stayed closed.
    let counted: Vec<(&CaptureFacts<'_>, usize, usize)> = facts
        .captures
        .iter()
        .map(|capture| (capture, count(capture, is_opened), count(capture, is_closed)))
        .collect();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        let Content::KeyLog { secrets, other_lines } = artifact.content else { continue };
        let known = |capture: &&CaptureFacts<'_>| {
            artifact
                .digests
                .as_ref()
                .is_some_and(|digests| capture.content.key_logs.contains(&digests.sha256))
        };
        let with: Vec<_> = counted.iter().filter(|(capture, ..)| known(capture)).collect();
        let opened: usize = with.iter().map(|(_, opened, _)| opened).sum();
        // Only what stayed closed can be missing something.
        let late: Vec<&CaptureFacts<'_>> = counted
            .iter()
            .filter(|(capture, _, closed)| *closed > 0 && !known(capture))
            .map(|(capture, ..)| *capture)
            .collect();
        let names: Vec<&str> = late.iter().map(|capture| facts.name(capture.input)).collect();
        let mut evidence = vec![Evidence { input, offset: Some(0), ..Evidence::default() }];
        evidence
            .extend(late.iter().map(|one| Evidence { input: one.input, ..Evidence::default() }));
        let arguments = Arguments::new()
            .text("file", artifact.name.as_str())
            .number("secrets", secrets)
            .number("other", other_lines)
            .number("captures", with.len())
            .number("opened", opened)
            .number("late", late.len())
            .text("names", names.join(", "));
        let severity = if late.is_empty() { Severity::Info } else { Severity::Warning };
        found.push(Found::at_all(severity, evidence, arguments));
    }
    match found.is_empty() {
        true => Outcome::NotApplicable,
        false => Outcome::Found(found),
    }
}

fn is_opened(flow: &Flow) -> bool {
    flow.tls.as_ref().is_some_and(|tls| tls.opened_records > 0)
}

fn is_closed(flow: &Flow) -> bool {
    flow.tls.as_ref().is_some_and(|tls| tls.closed_records > 0)
}
