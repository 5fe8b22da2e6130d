//! A file of certificates with blocks that could not be read at all.

use crate::artifact::Content;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check =
    Check { code: "certificate_unreadable", severity: Severity::Error, refs: &["B8"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut any = false;
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        let (Content::Certificates(container) | Content::Key { container, .. }) = &artifact.content
        else {
            continue;
        };
        any = true;
        let Some(first) = container.problems.first() else { continue };
        let evidence = container
            .problems
            .iter()
            .map(|problem| Evidence { input, offset: Some(problem.at), ..Evidence::default() })
            .collect();
        let arguments = Arguments::new()
            .text("file", artifact.name.as_str())
            .number("count", container.problems.len() as u64)
            .number("read", container.items.len() as u64)
            .text("first", first.to_string());
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    if any { Outcome::of(found) } else { Outcome::NotApplicable }
}
