//! One of Cisco's manufacturing CAs stands in the trust store: it admits every phone that Cisco made (C7).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::manufacturing;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "trust_store_manufacturing_ca",
    severity: Severity::Info,
    refs: &["C7"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut anchors = facts.certificates.values().filter(|facts| facts.is_anchor).peekable();
    if anchors.peek().is_none() {
        return Outcome::NotApplicable;
    }
    let mut names = Vec::new();
    let mut evidence = Vec::new();
    for anchor in anchors {
        let recognised = manufacturing::subject(anchor.certificate);
        if let Some((authority, _)) = recognised.filter(|(authority, _)| authority.signs_phones) {
            names.push(authority.name);
            evidence.extend(anchor.evidence());
        }
    }
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Outcome::Clear;
    }
    let arguments =
        Arguments::new().number("count", names.len() as u64).text("names", names.join(", "));
    Outcome::of(vec![Found::at_all(Severity::Info, evidence, arguments)])
}
