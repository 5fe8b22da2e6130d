//! A CAPF certificate that another CA signed (C11): what goes wrong with phone certificates is easier to find with a
//! self-signed one.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "capf_certificate_ca_signed",
    severity: Severity::Info,
    refs: &["C11"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut capf = facts.certificates.values().filter(|facts| facts.is_capf()).peekable();
    if capf.peek().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in capf.filter(|facts| !facts.certificate.self_issued()) {
        let issuer = &certificate.certificate.issuer;
        let issuer = issuer.common_names().next().map_or_else(|| issuer.to_string(), str::to_owned);
        let arguments = Arguments::new().text("name", certificate.label()).text("issuer", issuer);
        found.push(Found::at_all(Severity::Info, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
