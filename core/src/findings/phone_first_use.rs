//! The phone holds no CTL, and no ITL or an emptied one: it takes the next lists on faith (A35).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::state::{State, phones};
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "phone_first_use", severity: Severity::Warning, refs: &["A35", "A97"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let phones = phones(facts);
    if phones.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for phone in phones.into_iter().filter(|phone| phone.state() == State::FirstUse) {
        let arguments = Arguments::new()
            .text("files", phone.names(facts))
            .text("case", if phone.itl.is_some() { "rollback" } else { "empty" });
        found.push(Found::at_all(Severity::Warning, phone.evidence(), arguments));
    }
    Outcome::of(found)
}
