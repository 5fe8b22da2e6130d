//! A log of Expressway's traffic server says that the address it was to reach is not in the certificate (B43, B46, B51).

use core::net::IpAddr;

use crate::evidence::facts::Facts;
use crate::findings::{Check, Found, Outcome, expressway, origins};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::text::traffic_server::Fault;
use crate::x509::name_check;

pub(super) const CHECK: Check = Check {
    code: "origin_refused_name",
    severity: Severity::Error,
    refs: &[
        "B11",
        "B15",
        "B20",
        "B23",
        "B36",
        "B38",
        "B39",
        "B43",
        "B44",
        "B46",
        "B51",
        "CSCwc69661",
        "CSCwa25108",
    ],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    expressway::each_refusal(facts, |refusal| {
        if refusal.fault != Some(Fault::Name) {
            return None;
        }
        let name = refusal.name.as_str();
        let refuses = |certificate: &crate::x509::Certificate| {
            !origins::accepted(&name_check::side_by_side(certificate, name))
        };
        let seen = expressway::seen(facts, refusal, |one| refuses(one.certificate));
        let kind = match name.parse::<IpAddr>() {
            Ok(_) => "ip",
            Err(_) if !name.contains('.') => "short",
            Err(_) => "fqdn",
        };
        let has_ip = seen.as_ref().is_some_and(|seen| {
            kind == "ip"
                && seen.certificate.certificate.subject_alt_names.ip.iter().any(|ip| ip == name)
        });
        let arguments = expressway::arguments(facts, refusal, seen.as_ref())
            .text("kind", kind)
            .text("configured", configured(facts, name))
            .text("ip-san", origins::yes_or_no(has_ip));
        let evidence = expressway::evidence(refusal, seen.as_ref());
        Some(Found::at_all(expressway::severity(refusal), evidence, arguments))
    })
}

/// Names and addresses that were entered on Expressway, when the refused one is none of them (B20).
fn configured(facts: &Facts<'_>, name: &str) -> String {
    const SHOWN: usize = 4;
    let servers = facts.expressways.iter().flat_map(|node| node.servers.values());
    let mut entered: Vec<&str> = servers.map(|told| told.value.as_str()).collect();
    entered.sort_unstable();
    entered.dedup();
    if entered.is_empty() || entered.iter().any(|one| one.eq_ignore_ascii_case(name)) {
        return "none".to_owned();
    }
    entered.get(..entered.len().min(SHOWN)).unwrap_or_default().join(", ")
}
