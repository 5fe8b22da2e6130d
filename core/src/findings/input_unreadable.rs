//! An input that could not be read: the others are reported, but nobody may take them for the whole.

use crate::artifact::Content;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Outcome};
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "input_unreadable", severity: Severity::Warning, refs: &["A29"], evaluate };

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let mut unreadable = facts.inputs.iter().filter_map(|artifact| match &artifact.content {
        Content::Unreadable { reason } => Some((artifact.name.as_str(), reason.as_str())),
        _ => None,
    });
    let Some((file, reason)) = unreadable.next() else { return Outcome::NotApplicable };
    Outcome::NotEnoughEvidence(
        Arguments::new()
            .text("file", file)
            .text("reason", reason)
            .number("others", unreadable.count()),
    )
}
