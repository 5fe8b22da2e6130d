//! More than two System Administrator Security Tokens: phones are known to take two (formats.md 2.3).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "trust_list_tokens_too_many",
    severity: Severity::Warning,
    refs: &["A20"],
    evaluate,
};

/// How many tokens phones are known to take from one list.
const TOKENS_TAKEN: usize = 2;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let tokens = list.distinct(Role::SAST);
        if tokens <= TOKENS_TAKEN {
            continue;
        }
        let evidence =
            list.list.with_role(Role::SAST).map(|record| list.record_evidence(record)).collect();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .number("tokens", tokens);
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
