//! The certificate that signs files and the TVS certificate were made within one day of each other (A73, A74). On a fresh
//! cluster that is normal. Where a phone holds an older ITL with neither of them, and nothing else that it could believe,
//! the phone is stranded: predicted.

use crate::evidence::facts::{Facts, ListFacts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::simulate::{Forecast, Reception, Servers};
use crate::phone::tvs::{Ask, ask};
use crate::report::model::Severity;
use crate::time::{DAY, UnixTime};
use crate::trustlist::compare;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "callmanager_and_tvs_renewed_together",
    severity: Severity::Error,
    refs: &["A73", "A74", "A75"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let forecasts = facts.forecasts();
    let servers = Servers::of(facts);
    let mut found = Vec::new();
    for list in &servers.itls {
        let Some(pair) = made_together(facts, list) else { continue };
        let evidence = vec![list.record_evidence(pair.signer), list.record_evidence(pair.tvs)];
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("signer", pair.signer.subject_text())
            .text("callmanager", pair.times.0.to_string())
            .text("tvs", pair.times.1.to_string());
        let held = forecasts.iter().filter(|one| one.new.input == list.input);
        let renewed: Vec<_> = held.filter(|one| has_neither(one.phone.itl, &pair)).collect();
        let stranded = |one: &&Forecast<'_, '_>| {
            matches!(one.reception, Reception::Unanchored)
                && matches!(
                    ask(facts, &servers, &one.phone),
                    Ask::Changed | Ask::Nobody | Ask::Refused
                )
        };
        let (severity, case, phone) =
            match (renewed.iter().copied().find(stranded), renewed.first()) {
                (Some(one), _) => (Severity::Error, "stranded", Some(one)),
                (None, Some(one)) => (Severity::Warning, "renewed", Some(*one)),
                (None, None) => continue,
            };
        let mut evidence = evidence;
        evidence.extend(phone.into_iter().flat_map(|one| one.phone.evidence()));
        let arguments = arguments
            .text("case", case)
            .text("phone", phone.map(|one| one.phone.names(facts)).unwrap_or_default());
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}

/// Certificates made closer to each other than this were made in one go.
const WINDOW: i64 = DAY;

/// The record that signs files and a TVS record whose certificates were made together.
struct Pair<'f> {
    signer: &'f Record,
    tvs: &'f Record,
    times: (UnixTime, UnixTime),
}

fn made_together<'f>(facts: &Facts<'_>, list: &'f ListFacts<'_>) -> Option<Pair<'f>> {
    let made = |record: &'f Record| Some((record, facts.certificate_of(record)?.not_before.at()?));
    let signers: Vec<_> = list.list.file_signers().filter_map(made).collect();
    let servers: Vec<_> = list.list.with_role(Role::TVS).filter_map(made).collect();
    // One certificate in both roles was not renewed together with itself.
    let fits = |(signer, at): &(&'f Record, UnixTime), (tvs, then): &(&'f Record, UnixTime)| {
        at.0.abs_diff(then.0) <= WINDOW.unsigned_abs() && !compare::same_certificate(signer, tvs)
    };
    signers.iter().find_map(|signer| {
        let tvs = servers.iter().find(|tvs| fits(signer, tvs))?;
        Some(Pair { signer: signer.0, tvs: tvs.0, times: (signer.1, tvs.1) })
    })
}

/// The phone holds an ITL, and neither certificate stands in it: both were renewed since.
fn has_neither(held: Option<&ListFacts<'_>>, pair: &Pair<'_>) -> bool {
    held.is_some_and(|held| {
        !held.list.records.iter().any(|record| {
            compare::same_certificate(record, pair.signer)
                || compare::same_certificate(record, pair.tvs)
        })
    })
}
