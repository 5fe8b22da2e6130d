//! TVS answered a phone that the certificate it asked about is to be trusted, and for how long (A55, A56, E31, E35 to
//! E37).

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::vouching::{Vouching, signed_by_serial, vouchings};
use crate::report::model::{Evidence, Severity};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "tvs_vouches",
    severity: Severity::Good,
    refs: &["A55", "A56", "E29", "E31", "E33", "E35", "E36", "E37"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let all = vouchings(facts);
    if all.iter().all(|one| one.answer.is_none()) {
        return Outcome::NotApplicable;
    }
    let signed = signed_by_serial(facts);
    Outcome::of(all.iter().filter_map(|one| vouched(facts, &signed, one)).collect())
}

fn vouched(
    facts: &Facts<'_>,
    signed: &BTreeMap<String, Evidence>,
    one: &Vouching<'_, '_>,
) -> Option<Found> {
    let (answer, at) = one.answer?;
    answer.status.filter(|status| *status == 0)?;
    let signed = one.asked.serial.as_ref().and_then(|serial| signed.get(serial));
    let roles: Vec<String> =
        answer.roles.iter().map(|role| Role(u16::from(*role)).function()).collect();
    let until = answer.time_to_live.map(|seconds| at.time.plus(i64::from(seconds)).to_string());
    let mut evidence = one.evidence();
    evidence.extend(signed.cloned());
    let arguments = Arguments::new()
        .text("client", one.client())
        .text("server", one.server().to_string())
        .text("subject", one.asked.subject.clone().unwrap_or_else(|| "unknown".to_owned()))
        .text("serial", one.asked.serial.clone().unwrap_or_else(|| "unknown".to_owned()))
        .text("roles", if roles.is_empty() { "none".to_owned() } else { roles.join(", ") })
        .number("frame", at.frame)
        .number("asked", one.request.map_or(0, |(_, at)| at.frame))
        .text("until", until.unwrap_or_else(|| "none".to_owned()))
        .text("file", signed.map_or("none", |place| facts.name(place.input)));
    Some(Found::at_all(Severity::Good, evidence, arguments))
}
