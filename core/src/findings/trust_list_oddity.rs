//! Unusual, and harmless for the structure: unknown tags, a missing NUL, more padding, an odd place of SIGNATURE (A19).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::tlv::field::Weight;

pub(super) const CHECK: Check =
    Check { code: "trust_list_oddity", severity: Severity::Info, refs: &["A19"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let odd = || list.problems(Weight::Oddity).filter(|error| error.field != "VERSION");
        let Some(first) = odd().next() else { continue };
        let evidence: Vec<Evidence> = odd().map(|error| list.problem_evidence(error)).collect();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("first", first.to_string())
            .number("oddities", evidence.len());
        found.push(Found::at_all(Severity::Info, evidence, arguments));
    }
    Outcome::of(found)
}
