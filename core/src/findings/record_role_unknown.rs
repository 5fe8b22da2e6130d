//! A record with a FUNCTION that is not known: kept, shown, and never used to trust anything.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::order;
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::record::{Record, tag};

pub(super) const CHECK: Check =
    Check { code: "record_role_unknown", severity: Severity::Info, refs: &["A19"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let unknown = |record: &&Record| record.role.is_some_and(|role| role.name().is_none());
        let records: Vec<&Record> = list.list.records.iter().filter(unknown).collect();
        if records.is_empty() {
            continue;
        }
        let roles = order::set(records.iter().map(|record| record.function()));
        let evidence =
            records.iter().map(|record| list.element_evidence(record, tag::FUNCTION)).collect();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .number("records", records.len())
            .text("roles", roles.into_iter().collect::<Vec<_>>().join(", "));
        found.push(Found::at_all(Severity::Info, evidence, arguments));
    }
    Outcome::of(found)
}
