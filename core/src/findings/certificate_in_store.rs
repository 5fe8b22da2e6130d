//! The signer of a list or file stands in CUCM's certificate list: TVS of that node vouches for it (A63, E7, E8, E9).

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::facts::Facts;
use crate::evidence::stores::{Entry, Wanted};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::dn;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "certificate_in_store",
    severity: Severity::Good,
    refs: &["A63", "A77", "E7", "E8", "E9"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.listed().next().is_none() {
        return Outcome::NotApplicable;
    }
    let rows: Vec<Entry<'_>> = facts.listed().collect();
    let mut found = Vec::new();
    for (wanted, mut evidence) in wanted(facts) {
        let entries: Vec<&Entry<'_>> =
            rows.iter().filter(|entry| wanted.is(entry.listed)).collect();
        if entries.is_empty() {
            continue;
        }
        evidence.extend(entries.iter().map(|entry| entry.evidence()));
        let stores: BTreeSet<&str> =
            entries.iter().map(|entry| entry.listed.store.as_str()).collect();
        let nodes: BTreeSet<&str> =
            entries.iter().filter_map(|entry| entry.node.as_deref()).collect();
        let by_serial = entries.iter().any(|entry| entry.listed.serial.is_some());
        let arguments = Arguments::new()
            .text("name", wanted.common_name.as_str())
            .text("stores", stores.into_iter().collect::<Vec<_>>().join(", "))
            .text("by", if by_serial { "serial" } else { "name" })
            .number("nodes", nodes.len())
            .text("node", nodes.into_iter().collect::<Vec<_>>().join(", "));
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}

/// The certificates that phones would ask TVS for: the signers of lists and of signed files, with the places that name
/// them.
pub(super) fn wanted(facts: &Facts<'_>) -> BTreeMap<Wanted, Vec<Evidence>> {
    let mut wanted: BTreeMap<Wanted, Vec<Evidence>> = BTreeMap::new();
    let mut add = |subject: &str, serial: Option<&[u8]>, evidence: Evidence| {
        if let Some(common_name) = dn::common_name(subject) {
            let key = Wanted { common_name, serial: serial.map(<[u8]>::to_vec) };
            wanted.entry(key).or_default().push(evidence);
        }
    };
    for list in facts.server_lists().filter(|list| !list.has_failed()) {
        if let Some(record) = list.list.signing_record() {
            let evidence = list.record_evidence(record);
            add(record.subject_text(), record.serial.as_deref(), evidence);
        }
    }
    for file in &facts.signed_files {
        let evidence =
            Evidence { input: file.input, offset: file.signer_offset(), ..Evidence::default() };
        add(file.signer_name(), file.file.header.signer_serial.as_deref(), evidence);
    }
    wanted
}
