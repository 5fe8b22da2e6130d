//! A CallManager group of one server: its TVS is the phone's only one (A46, A47).

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "configuration_tvs_single",
    severity: Severity::Warning,
    refs: &["A46", "A47"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.configurations.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for facts_of in &facts.configurations {
        let configuration = &facts_of.configuration;
        // Without a TVS entry the phone asks its CallManager group.
        let servers = if configuration.tvs_servers.is_empty() {
            configuration.call_managers.len()
        } else {
            configuration.tvs_servers.len()
        };
        let Some(first) = configuration
            .tvs_servers
            .first()
            .map(|server| server.name.as_str())
            .or_else(|| configuration.call_managers.first().map(|server| server.name.as_str()))
        else {
            continue;
        };
        if servers != 1 {
            continue;
        }
        let evidence = Evidence {
            input: facts_of.input,
            offset: Some(facts_of.offset),
            ..Evidence::default()
        };
        let arguments =
            Arguments::new().text("file", facts.name(facts_of.input)).text("server", first);
        found.push(Found::at(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
