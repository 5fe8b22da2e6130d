//! The reverse direction: an origin ended the handshake by an alert, or the two could not talk TLS at all (B55, B56).

use crate::findings::{Check, Found, Outcome, expressway};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::text::traffic_server::Reason;

pub(super) const CHECK: Check = Check {
    code: "origin_rejects_expressway",
    severity: Severity::Error,
    refs: &["B55", "B56", "CSCvz45074"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.texts.is_empty() {
        return Outcome::NotApplicable;
    }
    let rejections = facts.expressway.rejections.iter();
    let found = rejections.map(|rejection| {
        let case = match rejection.reason {
            // RFC 8446 section 6.2.
            Reason::Alert { description: 48 } => "unknown-ca",
            Reason::Alert { description: 42..=46 | 116 } => "certificate",
            Reason::Alert { description: 40 | 70 | 71 } => "parameters",
            Reason::Alert { .. } => "alert",
            Reason::Other { .. } | Reason::VerifyFailed => "other",
        };
        let arguments = expressway::told(&rejection.lines)
            .text("name", rejection.name.as_str())
            .text("case", case)
            .text("reason", rejection.reason.text());
        Found::at_all(Severity::Error, rejection.lines.evidence.clone(), arguments)
    });
    Outcome::of(found.collect())
}
