//! The reverse direction: an origin ended the handshake by an alert, or the two could not talk TLS at all (B55, B56).

use std::collections::BTreeSet;

use crate::evidence::stores::Presence;
use crate::findings::expressway_ca_not_listed::{STORES, authorities, expressways};
use crate::findings::{Check, Found, Outcome, expressway};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::traffic_server::Reason;

pub(super) const CHECK: Check = Check {
    code: "origin_rejects_expressway",
    severity: Severity::Error,
    refs: &["B55", "B56", "CSCvz45074"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.texts.is_empty() {
        return Outcome::NotApplicable;
    }
    let rejections = facts.expressway.rejections.iter();
    let found = rejections.map(|rejection| {
        let case = match rejection.reason {
            // RFC 8446 section 6.2.
            Reason::Alert { description: 48 } => "unknown-ca",
            Reason::Alert { description: 42..=46 | 116 } => "certificate",
            Reason::Alert { description: 40 | 70 | 71 } => "parameters",
            Reason::Alert { .. } => "alert",
            Reason::Other { .. } | Reason::VerifyFailed => "other",
        };
        let mut evidence = rejection.lines.evidence.clone();
        let rows = match case {
            "unknown-ca" => listed(facts, &rejection.name),
            _ => None,
        };
        let is_listed = if rows.is_some() { "yes" } else { "no" };
        evidence.extend(rows.into_iter().flatten());
        let arguments = expressway::told(&rejection.lines)
            .text("listed", is_listed)
            .text("name", rejection.name.as_str())
            .text("case", case)
            .text("reason", rejection.reason.text());
        Found::at_all(Severity::Error, evidence, arguments)
    });
    Outcome::of(found.collect())
}

/// The rows of the server's certificate list that hold the CA of every Expressway that was given, in every store that needs it; `None` when one
/// lacks it, or that is not known. A list that names no node is taken for the server's when it is the only one.
fn listed(facts: &Derived<'_>, server: &str) -> Option<Vec<Evidence>> {
    let own = expressways(facts);
    let nodes: BTreeSet<String> = facts.listed_nodes();
    let host = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let node = match nodes.iter().find(|node| host(node) == host(server)) {
        Some(node) => Some(node.as_str()),
        None if nodes.is_empty() => None,
        None => return None,
    };
    let mut rows = Vec::new();
    for certificate in own.iter().take(limits::PLAN_NODES) {
        let wanted = authorities(facts, certificate.certificate);
        for store in STORES {
            let entry =
                wanted.iter().find_map(|wanted| match facts.in_store(node, store, wanted) {
                    Presence::Present(entries) => entries.into_iter().next(),
                    Presence::Absent(_) | Presence::Unknown => None,
                });
            rows.push(entry?.evidence());
        }
    }
    rows.sort();
    rows.dedup();
    (!rows.is_empty()).then_some(rows)
}
