//! By the dates of a certificate list, CallManager and TVS of a node were made on the same day, and its other certificates were not: they
//! were renewed together (A73, A74).
//!
//! The list shows only when a certificate ends. What CUCM signs by itself is valid for five years, so two that end on one day were
//! made on one day. Ends that are further away than that say nothing.

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::evidence::stores::Entry;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::time::{DAY, UnixTime};

pub(super) const CHECK: Check = Check {
    code: "listed_renewed_together",
    severity: Severity::Warning,
    refs: &["A73", "A74"],
    evaluate,
};

/// Seconds between ends that still mean one day: one may have been made before midnight.
const SAME: u64 = DAY.unsigned_abs();

/// Days for which phones are likely to be in the middle of it.
const RECENT: i64 = 60;

/// The own certificates of one node that it signed itself, by store.
type Own<'a> = BTreeMap<String, (UnixTime, Entry<'a>)>;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.listed().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut nodes: BTreeMap<String, Own<'_>> = BTreeMap::new();
    for entry in facts.listed() {
        let listed = entry.listed;
        let node = listed.distribution.clone().or_else(|| entry.node.clone());
        let (Some(node), Some(expires)) = (node, listed.expires) else { continue };
        let is_own = !listed.is_trust() && listed.is_self_signed == Some(true);
        if is_own && (nodes.len() < limits::PLAN_NODES || nodes.contains_key(&node)) {
            nodes.entry(node).or_default().insert(listed.store.clone(), (expires, entry));
        }
    }
    let found = nodes.into_iter().filter_map(|(node, own)| together(facts, &node, &own));
    Outcome::of(found.collect())
}

fn together(facts: &Facts<'_>, node: &str, own: &Own<'_>) -> Option<Found> {
    let (callmanager, first) = own.get("CallManager")?;
    let (tvs, second) = own.get("TVS")?;
    if callmanager.0.abs_diff(tvs.0) > SAME {
        return None;
    }
    // ITLRecovery is made for twenty years. Where all others have the same day, the node was installed or renamed then.
    let other = ["tomcat", "ipsec", "CAPF"].into_iter().find_map(|store| {
        own.get(store).filter(|(expires, _)| expires.0.abs_diff(callmanager.0) > SAME)
    });
    let (_, other) = other?;
    let (year, month, day, ..) = callmanager.parts();
    // A certificate that ends on 29 February began on one, four or five years before.
    let made = UnixTime::from_parts(year - 5, month, day.min(28), 0, 0, 0)?;
    let days = Some(made.days_until(facts.now)).filter(|days| *days >= 0)?;
    let is_recent = days <= RECENT;
    let date = |time: UnixTime| time.to_string().get(..10).unwrap_or_default().to_owned();
    let arguments = Arguments::new()
        .text("node", node)
        .text("expires", date(*callmanager))
        .text("made", date(made))
        .text("other", other.listed.store.as_str())
        .text("recent", if is_recent { "yes" } else { "no" });
    let evidence = vec![first.evidence(), second.evidence(), other.evidence()];
    let severity = if is_recent { Severity::Warning } else { Severity::Info };
    Some(Found::at_all(severity, evidence, arguments))
}
