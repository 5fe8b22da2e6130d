//! Records that hold only the hash of a certificate, as TVS and CAPF records do (A25, C18). One finding for all lists.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::record::tag;
use std::collections::BTreeSet;

pub(super) const CHECK: Check =
    Check { code: "itl_hash_records", severity: Severity::Info, refs: &["A25", "C18"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut evidence = Vec::new();
    let mut lists = Vec::new();
    let mut joined = 0;
    let mut lengths = BTreeSet::new();
    for list in &facts.trust_lists {
        let before = evidence.len();
        for record in list.list.records.iter().filter(|record| record.certificate_length.is_none())
        {
            let Some(hash) = record.cert_hash.as_deref().filter(|hash| !hash.is_empty()) else {
                continue;
            };
            lengths.insert(match hash.len() {
                20 => "SHA-1 (20 bytes)",
                32 => "SHA-256 (32 bytes)",
                _ => "SHA-512 (64 bytes)",
            });
            joined += usize::from(facts.certificate_of(record).is_some());
            evidence.push(list.element_evidence(record, tag::CERT_HASH));
        }
        if evidence.len() > before {
            lists.push(list.artifact.name.as_str());
        }
    }
    let Some(first) = lists.first() else { return Outcome::Clear };
    let arguments = Arguments::new()
        .text("file", *first)
        .number("lists", lists.len())
        .number("records", evidence.len())
        .number("joined", joined)
        .number("unknown", evidence.len().saturating_sub(joined))
        .text("algorithms", lengths.into_iter().collect::<Vec<_>>().join(", "));
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}
