//! A certificate of the trust store that is no CA, so that nothing below it is trusted (B8). A self-signed certificate of a
//! server may stand there for itself; it is named only when another certificate has it as issuer.

use crate::evidence::trust_store::TrustStore;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::store_lint::{Fault, NotCa};

pub(super) const CHECK: Check =
    Check { code: "trust_store_not_a_ca", severity: Severity::Warning, refs: &["B8"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let Some(store) = TrustStore::of(facts) else { return Outcome::NotApplicable };
    let mut found = Vec::new();
    for fault in &store.faults {
        let Fault::NotCa { certificate, reason, self_issued, named_as_issuer } = fault else {
            continue;
        };
        if *self_issued && !*named_as_issuer {
            continue;
        }
        let reason = match reason {
            NotCa::BasicConstraints => "constraints",
            NotCa::NoBasicConstraints => "none",
            NotCa::KeyUsage => "usage",
        };
        let arguments = Arguments::new()
            .text("name", store.label(*certificate))
            .text("reason", reason)
            .text("case", if *self_issued { "own" } else { "issued" });
        let evidence = store.evidence(&[*certificate]);
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
