//! A pasted listing is whole: its lengths add up (A15, A16, A19, A30).

use crate::findings::listings::in_each;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::text::listing::arithmetic::{Shape, judge};

pub(super) const CHECK: Check = Check {
    code: "listing_complete",
    severity: Severity::Good,
    refs: &["A15", "A16", "A19", "A28", "A30", "C22"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    in_each(facts, |facts| {
        let listing = facts.listing;
        let judgement = judge(listing);
        let case = match judgement.shape {
            Shape::Complete => "complete",
            Shape::Excerpt if listing.has_all_records() => "records",
            _ => return None,
        };
        let header = listing.header_length.map_or(0, |(length, _)| length);
        let arguments = Arguments::new()
            .text("file", facts.name())
            .text("kind", facts.kind_name())
            .text("case", case)
            .number("bytes", listing.stated_length.map_or(0, |(length, _)| length))
            .number("header", header)
            .number("records", listing.records.len())
            .number("sum", judgement.records);
        Some(Found::at(Severity::Good, facts.evidence(), arguments))
    })
}
