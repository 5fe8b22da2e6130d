//! The short configuration that stands beside an encrypted one (A4): the phone fetches the other next.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "configuration_encrypted_elsewhere",
    severity: Severity::Info,
    refs: &["A4"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.configurations.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for facts_of in &facts.configurations {
        let configuration = &facts_of.configuration;
        let points = configuration.encrypted_config == Some(true) && !facts_of.was_encrypted;
        if !points {
            continue;
        }
        let evidence = Evidence {
            input: facts_of.input,
            offset: Some(facts_of.offset),
            ..Evidence::default()
        };
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .text("hash", configuration.certificate_hash.clone().unwrap_or_default())
            .text("case", if configuration.certificate_hash.is_some() { "hash" } else { "none" });
        found.push(Found::at(Severity::Info, evidence, arguments));
    }
    Outcome::of(found)
}
