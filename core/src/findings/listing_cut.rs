//! A pasted listing is not all that the node printed (A30). A note where nobody claims that it is.

use crate::findings::listings::in_each;
use crate::findings::{Arguments, Check, Found, Outcome, listing_damaged};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::text::listing::arithmetic::{Shape, What, judge};

pub(super) const CHECK: Check =
    Check { code: "listing_cut", severity: Severity::Warning, refs: &["A30", "C22"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    in_each(facts, |facts| {
        let listing = facts.listing;
        let judgement = judge(listing);
        let is_excerpt = match judgement.shape {
            Shape::Cut => false,
            Shape::Excerpt if !listing.has_all_records() && !listing.records.is_empty() => true,
            _ => return None,
        };
        let missing = judgement
            .faults
            .iter()
            .map(|fault| fault.stated.saturating_sub(fault.found))
            .next_back()
            .unwrap_or_default();
        let arguments = Arguments::new()
            .text("file", facts.name())
            .text("kind", facts.kind_name())
            .text("case", if is_excerpt { "excerpt" } else { "cut" })
            .number("records", listing.records.len())
            .number("missing", missing)
            .rows("faults", listing_damaged::rows(&judgement.faults));
        // Somebody who shows one record does not claim that it is all; a length of the file that is not reached does.
        let is_marked = judgement.faults.iter().all(|fault| fault.what == What::RowsMissing)
            && listing.has_omissions;
        let severity = if is_excerpt || is_marked || listing.stated_length.is_none() {
            Severity::Info
        } else {
            Severity::Warning
        };
        let mut evidence: Vec<_> = judgement
            .faults
            .iter()
            .map(|fault| crate::report::model::Evidence {
                record: fault.record,
                ..facts.line(fault.line)
            })
            .collect();
        if evidence.is_empty() {
            evidence.push(facts.evidence());
        }
        Some(Found::at_all(severity, evidence, arguments))
    })
}
