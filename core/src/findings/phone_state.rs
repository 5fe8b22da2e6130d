//! Which of the three trust states the phone's lists put it in (A35 to A37).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::state::{State, phones};
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "phone_state", severity: Severity::Info, refs: &["A35", "A36", "A37"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let phones = phones(facts);
    if phones.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for phone in phones {
        let arguments = Arguments::new().text("files", phone.names(facts)).text(
            "state",
            match phone.state() {
                State::FirstUse => "first-use",
                State::CtlOnly => "ctl-only",
                State::Bound if phone.ctl.is_none() => "itl-only",
                State::Bound => "both",
            },
        );
        found.push(Found::at_all(Severity::Info, phone.evidence(), arguments));
    }
    Outcome::of(found)
}
