//! Clients of mobile and remote access got errors from Expressway itself, and no line says that a certificate was the reason (B36, B47).

use crate::findings::{Check, Found, Outcome, expressway};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "mra_request_failed",
    severity: Severity::Warning,
    refs: &["B23", "B36", "B45", "B47"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.texts.is_empty() {
        return Outcome::NotApplicable;
    }
    let errors = facts.expressway.errors.iter().filter(|group| group.exchange.status >= 500);
    let found = errors.map(|group| {
        let exchange = &group.exchange;
        let shown = |server: &Option<(String, u16)>| match server {
            Some((address, port)) => format!("{address}:{port}"),
            None => "unknown".to_owned(),
        };
        // The same server under another port.
        let answers: Vec<String> = facts
            .expressway
            .answered
            .keys()
            .filter(|(address, port)| {
                exchange.server.as_ref().is_some_and(|(own, _)| own == address)
                    && exchange.server.as_ref().is_none_or(|(_, own)| own != port)
            })
            .map(|(_, port)| port.to_string())
            .collect();
        let arguments = expressway::told(&group.lines)
            .number("status", exchange.status)
            .text("reason", exchange.reason.as_str())
            .text("server", shown(&exchange.server))
            .text("target", shown(&exchange.target))
            .text(
                "answers",
                if answers.is_empty() { "none".to_owned() } else { answers.join(", ") },
            );
        Found::at_all(Severity::Warning, group.lines.evidence.clone(), arguments)
    });
    Outcome::of(found.collect())
}
