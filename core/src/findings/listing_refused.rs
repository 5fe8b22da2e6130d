//! The node itself says that its list is bad: no token signed it, or it cannot be verified or parsed (A27, A29, A81).

use std::collections::BTreeSet;

use crate::evidence::facts::Facts;
use crate::evidence::listings::ListingFacts;
use crate::findings::listings::in_each;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::dn;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::listing::End;
use crate::text::listing::arithmetic::{Shape, judge};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "listing_refused",
    severity: Severity::Error,
    refs: &["A26", "A27", "A29", "A81", "C37", "C38", "CSCtn50405"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = facts;
    in_each(facts, |facts| {
        let listing = facts.listing;
        // A node without a file says "Error parsing" too.
        if judge(listing).shape == Shape::Empty {
            return None;
        }
        let unsigned = unsigned(facts);
        let says = [End::Failed, End::Unparsable].into_iter().filter_map(|end| listing.end(end));
        let mut evidence: Vec<Evidence> = says.map(|line| facts.line(line)).collect();
        let case = match (listing.end(End::Failed), unsigned.is_empty()) {
            _ if evidence.is_empty() && unsigned.is_empty() => return None,
            (_, false) => "unsigned",
            (Some(_), true) => "failed",
            (None, true) => "unparsable",
        };
        evidence.extend(unsigned);
        let arguments = Arguments::new()
            .text("file", facts.name())
            .text("kind", facts.kind_name())
            .text("case", case)
            .text("node", nodes(all, facts.input));
        Some(Found::at_all(Severity::Error, evidence, arguments))
    })
}

/// The nodes whose CallManager certificate the same text shows: it is about them.
fn nodes(facts: &Facts<'_>, input: u32) -> String {
    let texts = facts.texts.iter().filter(|text| text.input == input);
    let shown = texts.flat_map(|text| &text.text.certificate_lists.shown);
    let own = shown.filter(|shown| shown.store.as_deref() == Some("CallManager"));
    let names: BTreeSet<String> = own.filter_map(|shown| dn::common_name(&shown.subject)).collect();
    Vec::from_iter(names).join(" ")
}

/// The lines "was not used to sign", when every token of a whole listing has one.
fn unsigned(facts: &ListingFacts<'_>) -> Vec<Evidence> {
    let listing = facts.listing;
    let tokens = || {
        let records = listing.records.iter().zip(&listing.list.records);
        records.filter(|(_, record)| record.role == Some(Role::SAST)).map(|(rows, _)| rows)
    };
    let is_whole = listing.has_all_records() || listing.is_refused() && listing.first_to_last();
    if !is_whole || !tokens().all(|rows| rows.signed.is_some_and(|(signed, _)| !signed)) {
        return Vec::new();
    }
    let line = |rows: &crate::text::listing::RecordRows| {
        let (_, line) = rows.signed?;
        Some(Evidence { record: Some(rows.number), ..facts.line(line) })
    };
    tokens().filter_map(line).collect()
}
