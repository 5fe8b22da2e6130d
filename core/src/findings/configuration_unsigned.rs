//! A plain configuration under the name of a signed file: a phone that holds a trust list asks for the signed one and
//! refuses this (A3).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, InputKind, Severity};

pub(super) const CHECK: Check =
    Check { code: "configuration_unsigned", severity: Severity::Warning, refs: &["A3"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let plain = || {
        (0..).zip(&facts.inputs).filter(|(_, artifact)| artifact.kind == InputKind::Configuration)
    };
    if plain().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (input, artifact) in plain() {
        let name = artifact.name.to_ascii_lowercase();
        if name.ends_with(".sgn") || name.ends_with(".tlv") {
            let evidence = Evidence { input, offset: Some(0), ..Evidence::default() };
            let arguments = Arguments::new().text("file", artifact.name.as_str());
            found.push(Found::at(Severity::Warning, evidence, arguments));
        }
    }
    Outcome::of(found)
}
