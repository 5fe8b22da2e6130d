//! Certificates of the trust store that none of the given certificates leads to (B8). One finding for all.

use crate::evidence::trust_store::TrustStore;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::store_lint::Fault;

pub(super) const CHECK: Check =
    Check { code: "trust_store_unused", severity: Severity::Info, refs: &["B8"], evaluate };

/// Names that the text lists; the evidence has them all.
const SHOWN: usize = 5;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let Some(store) = TrustStore::of(facts) else { return Outcome::NotApplicable };
    if store.below.is_empty() {
        return Outcome::NotApplicable;
    }
    let unused: Vec<usize> = store
        .faults
        .iter()
        .filter_map(|fault| match fault {
            Fault::Unused { certificate } => Some(*certificate),
            _ => None,
        })
        .collect();
    if unused.is_empty() {
        return Outcome::Clear;
    }
    let names: Vec<String> = unused.iter().take(SHOWN).map(|number| store.label(*number)).collect();
    let arguments = Arguments::new()
        .number("count", unused.len() as u64)
        .number("total", store.certificates.len() as u64)
        .number("more", unused.len().saturating_sub(SHOWN) as u64)
        .text("names", names.join(", "));
    Outcome::of(vec![Found::at_all(Severity::Info, store.evidence(&unused), arguments)])
}
