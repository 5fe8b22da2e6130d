//! An Expressway does not verify the servers that its traffic server talks to: too old, or switched off (B17, B21, B52).

use crate::evidence::expressway_settings::version;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "expressway_origins_unverified",
    severity: Severity::Warning,
    refs: &["B17", "B21", "B52", "CVE-2022-20814", "CSCwa25108"],
    evaluate,
};

/// The first release that verifies every request.
const VERIFIES: [u32; 2] = [14, 2];

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    let mut looked = false;
    for node in &facts.expressways {
        let told = node.version.as_ref();
        let number = told.and_then(|told| version(&told.value));
        let is_old = number.is_some_and(|number| number.as_slice() < VERIFIES.as_slice());
        looked |= told.is_some() || node.verifies_origins.is_some();
        let shown = told.map_or("unknown", |told| told.value.as_str());
        let off = node.verifies_origins.as_ref().filter(|told| !told.value);
        let (case, at) = match (is_old, off, told) {
            // An old release has no such switch.
            (true, _, Some(told)) => ("old", vec![told.at.clone()]),
            (_, Some(off), told) => {
                let mut at = vec![off.at.clone()];
                at.extend(told.map(|told| told.at.clone()));
                ("off", at)
            }
            _ => continue,
        };
        found.push(tell(case, &node.name, shown, at));
    }
    if !looked {
        // The user knows the version: then the origins themselves are what it is about.
        let Some((shown, number, None)) = facts.expressway_versions().into_iter().next() else {
            return Outcome::NotApplicable;
        };
        let origin = facts.origins.list.first();
        let owner = origin.and_then(|origin| facts.certificates.get(&origin.sha256));
        let Some(owner) = owner else { return Outcome::NotApplicable };
        if number.as_slice() < VERIFIES.as_slice() {
            found.push(tell("old", "", &shown, owner.evidence()));
        }
    }
    Outcome::of(found)
}

fn tell(case: &'static str, node: &str, version: &str, at: Vec<Evidence>) -> Found {
    let arguments = Arguments::new()
        .text("case", case)
        .text("node", if node.is_empty() { "none" } else { node })
        .text("version", version);
    Found::at_all(Severity::Warning, at, arguments)
}
