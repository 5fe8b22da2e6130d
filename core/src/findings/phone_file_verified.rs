//! A phone's own log says that it verified files and took lists (A40, A43, E38, E40, E41).

use std::collections::BTreeSet;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::PhoneLog;
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::Said;
use crate::text::phone_status::Kind;

pub(super) const CHECK: Check = Check {
    code: "phone_file_verified",
    severity: Severity::Good,
    refs: &["A40", "A43", "E38", "E40"],
    evaluate,
};

/// Lines that are shown for one phone.
const EVIDENCE: usize = 50;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    if logs.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().filter_map(verified).collect())
}

fn verified(log: &PhoneLog<'_>) -> Option<Found> {
    let mut files: BTreeSet<&str> = BTreeSet::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut last: Option<&str> = None;
    let mut updated = 0_usize;
    for (line, said) in log.said() {
        match said {
            Said::Requested { name, .. } => {
                last = Some(name);
                continue;
            }
            Said::Verified(Some(name)) => {
                files.insert(name);
            }
            // Which file it is, only the request before it tells.
            Said::HeaderVerified(_) | Said::Verified(None) => {
                files.extend(last);
            }
            Said::ListUpdated => updated += 1,
            _ => continue,
        }
        evidence.push(line.evidence());
    }
    for (line, _) in log.status().filter(|(_, status)| status.kind == Kind::ListUpdated) {
        updated += 1;
        evidence.push(line.evidence());
    }
    if evidence.is_empty() {
        return None;
    }
    evidence.dedup();
    evidence.truncate(EVIDENCE);
    let names = Vec::from_iter(files);
    let arguments = Arguments::new()
        .text("phone", log.label())
        .number("files", names.len())
        .text("names", names.join(", "))
        .number("updated", updated);
    Some(Found::at_all(Severity::Good, evidence, arguments))
}
