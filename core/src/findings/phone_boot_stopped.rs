//! A phone fetched trust lists and then no configuration, or asked for its configuration and never got one (A31, E40).

use crate::findings::transfer_failed::Running;
use crate::findings::{Arguments, Check, Found, Outcome, phone_boot};
use crate::names::device::PhoneFile;
use crate::phone::boot::{Boot, End, Step, What};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "phone_boot_stopped",
    severity: Severity::Warning,
    refs: &["A31", "A32"],
    evaluate,
};

/// Seconds that the capture must go on for "nothing followed" to mean something: a boot asks for the next file at once.
const SILENCE: i64 = 30;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    let mut phones = 0_usize;
    for (capture, boots) in facts.captures_with_boots() {
        let running = Running::of(capture);
        phones = phones.saturating_add(boots.len());
        found.extend(boots.iter().filter_map(|boot| stopped(boot, &running)));
    }
    if phones == 0 { Outcome::NotApplicable } else { Outcome::of(found) }
}

fn stopped(boot: &Boot<'_, '_>, running: &Running) -> Option<Found> {
    let configurations: Vec<_> = boot.files(PhoneFile::Configuration).collect();
    // What was asked for at the end of the capture may still have come.
    if configurations.iter().any(|(_, seen)| running.is_running(seen)) {
        return None;
    }
    let last = configurations.last();
    let list = boot
        .steps
        .iter()
        .filter(|step| {
            matches!(step.what, What::File(PhoneFile::Ctl | PhoneFile::Itl, _))
                && step.end == End::Done
        })
        .max_by_key(|step| step.last_frame);
    let (case, step, followed) = match (last, list) {
        // What has no end in the capture may have come later.
        (Some(_), _)
            if configurations
                .iter()
                .any(|(step, _)| matches!(step.end, End::Done | End::Incomplete)) =>
        {
            return None;
        }
        (Some((step, _)), _) => ("not-delivered", *step, 0),
        (None, Some(step)) => {
            let end = boot.capture.content.capture.last?.unix();
            let silence = end.0.saturating_sub(step.at.time.0);
            if silence < SILENCE {
                return None;
            }
            ("not-asked", step, silence)
        }
        (None, None) => return None,
    };
    let after: Vec<&Step<'_>> =
        boot.steps.iter().filter(|later| later.at.frame > step.at.frame).collect();
    let mut evidence: Vec<Evidence> = vec![boot.frame(step.at.frame)];
    evidence.extend(after.iter().map(|later| boot.frame(later.at.frame)));
    evidence.dedup();
    let name = match step.what {
        What::File(_, seen) => seen.transfer.name.as_str(),
        _ => "",
    };
    let arguments = Arguments::new()
        .text("phone", boot.label())
        .text("case", case)
        .text("name", name)
        .number("frame", step.at.frame)
        .number("count", configurations.len())
        .number("seconds", followed)
        .number("after", after.len())
        .rows("rows", after.iter().map(|later| phone_boot::row(later)).collect());
    Some(Found::at_all(Severity::Warning, evidence, arguments))
}
