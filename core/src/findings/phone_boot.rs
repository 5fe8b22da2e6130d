//! What a phone asked for while it booted, in order, with what was missing (A31 to A33, E18, E19, E42).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::PhoneFile;
use crate::phone::boot::{Boot, End, Step, What};
use crate::phone::derived::Derived;
use crate::proto::Place;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "phone_boot",
    severity: Severity::Info,
    refs: &["A31", "A32", "A33", "E18", "E42"],
    evaluate,
};

/// Boots that are told; the others stand in the report's captures.
const TOLD: usize = 20;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let boots = facts.boots();
    if facts.boots().next().is_none() {
        return Outcome::NotApplicable;
    }
    Outcome::of(boots.take(TOLD).map(tell).collect())
}

fn tell(boot: &Boot<'_, '_>) -> Found {
    let sources = boot.sources();
    let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
    let delivered = |kind| boot.files(kind).any(|(step, _)| step.end == End::Done);
    let (again, name) = fetched_again(boot);
    let evidence: Vec<Evidence> = boot.steps.iter().map(|step| boot.frame(step.at.frame)).collect();
    let arguments = Arguments::new()
        .text("phone", boot.label())
        .text("ctl", if delivered(PhoneFile::Ctl) { "yes" } else { "no" })
        .text("itl", if delivered(PhoneFile::Itl) { "yes" } else { "no" })
        .text("configuration", if delivered(PhoneFile::Configuration) { "yes" } else { "no" })
        .number("again", again)
        .text("again-name", name)
        .number("sources", names.len())
        .text("names", names.join(", "))
        .number("more", boot.more)
        .rows("rows", boot.steps.iter().map(row).collect());
    Found::at_all(Severity::Info, evidence, arguments)
}

/// How often the phone got the very same ITL, and its name.
fn fetched_again<'b>(boot: &'b Boot<'_, '_>) -> (usize, &'b str) {
    let mut times: BTreeMap<[u8; 32], (usize, &str)> = BTreeMap::new();
    for (step, seen) in boot.files(PhoneFile::Itl) {
        if let Some(sha256) = seen.transfer.sha256.filter(|_| step.end == End::Done) {
            times.entry(sha256).or_insert((0, seen.transfer.name.as_str())).0 += 1;
        }
    }
    times.into_values().max().unwrap_or_default()
}

/// `08:00:00.002`, UTC.
fn time_of_day(at: Place) -> String {
    let (_, _, _, hours, minutes, seconds) = at.time.parts();
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}", at.nanoseconds / 1_000_000)
}

/// A step as a line of its own.
pub(super) fn row(step: &Step<'_>) -> (&'static str, Arguments) {
    let (kind, name, server, bytes) = match step.what {
        What::File(_, seen) => (
            "file",
            seen.transfer.name.clone(),
            seen.transfer.server.map(|server| server.to_string()),
            seen.transfer.bytes,
        ),
        What::Name(asked) => {
            ("name", format!("{} {}", asked.kind, asked.name), Some(asked.server.to_string()), 0)
        }
        What::Service(service, flow) => {
            ("service", service.name().to_owned(), Some(flow.server.to_string()), 0)
        }
    };
    let end = match step.end {
        End::Absent => "absent",
        End::Broken => "broken",
        End::Done => "done",
        End::Incomplete => "incomplete",
        End::Refused => "refused",
        End::Unanswered => "unanswered",
        End::Unknown => "unknown",
    };
    let arguments = Arguments::new()
        .number("frame", step.at.frame)
        .text("time", time_of_day(step.at))
        .text("kind", kind)
        .text("name", name)
        .text("server", server.unwrap_or_else(|| "an unknown server".to_owned()))
        .text("end", end)
        .text("said", step.said().unwrap_or_else(|| "none".to_owned()))
        .number("bytes", bytes);
    ("phone-boot-row", arguments)
}
