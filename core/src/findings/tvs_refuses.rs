//! TVS answered a phone that it does not know, or does not trust, the certificate that the phone asked about (A55, E34).

use std::collections::BTreeMap;

use crate::bytes::serial_hex;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::vouching::{Spot, Vouching, signed_by_serial, vouchings};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "tvs_refuses",
    severity: Severity::Error,
    refs: &["A55", "A62", "E29", "E31", "E32", "E34"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let all = vouchings(facts);
    if all.iter().all(|one| one.is_trusted().is_none()) {
        return Outcome::NotApplicable;
    }
    let signed = signed_by_serial(facts);
    Outcome::of(all.iter().filter_map(|one| refused(facts, &signed, one)).collect())
}

fn refused(
    facts: &Facts<'_>,
    signed: &BTreeMap<String, Evidence>,
    one: &Vouching<'_>,
) -> Option<Found> {
    one.is_trusted().filter(|trusted| !trusted)?;
    let signed = one.asked.serial.as_ref().and_then(|serial| signed.get(serial));
    let held = one.asked.serial.as_ref().and_then(|serial| holder(facts, serial));
    let mut evidence = one.evidence();
    evidence.extend(signed.cloned());
    let words = |spot: &Option<Spot>| spot.as_ref().map_or_else(|| "none".to_owned(), Spot::words);
    let unknown = || "unknown".to_owned();
    let case = match (one.compared, one.found) {
        (Some(compared), _) if compared != 0 => "other-bytes",
        (_, Some(false)) => "missing",
        _ => "unknown",
    };
    let arguments = Arguments::new()
        .text("client", one.client.as_str())
        .text("server", one.at_server())
        .text("host", one.host())
        .text("subject", one.asked.name())
        .text("issuer", one.asked.issuer.clone().unwrap_or_else(unknown))
        .text("serial", one.asked.serial.clone().unwrap_or_else(unknown))
        .text("status", one.status.map_or_else(|| "none".to_owned(), |status| status.to_string()))
        .text("case", case)
        .text("answered", words(&one.answer))
        .text("asked", words(&one.request))
        .text("held", held.unwrap_or("none"))
        .text("file", signed.map_or("none", |place| facts.name(place.input)));
    // Phones ask about every server that they meet; only the signer of a file that is here is known to matter.
    let severity = if signed.is_some() { Severity::Error } else { Severity::Warning };
    Some(Found::at_all(severity, evidence, arguments))
}

/// The input that holds a certificate with this serial: it is what has to be uploaded.
fn holder<'f>(facts: &'f Facts<'_>, serial: &str) -> Option<&'f str> {
    let mut certificates = facts.certificates.values();
    let found = certificates.find(|one| serial_hex(&one.certificate.serial) == serial)?;
    found.seen_in.first().map(|place| facts.name(place.input))
}
