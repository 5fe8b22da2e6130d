//! The signer stands in the list, but not as System Administrator Security Token (A20).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::tlv::header::tag as header;
use crate::trustlist::record::tag;
use crate::trustlist::verify::{self, Failure};

pub(super) const CHECK: Check = Check {
    code: "trust_list_signer_role_wrong",
    severity: Severity::Error,
    refs: &["A18", "A20"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let verify::Outcome::Failed(Failure::SignerRole(roles)) = &list.outcome else { continue };
        let mut evidence = vec![list.header_evidence(header::SERIAL_NUMBER)];
        evidence.extend(
            list.list.signer_records().map(|record| list.element_evidence(record, tag::FUNCTION)),
        );
        let roles: Vec<String> = roles.iter().map(|role| role.function()).collect();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("signer", list.signer_name())
            .text(
                "roles",
                if roles.is_empty() { "no FUNCTION".to_owned() } else { roles.join(", ") },
            );
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
