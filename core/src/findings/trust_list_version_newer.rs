//! A minor version that is newer than the known ones: phones log it and go on (A16, E39).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::tlv::field::Weight;

pub(super) const CHECK: Check = Check {
    code: "trust_list_version_newer",
    severity: Severity::Info,
    refs: &["A16", "E39"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let Some(error) = list.problems(Weight::Oddity).find(|error| error.field == "VERSION")
        else {
            continue;
        };
        let (major, minor) = list.list.header.version.unwrap_or_default();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("version", format!("{major}.{minor}"));
        found.push(Found::at(Severity::Info, list.problem_evidence(error), arguments));
    }
    Outcome::of(found)
}
