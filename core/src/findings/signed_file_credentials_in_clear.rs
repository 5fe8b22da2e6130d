//! Credentials in a configuration that everyone on the network can fetch: signed is not secret.
//!
//! Only names, places and lengths are known here; values are never kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::order;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "signed_file_credentials_in_clear",
    severity: Severity::Warning,
    refs: &["A1", "A4"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let clear = || facts.configurations.iter().filter(|configuration| !configuration.was_encrypted);
    if clear().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for facts_of in clear() {
        let configuration = &facts_of.configuration;
        let elements = configuration
            .credentials
            .iter()
            .filter(|credential| credential.secret)
            .map(|credential| (credential.offset, credential.name.as_str()));
        let urls = configuration
            .urls
            .iter()
            .filter(|url| url.has_credential)
            .map(|url| (url.offset, url.name.as_str()));
        // An element may hold a URL and be named like a secret.
        let secrets: BTreeMap<u64, &str> = order::map(elements.chain(urls));
        if secrets.is_empty() {
            continue;
        }
        let names: BTreeSet<&str> = order::set(secrets.values().copied());
        let evidence = secrets
            .keys()
            .map(|offset| Evidence {
                input: facts_of.input,
                offset: Some(*offset),
                ..Evidence::default()
            })
            .collect();
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .text("names", Vec::from_iter(names).join(", "))
            .number("count", secrets.len() as u64)
            .text("case", if facts_of.signed_file.is_some() { "signed" } else { "plain" });
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
