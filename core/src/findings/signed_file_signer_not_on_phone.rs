//! The server's list names the signer of a file, the phone's list does not, and the phone will not accept the server's
//! list either (A8, A71, A94). Without a TVS server that the phone can believe it refuses the file: an error. Where it can
//! ask TVS, TVS decides: a warning. Predicted.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::device_of_file;
use crate::phone::derived::Derived;
use crate::phone::signer::{Knowledge, server_signers};
use crate::phone::tvs::Ask;
use crate::report::model::{Evidence, Severity};
use crate::sgn::verify;

pub(super) const CHECK: Check = Check {
    code: "signed_file_signer_not_on_phone",
    severity: Severity::Error,
    refs: &["A8", "A71", "A94"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let signers = server_signers(facts);
    if facts.signed_files.is_empty() || signers.is_empty() {
        return Outcome::NotApplicable;
    }
    let knowledge = Knowledge::of(facts);
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let verify::Outcome::Verified { .. } = &signed.verdict.outcome else { continue };
        let Some(made_by) = &signed.verdict.made_by else { continue };
        let signer = made_by.value().certificate;
        let Some(named_by) = signers.get(&signer) else { continue };
        let Some(first) = named_by.first() else { continue };
        let device = device_of_file(signed.file.filename());
        let mut strangers = knowledge.strangers(device.as_deref(), signer, named_by);
        strangers.retain(|stranger| stranger.ask != Ask::Believed);
        // One phone that refuses outweighs those that TVS decides for.
        let worst = strangers.iter().find(|stranger| stranger.ask != Ask::Unknown);
        let Some(stranger) = worst.or(strangers.first()) else { continue };
        let (severity, case) = match stranger.ask {
            Ask::Believed | Ask::Unknown => (Severity::Warning, "ask-tvs"),
            Ask::Changed => (Severity::Error, "tvs-changed"),
            Ask::Nobody => (Severity::Error, "no-tvs"),
            Ask::Refused => (Severity::Error, "tvs-refuses"),
        };
        let mut evidence = vec![
            Evidence { input: signed.input, offset: signed.signer_offset(), ..Evidence::default() },
            first.list.record_evidence(first.record),
        ];
        evidence.extend(strangers.iter().flat_map(|stranger| stranger.phone.evidence()));
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("signer", signed.signer_name())
            .text("serial", signed.signer_serial())
            .text("list", first.list.artifact.name.as_str())
            .number("record", first.record.number)
            .text("phone", stranger.phone.names(facts))
            .number("more", strangers.len().saturating_sub(1))
            .text("case", case);
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}
