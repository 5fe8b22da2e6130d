//! Unusual, but harmless: elements that the format does not name, a text without its NUL, extra padding (A5).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::tlv::field::Weight;

pub(super) const CHECK: Check =
    Check { code: "signed_file_oddity", severity: Severity::Info, refs: &["A5"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let odd: Vec<_> = signed
            .file
            .header
            .problems
            .list
            .iter()
            .chain(&signed.file.problems.list)
            .filter(|problem| problem.weight == Weight::Oddity)
            .collect();
        let Some(first) = odd.first() else { continue };
        let evidence = odd
            .iter()
            .map(|problem| Evidence {
                input: signed.input,
                offset: Some(problem.error.at),
                ..Evidence::default()
            })
            .collect();
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .number("count", odd.len() as u64)
            .text("first", first.error.to_string());
        found.push(Found::at_all(Severity::Info, evidence, arguments));
    }
    Outcome::of(found)
}
