//! Files signed with SHA-1: CUCM's default, and information only (A9). One finding for all inputs.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity, SignedContent};
use crate::tlv::header::tag;

pub(super) const CHECK: Check =
    Check { code: "signed_file_digest_sha1", severity: Severity::Info, refs: &["A9"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let evidence: Vec<Evidence> = facts
        .signed_files
        .iter()
        .filter(|signed| {
            signed.file.header.digest_code == Some(1)
                && signed.file.content != SignedContent::Firmware
                && !signed.file.is_damaged()
        })
        .map(|signed| Evidence {
            input: signed.input,
            offset: signed.offset_of(tag::DIGEST_ALGORITHM),
            ..Evidence::default()
        })
        .collect();
    if evidence.is_empty() {
        return Outcome::Clear;
    }
    let arguments = Arguments::new().number("files", evidence.len() as u64);
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}
