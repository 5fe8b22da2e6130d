//! Larger than the size that phones take for a configuration (A44).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity, SignedContent};

pub(super) const CHECK: Check =
    Check { code: "signed_file_too_large", severity: Severity::Warning, refs: &["A44"], evaluate };

/// The size that phones print as their limit for configuration files.
const CONFIGURATION_LIMIT: u64 = 550_001;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let is_configuration =
            matches!(signed.file.content, SignedContent::Configuration | SignedContent::Encrypted);
        if is_configuration && signed.artifact.length > CONFIGURATION_LIMIT {
            let evidence = Evidence {
                input: signed.input,
                offset: Some(CONFIGURATION_LIMIT),
                ..Evidence::default()
            };
            let arguments = Arguments::new()
                .text("file", signed.artifact.name.as_str())
                .number("bytes", signed.artifact.length)
                .number("limit", CONFIGURATION_LIMIT);
            found.push(Found::at(Severity::Warning, evidence, arguments));
        }
    }
    Outcome::of(found)
}
