//! An archive that is cut, changed, or of which the directory and the content differ: where, and that the rest was read.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "archive_damaged",
    severity: Severity::Warning,
    refs: &["A29", "RFC 1952"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.archives.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (input, archive) in &facts.archives {
        let problems = &archive.facts.problems;
        let damage = problems.first_damage();
        let Some(first) = damage.or_else(|| problems.list.first().map(|one| &one.error)) else {
            continue;
        };
        let places = problems.list.iter().map(|problem| Evidence {
            input: *input,
            offset: Some(problem.error.at),
            ..Evidence::default()
        });
        let more = (problems.list.len() as u64).saturating_add(problems.more).saturating_sub(1);
        let arguments = Arguments::new()
            .text("file", facts.name(*input))
            .text("format", archive.facts.format.name())
            .text("case", if damage.is_some() { "damaged" } else { "odd" })
            .text("problem", first.to_string())
            .number("members", archive.files.len())
            .number("more", more);
        let severity = if damage.is_some() { Severity::Warning } else { Severity::Info };
        found.push(Found::at_all(severity, places.collect(), arguments));
    }
    Outcome::of(found)
}
