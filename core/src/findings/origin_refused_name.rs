//! A log of Expressway's traffic server says that the address it was to reach is not in the certificate (B43, B46, B51).

use core::net::IpAddr;

use crate::evidence::facts::Facts;
use crate::findings::{Check, Found, Outcome, expressway, origins};
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

fn evaluate(facts: &Facts<'_>) -> Outcome {
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
            .text("ip-san", origins::yes_or_no(has_ip));
        let evidence = expressway::evidence(refusal, seen.as_ref());
        Some(Found::at_all(expressway::severity(refusal), evidence, arguments))
    })
}
