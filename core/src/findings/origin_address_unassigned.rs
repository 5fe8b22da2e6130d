//! An address that clients use, of which no file says which certificate is presented there (B20).

use crate::findings::{Arguments, Check, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "origin_address_unassigned", severity: Severity::Info, refs: &["B20"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let expected = facts.context.expected();
    if expected.is_empty() {
        return Outcome::NotApplicable;
    }
    let open = facts.origins.requests.iter().find(|request| request.origin.is_none());
    let address = match (open, facts.origins.list.is_empty()) {
        (Some(request), _) => Some(&request.address),
        (None, true) => expected.first().map(|expected| &expected.address),
        (None, false) => None,
    };
    match address {
        Some(address) => Outcome::NotEnoughEvidence(
            Arguments::new()
                .text("address", address.as_str())
                .number("count", facts.origins.list.len()),
        ),
        None => Outcome::Clear,
    }
}
