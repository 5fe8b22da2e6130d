//! Trust lists signed over a SHA-1 digest: CUCM's default (A9). One finding for all lists.

use crate::evidence::facts::ListFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::tlv::header::tag;

pub(super) const CHECK: Check =
    Check { code: "trust_list_digest_sha1", severity: Severity::Info, refs: &["A9"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let lists: Vec<&ListFacts<'_>> =
        facts.trust_lists.iter().filter(|list| list.list.header.digest_code == Some(1)).collect();
    let Some(first) = lists.first() else { return Outcome::Clear };
    let arguments =
        Arguments::new().text("file", first.artifact.name.as_str()).number("lists", lists.len());
    let evidence = lists.iter().map(|list| list.header_evidence(tag::DIGEST_ALGORITHM)).collect();
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}
