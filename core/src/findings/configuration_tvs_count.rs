//! The configuration names more TVS servers than the phone's ITL has TVS records (A22, A46): at least one of them cannot be
//! believed. Names are not compared: a configuration may say address or short name where the certificate has the full one.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::device_of_file;
use crate::order;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity, TrustListType};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "configuration_tvs_count",
    severity: Severity::Warning,
    refs: &["A22", "A46"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let itls: Vec<_> = facts
        .vouching_lists()
        .filter(|list| list.list.kind == TrustListType::Itl)
        .map(|list| (list, list.distinct(Role::TVS)))
        // A list without any has findings of its own.
        .filter(|(_, records)| *records > 0)
        .collect();
    if facts.configurations.is_empty() || itls.is_empty() {
        return Outcome::NotApplicable;
    }
    // The list with the most records vouches best; a phone's own, when its file is named for the device, decides.
    let largest = itls.iter().max_by_key(|(_, records)| *records);
    let mut by_device = std::collections::BTreeMap::new();
    for entry in &itls {
        if let Some(device) = device_of_file(&entry.0.artifact.name) {
            by_device.insert(device.to_ascii_uppercase(), entry);
        }
    }
    let mut found = Vec::new();
    for facts_of in &facts.configurations {
        let servers = facts_of.configuration.tvs_servers.iter();
        let servers = order::set(servers.map(|server| server.name.as_str()));
        let own = facts.device_of(facts_of).and_then(|device| by_device.get(&device).copied());
        let Some((list, records)) = own.or(largest) else { continue };
        if servers.len() <= *records {
            continue;
        }
        let mut evidence = vec![Evidence {
            input: facts_of.input,
            offset: Some(facts_of.offset),
            ..Evidence::default()
        }];
        evidence.extend(list.list.with_role(Role::TVS).map(|record| list.record_evidence(record)));
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .text("list", list.artifact.name.as_str())
            .number("servers", servers.len())
            .number("records", *records)
            .text("names", Vec::from_iter(servers).join(", "));
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
