//! A signed file whose signature holds, by a signer that may sign files (A5, A7, A10).

use crate::bytes::hex;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::signer::server_signers;
use crate::report::model::{Evidence, Severity};
use crate::sgn::verify::{self, Place};

pub(super) const CHECK: Check = Check {
    code: "signed_file_verified",
    severity: Severity::Good,
    refs: &["A5", "A7", "A10"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let on_servers = server_signers(facts);
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let verify::Outcome::Verified { role } = &signed.verdict.outcome else { continue };
        let Some(made_by) = &signed.verdict.made_by else { continue };
        let mut evidence =
            vec![Evidence { input: signed.input, offset: Some(0), ..Evidence::default() }];
        let mut named_by = None;
        for place in &signed.verdict.places {
            if let Place::Record { list, record, role: Some(role) } = place
                && role.signs_files()
            {
                named_by.get_or_insert((*list, *record));
                evidence.push(facts.record_evidence(*list, *record));
            }
        }
        let mut arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("signer", signed.signer_name())
            .text("certificate", hex(&made_by.value().certificate));
        let server =
            on_servers.get(&made_by.value().certificate).and_then(|records| records.first());
        arguments = if let (Some((list, record)), Some(role)) = (named_by, role) {
            arguments
                .text("case", "listed")
                .text("role", role.function())
                .text("list", facts.name(list))
                .number("record", record)
        } else if let Some(server) = server {
            evidence.push(server.list.record_evidence(server.record));
            arguments
                .text("case", "server")
                .text("role", server.record.function())
                .text("list", server.list.artifact.name.as_str())
                .number("record", server.record.number)
        } else {
            arguments.text("case", "given")
        };
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}
