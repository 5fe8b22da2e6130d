//! TVS answered a phone that the certificate it asked about is to be trusted, and for how long (A55, A56, E31, E35 to
//! E37).

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::evidence::stores::{Presence, Rows};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::phone::vouching::{Spot, Vouching, signed_by_serial};
use crate::report::model::{Evidence, Severity};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "tvs_vouches",
    severity: Severity::Good,
    refs: &["A55", "A56", "A61", "A62", "A63", "E29", "E31", "E33", "E35", "E36", "E37"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = facts.vouchings();
    if all.iter().all(|one| one.is_trusted().is_none()) {
        return Outcome::NotApplicable;
    }
    let (signed, rows) = (signed_by_serial(facts), facts.listed_rows());
    // A report has no more of them.
    let found = all.iter().filter_map(|one| vouched(facts, &signed, &rows, one));
    Outcome::of(found.take(limits::FINDINGS_PER_CODE).collect())
}

fn vouched(
    facts: &Facts<'_>,
    signed: &BTreeMap<String, Evidence>,
    rows: &Rows<'_>,
    one: &Vouching<'_>,
) -> Option<Found> {
    one.is_trusted().filter(|trusted| *trusted)?;
    let signed = one.asked.serial.as_deref().and_then(|serial| signed.get(serial));
    let roles: Vec<String> = one.roles.iter().map(|role| Role(*role).function()).collect();
    let mut evidence = one.evidence();
    evidence.extend(signed.cloned());
    let listed = one.listed(rows);
    if let Presence::Present(_) = listed {
        evidence.extend(listed.evidence());
    }
    let words = |spot: &Option<Spot>| spot.as_ref().map_or_else(|| "none".to_owned(), Spot::words);
    let arguments = Arguments::new()
        .text("client", one.client.as_ref())
        .text("server", one.at_server())
        .text("subject", one.asked.name())
        .text("serial", one.asked.serial.as_deref().unwrap_or("unknown"))
        .text("status", one.status.map_or_else(|| "none".to_owned(), |status| status.to_string()))
        .text("roles", if roles.is_empty() { "none".to_owned() } else { roles.join(", ") })
        .text("answered", words(&one.answer))
        .text("asked", words(&one.request))
        .text("listed", listed.word())
        .text("stores", listed.stores())
        .text("until", one.until().unwrap_or_else(|| "none".to_owned()))
        .text("file", signed.map_or("none", |place| facts.name(place.input)));
    Some(Found::at_all(Severity::Good, evidence, arguments))
}
