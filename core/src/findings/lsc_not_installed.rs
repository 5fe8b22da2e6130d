//! A phone says that it has no LSC (C23).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::PhoneLog;
use crate::report::model::{Evidence, Severity};
use crate::text::phone_status::Kind;

pub(super) const CHECK: Check =
    Check { code: "lsc_not_installed", severity: Severity::Info, refs: &["C23", "C28"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    let tells = |log: &PhoneLog<'_>| {
        log.status().any(|(_, status)| matches!(status.kind, Kind::NoLsc | Kind::LscInstalled))
    };
    if !logs.iter().any(tells) {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().filter_map(without).collect())
}

/// The last word counts: an LSC may have been installed since.
fn without(log: &PhoneLog<'_>) -> Option<Found> {
    let states = log.status().filter_map(|(line, status)| match status.kind {
        Kind::NoLsc => Some((line.evidence(), false)),
        Kind::LscInstalled => Some((line.evidence(), true)),
        _ => None,
    });
    let (evidence, _): (Evidence, bool) = states.last().filter(|(_, installed)| !installed)?;
    Some(Found::at(Severity::Info, evidence, Arguments::new().text("phone", log.label())))
}
