//! CUCM's certificate list does not hold the CA of Expressway-C's own certificate in tomcat-trust and CallManager-trust: from
//! X14.0.2 on CUCM refuses Expressway then, also where nothing is in mixed mode (B55).

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::bundles::own_certificates;
use crate::evidence::facts::{CertificateFacts, Facts};
use crate::evidence::stores::{Presence, Wanted};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::Certificate;

pub(super) const CHECK: Check = Check {
    code: "expressway_ca_not_listed",
    severity: Severity::Warning,
    refs: &["B55", "CSCvz45074"],
    evaluate,
};

/// The stores that need the CA.
pub(super) const STORES: [&str; 2] = ["CallManager-trust", "tomcat-trust"];

/// Expressways that are looked at; a cluster has six at most.
const PEERS: usize = 8;

/// The first version whose peers must be known to CUCM.
const SINCE: [u32; 3] = [14, 0, 2];

/// CAs above one certificate that are looked at.
const DEPTH: usize = 4;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let own = expressways(facts);
    if own.is_empty() || facts.listed().next().is_none() {
        return Outcome::NotApplicable;
    }
    let versions = facts.expressway_versions();
    let is_old = |(_, version, _): &(String, Vec<u32>, _)| version.as_slice() < SINCE.as_slice();
    let old = !versions.is_empty() && versions.iter().all(is_old);
    let mut found = Vec::new();
    for certificate in own {
        let authorities = authorities(facts, certificate.certificate);
        // Store, with the nodes whose whole lists lack the CA.
        let mut missing: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut evidence = certificate.evidence();
        for node in facts.listed_nodes().into_iter().take(limits::PLAN_NODES) {
            for store in STORES {
                let mut absent = Vec::new();
                let is_there = authorities.iter().any(|wanted| {
                    match facts.in_store(Some(&node), store, wanted) {
                        Presence::Present(_) | Presence::Unknown => true,
                        Presence::Absent(lists) => {
                            absent = lists;
                            false
                        }
                    }
                });
                if !is_there {
                    missing.entry(store).or_default().insert(node.clone());
                    evidence.extend(absent);
                }
            }
        }
        if missing.is_empty() {
            continue;
        }
        evidence.sort();
        evidence.dedup();
        let nodes: BTreeSet<String> = missing.values().flatten().cloned().collect();
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("issuer", certificate.certificate.issuer.to_string())
            .text("stores", missing.keys().copied().collect::<Vec<_>>().join(", "))
            .number("count", nodes.len())
            .text("nodes", nodes.into_iter().collect::<Vec<_>>().join(", "))
            .text("old", if old { "yes" } else { "no" });
        let severity = if old { Severity::Info } else { Severity::Warning };
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}

/// The own certificates of Expressways, from their diagnostic files.
pub(super) fn expressways<'f, 'a>(facts: &'f Facts<'a>) -> Vec<&'f CertificateFacts<'a>> {
    let inputs = own_certificates(&facts.bundles);
    let is_own = |one: &&CertificateFacts<'_>| {
        let stands = one.seen_in.iter().any(|place| inputs.contains(&place.input));
        // The file may hold the chain as well.
        stands && !one.certificate.ca
    };
    facts.certificates.values().filter(is_own).take(PEERS).collect()
}

/// What the stores would hold: the issuer, and its issuers where their certificates are among the inputs.
pub(super) fn authorities(facts: &Facts<'_>, certificate: &Certificate) -> Vec<Wanted> {
    let mut found: Vec<Wanted> = Vec::new();
    let mut issuer = &certificate.issuer;
    while found.len() < DEPTH {
        let Some(common_name) = issuer.common_names().next() else { break };
        let above = facts.certificates.values().find(|one| one.certificate.subject == *issuer);
        let serial = above.map(|one| one.certificate.serial.clone());
        let wanted = Wanted { common_name: common_name.to_owned(), serial };
        if found.contains(&wanted) {
            break;
        }
        found.push(wanted);
        let Some(above) = above.filter(|one| !one.certificate.self_issued()) else { break };
        issuer = &above.certificate.issuer;
    }
    found
}
