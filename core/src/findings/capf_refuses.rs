//! CAPF ended an enrolment with a refusal, in a capture whose messages can be read (C28, C35).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::enrolment::enrolments;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "capf_refuses", severity: Severity::Error, refs: &["C28", "C35"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = enrolments(facts);
    if all.is_empty() {
        return Outcome::NotApplicable;
    }
    let refused = all.iter().filter_map(|one| {
        let refusal = one.refusal.as_ref().filter(|_| one.stored.is_none())?;
        let arguments = Arguments::new()
            .text("client", one.client.as_str())
            .text("server", one.flow.server.to_string())
            .text("reason", refusal.reason.to_string())
            .text("text", refusal.text.clone().unwrap_or_else(|| "none".to_owned()))
            .number("frame", refusal.place.frame.unwrap_or_default());
        Some(Found::at_all(Severity::Error, vec![refusal.place.clone()], arguments))
    });
    Outcome::of(refused.collect())
}
