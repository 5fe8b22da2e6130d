//! The configuration sends the phone to CAPF, but no list that was given names a CAPF (C16, C30, C31).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity, TrustListType};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "configuration_capf_without_record",
    severity: Severity::Warning,
    refs: &["C16", "C30", "C31"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    // CAPF stands in the ITL of every cluster; a CTL alone does not tell.
    let has_itl = facts.vouching_lists().any(|list| list.list.kind == TrustListType::Itl);
    let lists: Vec<Evidence> =
        facts.vouching_lists().take(limits::SERVER_LISTS).map(|list| list.evidence()).collect();
    let configured =
        || facts.configurations.iter().filter(|facts| !facts.configuration.capf_servers.is_empty());
    if !has_itl || configured().next().is_none() {
        return Outcome::NotApplicable;
    }
    let listed = facts
        .vouching_lists()
        .any(|list| list.list.with_role(Role::CAPF).any(|record| record.is_usable()));
    if listed {
        return Outcome::Clear;
    }
    let mut found = Vec::new();
    for facts_of in configured() {
        let Some(server) = facts_of.configuration.capf_servers.first() else { continue };
        let mut evidence = vec![Evidence {
            input: facts_of.input,
            offset: Some(facts_of.offset),
            ..Evidence::default()
        }];
        evidence.extend(lists.iter().cloned());
        let is_address = server.name.parse::<core::net::IpAddr>().is_ok();
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .text("server", server.name.as_str())
            .text("case", if is_address { "address" } else { "name" });
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
