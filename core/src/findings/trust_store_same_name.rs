//! Two certificates of the trust store have one common name and different keys or subjects (B5, B6): Expressway cannot
//! hold them side by side.

use crate::evidence::trust_store::TrustStore;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::store_lint::Fault;

pub(super) const CHECK: Check = Check {
    code: "trust_store_same_name",
    severity: Severity::Warning,
    refs: &["B5", "B6", "B8", "CSCwa12905"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let Some(store) = TrustStore::of(facts) else { return Outcome::NotApplicable };
    let mut found = Vec::new();
    for fault in &store.faults {
        let Fault::SameCommonName { common_name, certificates, same_subject } = fault else {
            continue;
        };
        let arguments = Arguments::new()
            .number("count", certificates.len() as u64)
            .text("name", common_name.clone())
            .text("case", if *same_subject { "keys" } else { "subjects" });
        found.push(Found::at_all(Severity::Warning, store.evidence(certificates), arguments));
    }
    Outcome::of(found)
}
