//! The signature is right, but the trust list gives its maker no role that signs files (A7).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::sgn::verify::{self, Place, Reason};

pub(super) const CHECK: Check = Check {
    code: "signed_file_signer_role_unfit",
    severity: Severity::Error,
    refs: &["A7"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let verify::Outcome::Failed(Reason::RoleUnfit(roles)) = &signed.verdict.outcome else {
            continue;
        };
        let mut evidence = vec![Evidence {
            input: signed.input,
            offset: signed.signer_offset(),
            ..Evidence::default()
        }];
        for place in &signed.verdict.places {
            if let Place::Record { list, record, .. } = place {
                evidence.push(facts.record_evidence(*list, *record));
            }
        }
        let roles: Vec<String> = roles.iter().map(|role| role.function()).collect();
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("signer", signed.signer_name())
            .text("roles", roles.join(", "));
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
