//! Bytes that are none of the known kinds: they never pass.

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, InputKind, Severity};

pub(super) const CHECK: Check =
    Check { code: "input_unrecognised", severity: Severity::Warning, refs: &["A29"], evaluate };

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.inputs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        if artifact.kind == InputKind::Unknown {
            let evidence = Evidence { input, offset: Some(0), ..Evidence::default() };
            let arguments = Arguments::new()
                .text("file", artifact.name.as_str())
                .text("case", if artifact.cut { "too-large" } else { "unknown" })
                .number("bytes", artifact.length);
            found.push(Found::at(Severity::Warning, evidence, arguments));
        }
    }
    Outcome::of(found)
}
