//! TLS verify mode as an Expressway's settings have it: what it covers, and what not (B18, B19, B22).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "expressway_verify_mode",
    severity: Severity::Info,
    refs: &["B18", "B19", "B22"],
    evaluate,
};

/// Settings that are named; the evidence points at all.
const SHOWN: usize = 6;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let nodes = facts.expressways.iter().filter(|node| !node.verify_modes.is_empty());
    let found: Vec<Found> = nodes
        .map(|node| {
            let off: Vec<&str> = node
                .verify_modes
                .iter()
                .filter(|(_, told)| !told.value)
                .map(|(path, _)| path.as_str())
                .collect();
            let arguments = Arguments::new()
                .text("node", if node.name.is_empty() { "none" } else { node.name.as_str() })
                .number("on", node.verify_modes.len().saturating_sub(off.len()))
                .number("off", off.len())
                .text("paths", off.get(..off.len().min(SHOWN)).unwrap_or_default().join("; "));
            let at = node.verify_modes.values().map(|told| told.at.clone()).collect();
            Found::at_all(Severity::Info, at, arguments)
        })
        .collect();
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}
