//! Expressway answered clients of mobile and remote access with 403: their domain is not enabled there (domain item 2.7).

use crate::findings::{Check, Found, Outcome, expressway};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "mra_domain_forbidden", severity: Severity::Warning, refs: &["B45"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.texts.is_empty() {
        return Outcome::NotApplicable;
    }
    let errors = facts.expressway.errors.iter().filter(|group| group.exchange.status == 403);
    let found = errors.map(|group| {
        let domain = group.exchange.domain.clone();
        let arguments = expressway::told(&group.lines)
            .text("domain", domain.unwrap_or_else(|| "unknown".to_owned()));
        Found::at_all(Severity::Warning, group.lines.evidence.clone(), arguments)
    });
    Outcome::of(found.collect())
}
