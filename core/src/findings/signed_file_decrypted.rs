//! An encrypted configuration that the given private key opens (A4, A6).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "signed_file_decrypted",
    severity: Severity::Good,
    refs: &["A4", "A6"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.iter().all(|signed| signed.decrypted.is_none()) {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let Some(Ok(decrypted)) = &signed.decrypted else { continue };
        let evidence = Evidence {
            input: signed.input,
            offset: Some(signed.file.body_offset),
            ..Evidence::default()
        };
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .number("bytes", decrypted.plain().len() as u64);
        found.push(Found::at(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}
