//! Delete the phone's ITL? Only when four things hold at once (A65): the lists differ, TVS has another certificate than
//! the list, the phone says that verification failed, and no backup of the old key exists.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::Plan;
use crate::phone::simulate::{Reception, Servers};
use crate::phone::state::{Phone, phones};
use crate::phone::tvs::{Tvs, tvs};
use crate::report::model::{Severity, TrustListType};

pub(super) const CHECK: Check = Check {
    code: "delete_itl_decision",
    severity: Severity::Error,
    refs: &["A65", "A66", "A67", "A68", "A70", "A83", "A87", "A98"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    // The lists are another cluster's: `plan_migration` says what becomes of them.
    if Plan::of(facts) == Some(Plan::Migrate) {
        return Outcome::NotApplicable;
    }
    let forecasts = facts.forecasts();
    if forecasts.is_empty() {
        return Outcome::NotApplicable;
    }
    let servers = Servers::of(facts);
    let mut found = Vec::new();
    for phone in phones(facts).into_iter().filter(Phone::is_sound) {
        let Some(itl) = phone.itl else { continue };
        let own = || {
            forecasts.iter().filter(|one| one.phone.itl.is_some_and(|held| held.input == itl.input))
        };
        let offered = || own().filter(|one| one.new.list.kind == TrustListType::Itl);
        let Some(server) = offered().next() else { continue };
        let accepted = offered()
            .find(|one| matches!(one.reception, Reception::Anchored { .. } | Reception::FirstUse));
        let conditions = [
            Some(!offered().any(|one| matches!(one.reception, Reception::Same))),
            match tvs(facts, &servers, itl) {
                Tvs::Changed(_) | Tvs::None => Some(true),
                Tvs::Kept { .. } => Some(false),
                Tvs::Elsewhere | Tvs::Unknown => None,
            },
            facts
                .context
                .value("phone.message")
                .and_then(|value| answer(value, "verify-failed", "none")),
            facts.context.value("tftp-key.backup").and_then(|value| answer(value, "no", "yes")),
        ];
        let denied = conditions.contains(&Some(false)) || accepted.is_some();
        let [differ, tvs_changed, message, no_backup] =
            conditions.map(|condition| match condition {
                Some(true) => "yes",
                Some(false) => "no",
                None => "unknown",
            });
        let arguments = Arguments::new()
            .text("phone", itl.artifact.name.as_str())
            .text("server", server.new.artifact.name.as_str())
            .text("differ", differ)
            .text("tvs", tvs_changed)
            .text("message", message)
            .text("backup", no_backup)
            .text("recovery", if servers.can_recover(&phone) { "yes" } else { "no" })
            .text("accepts", if accepted.is_some() { "yes" } else { "no" })
            .text("decision", if denied { "keep" } else { "delete" });
        let evidence = vec![itl.evidence(), server.new.evidence()];
        if denied {
            found.push(Found::at_all(Severity::Info, evidence, arguments));
        } else if conditions == [Some(true); 4] {
            found.push(Found::at_all(Severity::Error, evidence, arguments));
        } else {
            return Outcome::NotEnoughEvidence(arguments);
        }
    }
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}

/// An answer of the user as yes or no; anything else is no answer.
fn answer(value: &str, yes: &str, no: &str) -> Option<bool> {
    match value.trim() {
        value if value.eq_ignore_ascii_case(yes) => Some(true),
        value if value.eq_ignore_ascii_case(no) => Some(false),
        _ => None,
    }
}
