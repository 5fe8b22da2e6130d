//! A certificate list shows that the RSA certificate of a service is signed by a CA and its ECDSA certificate by itself: who trusts
//! the CA refuses the service where ECDSA is presented (B29, B42).

use std::collections::BTreeMap;

use crate::evidence::stores::Entry;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "listed_certificate_self_signed",
    severity: Severity::Warning,
    refs: &["B29", "B42"],
    evaluate,
};

/// Services whose certificates Expressway meets, each with an RSA and an ECDSA one.
const SERVICES: [&str; 4] = ["CallManager", "cup", "cup-xmpp", "tomcat"];

/// The RSA row that a CA signed and the ECDSA row that is signed by itself.
#[derive(Default)]
struct Pair<'a> {
    rsa: Option<Entry<'a>>,
    ecdsa: Option<Entry<'a>>,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.listed().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut nodes: BTreeMap<String, BTreeMap<&str, Pair<'_>>> = BTreeMap::new();
    for entry in facts.listed() {
        let listed = entry.listed;
        let (name, is_ecdsa) = match listed.store.strip_suffix("-ECDSA") {
            Some(name) => (name, true),
            None => (listed.store.as_str(), false),
        };
        let node = listed.distribution.clone().or_else(|| entry.node.clone());
        let (Some(service), Some(node)) = (SERVICES.iter().find(|known| **known == name), node)
        else {
            continue;
        };
        if nodes.len() >= limits::PLAN_NODES && !nodes.contains_key(&node) {
            continue;
        }
        let pair = nodes.entry(node).or_default().entry(service).or_default();
        match (is_ecdsa, listed.is_self_signed) {
            (false, Some(false)) => pair.rsa = Some(entry),
            (true, Some(true)) => pair.ecdsa = Some(entry),
            _ => {}
        }
    }
    let first = facts.expressway_rsa_first();
    let tell = |(node, services): (String, BTreeMap<&str, Pair<'_>>)| {
        let mut evidence = Vec::new();
        let mut stores = Vec::new();
        let mut issuer = None;
        for pair in services.into_values() {
            let (Some(rsa), Some(ecdsa)) = (pair.rsa, pair.ecdsa) else { continue };
            evidence.extend([ecdsa.evidence(), rsa.evidence()]);
            stores.push(ecdsa.listed.store.as_str());
            issuer = issuer.or(rsa.listed.issued_by.as_deref());
        }
        // Where RSA comes first, or nobody says, the ECDSA certificate may never be presented.
        let severity = if first == Some(false) { Severity::Warning } else { Severity::Info };
        let arguments = Arguments::new()
            .text("node", node)
            .number("count", stores.len())
            .text("stores", stores.join(", "))
            .text("issuer", issuer.unwrap_or("none"))
            .text(
                "first",
                match first {
                    Some(true) => "rsa",
                    Some(false) => "ecdsa",
                    None => "unknown",
                },
            );
        (!evidence.is_empty()).then(|| Found::at_all(severity, evidence, arguments))
    };
    Outcome::of(nodes.into_iter().filter_map(tell).collect())
}
