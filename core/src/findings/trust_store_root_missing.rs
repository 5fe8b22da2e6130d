//! CAs of the trust store whose root is not in it (B3, B8): OpenSSL trusts nothing through them. One finding for each
//! issuer that is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::trust_store::TrustStore;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::store_lint::{Fault, Place};

pub(super) const CHECK: Check = Check {
    code: "trust_store_root_missing",
    severity: Severity::Warning,
    refs: &["B3", "B8"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let Some(store) = TrustStore::of(facts) else { return Outcome::NotApplicable };
    // Where a server's chain goes through it, `origin_issuer_unknown` says what that means.
    let told: BTreeSet<&[u8; 32]> =
        facts.origins.list.iter().flat_map(|origin| &origin.path).collect();
    let mut by_issuer: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for fault in &store.faults {
        let Fault::RootMissing { certificate } = fault else { continue };
        if let Some(facts) = store.at(Place::Store(*certificate))
            && !told.contains(&facts.certificate.digests.sha256)
        {
            let issuer = &facts.certificate.issuer;
            let name = issuer.common_names().next();
            let name = name.map_or_else(|| issuer.to_string(), str::to_owned);
            by_issuer.entry(name).or_default().push(*certificate);
        }
    }
    let found = by_issuer.into_iter().map(|(issuer, certificates)| {
        let first = certificates.first().map(|first| store.label(*first)).unwrap_or_default();
        let arguments = Arguments::new()
            .text("name", first)
            .text("issuer", issuer)
            .number("count", certificates.len() as u64);
        Found::at_all(Severity::Warning, store.evidence(&certificates), arguments)
    });
    Outcome::of(found.collect())
}
