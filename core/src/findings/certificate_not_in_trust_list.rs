//! A certificate was given whose common name stands in a trust list, but with another certificate: if it is the one that
//! the node uses now, phones with that list do not know it (A69, A71, A72).
//!
//! CUCM names all certificates of a node alike. Where every record of the name is found among the given certificates,
//! one more belongs to a service that is in no list (tomcat, ipsec): information only. Certificates that stand only in a trace of TVS
//! are left out: a phone asked about them, which it does about tomcat's above all; `tvs_refuses` and `tvs_vouches` tell what came of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::names::dn;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::trustlist::compare;

pub(super) const CHECK: Check = Check {
    code: "certificate_not_in_trust_list",
    severity: Severity::Warning,
    refs: &["A69", "A71", "A72", "A75"],
    evaluate,
};

/// Records of one common name.
#[derive(Default)]
struct Named {
    /// The first ones; a name may stand in thousands of lists.
    evidence: Vec<Evidence>,
    roles: BTreeSet<String>,
    /// Roles of records whose certificate was not given as a file.
    open: BTreeSet<String>,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let given = || {
        facts
            .certificates
            .values()
            .filter(|certificate| facts.is_dropped(certificate) && !certificate.is_anchor)
    };
    if facts.trust_lists.is_empty() || given().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut by_name: BTreeMap<String, Named> = BTreeMap::new();
    for list in &facts.trust_lists {
        for record in list.list.records.iter().filter(|record| record.is_usable()) {
            let Some(name) = dn::common_name(record.subject_text()) else { continue };
            let named = by_name.entry(name.to_lowercase()).or_default();
            if named.evidence.len() < limits::EVIDENCE_PER_FINDING {
                named.evidence.push(list.record_evidence(record));
            }
            let is_given = compare::identities(record)
                .iter()
                .any(|hash| facts.by_hash(hash).is_some_and(|known| known.is_given()));
            if !is_given {
                named.open.insert(record.function());
            }
            named.roles.insert(record.function());
        }
    }
    let mut found = Vec::new();
    for certificate in given() {
        let listed = certificate.seen_in.iter().any(|place| place.record.is_some());
        // CAPF has a finding of its own.
        if listed || certificate.is_capf() {
            continue;
        }
        let mut names = certificate.certificate.subject.common_names();
        let Some(named) = names.find_map(|name| by_name.get(&name.trim().to_lowercase())) else {
            continue;
        };
        let (severity, case) = if named.open.is_empty() {
            (Severity::Info, "accounted")
        } else {
            (Severity::Warning, "open")
        };
        let roles = if named.open.is_empty() { &named.roles } else { &named.open };
        let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
        let mut evidence = certificate.evidence();
        evidence.extend(named.evidence.iter().cloned());
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("serial", certificate.certificate.serial_hex())
            .text("roles", roles.join(", "))
            .text("case", case);
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}
