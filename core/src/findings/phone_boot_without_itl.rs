//! A phone asked for an ITL under every name it knows, got none, and fetched its configuration all the same (A31, A32,
//! C42).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::PhoneFile;
use crate::phone::boot::{Boot, End};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "phone_boot_without_itl",
    severity: Severity::Warning,
    refs: &["A31", "A32", "C42"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let boots = facts.boots();
    if facts.boots().next().is_none() {
        return Outcome::NotApplicable;
    }
    Outcome::of(boots.filter_map(without).collect())
}

fn without(boot: &Boot<'_, '_>) -> Option<Found> {
    let asked: Vec<_> = boot.files(PhoneFile::Itl).collect();
    let (first, _) = asked.first()?;
    if asked.iter().any(|(step, _)| step.end != End::Absent) {
        return None;
    }
    let (got, seen) = boot
        .files(PhoneFile::Configuration)
        .find(|(step, _)| step.end == End::Done && step.at.frame > first.at.frame)?;
    let mut evidence: Vec<Evidence> =
        asked.iter().map(|(step, _)| boot.frame(step.at.frame)).collect();
    evidence.push(boot.frame(got.at.frame));
    let names: Vec<&str> = asked.iter().map(|(_, seen)| seen.transfer.name.as_str()).collect();
    let server = seen.transfer.server.map(|server| server.ip().to_string());
    let signed = seen.transfer.name.to_ascii_lowercase().ends_with(".sgn");
    let arguments = Arguments::new()
        .text("phone", boot.label())
        .text("names", names.join(", "))
        .text("server", server.unwrap_or_else(|| "an unknown server".to_owned()))
        .text("configuration", seen.transfer.name.as_str())
        .number("frame", got.at.frame)
        // A phone asks for the signed name only when it holds a list already.
        .text("signed", if signed { "yes" } else { "no" });
    Some(Found::at_all(Severity::Warning, evidence, arguments))
}
