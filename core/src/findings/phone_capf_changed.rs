//! The CAPF certificate of the phone's ITL is not the one of the servers' ITL (C15, C32, C36).

use crate::evidence::facts::ListFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::Plan;
use crate::phone::simulate::Servers;
use crate::phone::state::{Phone, phones};
use crate::report::model::Severity;
use crate::trustlist::compare;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "phone_capf_changed",
    severity: Severity::Warning,
    refs: &["C15", "C32", "C36"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    // The lists are another cluster's: `plan_migration` says what becomes of them.
    if Plan::of(facts) == Some(Plan::Migrate) {
        return Outcome::NotApplicable;
    }
    let phones = phones(facts);
    if phones.is_empty() {
        return Outcome::NotApplicable;
    }
    let servers = Servers::of(facts);
    let mut found = Vec::new();
    for phone in phones.into_iter().filter(Phone::is_sound) {
        let Some(itl) = phone.itl else { continue };
        let Some(record) = capf(itl).next() else { continue };
        let offering = || servers.itls.iter().filter(|list| capf(list).next().is_some());
        let is_same = |list: &ListFacts<'_>| {
            capf(list).any(|other| capf(itl).any(|own| compare::same_certificate(own, other)))
        };
        let Some(server) = offering().next().filter(|_| !offering().any(|list| is_same(list)))
        else {
            continue;
        };
        let arguments = Arguments::new()
            .text("phone", itl.name())
            .text("server", server.name())
            .text("subject", record.subject_text());
        let mut evidence = vec![itl.record_evidence(record)];
        evidence.extend(capf(server).map(|record| server.record_evidence(record)));
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}

fn capf<'f>(list: &'f ListFacts<'_>) -> impl Iterator<Item = &'f Record> {
    list.list.with_role(Role::CAPF).filter(|record| record.is_usable())
}
