//! A server's certificate that the traffic server will accept, under every address tried (B1, B9, B12, B13).

use crate::evidence::facts::CertificateFacts;
use crate::evidence::origins::{PROFILE, accepted};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "origin_accepted",
    severity: Severity::Good,
    refs: &["B1", "B9", "B12", "B13"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let origins = &facts.origins;
    if origins.list.is_empty() || !origins.has_store {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (index, origin) in origins.list.iter().enumerate() {
        let Some(owner) = facts.certificates.get(&origin.sha256) else { continue };
        let asked: Vec<_> = origins
            .requests
            .iter()
            .filter_map(|request| request.origin.filter(|(one, _)| *one == index))
            .filter_map(|(_, place)| origin.names.get(place))
            .collect();
        if origin.trusted() != Some(true) || !asked.iter().all(|check| accepted(check)) {
            continue;
        }
        let mut addresses: Vec<&str> = asked.iter().map(|check| check.address.as_str()).collect();
        addresses.dedup();
        let sent = origin.sent(facts);
        let names: Vec<String> = sent.iter().map(|one| one.label()).collect();
        let arguments = Arguments::new()
            .text("name", owner.label())
            .text("anchor", origin.top(facts).map(CertificateFacts::label).unwrap_or_default())
            .number("sent", sent.len())
            .text("sent-names", names.join(" and "))
            .number("names", addresses.len())
            .text("addresses", addresses.join(", "))
            .text("profile", PROFILE.name())
            .text("now", facts.now.to_string());
        found.push(Found::at_all(Severity::Good, owner.evidence(), arguments));
    }
    Outcome::of(found)
}
