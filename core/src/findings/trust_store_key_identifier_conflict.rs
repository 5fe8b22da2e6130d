//! Key identifiers that lead astray (B4, B8): two keys under one identifier, or a certificate whose issuer by name and by key
//! identifier are two different ones of the trust store.

use std::collections::BTreeSet;

use crate::bytes::hex;
use crate::evidence::trust_store::TrustStore;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::store_lint::Fault;

pub(super) const CHECK: Check = Check {
    code: "trust_store_key_identifier_conflict",
    severity: Severity::Warning,
    refs: &["B4", "B8"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let Some(store) = TrustStore::of(facts) else { return Outcome::NotApplicable };
    // What `chain_views_differ` says about a server's certificate is not said twice.
    let told: BTreeSet<[u8; 32]> = facts
        .origins
        .list
        .iter()
        .filter(|origin| origin.parting.is_some())
        .map(|origin| origin.sha256)
        .collect();
    let mut found = Vec::new();
    for fault in &store.faults {
        let (arguments, evidence) = match fault {
            Fault::KeyIdentifierShared { identifier, certificates } => {
                let first = certificates.first().copied().unwrap_or_default();
                let last = certificates.last().copied().unwrap_or_default();
                let arguments = Arguments::new()
                    .text("name", store.label(first))
                    .text("other", store.label(last))
                    .text("child", String::new())
                    .text("identifier", hex(identifier))
                    .text("case", "shared");
                (arguments, store.evidence(certificates))
            }
            Fault::KeyIdentifierOfAnother { child, named, identified } => {
                let Some(child) = store.at(*child) else { continue };
                if told.contains(&child.certificate.digests.sha256) {
                    continue;
                }
                let identifier = child.certificate.authority_key_identifier.as_deref();
                let arguments = Arguments::new()
                    .text("name", store.label(*named))
                    .text("other", store.label(*identified))
                    .text("child", child.label())
                    .text("identifier", identifier.map(hex).unwrap_or_default())
                    .text("case", "child");
                let mut evidence = child.evidence();
                evidence.extend(store.evidence(&[*named, *identified]));
                (arguments, evidence)
            }
            _ => continue,
        };
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
