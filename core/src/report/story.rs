//! The story of a case: which findings are about the same thing, which of them explain the others, and what to say first.
//!
//! What a finding is about comes from its values (addresses, host names, devices) and its evidence (certificates, files).
//! Captures and files tell which of those names mean one thing: a phone's address and its device name, a host name and
//! the address that DNS answers. The declared table [`causes`] says what can lead to what.

use core::cell::RefCell;
use core::cmp::Ordering;
use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::bytes::hex;
use crate::evidence::facts::Facts;
use crate::findings::causes::{self, Within};
use crate::findings::{Arguments, Found, Value};
use crate::i18n::Messages;
use crate::limits;
use crate::names::device::device_of_file;
use crate::names::tokens::{Token, tokens};
use crate::order;
use crate::phone::derived::Derived;
use crate::phone::state::phones;
use crate::report::build::begin;
use crate::report::model::{
    Cause, Finding, InputKind, Severity, SkipOutcome, Skipped, Subject, SubjectKind, Summary,
    Verdict,
};

/// What findings can be about; [`Subject`] is what the report says of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Address(IpAddr),
    Certificate([u8; 32]),
    Device(String),
    /// An input that is one thing: a list, a signed file, a configuration; not a capture, which shows many.
    File(u32),
    Host(String),
}

/// A finding with what is needed to place it in the story.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) finding: Finding,
    /// The values of its message.
    arguments: Arguments,
    /// In order, each once.
    things: Vec<Known>,
    /// How many of them are addresses.
    addresses: usize,
    /// One of them is a certificate.
    names_certificate: bool,
    /// Place of its code in the table of causes; looked up once, because it is compared often.
    rank: usize,
}

/// What is known of the things of a case.
#[derive(Debug)]
pub(super) struct Things<'f, 'a> {
    facts: &'f Derived<'a>,
    /// Certificates by input and record, frame or offset.
    certificates: BTreeMap<(u32, Place), [u8; 32]>,
    same: Same,
    /// Things that findings are about, while findings are placed.
    known: RefCell<BTreeMap<Thing, Known>>,
    /// All inputs are about one phone, as far as they tell.
    pub(super) one_phone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Record(u32),
    Frame(u64),
    Offset(u64),
}

/// A thing by its number: findings are compared with each other many times. Names that mean one thing have one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    number: usize,
    kind: Kind,
}

/// What a common thing of two findings says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Address,
    Certificate,
    Host,
    /// A device or a file: enough in any case.
    Itself,
}

impl Thing {
    fn kind(&self) -> Kind {
        match self {
            Self::Address(_) => Kind::Address,
            Self::Certificate(_) => Kind::Certificate,
            Self::Device(_) | Self::File(_) => Kind::Itself,
            Self::Host(_) => Kind::Host,
        }
    }
}

/// Names that mean one thing: each points to another, the last to itself.
#[derive(Debug, Default)]
struct Same(BTreeMap<Thing, Thing>);

impl Same {
    fn of(&self, thing: &Thing) -> Thing {
        let mut thing = thing;
        // Every step leads to a smaller thing, so there is an end.
        while let Some(next) = self.0.get(thing).filter(|next| *next < thing) {
            thing = next;
        }
        thing.clone()
    }

    fn join(&mut self, one: &Thing, other: &Thing) {
        let (one, other) = (self.of(one), self.of(other));
        if one != other {
            let (small, large) = if one < other { (one, other) } else { (other, one) };
            self.0.insert(large, small);
        }
    }
}

impl<'f, 'a> Things<'f, 'a> {
    /// `names` adds what captures and logs tell.
    pub(super) fn of(facts: &'f Derived<'a>, names: fn(&mut Names<'_, '_>)) -> Self {
        let mut things = Self {
            facts,
            certificates: BTreeMap::new(),
            same: Same::default(),
            known: RefCell::default(),
            one_phone: false,
        };
        things.place_certificates();
        things.join_names(names);
        things
    }

    fn place_certificates(&mut self) {
        for (sha256, certificate) in &self.facts.certificates {
            for seen in &certificate.seen_in {
                let place = match (seen.record, seen.frame, seen.offset) {
                    (Some(record), _, _) => Place::Record(record),
                    // A frame carries a chain: the owner's is told below.
                    (None, Some(_), _) => continue,
                    (None, None, Some(offset)) => Place::Offset(offset),
                    (None, None, None) => continue,
                };
                self.certificates.insert((seen.input, place), *sha256);
            }
        }
        for capture in &self.facts.captures {
            let sessions =
                capture.content.capture.flows.iter().filter_map(|flow| flow.tls.as_deref());
            let shown = sessions
                .flat_map(|tls| tls.server_certificates.iter().chain(&tls.client_certificates));
            for one in shown.filter(|one| one.depth == 0) {
                self.certificates.insert((capture.input, Place::Frame(one.at.frame)), one.sha256);
            }
        }
    }

    fn join_names(&mut self, events: fn(&mut Names<'_, '_>)) {
        let facts = self.facts;
        let mut names = Names {
            facts,
            same: &mut self.same,
            devices: BTreeSet::new(),
            clients: BTreeSet::new(),
            logs: 0,
        };
        for (input, artifact) in (0..).zip(&facts.inputs) {
            if let Some(device) =
                device_of_file(&artifact.name).filter(|_| is_one_thing(artifact.kind))
            {
                names.device(&Thing::File(input), device.to_ascii_uppercase());
            }
        }
        for configuration in &facts.configurations {
            if let Some(device) = facts.device_of(configuration) {
                names.device(&Thing::File(configuration.input), device);
            }
        }
        events(&mut names);
        let Names { devices, clients, logs, .. } = names;
        self.one_phone =
            devices.len() <= 1 && clients.len() <= 1 && logs <= 1 && phones(facts).len() <= 1;
        // Lists named as the phone's, and one phone that all else is about: the same one.
        if let Some(device) = devices.first().filter(|_| self.one_phone) {
            for list in facts.phone_lists() {
                self.same.join(&Thing::File(list.input), device);
            }
        }
    }

    /// The number of `thing`, which is that of whatever means the same.
    fn known(&self, thing: &Thing) -> Known {
        let mut known = self.known.borrow_mut();
        if let Some(one) = known.get(thing) {
            return *one;
        }
        let same = self.same.of(thing);
        let next = Known { number: known.len(), kind: same.kind() };
        let one = *known.entry(same).or_insert(next);
        known.insert(thing.clone(), one);
        one
    }

    /// What a finding is about.
    pub(super) fn about(&self, found: &Found) -> BTreeSet<Thing> {
        let mut things = BTreeSet::new();
        for evidence in found.evidence.iter().take(limits::EVIDENCE_PER_FINDING) {
            let place = match (evidence.record, evidence.frame, evidence.offset) {
                (Some(record), _, _) => Some(Place::Record(record)),
                (None, Some(frame), _) => Some(Place::Frame(frame)),
                (None, None, Some(offset)) => Some(Place::Offset(offset)),
                (None, None, None) => None,
            };
            let certificate =
                place.and_then(|place| self.certificates.get(&(evidence.input, place)));
            things.extend(certificate.map(|sha256| Thing::Certificate(*sha256)));
            let input = self.facts.inputs.get(evidence.input as usize);
            if input.is_some_and(|input| is_one_thing(input.kind)) {
                things.insert(Thing::File(evidence.input));
            }
        }
        named(&found.arguments, &mut things);
        things
    }
}

/// The phones that inputs name, while they are collected.
#[derive(Debug)]
pub(super) struct Names<'n, 'a> {
    facts: &'n Derived<'a>,
    same: &'n mut Same,
    devices: BTreeSet<Thing>,
    clients: BTreeSet<IpAddr>,
    /// Logs of phones.
    logs: usize,
}

impl Names<'_, '_> {
    fn device(&mut self, thing: &Thing, device: String) {
        let device = Thing::Device(device);
        self.same.join(thing, &device);
        self.devices.insert(device);
    }

    /// What captures and logs tell.
    pub(super) fn join_events(&mut self) {
        for boot in self.facts.boots() {
            self.clients.insert(boot.client);
            if let Some(device) = &boot.device {
                self.device(&Thing::Address(boot.client), device.clone());
            }
        }
        for capture in &self.facts.captures {
            for asked in &capture.content.capture.dns {
                let host = Thing::Host(asked.name.trim_end_matches('.').to_ascii_lowercase());
                for address in asked.answers.iter().filter_map(|answer| answer.parse().ok()) {
                    self.same.join(&host, &Thing::Address(address));
                }
            }
        }
        let logs = self.facts.logs();
        self.devices.extend(logs.iter().filter_map(|log| log.device.clone().map(Thing::Device)));
        self.logs = logs.len();
    }
}

/// Adds the devices, addresses and hosts that the values of a finding name.
fn named(arguments: &Arguments, things: &mut BTreeSet<Thing>) {
    for (_, value) in arguments.iter() {
        match value {
            Value::Number(_) => {}
            Value::Rows(rows) => {
                for (_, arguments) in rows {
                    named(arguments, things);
                }
            }
            Value::Text(text) => {
                if let Some(address) = plain_address(text) {
                    if things.len() >= limits::SUBJECTS_PER_FINDING {
                        return;
                    }
                    things.insert(Thing::Address(address));
                    continue;
                }
                for (_, token) in tokens(text) {
                    if things.len() >= limits::SUBJECTS_PER_FINDING {
                        return;
                    }
                    match token {
                        Token::Address(address) => things.insert(Thing::Address(address)),
                        Token::Device(device) => things.insert(Thing::Device(device)),
                        Token::Host(host) => things.insert(Thing::Host(host)),
                        Token::Mac(mac) => things.insert(Thing::Device(format!("SEP{mac}"))),
                        Token::User(_) => false,
                    };
                }
            }
        }
    }
}

/// The address of a value that is nothing else, with or without a port: most values that name something.
fn plain_address(text: &str) -> Option<IpAddr> {
    let address = text.rsplit_once(':').map_or(text, |(address, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) { address } else { text }
    });
    Some(IpAddr::V4(address.parse().ok()?))
}

fn is_one_thing(kind: InputKind) -> bool {
    matches!(kind, InputKind::Configuration | InputKind::SignedFile | InputKind::TrustList)
}

impl Draft {
    /// A finding and its place in the story.
    /// `about` as [`Things::about`] says it, `arguments` the values of the finding's message.
    pub(super) fn new(
        mut finding: Finding,
        arguments: Arguments,
        about: &BTreeSet<Thing>,
        things: &Things<'_, '_>,
    ) -> Self {
        finding.about = about.iter().filter_map(subject).collect();
        let mut known = Vec::with_capacity(about.len());
        for one in about.iter().map(|thing| things.known(thing)) {
            if let Err(place) = known.binary_search(&one) {
                known.insert(place, one);
            }
        }
        let things: Vec<Known> = known;
        let of_kind = |kind: Kind| things.iter().filter(|thing| thing.kind == kind).count();
        let (addresses, certificates) = (of_kind(Kind::Address), of_kind(Kind::Certificate));
        let rank = causes::rank(&finding.code);
        Self { finding, arguments, things, addresses, names_certificate: certificates > 0, rank }
    }

    /// The finding in one sentence, and what would decide between it and another explanation.
    fn headline(&self, messages: &Messages) -> (String, Option<String>) {
        let id = format!("headline-{}", self.finding.code);
        let arguments = self.arguments.clone().text("title", self.finding.title.as_str());
        let words = messages.with(&arguments);
        let sentence = words.text(&id).filter(|text| !text.is_empty());
        let sentence = sentence.map_or_else(|| format!("{}.", self.finding.title), begin);
        (sentence, words.attribute(&id, "decide"))
    }

    /// Both are about one thing. Of two that name certificates it must be the same one: a server has several.
    fn is_about_the_same(&self, other: &Self, anyway: bool) -> bool {
        let (mut own, mut theirs) = (self.things.iter().peekable(), other.things.iter().peekable());
        let mut addresses = 0;
        let mut hosts = 0;
        while let (Some(one), Some(another)) = (own.peek(), theirs.peek()) {
            match one.cmp(another) {
                Ordering::Less => {
                    own.next();
                }
                Ordering::Greater => {
                    theirs.next();
                }
                Ordering::Equal => {
                    match one.kind {
                        Kind::Certificate | Kind::Itself => return true,
                        Kind::Address => addresses += 1,
                        Kind::Host => hosts += 1,
                    }
                    own.next();
                    theirs.next();
                }
            }
        }
        if self.names_certificate && other.names_certificate {
            return false;
        }
        // Two that each name an address of their own tell of different peers of one server.
        let elsewhere = self.addresses > addresses && other.addresses > addresses;
        if addresses + hosts > 0 { !elsewhere } else { anyway }
    }

    /// Order among findings that no link connects: the same whatever the order of the inputs was.
    fn key(&self) -> (Severity, usize, &str, &str, &str) {
        let finding = &self.finding;
        (finding.severity, self.rank, &finding.code, &finding.title, &finding.detail)
    }
}

fn subject(thing: &Thing) -> Option<Subject> {
    let (kind, value) = match thing {
        Thing::Address(address) => (SubjectKind::Address, address.to_string()),
        Thing::Certificate(sha256) => (SubjectKind::Certificate, hex(sha256)),
        Thing::Device(device) => (SubjectKind::Device, device.clone()),
        Thing::Host(host) => (SubjectKind::Host, host.clone()),
        // Evidence names it.
        Thing::File(_) => return None,
    };
    Some(Subject { kind, value })
}

/// What decides about links beyond the table of causes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links {
    /// Whether the values of a finding (its code, its values) that can be the cause of another agree with that other's.
    pub(super) agree: fn(&str, &Arguments, &str, &Arguments) -> bool,
    /// Whether findings of a code tell of something that failed, not of something that may.
    pub(super) happened: fn(&str) -> bool,
}

/// The findings in the order in which they are told, linked, and the causes among them.
pub(super) fn tell(
    mut drafts: Vec<Draft>,
    one_phone: bool,
    judged: Links,
    messages: &Messages,
) -> (Vec<Finding>, Vec<Cause>) {
    order::sort_by(&mut drafts, |one, other| one.key().cmp(&other.key()));
    // Findings by code; each code has the number of its first finding.
    let mut by_code: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    // Findings by the number of their code and thing, so that only those that share one are compared.
    let mut sharing: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        let alike = by_code.entry(&draft.finding.code).or_default();
        alike.push(index);
        let number = alike.first().copied().unwrap_or_default();
        for thing in &draft.things {
            sharing.entry((number, thing.number)).or_default().push(index);
        }
    }
    let mut caused_by: Vec<Vec<usize>> = vec![Vec::new(); drafts.len()];
    // The last round in which each finding was looked at: it may share several things with a cause.
    let mut looked_at = vec![0_usize; drafts.len()];
    let mut round = 0;
    for cause in causes::CAUSES {
        let Some(all) = by_code.get(cause.code) else { continue };
        let of: Vec<&Vec<usize>> = cause.of.iter().filter_map(|code| by_code.get(code)).collect();
        let anyway = match causes::within(cause.code) {
            Within::Phone => one_phone,
            Within::Things => false,
            Within::Windows => true,
        };
        for &from in all {
            let Some(draft) =
                drafts.get(from).filter(|draft| draft.finding.severity != Severity::Good)
            else {
                continue;
            };
            round += 1;
            let mut look = |to: usize| {
                let (Some(other), Some(causes), Some(last)) =
                    (drafts.get(to), caused_by.get_mut(to), looked_at.get_mut(to))
                else {
                    return;
                };
                if *last != round
                    && causes.len() < limits::SUBJECTS_PER_FINDING
                    && other.finding.severity != Severity::Good
                    && draft.is_about_the_same(other, anyway)
                    && (judged.agree)(
                        cause.code,
                        &draft.arguments,
                        &other.finding.code,
                        &other.arguments,
                    )
                {
                    causes.push(from);
                }
                *last = round;
            };
            for alike in &of {
                if anyway {
                    alike.iter().copied().for_each(&mut look);
                    continue;
                }
                let number = alike.first().copied().unwrap_or_default();
                for thing in &draft.things {
                    let near = sharing.get(&(number, thing.number)).into_iter().flatten();
                    near.copied().for_each(&mut look);
                }
            }
        }
    }
    let mut causes = roots(&drafts, &caused_by, judged.happened, messages);
    let order = order(&drafts, &caused_by, &causes);
    let mut place = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(*old) {
            *place = new;
        }
    }
    let moved = |old: &usize| place.get(*old).copied().unwrap_or_default();
    let mut links: Vec<Vec<usize>> = Vec::with_capacity(order.len());
    for old in &order {
        let mut causes: Vec<usize> = caused_by.get(*old).into_iter().flatten().map(moved).collect();
        order::sort_numbers(&mut causes, &mut |one, other| one.cmp(&other));
        links.push(causes);
    }
    let mut by_place: Vec<(usize, Draft)> =
        drafts.into_iter().enumerate().map(|(old, draft)| (moved(&old), draft)).collect();
    order::sort_by_key(&mut by_place, |(new, _)| *new);
    let drafts: Vec<Draft> = by_place.into_iter().map(|(_, draft)| draft).collect();
    for cause in &mut causes {
        for place in cause.consequences.iter_mut().chain(&mut cause.alternatives) {
            *place = moved(place);
        }
        cause.finding = moved(&cause.finding);
        order::sort_numbers(&mut cause.consequences, &mut |one, other| one.cmp(&other));
    }
    let findings = drafts
        .into_iter()
        .zip(links)
        .map(|(draft, links)| Finding { caused_by: links, ..draft.finding });
    (findings.collect(), causes)
}

/// Errors first. Among one severity: what belongs to the cause that is told first, then to the next; of each causes before what follows
/// from them.
fn order(drafts: &[Draft], caused_by: &[Vec<usize>], told: &[Cause]) -> Vec<usize> {
    // Links lead from codes that stand earlier in the table to later ones, so depths are known in the table's order.
    let mut by_rank: Vec<usize> = (0..drafts.len()).collect();
    let rank = |index: usize| drafts.get(index).map(|draft| draft.rank);
    order::sort_numbers(&mut by_rank, &mut |one, other| rank(one).cmp(&rank(other)));
    let mut depth = vec![0_usize; drafts.len()];
    for index in &by_rank {
        let causes = caused_by.get(*index).into_iter().flatten();
        let deepest =
            causes.filter_map(|cause| depth.get(*cause)).max().map_or(0, |depth| depth + 1);
        if let Some(depth) = depth.get_mut(*index) {
            *depth = deepest;
        }
    }
    let mut of_cause = vec![told.len(); drafts.len()];
    for (place, cause) in told.iter().enumerate().rev() {
        for index in cause.consequences.iter().chain([&cause.finding]) {
            if let Some(of_cause) = of_cause.get_mut(*index) {
                *of_cause = place;
            }
        }
    }
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    let key = |index: usize| {
        let severity = drafts.get(index).map(|draft| draft.finding.severity);
        (severity, of_cause.get(index).copied(), depth.get(index).copied(), index)
    };
    order::sort_numbers(&mut order, &mut |one, other| key(one).cmp(&key(other)));
    order
}

/// Findings that nothing explains: errors, and what leads to errors; where there is no error, warnings. What explains something that
/// failed comes first.
fn roots(
    drafts: &[Draft],
    caused_by: &[Vec<usize>],
    happened: fn(&str) -> bool,
    messages: &Messages,
) -> Vec<Cause> {
    let mut consequences: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); drafts.len()];
    for (index, causes) in caused_by.iter().enumerate() {
        // Upwards from each finding; links have no circles, and every cause is visited once.
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut open: Vec<usize> = causes.clone();
        while let Some(cause) = open.pop() {
            if seen.insert(cause) {
                open.extend(caused_by.get(cause).into_iter().flatten());
            }
        }
        for cause in seen {
            if let Some(all) = consequences.get_mut(cause) {
                all.insert(index);
            }
        }
    }
    let severity = |index: usize| drafts.get(index).map(|draft| draft.finding.severity);
    let worst = drafts.iter().map(|draft| draft.finding.severity).min();
    let Some(worst) = worst.filter(|worst| matches!(worst, Severity::Error | Severity::Warning))
    else {
        return Vec::new();
    };
    let is_worst = |index: usize| severity(index) == Some(worst);
    let has_failed = |index: usize| {
        is_worst(index) && drafts.get(index).is_some_and(|draft| happened(&draft.finding.code))
    };
    let mut roots: Vec<(usize, &Draft, &BTreeSet<usize>)> = drafts
        .iter()
        .enumerate()
        .zip(&consequences)
        .filter(|((index, _), led_to)| {
            let explained = caused_by.get(*index).is_some_and(|causes| !causes.is_empty());
            !explained && (is_worst(*index) || led_to.iter().any(|one| is_worst(*one)))
        })
        .map(|((index, draft), led_to)| (index, draft, led_to))
        .collect();
    order::sort_by_key(&mut roots, |(index, draft, led_to)| {
        let errors = led_to.iter().filter(|one| is_worst(**one)).count();
        let weight = errors + usize::from(is_worst(*index));
        let explains = has_failed(*index) || led_to.iter().any(|one| has_failed(*one));
        (!explains, core::cmp::Reverse(weight), draft.finding.severity, *index)
    });
    roots.truncate(limits::CAUSES);
    roots
        .iter()
        .map(|(index, draft, led_to)| {
            // What is merely told needs no explanation that another could contest.
            let contested = |others: &BTreeSet<usize>| {
                led_to
                    .intersection(others)
                    .any(|one| matches!(severity(*one), Some(Severity::Error | Severity::Warning)))
            };
            let rivals =
                roots.iter().filter(|(other, _, others)| other != index && contested(others));
            let alternatives: Vec<usize> = rivals.map(|(other, _, _)| *other).collect();
            let (sentence, decide) = draft.headline(messages);
            Cause {
                code: draft.finding.code.clone(),
                finding: *index,
                sentence,
                consequences: led_to.iter().copied().collect(),
                decide: decide.filter(|_| !alternatives.is_empty()),
                alternatives,
            }
        })
        .collect()
}

/// The verdict with the sentence that a report opens with.
pub(super) fn summary(
    verdict: Verdict,
    counts: (usize, usize),
    causes: Vec<Cause>,
    skipped: &[Skipped],
    facts: &Facts<'_>,
    messages: &Messages,
) -> Summary {
    let (errors, warnings) = counts;
    let more = causes.len().saturating_sub(1);
    let first = causes.first();
    let rivals = first.map_or(0, |first| first.alternatives.len());
    let given = facts.inside.iter().filter(|inside| inside.is_none()).count();
    let open = skipped.iter().filter(|one| one.outcome == SkipOutcome::NotEnoughEvidence);
    let needs = open.map(|one| one.needs.as_str()).find(|needs| !needs.is_empty());
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let arguments = Arguments::new()
        .text("cause", first.map_or("", |first| first.sentence.as_str()))
        .number("others", number(more - rivals.min(more)))
        .number("alternatives", number(rivals))
        .number("inputs", number(given))
        .text("open", if needs.is_some() { "yes" } else { "no" })
        .text("needs", needs.unwrap_or_default());
    let id = match (verdict, first) {
        (Verdict::Fail, Some(_)) => "story-fail",
        (_, Some(_)) => "story-warn",
        (Verdict::Pass, None) => "story-pass",
        (_, None) if facts.inputs.is_empty() => "story-nothing",
        (_, None) => "story-inconclusive",
    };
    let sentence = messages.text(id, &arguments).unwrap_or_default();
    Summary { verdict, errors, warnings, sentence, causes }
}
