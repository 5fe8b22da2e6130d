//! An encrypted configuration: readable header, encrypted body, nothing corrupt (A4, A6).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "signed_file_encrypted",
    severity: Severity::Info,
    refs: &["A1", "A4", "A6"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let Some(encryption) = &signed.file.header.encryption else { continue };
        if signed.file.is_damaged() || signed.decrypted.is_some() {
            continue;
        }
        let evidence = Evidence {
            input: signed.input,
            offset: Some(signed.file.body_offset),
            ..Evidence::default()
        };
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .number("bits", encryption.wrapped_key_bits.unwrap_or_default())
            .number("bytes", signed.file.body_length);
        found.push(Found::at(Severity::Info, evidence, arguments));
    }
    Outcome::of(found)
}
