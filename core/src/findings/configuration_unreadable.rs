//! A phone configuration that is no well-formed XML: the phone cannot read it either.

use crate::artifact::Content;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check =
    Check { code: "configuration_unreadable", severity: Severity::Error, refs: &["A5"], evaluate };

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let mut any = false;
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        let Content::Configuration(result) = &artifact.content else { continue };
        any = true;
        let Err(error) = result else { continue };
        let evidence = Evidence { input, offset: Some(error.at), ..Evidence::default() };
        let arguments = Arguments::new()
            .text("file", artifact.name.as_str())
            .text("problem", error.to_string());
        found.push(Found::at(Severity::Error, evidence, arguments));
    }
    if any { Outcome::of(found) } else { Outcome::NotApplicable }
}
