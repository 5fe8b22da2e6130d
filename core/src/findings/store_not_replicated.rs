//! A trusted certificate stands in the store of one node and not in that of another (E12).

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::stores::Entry;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::misread;
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::text::certificate_list::serial_key;

pub(super) const CHECK: Check = Check {
    code: "store_not_replicated",
    severity: Severity::Warning,
    refs: &["E10", "E11", "E12"],
    evaluate,
};

/// Stores that CUCM keeps equal on all nodes of a cluster.
const STORES: [&str; 3] = ["CallManager-trust", "Phone-SAST-trust", "tomcat-trust"];

/// Rows that are named in one finding.
const SHOWN: usize = 20;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let nodes = facts.listed_nodes();
    if nodes.len() < 2 {
        return Outcome::NotApplicable;
    }
    if !facts.lists_are_whole() {
        return Outcome::Clear;
    }
    let mut found = Vec::new();
    for store in STORES {
        let mut by_node: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
        let rows: Vec<Entry<'_>> =
            facts.listed().filter(|entry| entry.listed.store == store).collect();
        for entry in &rows {
            if let Some(node) = entry.node.as_deref().and_then(|node| nodes.get(node)) {
                by_node.entry(node).or_default().push(entry.clone());
            }
        }
        // Lists of two clusters have hardly anything in common: they are no copies of each other.
        let names = |rows: &[Entry<'_>]| -> BTreeSet<(String, Option<String>)> {
            rows.iter().map(key).collect()
        };
        let all: Vec<(&str, BTreeSet<_>)> =
            by_node.iter().map(|(node, rows)| (*node, names(rows))).collect();
        for (node, has) in &all {
            let missing: BTreeSet<_> = all
                .iter()
                .filter(|(_, other)| other.intersection(has).count() * 2 >= has.len().max(1))
                .flat_map(|(_, other)| other.difference(has).cloned())
                .collect();
            if missing.is_empty() {
                continue;
            }
            let is_missing = |entry: &&Entry<'_>| missing.contains(&key(entry));
            let evidence = rows.iter().filter(is_missing).map(Entry::evidence).collect();
            let labels: BTreeSet<&str> = rows
                .iter()
                .filter(is_missing)
                .map(|entry| entry.listed.common_name.as_str())
                .take(SHOWN)
                .collect();
            let arguments = Arguments::new()
                .text("store", store)
                .text("node", *node)
                .number("count", missing.len())
                .text("names", labels.into_iter().collect::<Vec<_>>().join(", "));
            found.push(Found::at_all(Severity::Warning, evidence, arguments));
        }
    }
    Outcome::of(found)
}

/// What the rows of one certificate in two lists have in common, misread or not.
fn key(entry: &Entry<'_>) -> (String, Option<String>) {
    (misread::shapes(&entry.listed.common_name), entry.listed.serial.as_deref().map(serial_key))
}
