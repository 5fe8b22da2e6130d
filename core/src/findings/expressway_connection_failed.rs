//! TLS negotiations of Expressway that failed outside of the traffic server (SIP between Expressways, with CUCM, with
//! phones), and connections between Expressways that were not made (domain item 2.7).

use crate::findings::{Arguments, Check, Found, Outcome, expressway};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "expressway_connection_failed",
    severity: Severity::Warning,
    refs: &["B18"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.texts.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for group in &facts.expressway.negotiations {
        let one = &group.negotiation;
        let detail = one.detail.to_ascii_lowercase();
        let case = if detail.contains("identity was unacceptable") {
            "identity"
        } else if detail.contains("unknown ca") {
            "received-unknown-ca"
        } else if detail.contains("alert") {
            "received"
        } else if detail.contains("self signed")
            || detail.contains("self-signed")
            || detail.contains("issuer certificate")
            || detail.contains("verify failed")
        {
            "untrusted"
        } else {
            "other"
        };
        let arguments = expressway::told(&group.lines)
            .text("direction", if one.inbound { "inbound" } else { "outbound" })
            .text("service", if one.service.is_empty() { "TLS" } else { one.service.as_str() })
            .text("peer", peer(&one.source, &one.destination, one.inbound))
            .text("port", one.port.map_or_else(|| "unknown".to_owned(), |port| port.to_string()))
            .text("common-name", one.common_name.as_deref().unwrap_or("none"))
            .text("error", one.detail.as_str())
            .text("case", case);
        found.push(Found::at_all(Severity::Warning, group.lines.evidence.clone(), arguments));
    }
    for group in &facts.expressway.unreachable {
        let arguments: Arguments = expressway::told(&group.lines)
            .text("direction", "outbound")
            .text("service", if group.port == 7400 { "XCP" } else { "TCP" })
            .text("peer", group.host.as_str())
            .text("port", group.port.to_string())
            .text("common-name", "none")
            .text("error", group.error.as_str())
            .text("case", "unreachable");
        found.push(Found::at_all(Severity::Warning, group.lines.evidence.clone(), arguments));
    }
    Outcome::of(found)
}

fn peer<'t>(source: &'t str, destination: &'t str, inbound: bool) -> &'t str {
    let peer = if inbound { source } else { destination };
    if peer.is_empty() { "a peer that the line does not name" } else { peer }
}
