//! Two Expressways do not trust the same authorities: what one accepts the other refuses.

use std::collections::BTreeSet;

use crate::evidence::bundles::{self, Store};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "expressway_stores_differ",
    severity: Severity::Warning,
    refs: &["B49"],
    evaluate,
};

/// Certificates that are named for each node.
const NAMED: usize = 8;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let stores = bundles::stores(&facts.bundles, &facts.inputs);
    if stores.len() < 2 {
        return Outcome::NotApplicable;
    }
    let all: BTreeSet<[u8; 32]> = stores.values().flat_map(Store::keys).copied().collect();
    let mut rows = Vec::new();
    let mut evidence = Vec::new();
    let mut refuses = false;
    for (host, store) in &stores {
        let lacking: Vec<&[u8; 32]> =
            all.iter().filter(|digest| !store.contains_key(*digest)).collect();
        if lacking.is_empty() {
            continue;
        }
        refuses |= facts
            .expressway
            .refusals
            .iter()
            .any(|refusal| refusal.lines.nodes.iter().any(|node| is_host(node, host)));
        let named = lacking.iter().take(NAMED).filter_map(|digest| facts.certificates.get(*digest));
        let named: Vec<String> = named.map(|one| one.label()).collect();
        let arguments = Arguments::new()
            .text("host", *host)
            .number("count", lacking.len())
            .text("certificates", named.join("; "));
        rows.push(("expressway-stores-row", arguments));
        for digest in lacking {
            let elsewhere = stores.values().find_map(|store| store.get(digest));
            evidence.extend(elsewhere.map(|(input, offset)| Evidence {
                input: *input,
                offset: Some(*offset),
                ..Evidence::default()
            }));
        }
    }
    if rows.is_empty() {
        return Outcome::Clear;
    }
    evidence.sort();
    evidence.dedup();
    let hosts: Vec<&str> = stores.keys().copied().collect();
    let severity = if refuses { Severity::Warning } else { Severity::Info };
    let arguments = Arguments::new()
        .text("hosts", hosts.join(", "))
        .text("case", if refuses { "refuses" } else { "quiet" })
        .rows("rows", rows);
    Outcome::Found(vec![Found::at_all(severity, evidence, arguments)])
}

/// A log prints the short name of a host whose files may have the long one.
fn is_host(node: &str, host: &str) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    short(node) == short(host)
}
