//! The lists given as the phone's are whole, and their own signatures hold (E2).

use crate::evidence::facts::ListFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::state::phones;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "phone_lists_sound", severity: Severity::Good, refs: &["E2"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let phones = phones(facts);
    if phones.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for phone in phones
        .into_iter()
        .filter(|phone| phone.lists().next().is_some() && phone.lists().all(ListFacts::is_verified))
    {
        let arguments = Arguments::new()
            .text("files", phone.names(facts))
            .number("lists", phone.lists().count());
        let evidence = phone.lists().map(|list| list.evidence()).collect();
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}
