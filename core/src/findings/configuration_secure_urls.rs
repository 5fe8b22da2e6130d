//! URLs with HTTPS in the configuration: the phone has to ask TVS for each of those servers (A48).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check =
    Check { code: "configuration_secure_urls", severity: Severity::Info, refs: &["A48"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.configurations.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for facts_of in &facts.configurations {
        let secure: Vec<_> = facts_of
            .configuration
            .urls
            .iter()
            .filter(|url| url.url.to_ascii_lowercase().starts_with("https://"))
            .collect();
        let Some(first) = secure.first() else { continue };
        let evidence = secure
            .iter()
            .map(|url| Evidence {
                input: facts_of.input,
                offset: Some(url.offset),
                ..Evidence::default()
            })
            .collect();
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .number("count", secure.len() as u64)
            .text("name", first.name.as_str())
            .text("url", first.url.as_str());
        found.push(Found::at_all(Severity::Info, evidence, arguments));
    }
    Outcome::of(found)
}
