//! An ITL without a record that signs files: CCM+TFTP up to 10.x, TFTP since 11 (A21, C19). The rollback ITL is another
//! matter. With a TVS record left the phone can still ask for every file, so that is a warning.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "itl_tftp_missing",
    severity: Severity::Error,
    refs: &["A1", "A21", "C19"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Itl) {
        let signs = list.list.file_signers().any(Record::is_usable);
        if signs || list.has_failed() || list.list.is_rollback() {
            continue;
        }
        let asks = list.list.with_role(Role::TVS).any(Record::is_usable);
        let severity = if asks { Severity::Warning } else { Severity::Error };
        let arguments = Arguments::new()
            .text("file", list.name())
            .text("kind", list.kind_name())
            .text("tvs", if asks { "yes" } else { "no" })
            .number("records", list.list.records.len());
        found.push(Found::at(severity, list.evidence(), arguments));
    }
    Outcome::of(found)
}
