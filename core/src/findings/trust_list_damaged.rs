//! A trust list that is cut, changed or followed by other bytes: its length identities do not hold (A29, A30).

use std::collections::BTreeSet;

use crate::evidence::lists::Shape;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::tlv::field::Weight;

pub(super) const CHECK: Check = Check {
    code: "trust_list_damaged",
    severity: Severity::Error,
    refs: &["A29", "A30", "C37", "C38"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let Some(shape) = list.shape() else { continue };
        let mut seen = BTreeSet::new();
        let evidence: Vec<Evidence> = list
            .problems(Weight::Damage)
            .map(|error| list.problem_evidence(error))
            .filter(|evidence| seen.insert(evidence.clone()))
            .collect();
        let first =
            list.problems(Weight::Damage).next().map(ToString::to_string).unwrap_or_default();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text(
                "shape",
                match shape {
                    Shape::Cut => "cut",
                    Shape::Damaged => "damaged",
                    Shape::Trailing => "trailing",
                },
            )
            .text("problem", first)
            .number("problems", list.problems(Weight::Damage).count())
            .number("bytes", list.list.length)
            .number("records", list.list.records.len());
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
