//! A signed file whose header does not hold together: nothing in it can be believed (A5).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check =
    Check { code: "signed_file_damaged", severity: Severity::Error, refs: &["A5"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let Some(error) = signed.file.first_damage() else { continue };
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("field", error.field.as_str())
            .text("problem", error.kind.to_string())
            .number("offset", error.at)
            .number("bytes", signed.artifact.length);
        let evidence =
            Evidence { input: signed.input, offset: Some(error.at), ..Evidence::default() };
        found.push(Found::at(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
