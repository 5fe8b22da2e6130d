//! The ITL that CUCM makes when "Prepare Cluster for Rollback to pre 8.0" is on: signed, and without usable TFTP, TVS
//! and CAPF records (A96, A97, E3).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{InputRole, Severity, TrustListType};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "itl_rollback",
    severity: Severity::Warning,
    refs: &["A96", "A97", "E3", "E5"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Itl) {
        if list.has_failed() || !list.list.is_rollback() {
            continue;
        }
        let mut evidence = vec![list.evidence()];
        evidence.extend(list.list.records.iter().map(|record| list.record_evidence(record)));
        let arguments = Arguments::new()
            .text("file", list.name())
            .text("kind", list.kind_name())
            .text(
                "role",
                match list.role {
                    InputRole::Phone => "phone",
                    _ => "server",
                },
            )
            .number("tokens", list.list.with_role(Role::SAST).count());
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
