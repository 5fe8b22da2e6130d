//! None of the TVS certificates that the phone's ITL holds is in use any more (A69, A72), or some are not: a warning.
//! Harmless, and not reported, where the phone takes the server's ITL without TVS.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::simulate::{Reception, Servers};
use crate::phone::state::{Phone, phones};
use crate::phone::tvs::{Tvs, tvs};
use crate::report::model::{Evidence, Severity};
use crate::trustlist::role::Role;
use std::collections::BTreeSet;

pub(super) const CHECK: Check =
    Check { code: "phone_tvs_changed", severity: Severity::Error, refs: &["A69", "A72"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let forecasts = facts.forecasts();
    if forecasts.is_empty() {
        return Outcome::NotApplicable;
    }
    let servers = Servers::of(facts);
    let unanchored: BTreeSet<u32> = forecasts
        .iter()
        .filter(|forecast| matches!(forecast.reception, Reception::Unanchored))
        .filter_map(|forecast| forecast.phone.itl.map(|itl| itl.input))
        .collect();
    let mut found = Vec::new();
    for phone in phones(facts).into_iter().filter(Phone::is_sound) {
        let Some(itl) = phone.itl.filter(|itl| unanchored.contains(&itl.input)) else { continue };
        let (severity, case, records) = match tvs(facts, &servers, itl) {
            Tvs::Changed(lost) => (Severity::Error, "all", lost),
            Tvs::Kept { lost, .. } if !lost.is_empty() => (Severity::Warning, "some", lost),
            _ => continue,
        };
        let arguments = Arguments::new()
            .text("file", itl.name())
            .text("case", case)
            .number("records", records.len())
            .text(
                "subject",
                records.first().map(|record| record.subject_text()).unwrap_or_default(),
            );
        let mut evidence: Vec<Evidence> =
            records.iter().map(|record| itl.record_evidence(record)).collect();
        evidence.extend(servers.itls.iter().flat_map(|list| {
            list.list.with_role(Role::TVS).map(|record| list.record_evidence(record))
        }));
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}
