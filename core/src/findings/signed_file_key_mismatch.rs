//! A private key was given, and it does not open the encrypted configuration (A4, A6).

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};
use crate::sgn::decrypt::DecryptFailure;

pub(super) const CHECK: Check = Check {
    code: "signed_file_key_mismatch",
    severity: Severity::Warning,
    refs: &["A4", "A6"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.signed_files.iter().all(|signed| signed.decrypted.is_none()) {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let Some(Err(failure)) = &signed.decrypted else { continue };
        let case = match failure {
            // Damage has its own finding.
            DecryptFailure::Damaged(_) | DecryptFailure::NotEncrypted => continue,
            DecryptFailure::WrongKey => "key",
            DecryptFailure::DigestDiffers => "digest",
            DecryptFailure::Parameter(_) => "parameter",
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
        found.push(Found::at(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
