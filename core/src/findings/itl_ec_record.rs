//! Records with an elliptic-curve key: the ECDSA certificate of the TFTP service, normal since 11 (C21). One finding for
//! all lists.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::record::{Record, tag};
use crate::x509::PublicKey;

pub(super) const CHECK: Check =
    Check { code: "itl_ec_record", severity: Severity::Info, refs: &["C21"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    // A listing shows the length of the key only: an uncompressed point of one of three curves.
    let is_point = |record: &Record| {
        let mut lengths = record.elements.iter().filter(|place| place.tag == tag::PUBLIC_KEY);
        lengths.next().is_some_and(|place| matches!(place.length, 65 | 97 | 133))
    };
    let is_ec = |record: &&Record| match record.key() {
        Some(key) => matches!(key, PublicKey::Ec { .. }),
        None => record.public_key.is_none() && is_point(record),
    };
    let mut evidence = Vec::new();
    let mut lists = Vec::new();
    let mut subject = "";
    for list in &facts.trust_lists {
        for record in list.list.records.iter().filter(is_ec) {
            if lists.last() != Some(&list.input) {
                lists.push(list.input);
            }
            if evidence.is_empty() {
                subject = record.subject_text();
            }
            evidence.push(list.element_evidence(record, tag::PUBLIC_KEY));
        }
    }
    let Some(first) = lists.first() else { return Outcome::Clear };
    let arguments = Arguments::new()
        .text("file", facts.name(*first))
        .number("lists", lists.len())
        .number("records", evidence.len())
        .text("subject", subject);
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}
