//! Numbers of a pasted listing contradict each other (A30, A17).

use crate::findings::listings::in_each;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::listing::arithmetic::{Fault, Shape, What, judge};

pub(super) const CHECK: Check =
    Check { code: "listing_damaged", severity: Severity::Warning, refs: &["A17", "A30"], evaluate };

/// Faults that are listed one by one.
const SHOWN: usize = 8;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    in_each(facts, |facts| {
        let judgement = judge(facts.listing);
        if judgement.shape != Shape::Damaged {
            return None;
        }
        let evidence = judgement
            .faults
            .iter()
            .map(|fault| Evidence { record: fault.record, ..facts.line(fault.line) })
            .collect();
        let arguments = Arguments::new()
            .text("file", facts.name())
            .text("kind", facts.kind_name())
            .number("count", judgement.faults.len())
            .rows("faults", rows(&judgement.faults));
        Some(Found::at_all(Severity::Warning, evidence, arguments))
    })
}

/// A line for each of the first faults.
pub(super) fn rows(faults: &[Fault]) -> Vec<(&'static str, Arguments)> {
    faults.iter().take(SHOWN).map(|fault| ("listing-fault", row(fault))).collect()
}

fn row(fault: &Fault) -> Arguments {
    let what = match fault.what {
        What::RowsMissing => "rows-missing",
        What::RecordMissing => "record-missing",
        What::EndMissing => "end-missing",
        What::RecordSum => "record-sum",
        What::RowLength => "row-length",
        What::RecordLength => "record-length",
        What::Value => "value",
        What::HeaderSum => "header-sum",
        What::SignerSum => "signer-sum",
        What::FileSum => "file-sum",
    };
    Arguments::new()
        .text("what", what)
        .number("line", fault.line)
        .number("record", fault.record.unwrap_or_default())
        .text("field", fault.field.as_str())
        .number("stated", fault.stated)
        .number("found", fault.found)
        .number("difference", fault.stated.abs_diff(fault.found))
}
