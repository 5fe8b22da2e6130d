//! A CTL signed by a USB token (eToken) of the CTL client, not by the cluster (E6).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::dn;
use crate::phone::derived::Derived;
use crate::phone::plan::is_token;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check =
    Check { code: "ctl_signed_by_token", severity: Severity::Info, refs: &["E6"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Ctl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Ctl) {
        let Some(record) = list.verified_signer().filter(|record| is_token(record)) else {
            continue;
        };
        let tokens = list.list.with_role(Role::SAST).filter(|record| is_token(record)).count();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("signer", dn::common_name(record.subject_text()).unwrap_or_default())
            .number("tokens", tokens);
        found.push(Found::at(Severity::Info, list.record_evidence(record), arguments));
    }
    Outcome::of(found)
}
