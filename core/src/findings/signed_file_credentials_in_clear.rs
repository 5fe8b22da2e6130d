//! Credentials in a configuration that everyone on the network can fetch: signed is not secret.
//!
//! Only names, places and lengths are known here; values are never kept.

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "signed_file_credentials_in_clear",
    severity: Severity::Warning,
    refs: &["A1", "A4"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let clear = || facts.configurations.iter().filter(|configuration| !configuration.was_encrypted);
    if clear().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for facts_of in clear() {
        let secrets: Vec<_> = facts_of
            .configuration
            .credentials
            .iter()
            .filter(|credential| credential.secret)
            .collect();
        if secrets.is_empty() {
            continue;
        }
        let mut names: Vec<&str> =
            secrets.iter().map(|credential| credential.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let evidence = secrets
            .iter()
            .map(|credential| Evidence {
                input: facts_of.input,
                offset: Some(credential.offset),
                ..Evidence::default()
            })
            .collect();
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .text("names", names.join(", "))
            .number("count", secrets.len() as u64)
            .text("case", if facts_of.signed_file.is_some() { "signed" } else { "plain" });
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
