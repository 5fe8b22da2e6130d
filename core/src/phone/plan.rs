//! What becomes of phones when somebody carries out a plan: a rename, a move to another cluster, a central TFTP server, a renewal
//! (A71 to A77, A84 to A95, E1 to E18, E45, E46). Predicted from the lists among the inputs and from answers of the user.

use std::collections::{BTreeMap, BTreeSet};

use crate::bytes::serial_hex;
use crate::evidence::facts::{Facts, ListFacts};
use crate::evidence::stores::{Presence, Wanted};
use crate::limits;
use crate::names::{dn, misread};
use crate::phone::simulate::{Forecast, Reception, Servers, forecasts, reception};
use crate::phone::state::{Phone, phones};
use crate::phone::tvs::{Ask, ask};
use crate::report::model::{Evidence, TrustListType};
use crate::trustlist::compare;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

/// What somebody wants to do; the value of the context key `plan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// One TFTP server for several clusters.
    CentralTftp,
    /// Phones move to another cluster.
    Migrate,
    /// Host name or domain of a node changes.
    Rename,
    /// The CallManager certificate is renewed.
    RenewCallManager,
    /// The TVS certificate is renewed.
    RenewTvs,
}

impl Plan {
    /// The plan that the user named, when it is one of these.
    pub fn of(facts: &Facts<'_>) -> Option<Self> {
        Some(match facts.context.value("plan")?.trim() {
            "central-tftp" => Self::CentralTftp,
            "migrate" => Self::Migrate,
            "rename" => Self::Rename,
            "renew-callmanager" => Self::RenewCallManager,
            "renew-tvs" => Self::RenewTvs,
            _ => return None,
        })
    }
}

/// What is known of the cluster that a plan is for.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// Phones hold a CTL, or the user says that the cluster is in mixed mode.
    pub mixed: Option<bool>,
    /// Nodes that run CallManager, and so TVS.
    pub nodes: Option<usize>,
    /// Servers in the smallest CallManager group of a phone.
    pub group: Option<usize>,
    /// "Prepare Cluster for Rollback to pre 8.0" is on.
    pub rollback: Option<bool>,
    /// A list names the cluster's recovery certificate.
    pub recovery: bool,
    /// An ITL is signed by the certificate that signs files.
    pub signed_by_callmanager: bool,
    /// The lists and configurations that say so.
    pub evidence: Vec<Evidence>,
}

impl Cluster {
    /// From all lists and configurations, and from the user, whose word counts more.
    pub fn of(facts: &Facts<'_>) -> Self {
        let lists: Vec<&ListFacts<'_>> =
            facts.trust_lists.iter().filter(|list| !list.has_failed()).collect();
        let itls = || lists.iter().filter(|list| list.list.kind == TrustListType::Itl);
        let number = |key: &str| facts.context.value(key)?.trim().parse::<usize>().ok();
        let answer = |key: &str, yes: &str, no: &str| {
            facts.context.value(key).and_then(|value| match value.trim() {
                value if value.eq_ignore_ascii_case(yes) => Some(true),
                value if value.eq_ignore_ascii_case(no) => Some(false),
                _ => None,
            })
        };
        let listed = itls().map(|list| list.distinct(Role::TVS)).max().filter(|count| *count > 0);
        let group = facts.configurations.iter().map(|one| {
            let configuration = &one.configuration;
            let names = |names: BTreeSet<&str>| names.len();
            let group =
                names(configuration.call_managers.iter().map(|one| one.name.as_str()).collect());
            let tvs =
                names(configuration.tvs_servers.iter().map(|one| one.name.as_str()).collect());
            if tvs == 0 { group } else { tvs }
        });
        let has_ctl = lists.iter().any(|list| list.list.kind == TrustListType::Ctl);
        let emptied = itls().next().map(|_| itls().any(|list| list.list.is_rollback()));
        let mut evidence: Vec<Evidence> = lists.iter().map(|list| list.evidence()).collect();
        evidence.extend(facts.configurations.iter().map(|one| Evidence {
            input: one.input,
            offset: Some(one.offset),
            ..Evidence::default()
        }));
        Self {
            mixed: answer("cluster.mode", "mixed", "non-secure").or(has_ctl.then_some(true)),
            nodes: number("tvs.nodes").or(listed),
            group: number("callmanager-group.size")
                .or_else(|| group.filter(|count| *count > 0).min()),
            rollback: answer("rollback", "yes", "no").or(emptied),
            recovery: lists.iter().any(|list| list.list.records.iter().any(compare::is_recovery)),
            signed_by_callmanager: itls().any(|list| list.is_signed_by_file_signer()),
            evidence,
        }
    }
}

/// What a rename does to phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rename {
    /// One node and a CTL: phones wait until the CTL is updated (A88).
    UntilCtlUpdated,
    /// Several nodes and a CTL: TVS of the others vouches, and the CTL can be updated (A91).
    Recoverable,
    /// The ITL was emptied first: phones check nothing (A85, A97).
    Prepared,
    /// One node, ITL only: phones believe nothing any more (A85).
    Stranded,
    /// As with one node: the phone's CallManager group has one server (A90).
    StrandedByGroup,
    /// Several nodes, ITL only, all at once (A89).
    StrandedAtOnce,
    /// Several nodes, ITL only, one after the other (A89).
    OneByOne,
    /// The same, and nobody says whether it is one after the other.
    Open,
}

/// What a rename does to phones; what is missing to tell, in the error.
///
/// # Errors
/// `nodes` or `group`: the number that would decide.
pub fn rename(facts: &Facts<'_>, cluster: &Cluster) -> Result<Rename, &'static str> {
    if cluster.rollback == Some(true) && cluster.mixed != Some(true) {
        return Ok(Rename::Prepared);
    }
    let nodes = cluster.nodes.ok_or("nodes")?;
    if cluster.mixed == Some(true) {
        return Ok(if nodes == 1 { Rename::UntilCtlUpdated } else { Rename::Recoverable });
    }
    if nodes == 1 {
        return Ok(Rename::Stranded);
    }
    if cluster.group.ok_or("group")? == 1 {
        return Ok(Rename::StrandedByGroup);
    }
    Ok(match facts.context.value("nodes.at-once").map(str::trim) {
        Some("yes") => Rename::StrandedAtOnce,
        Some("no") => Rename::OneByOne,
        _ => Rename::Open,
    })
}

/// What a step of a move needs from TVS, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The phone believes the list by itself.
    Nothing,
    /// TVS knows the signer.
    Vouched,
    /// Nobody says whether TVS knows the signer.
    Unknown,
    /// TVS does not know the signer.
    Missing,
    /// The phone believes no TVS server: the ITL is emptied, or its certificates are gone.
    NoTvs,
}

/// One list of the cluster that a phone moves to, and what the phone makes of it.
#[derive(Clone, Debug)]
pub struct Step<'f, 'a> {
    /// The list.
    pub list: &'f ListFacts<'a>,
    /// What the phone needs to take it.
    pub need: Need,
    /// The rows of certificate lists that say so.
    pub rows: Vec<Evidence>,
}

/// The move of one phone, there or back.
#[derive(Clone, Debug)]
pub struct Move<'f, 'a> {
    /// The phone, with the lists that it holds at the beginning.
    pub phone: Phone<'f, 'a>,
    /// The lists that it meets, the CTL first.
    pub steps: Vec<Step<'f, 'a>>,
    /// The nodes of the cluster that vouches, whose certificate lists are among the inputs.
    pub nodes: Vec<String>,
}

impl Move<'_, '_> {
    /// The worst need of all steps.
    pub fn verdict(&self) -> Need {
        self.steps.iter().map(|step| step.need).max().unwrap_or(Need::Nothing)
    }
}

/// The move of every phone to the cluster whose lists are among the inputs (E45).
pub fn moves<'f, 'a>(facts: &'f Facts<'a>) -> Vec<Move<'f, 'a>> {
    let servers = Servers::of(facts);
    let all = forecasts(facts);
    let offered: Vec<&ListFacts<'_>> = servers.ctls.iter().chain(&servers.itls).copied().collect();
    let mut moves = Vec::new();
    for phone in phones(facts).into_iter().filter(Phone::is_sound) {
        let held: Vec<&ListFacts<'_>> = phone.lists().collect();
        let nodes = nodes_of(facts, &held, &offered);
        let own = all.iter().filter(|one| same(&one.phone, &phone));
        let steps: Vec<Step<'f, 'a>> = own
            .map(|Forecast { new, reception, .. }| {
                let (need, rows) = match reception {
                    Reception::Unanchored => match ask(facts, &servers, &phone) {
                        Ask::Unknown => vouched(facts, &nodes, new),
                        answer => (need(answer), Vec::new()),
                    },
                    _ => (Need::Nothing, Vec::new()),
                };
                Step { list: new, need, rows }
            })
            .collect();
        if !steps.is_empty() {
            moves.push(Move { phone, steps, nodes });
        }
    }
    moves
}

/// The way back: a phone that holds the destination's lists meets those that it holds now (E46). Only where the destination
/// offers one ITL, else it is not known which a phone will hold.
pub fn way_back<'f, 'a>(facts: &'f Facts<'a>) -> Vec<Move<'f, 'a>> {
    let servers = Servers::of(facts);
    let [itl] = servers.itls.as_slice() else { return Vec::new() };
    let ctl = match servers.ctls.as_slice() {
        [ctl] => Some(*ctl),
        [] => None,
        _ => return Vec::new(),
    };
    let moved = Phone { ctl, itl: Some(*itl), empty: None };
    let knows = facts.context.value("destination-tvs.knows-signer").map(str::trim);
    let has_tvs = itl.list.with_role(Role::TVS).any(Record::is_usable);
    let offered: Vec<&ListFacts<'_>> = moved.lists().collect();
    let mut moves = Vec::new();
    for phone in phones(facts).into_iter().filter(Phone::is_sound) {
        let old: Vec<&ListFacts<'_>> = phone.lists().collect();
        let nodes = nodes_of(facts, &offered, &old);
        let mut steps = Vec::new();
        let mut held = moved;
        for list in phone.lists() {
            let (need, rows) = match reception(held, list) {
                Reception::Unanchored if !has_tvs => (Need::NoTvs, Vec::new()),
                Reception::Unanchored => match knows {
                    Some("yes") => (Need::Vouched, Vec::new()),
                    Some("no") => (Need::Missing, Vec::new()),
                    _ => vouched(facts, &nodes, list),
                },
                _ => (Need::Nothing, Vec::new()),
            };
            // A CTL that was taken anchors the ITL behind it (E41).
            if list.list.kind == TrustListType::Ctl && need <= Need::Vouched {
                held.ctl = Some(list);
            }
            steps.push(Step { list, need, rows });
        }
        if !steps.is_empty() {
            moves.push(Move { phone: moved, steps, nodes });
        }
    }
    moves
}

/// The nodes of the cluster of `own` whose certificate lists are among the inputs: their own certificates stand in those
/// trust lists, and not in the `other` cluster's.
fn nodes_of(facts: &Facts<'_>, own: &[&ListFacts<'_>], other: &[&ListFacts<'_>]) -> Vec<String> {
    const IDENTITIES: [&str; 5] =
        ["CallManager", "TVS", "CAPF", "ITLRecovery", "CallManager-ECDSA"];
    let names = |lists: &[&ListFacts<'_>]| -> BTreeMap<String, Vec<Wanted>> {
        let mut names: BTreeMap<String, Vec<Wanted>> = BTreeMap::new();
        for record in lists.iter().flat_map(|list| &list.list.records) {
            if let Some(wanted) = wanted(record) {
                let entry = names.entry(misread::shapes(&wanted.common_name)).or_default();
                if !entry.contains(&wanted) && entry.len() < limits::PLAN_CERTIFICATES {
                    entry.push(wanted);
                }
            }
        }
        names
    };
    let (own, other) = (names(own), names(other));
    let mut nodes: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for entry in facts.listed() {
        let Some(node) = &entry.node else { continue };
        if !IDENTITIES.contains(&entry.listed.store.as_str()) {
            continue;
        }
        let stands_in = |names: &BTreeMap<String, Vec<Wanted>>| {
            let name = misread::shapes(&entry.listed.common_name);
            names.get(&name).is_some_and(|all| all.iter().any(|one| one.is(entry.listed)))
        };
        let known = nodes.entry(node.clone()).or_default();
        known.0 |= stands_in(&own);
        known.1 |= stands_in(&other);
    }
    let of_own = nodes.into_iter().filter(|(_, known)| *known == (true, false));
    of_own.map(|(node, _)| node).take(limits::PLAN_NODES).collect()
}

/// What certificate lists show of a record's certificate.
fn wanted(record: &Record) -> Option<Wanted> {
    let common_name = dn::common_name(record.subject_text())?;
    Some(Wanted { common_name, serial: record.serial.clone() })
}

/// Does TVS of every one of `nodes` know the signer of `list` (E7 to E9, E12)? With the rows that say so.
fn vouched(facts: &Facts<'_>, nodes: &[String], list: &ListFacts<'_>) -> (Need, Vec<Evidence>) {
    let Some(signer) = list.list.signing_record() else { return (Need::Unknown, Vec::new()) };
    stored(facts, nodes, signer)
}

/// Does a record's certificate stand in the stores that it must stand in, on every one of `nodes`?
pub fn stored(facts: &Facts<'_>, nodes: &[String], record: &Record) -> (Need, Vec<Evidence>) {
    let Some(wanted) = wanted(record) else { return (Need::Unknown, Vec::new()) };
    if nodes.is_empty() {
        return (Need::Unknown, Vec::new());
    }
    let stores: &[&str] = match compare::is_recovery(record) {
        true => &["Phone-SAST-trust"],
        false => &["CallManager-trust", "Phone-SAST-trust"],
    };
    let (mut need, mut rows) = (Need::Vouched, Vec::new());
    for node in nodes {
        for store in stores {
            match facts.in_store(Some(node), store, &wanted) {
                Presence::Present(found) => rows.extend(found.iter().map(|row| row.evidence())),
                Presence::Absent(lists) => {
                    need = Need::Missing;
                    rows.extend(lists);
                }
                Presence::Unknown => need = need.max(Need::Unknown),
            }
        }
    }
    rows.sort();
    rows.dedup();
    (need, rows)
}

fn need(ask: Ask) -> Need {
    match ask {
        Ask::Believed => Need::Vouched,
        Ask::Refused => Need::Missing,
        Ask::Changed | Ask::Nobody => Need::NoTvs,
        Ask::Unknown => Need::Unknown,
    }
}

fn same(one: &Phone<'_, '_>, other: &Phone<'_, '_>) -> bool {
    let inputs =
        |phone: &Phone<'_, '_>| -> Vec<u32> { phone.lists().map(|list| list.input).collect() };
    inputs(one) == inputs(other) && one.empty == other.empty
}

/// A certificate that must stand in the certificate stores of the other cluster, so that its TVS vouches (E7 to E10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its common name, else its whole subject.
    pub name: String,
    /// Its serial, lower-case hex.
    pub serial: String,
    /// It is the recovery certificate.
    pub recovery: bool,
    /// What the certificate lists of the other cluster say of it.
    pub need: Need,
    /// Where it stands.
    pub at: Evidence,
}

/// The certificates that sign lists or files of the cluster that the phone meets: CallManager of each TFTP node, and the recovery certificate.
pub fn imports(facts: &Facts<'_>, one: &Move<'_, '_>) -> Vec<Import> {
    // Only signers that the phone cannot tell by itself need TVS.
    let lists = one.steps.iter().filter(|step| step.need > Need::Nothing).map(|step| step.list);
    let mut found: BTreeMap<(bool, Vec<u8>), Import> = BTreeMap::new();
    for list in lists {
        for record in &list.list.records {
            let signs = record.role.is_some_and(|role| role == Role::SAST || role.signs_files());
            let Some(identity) = compare::identities(record).first().map(|hash| hash.to_vec())
            else {
                continue;
            };
            if !signs || is_token(record) || found.len() >= limits::PLAN_CERTIFICATES {
                continue;
            }
            let recovery = compare::is_recovery(record);
            found.entry((recovery, identity)).or_insert_with(|| Import {
                name: dn::common_name(record.subject_text())
                    .unwrap_or_else(|| record.subject_text().to_owned()),
                serial: record.serial.as_deref().map(serial_hex).unwrap_or_default(),
                recovery,
                need: stored(facts, &one.nodes, record).0,
                at: list.record_evidence(record),
            });
        }
    }
    found.into_values().collect()
}

/// A token's certificate: issued by Cisco's manufacturing, named `SAST-ADN` and a number (formats.md 3.4).
pub fn is_token(record: &Record) -> bool {
    let name = |stored: &str| dn::common_name(stored).unwrap_or_default().to_ascii_lowercase();
    name(record.subject_text()).starts_with("sast-adn")
        || name(record.issuer_text()).starts_with("cisco manufacturing ca")
}

/// The first numbers of a version: `11.5.1.14900-8` is 11, 5, 1, 14900, 8.
pub fn version(text: &str) -> Option<Vec<u32>> {
    let numbers: Option<Vec<u32>> =
        text.trim().split(['.', '-']).map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() <= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("10.5.2.13900-12"), Some(vec![10, 5, 2, 13_900, 12]));
        assert!(version("9.1") < version("10.5.2.13900-12"));
        assert!(version("10.5.2.11900-3") < version("10.5.2.13900-12"));
        assert!(version("14") > version("10.5.2.13900-12"));
        assert_eq!(version("X14.2"), None);
    }
}
