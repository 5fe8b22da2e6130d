//! The signer of a file stands in no trust list: a phone has to ask TVS (A8).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::phone::signer::server_signers;
use crate::report::model::{Evidence, Severity};
use crate::sgn::verify::{self, Missing};

pub(super) const CHECK: Check = Check {
    code: "signed_file_signer_absent",
    severity: Severity::Warning,
    refs: &["A8"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let count = facts.vouching_lists().count();
    if facts.signed_files.is_empty() || count == 0 {
        return Outcome::NotApplicable;
    }
    // The count says how many there are; each finding points at a few.
    let lists: Vec<Evidence> =
        facts.vouching_lists().take(limits::SERVER_LISTS).map(|list| list.evidence()).collect();
    let on_servers = server_signers(facts);
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        match &signed.verdict.outcome {
            verify::Outcome::Unverifiable(Missing::Signer)
            | verify::Outcome::Verified { role: None } => {}
            _ => continue,
        }
        let made_by = signed.verdict.made_by.as_ref().map(|made_by| made_by.value().certificate);
        // Where a server's list names it, more is known: `signed_file_signer_not_on_phone`.
        if made_by.is_some_and(|signer| on_servers.contains_key(&signer)) {
            continue;
        }
        let mut evidence = vec![Evidence {
            input: signed.input,
            offset: signed.signer_offset(),
            ..Evidence::default()
        }];
        evidence.extend(lists.iter().cloned());
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("signer", signed.signer_name())
            .text("serial", signed.signer_serial())
            .number("lists", count)
            .text("case", if made_by.is_some() { "given" } else { "unknown" });
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
