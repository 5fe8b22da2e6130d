//! The header names a signer that no record is: every token "was not used to sign" (A27, CSCtn50405).

use crate::bytes::serial_hex;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::tlv::header::tag;
use crate::trustlist::role::Role;
use crate::trustlist::verify::{self, Failure};

pub(super) const CHECK: Check = Check {
    code: "trust_list_signer_not_in_list",
    severity: Severity::Error,
    refs: &["A27", "A29", "A81", "CSCtn50405"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        if list.outcome != verify::Outcome::Failed(Failure::SignerAbsent) {
            continue;
        }
        let mut evidence = vec![list.header_evidence(tag::SERIAL_NUMBER)];
        evidence.extend(list.list.with_role(Role::SAST).map(|record| list.record_evidence(record)));
        let serial = list.list.header.signer_serial.as_deref().unwrap_or_default();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("signer", list.signer_name())
            .text("serial", serial_hex(serial))
            .number("tokens", evidence.len().saturating_sub(1));
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
