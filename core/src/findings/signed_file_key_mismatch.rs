//! A private key was given, and it does not give the encrypted configuration (A4, A6). The wrong key is the user's to
//! change: a warning. The right key and another content is what the phone meets too: an error.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::sgn::decrypt::DecryptFailure;

pub(super) const CHECK: Check = Check {
    code: "signed_file_key_mismatch",
    severity: Severity::Error,
    refs: &["A4", "A6"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.iter().all(|signed| signed.decrypted.is_none()) {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let Some(Err(failure)) = &signed.decrypted else { continue };
        let (severity, case) = match failure {
            // Damage has its own finding.
            DecryptFailure::Damaged(_) | DecryptFailure::NotEncrypted => continue,
            DecryptFailure::WrongKey => (Severity::Warning, "key"),
            DecryptFailure::DigestDiffers => (Severity::Error, "digest"),
            DecryptFailure::Parameter(_) => (Severity::Error, "parameter"),
        };
        let evidence = Evidence {
            input: signed.input,
            offset: Some(signed.file.body_offset),
            ..Evidence::default()
        };
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("case", case)
            .text("problem", failure.to_string());
        found.push(Found::at(severity, evidence, arguments));
    }
    Outcome::of(found)
}
