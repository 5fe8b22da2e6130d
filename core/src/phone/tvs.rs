//! Would the phone still believe the TVS servers that its ITL names? (A69, A72)

use std::collections::BTreeSet;

use crate::evidence::facts::{Facts, ListFacts};
use crate::order;
use crate::phone::simulate::Servers;
use crate::phone::state::Phone;
use crate::trustlist::compare;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

/// What the inputs say about the TVS certificates that a phone's ITL holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tvs<'f> {
    /// None of them is in use any more, and the lists are of one cluster: the phone refuses every TVS server.
    Changed(Vec<&'f Record>),
    /// None of them is in the servers' lists, but these may be another cluster's: the phone's own TVS servers may
    /// run as before (A78).
    Elsewhere,
    /// At least one is still in use.
    Kept {
        /// Still in use.
        kept: Vec<&'f Record>,
        /// Not in the servers' lists any more.
        lost: Vec<&'f Record>,
    },
    /// The phone's ITL names no TVS server.
    None,
    /// Neither a list of a server nor a certificate tells.
    Unknown,
}

/// What asking TVS gives a phone that finds no record for a signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The user says that TVS knows the signer, and the phone can believe TVS.
    Believed,
    /// The phone does not believe the TVS servers: their certificates were renewed.
    Changed,
    /// The phone knows no TVS server.
    Nobody,
    /// The user says that TVS does not know the signer.
    Refused,
    /// The inputs do not tell.
    Unknown,
}

/// What asking TVS gives `phone`; whether TVS knows the signer only the user can say (`tvs.knows-signer`).
pub fn ask(facts: &Facts<'_>, servers: &Servers<'_, '_>, phone: &Phone<'_, '_>) -> Ask {
    let Some(itl) = phone.itl else { return Ask::Nobody };
    match tvs(facts, servers, itl) {
        Tvs::None => return Ask::Nobody,
        Tvs::Changed(_) => return Ask::Changed,
        Tvs::Elsewhere | Tvs::Kept { .. } | Tvs::Unknown => {}
    }
    match facts.context.value("tvs.knows-signer").map(str::trim) {
        Some("yes") => Ask::Believed,
        Some("no") => Ask::Refused,
        _ => match servers.vouched {
            Some(true) => Ask::Believed,
            Some(false) => Ask::Refused,
            None => Ask::Unknown,
        },
    }
}

/// What the inputs say about the TVS records of `itl`, a phone's list. Current are the TVS records of the lists
/// that servers offer, and certificates that stand in no phone's list.
pub fn tvs<'f>(facts: &Facts<'_>, servers: &Servers<'_, '_>, itl: &'f ListFacts<'_>) -> Tvs<'f> {
    let held: Vec<&Record> =
        itl.list.with_role(Role::TVS).filter(|record| record.is_usable()).collect();
    if held.is_empty() {
        return Tvs::None;
    }
    let current = |list: &&ListFacts<'_>| list.list.with_role(Role::TVS).any(Record::is_usable);
    let servers: Vec<&ListFacts<'_>> = servers.itls.iter().copied().filter(current).collect();
    let live: BTreeSet<&[u8]> = servers
        .iter()
        .flat_map(|list| list.list.with_role(Role::TVS))
        .flat_map(compare::identities)
        .collect();
    let is_live = |record: &Record| {
        compare::identities(record).iter().any(|hash| live.contains(hash) || is_given(facts, hash))
    };
    let (kept, lost): (Vec<&Record>, Vec<&Record>) =
        held.into_iter().partition(|record| is_live(record));
    match (kept.is_empty(), servers.is_empty()) {
        (false, _) => Tvs::Kept { kept, lost },
        (true, true) => Tvs::Unknown,
        (true, false) if servers.iter().any(|list| is_same_cluster(itl, list)) => {
            Tvs::Changed(lost)
        }
        (true, false) => Tvs::Elsewhere,
    }
}

/// Two ITLs of one cluster: they share a certificate, or a TVS server of one name and another certificate. After a
/// host was renamed, its CAPF or recovery certificate still tells.
fn is_same_cluster(one: &ListFacts<'_>, other: &ListFacts<'_>) -> bool {
    let all = order::set(one.list.records.iter().flat_map(compare::identities));
    let names = order::set(one.list.with_role(Role::TVS).map(Record::subject_text));
    let shares =
        |record: &Record| compare::identities(record).iter().any(|hash| all.contains(hash));
    let names_same = |record: &Record| {
        record.role == Some(Role::TVS)
            && !record.subject_text().is_empty()
            && names.contains(record.subject_text())
    };
    other.list.records.iter().any(|record| shares(record) || names_same(record))
}

/// The certificate with this hash was given as a file of its own: seen in use.
fn is_given(facts: &Facts<'_>, hash: &[u8]) -> bool {
    facts.by_hash(hash).is_some_and(|found| {
        found.seen_in.iter().any(|place| place.record.is_none() && !place.by_hash)
    })
}
