//! The diagnostic files of an Expressway: what is there, what is not, and what each file was taken for.

use crate::archive::bundle::Part;
use crate::evidence::bundles::Bundle;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, InputRole, Severity};

pub(super) const CHECK: Check =
    Check { code: "expressway_bundle", severity: Severity::Info, refs: &["B47"], evaluate };

/// Parts with their names in the messages.
const PARTS: [(Part, &str); 6] = [
    (Part::Log, "log"),
    (Part::Capture, "capture"),
    (Part::Configuration, "configuration"),
    (Part::Status, "status"),
    (Part::TrustStore, "trust-store"),
    (Part::ServerCertificate, "server-certificate"),
];

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.bundles.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::Found(facts.bundles.iter().map(|bundle| found(facts, bundle)).collect())
}

fn found(facts: &Facts<'_>, bundle: &Bundle) -> Found {
    let row = |(part, name): &(Part, &'static str)| {
        let files: Vec<&str> = bundle.inputs(*part).map(|input| facts.name(input)).collect();
        let arguments = Arguments::new()
            .text("part", *name)
            .number("count", files.len())
            .text("files", files.join(", "));
        ("expressway-bundle-row", arguments)
    };
    let store =
        bundle.inputs(Part::TrustStore).find(|input| facts.role(*input) == InputRole::Trust);
    let missing = PARTS.iter().filter(|(part, _)| bundle.inputs(*part).next().is_none()).count();
    let evidence =
        bundle.parts.iter().map(|(_, input)| Evidence { input: *input, ..Evidence::default() });
    let arguments = Arguments::new()
        .text("host", bundle.host.as_str())
        .text("time", written(&bundle.time))
        .text("store", store.map(|input| facts.name(input)).unwrap_or_default())
        .text("trusted", if store.is_some() { "yes" } else { "no" })
        .number("missing", missing)
        .rows("rows", PARTS.iter().map(row).collect());
    Found::at_all(Severity::Info, evidence.collect(), arguments)
}

/// `2026-07-11 18:56:00`, of `20260711_185600` or `2026-07-11_18_56_00` in the names; anything else as it is.
fn written(time: &str) -> String {
    let digits: String = time.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 14 || time.contains(|other: char| !matches!(other, '0'..='9' | '_' | '-')) {
        return time.to_owned();
    }
    let gaps = [(4, '-'), (6, '-'), (8, ' '), (10, ':'), (12, ':')];
    let mut written = String::new();
    for (place, digit) in digits.char_indices() {
        written.extend(gaps.iter().find(|(gap, _)| *gap == place).map(|(_, sign)| *sign));
        written.push(digit);
    }
    written
}
