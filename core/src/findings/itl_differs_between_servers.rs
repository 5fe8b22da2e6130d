//! ITLs of one cluster that differ in what all its nodes share: the TVS and CAPF certificates (C14, C36). The signer
//! and the TFTP record may differ from node to node.

use crate::evidence::facts::ListFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::order;
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::compare;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CHECK: Check = Check {
    code: "itl_differs_between_servers",
    severity: Severity::Warning,
    refs: &["C14", "C36"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut groups: BTreeMap<Content, Vec<&ListFacts<'_>>> = BTreeMap::new();
    for list in facts.server_lists() {
        if list.list.kind != TrustListType::Itl || !list.is_credible() || list.list.is_rollback() {
            continue;
        }
        groups.entry(shared(list)).or_default().push(list);
    }
    if groups.len() < 2 {
        return Outcome::Clear;
    }
    // Lists of different clusters have nothing in common: only groups that share a certificate are compared.
    let mut by_certificate: BTreeMap<Vec<u8>, BTreeSet<usize>> = BTreeMap::new();
    for (number, lists) in groups.values().enumerate() {
        for hash in lists.iter().flat_map(|list| &list.list.records).flat_map(compare::identities) {
            by_certificate.entry(hash.to_vec()).or_default().insert(number);
        }
    }
    let shared = by_certificate.into_values().filter(|groups| groups.len() > 1);
    let related: BTreeSet<usize> = order::set(shared.flatten());
    let mut firsts: Vec<&ListFacts<'_>> = groups
        .values()
        .enumerate()
        .filter(|(number, _)| related.contains(number))
        .filter_map(|(_, lists)| lists.first().copied())
        .collect();
    order::sort_by_key(&mut firsts, |list| list.input);
    let [one, other, ..] = firsts.as_slice() else { return Outcome::Clear };
    let arguments = Arguments::new()
        .text("one", one.name())
        .text("other", other.name())
        .number("groups", firsts.len());
    let evidence = firsts.iter().map(|list| list.evidence()).collect();
    Outcome::Found(vec![Found::at_all(Severity::Warning, evidence, arguments)])
}

/// Role and certificate of the records that every node's ITL has in common.
type Content = BTreeSet<(Role, Vec<u8>)>;

fn shared(list: &ListFacts<'_>) -> Content {
    let key = |record: &Record| {
        let role = record.role.filter(|role| matches!(*role, Role::TVS | Role::CAPF))?;
        Some((role, compare::identities(record).first()?.to_vec()))
    };
    order::set(list.list.records.iter().filter_map(key))
}
