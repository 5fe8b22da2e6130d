//! A certificate of the node itself has expired, or soon will, by CUCM's certificate list (A14, C8, C9).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "listed_certificate_expired",
    severity: Severity::Error,
    refs: &["A14", "C8", "C9"],
    evaluate,
};

/// Expiry warns this many days ahead, everywhere.
const AHEAD: i64 = 60;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.listed().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for entry in facts.listed().filter(|entry| !entry.listed.is_trust()) {
        let Some(expires) = entry.listed.expires else { continue };
        let days = facts.now.days_until(expires);
        let severity = match days {
            ..0 => Severity::Error,
            0..=AHEAD => Severity::Warning,
            _ => continue,
        };
        let date = expires.to_string();
        let arguments = Arguments::new()
            .text("store", entry.listed.store.as_str())
            .text("name", entry.listed.common_name.as_str())
            .text("date", date.get(..10).unwrap_or_default())
            .text("case", if days < 0 { "expired" } else { "soon" })
            .number("days", days.abs());
        found.push(Found::at(severity, entry.evidence(), arguments));
    }
    Outcome::of(found)
}
