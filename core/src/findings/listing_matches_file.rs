//! A pasted listing is of a trust list that is among the inputs (A15, A30, A67).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "listing_matches_file",
    severity: Severity::Good,
    refs: &["A15", "A30", "A67"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let pairs = facts.listed_files();
    if pairs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (listing, file) in pairs {
        let (md5, sha1) = (listing.listing.md5, listing.listing.sha1);
        let arguments = Arguments::new()
            .text("listing", listing.name())
            .text("file", file.name())
            .text("kind", file.kind_name())
            .text("by", if md5.is_some() || sha1.is_some() { "sum" } else { "records" })
            .number("bytes", file.list.length);
        let evidence = vec![listing.evidence(), file.evidence()];
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::Found(found)
}
