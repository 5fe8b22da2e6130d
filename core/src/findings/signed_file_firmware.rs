//! Signed firmware: shown, never called verified, because its signing rule is not public.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity, SignedContent};

pub(super) const CHECK: Check =
    Check { code: "signed_file_firmware", severity: Severity::Info, refs: &["A5"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        if signed.file.content == SignedContent::Firmware {
            let evidence = Evidence {
                input: signed.input,
                offset: Some(signed.file.body_offset),
                ..Evidence::default()
            };
            let arguments = Arguments::new()
                .text("file", signed.artifact.name.as_str())
                .text("image", signed.file.filename());
            found.push(Found::at(Severity::Info, evidence, arguments));
        }
    }
    Outcome::of(found)
}
