//! A CallManager group of one server: its TVS is the phone's only one (A46, A47).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::order;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "configuration_tvs_single",
    severity: Severity::Warning,
    refs: &["A46", "A47"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.configurations.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for facts_of in &facts.configurations {
        let configuration = &facts_of.configuration;
        let group = configuration.call_managers.iter();
        let group = order::set(group.map(|member| member.name.as_str()));
        let tvs = configuration.tvs_servers.iter();
        let tvs = order::set(tvs.map(|server| server.name.as_str()));
        // Without a TVS entry the phone asks its CallManager group.
        let (servers, case) = if tvs.is_empty() { (&group, "group") } else { (&tvs, "tvs") };
        let (Some(first), 1) = (servers.first(), servers.len()) else { continue };
        let case = if group.len() == 1 { "group" } else { case };
        let evidence = Evidence {
            input: facts_of.input,
            offset: Some(facts_of.offset),
            ..Evidence::default()
        };
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .text("server", *first)
            .text("case", case);
        found.push(Found::at(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
