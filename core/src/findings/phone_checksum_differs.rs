//! The checksum on a phone's Trust List screen is that of no list that servers offer: the phone holds another one (A65, A66).

use crate::findings::phone_checksum_fits::screens;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "phone_checksum_differs",
    severity: Severity::Warning,
    refs: &["A65", "A66"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let screens = screens(facts);
    if screens.is_empty() {
        return Outcome::NotApplicable;
    }
    if screens.iter().all(|screen| screen.equal.is_empty() && screen.other.is_empty()) {
        return Outcome::NotEnoughEvidence(Arguments::new());
    }
    let mut found = Vec::new();
    for screen in screens.iter().filter(|one| one.equal.is_empty() && !one.other.is_empty()) {
        let mut evidence = vec![screen.evidence.clone()];
        evidence.extend(screen.other.iter().map(|(_, place)| place.clone()));
        let names: Vec<&str> = screen.other.iter().map(|(name, _)| name.as_str()).collect();
        let arguments =
            screen.arguments().text("servers", names.join(", ")).number("count", names.len());
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
