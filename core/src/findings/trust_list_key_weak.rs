//! RSA keys below 1024 bits in trust lists. One finding for all lists.

use crate::evidence::lists::rsa_bits;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::record::tag;

pub(super) const CHECK: Check =
    Check { code: "trust_list_key_weak", severity: Severity::Warning, refs: &["A9"], evaluate };

/// Keys below this can be broken with little means.
const LEAST_BITS: u32 = 1024;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut evidence = Vec::new();
    let mut least = None;
    let mut lists = Vec::new();
    for list in &facts.trust_lists {
        let before = evidence.len();
        for record in &list.list.records {
            let Some(bits) = rsa_bits(record).filter(|bits| *bits < LEAST_BITS) else { continue };
            least = least.min(Some(bits)).or(Some(bits));
            evidence.push(list.element_evidence(record, tag::PUBLIC_KEY));
        }
        if evidence.len() > before {
            lists.push(list.artifact.name.as_str());
        }
    }
    let (Some(bits), Some(first)) = (least, lists.first()) else { return Outcome::Clear };
    let arguments = Arguments::new()
        .text("file", *first)
        .number("lists", lists.len())
        .number("records", evidence.len())
        .number("bits", bits);
    Outcome::Found(vec![Found::at_all(Severity::Warning, evidence, arguments)])
}
