//! Which addresses a node's certificate answers to, when nobody said which clients use (B9, B10).

use crate::findings::{Arguments, Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "origin_names_unasked",
    severity: Severity::Info,
    refs: &["B9", "B10"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let origins = &facts.origins;
    if origins.list.is_empty() || !origins.has_store || !origins.requests.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for origin in &origins.list {
        let Some(owner) = facts.certificates.get(&origin.sha256) else { continue };
        let missing: Vec<&str> = origin
            .names
            .iter()
            .filter(|check| !origins::accepted(check))
            .map(|check| check.address.as_str())
            .collect();
        let missing = if missing.is_empty() { "none".to_owned() } else { missing.join(", ") };
        let arguments = Arguments::new()
            .text("name", owner.label())
            .text("names", origins::names_of(owner))
            .text("missing", missing);
        found.push(Found::at_all(Severity::Info, owner.evidence(), arguments));
    }
    Outcome::of(found)
}
