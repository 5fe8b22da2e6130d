//! TVS answered a phone that it does not know, or does not trust, the certificate that the phone asked about (A55, E34).

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::vouching::{Vouching, signed_by_serial, vouchings};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "tvs_refuses",
    severity: Severity::Error,
    refs: &["A55", "E29", "E31", "E34"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let all = vouchings(facts);
    if all.iter().all(|one| one.answer.is_none()) {
        return Outcome::NotApplicable;
    }
    let signed = signed_by_serial(facts);
    Outcome::of(all.iter().filter_map(|one| refused(facts, &signed, one)).collect())
}

fn refused(
    facts: &Facts<'_>,
    signed: &BTreeMap<String, Evidence>,
    one: &Vouching<'_, '_>,
) -> Option<Found> {
    let (answer, at) = one.answer?;
    let status = answer.status.filter(|status| *status != 0)?;
    let signed = one.asked.serial.as_ref().and_then(|serial| signed.get(serial));
    let mut evidence = one.evidence();
    evidence.extend(signed.cloned());
    let arguments = Arguments::new()
        .text("client", one.client())
        .text("server", one.server().to_string())
        .text("host", one.server().ip().to_string())
        .text("subject", one.asked.subject.clone().unwrap_or_else(|| "unknown".to_owned()))
        .text("serial", one.asked.serial.clone().unwrap_or_else(|| "unknown".to_owned()))
        .number("status", status)
        .number("frame", at.frame)
        .number("asked", one.request.map_or(0, |(_, at)| at.frame))
        .text("file", signed.map_or("none", |place| facts.name(place.input)));
    // Phones ask about every server that they meet; only the signer of a file that is here is known to matter.
    let severity = if signed.is_some() { Severity::Error } else { Severity::Warning };
    Some(Found::at_all(severity, evidence, arguments))
}
