//! The node has no trust list to give: length 0, or "not found" (C42).

use crate::findings::listings::in_each;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::text::listing::arithmetic::{Shape, judge};

pub(super) const CHECK: Check =
    Check { code: "list_file_missing", severity: Severity::Error, refs: &["C37", "C42"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    in_each(facts, |facts| {
        let listing = facts.listing;
        if judge(listing).shape != Shape::Empty {
            return None;
        }
        // A cluster that is not in mixed mode has no CTL.
        let severity = match listing.kind {
            TrustListType::Itl => Severity::Error,
            TrustListType::Ctl => Severity::Info,
        };
        let arguments = Arguments::new().text("file", facts.name()).text("kind", facts.kind_name());
        let mut lines: Vec<u64> = listing.stated_length.iter().map(|(_, line)| *line).collect();
        lines.extend(listing.ends.iter().map(|(_, line)| *line));
        lines.sort_unstable();
        lines.dedup();
        let evidence = lines.into_iter().map(|line| facts.line(line)).collect();
        Some(Found::at_all(severity, evidence, arguments))
    })
}
