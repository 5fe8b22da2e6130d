//! An input that could not be read, or a capture, a log or an archive that was not read to its end: what is reported is not the whole.

use crate::artifact::Content;
use crate::findings::{Arguments, Check, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "input_unreadable", severity: Severity::Warning, refs: &["A29"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut incomplete = facts.inputs.iter().filter_map(|artifact| match &artifact.content {
        Content::Unreadable { reason } => Some((artifact, "unreadable", reason.as_str())),
        Content::Archive(_) | Content::Capture(_) | Content::Text(_) if artifact.cut => {
            Some((artifact, "stopped", ""))
        }
        _ => None,
    });
    let Some((artifact, case, reason)) = incomplete.next() else { return Outcome::NotApplicable };
    Outcome::NotEnoughEvidence(
        Arguments::new()
            .text("file", artifact.name.as_str())
            .text("case", case)
            .text("reason", reason)
            .number("bytes", artifact.length)
            .number("others", incomplete.count()),
    )
}
