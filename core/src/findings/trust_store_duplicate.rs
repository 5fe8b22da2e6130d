//! A certificate that stands in the trust store several times, byte for byte or renewed with the same key (B8).

use crate::evidence::trust_store::TrustStore;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::store_lint::Fault;

pub(super) const CHECK: Check =
    Check { code: "trust_store_duplicate", severity: Severity::Info, refs: &["B8"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let Some(store) = TrustStore::of(facts) else { return Outcome::NotApplicable };
    let mut found = Vec::new();
    for fault in &store.faults {
        let (certificates, case) = match fault {
            Fault::Duplicate { certificates } => (certificates, "identical"),
            Fault::Reissued { certificates } => (certificates, "reissued"),
            _ => continue,
        };
        let name = certificates.first().map(|first| store.label(*first)).unwrap_or_default();
        let arguments = Arguments::new()
            .number("count", certificates.len() as u64)
            .text("name", name)
            .text("case", case);
        found.push(Found::at_all(Severity::Info, store.evidence(certificates), arguments));
    }
    Outcome::of(found)
}
