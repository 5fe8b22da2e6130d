//! TVS answered a phone that it does not know, or does not trust, the certificate that the phone asked about (A55, E34).

use core::net::SocketAddr;
use std::collections::BTreeMap;

use crate::bytes::serial_hex;
use crate::evidence::facts::Facts;
use crate::evidence::stores::Rows;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::vouching::{Spot, Vouching, signed_by_serial};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "tvs_refuses",
    severity: Severity::Error,
    refs: &["A55", "A62", "A63", "E29", "E31", "E32", "E34"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = facts.vouchings();
    if all.iter().all(|one| one.is_trusted().is_none()) {
        return Outcome::NotApplicable;
    }
    let known = Known {
        signed: signed_by_serial(facts),
        named: named_by_serial(facts),
        rows: facts.listed_rows(),
        trusted: trusted(all),
    };
    let found = all.iter().enumerate().filter_map(|(turn, one)| refused(facts, &known, turn, one));
    Outcome::of(found.collect())
}

/// What the inputs hold of certificates, by serial.
struct Known<'f> {
    /// Lists and files that it signed.
    signed: BTreeMap<String, Evidence>,
    /// The first record of a trust list that names it.
    named: BTreeMap<String, (&'f str, Evidence)>,
    rows: Rows<'f>,
    /// Where the same server vouched for it last.
    trusted: BTreeMap<Topic<'f>, (usize, &'f Vouching<'f>)>,
}

/// Input, server, serial.
type Topic<'v> = (u32, Option<SocketAddr>, &'v str);

fn topic<'v>(one: &'v Vouching<'_>) -> Option<Topic<'v>> {
    let spot = one.request.as_ref().or(one.answer.as_ref())?;
    Some((spot.input, one.server, one.asked.serial.as_deref()?))
}

fn trusted<'v>(all: &'v [Vouching<'v>]) -> BTreeMap<Topic<'v>, (usize, &'v Vouching<'v>)> {
    let mut trusted = BTreeMap::new();
    for (turn, one) in all.iter().enumerate().filter(|(_, one)| one.is_trusted() == Some(true)) {
        if let Some(topic) = topic(one) {
            trusted.insert(topic, (turn, one));
        }
    }
    trusted
}

fn named_by_serial<'f>(facts: &'f Facts<'_>) -> BTreeMap<String, (&'f str, Evidence)> {
    let mut named = BTreeMap::new();
    for list in &facts.trust_lists {
        for record in &list.list.records {
            if let Some(serial) = record.serial.as_deref() {
                named
                    .entry(serial_hex(serial))
                    .or_insert_with(|| (list.artifact.name.as_str(), list.record_evidence(record)));
            }
        }
    }
    named
}

fn refused(facts: &Facts<'_>, known: &Known<'_>, turn: usize, one: &Vouching<'_>) -> Option<Found> {
    one.is_trusted().filter(|trusted| !trusted)?;
    let signed = one.asked.serial.as_deref().and_then(|serial| known.signed.get(serial));
    let named = one.asked.serial.as_deref().and_then(|serial| known.named.get(serial));
    let held = one.asked.serial.as_deref().and_then(|serial| holder(facts, serial));
    let held = held.or(named.map(|(list, _)| *list));
    let listed = one.listed(&known.rows);
    let over = topic(one).and_then(|topic| known.trusted.get(&topic));
    let over = over.filter(|(later, _)| *later > turn);
    let mut evidence = one.evidence();
    evidence.extend(signed.cloned());
    if signed.is_none() {
        evidence.extend(named.map(|(_, place)| place.clone()));
    }
    evidence.extend(listed.evidence());
    evidence.extend(over.into_iter().flat_map(|(_, later)| later.evidence()));
    evidence.dedup();
    let words = |spot: &Option<Spot>| spot.as_ref().map_or_else(|| "none".to_owned(), Spot::words);
    let case = match (one.compared, one.found) {
        (Some(compared), _) if compared != 0 => "other-bytes",
        (_, Some(false)) => "missing",
        _ => "unknown",
    };
    let arguments = Arguments::new()
        .text("client", one.client.as_ref())
        .text("server", one.at_server())
        .text("host", one.host())
        .text("subject", one.asked.name())
        .text("issuer", one.asked.issuer.as_deref().unwrap_or("unknown"))
        .text("serial", one.asked.serial.as_deref().unwrap_or("unknown"))
        .text("status", one.status.map_or_else(|| "none".to_owned(), |status| status.to_string()))
        .text("case", case)
        .text("answered", words(&one.answer))
        .text("asked", words(&one.request))
        .text("held", held.unwrap_or("none"))
        .text("listed", listed.word())
        .text("stores", listed.stores())
        .text("over", if over.is_some() { "yes" } else { "no" })
        .text("file", signed.map_or("none", |place| facts.name(place.input)));
    // Phones ask about every server that they meet; only the signer of a file that is here is known to matter.
    let severity = match (over, signed) {
        (Some(_), _) => Severity::Info,
        (None, Some(_)) => Severity::Error,
        (None, None) => Severity::Warning,
    };
    Some(Found::at_all(severity, evidence, arguments))
}

/// The input that holds a certificate with this serial: it is what has to be uploaded.
fn holder<'f>(facts: &'f Facts<'_>, serial: &str) -> Option<&'f str> {
    let mut certificates = facts.certificates.values();
    let found = certificates.find(|one| serial_hex(&one.certificate.serial) == serial)?;
    found.seen_in.first().map(|place| facts.name(place.input))
}
