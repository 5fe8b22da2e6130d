//! A name that a phone asked for and got no address for, tied to what needs it: TVS, CAPF, CallManager, a URL (C31, C41,
//! C46, C47).

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::facts::{CaptureFacts, Facts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::dn;
use crate::phone::boot::Boot;
use crate::phone::derived::Derived;
use crate::phone::log::{LogLine, PhoneLog, Says};
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::Said;
use crate::text::phone_status::Kind;
use crate::traffic::AskedName;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "name_not_resolved",
    severity: Severity::Error,
    refs: &["C31", "C41", "C45", "C46", "C47", "C51"],
    evaluate,
};

/// What a name is needed for, the most important last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Url,
    CallManager,
    Tftp,
    Capf,
    Tvs,
}

/// Seconds that a question may wait for its answer before the end of the capture says something.
const PATIENCE: i64 = 5;

/// Names that phones need, lower case, each with the place that says so.
type Needs = BTreeMap<String, (Need, Evidence)>;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let asked = |capture: &CaptureFacts<'_>| !capture.content.capture.dns.is_empty();
    let logs = facts.logs();
    if !facts.captures.iter().any(asked) && logs.is_empty() {
        return Outcome::NotApplicable;
    }
    let needs = needs(facts);
    let mut found: Vec<Found> =
        facts.captures_with_boots().flat_map(|seen| of_capture(&needs, seen)).collect();
    found.extend(logs.iter().flat_map(|log| of_log(&needs, log)));
    Outcome::of(found)
}

/// What a phone's own log and status messages say of one name.
#[derive(Default)]
struct Missing {
    need: Option<Need>,
    evidence: Vec<Evidence>,
    code: Option<String>,
    place: String,
    count: usize,
    is_found: bool,
}

/// Lines that are shown for one name.
const LINES: usize = 20;

/// One finding for each name that a phone says it found no address for, unless a later line finds it.
fn of_log(needs: &Needs, log: &PhoneLog<'_>) -> Vec<Found> {
    let mut names: BTreeMap<String, Missing> = BTreeMap::new();
    let mut last: Option<String> = None;
    for line in &log.lines {
        let (name, code) = match line.says {
            Says::Console(console) => match &console.said {
                Said::NameUnknown { name, code } => (name, Some(code.clone())),
                Said::NameFound { name, .. } => {
                    if let Some(one) = names.get_mut(&name.to_ascii_lowercase()) {
                        one.is_found = true;
                    }
                    continue;
                }
                // The name that was asked for just before is the one that is needed.
                Said::TvsNameUnknown | Said::CapfNoConnection => {
                    let need = match console.said {
                        Said::TvsNameUnknown => Need::Tvs,
                        _ => Need::Capf,
                    };
                    if let Some(one) = last.as_ref().and_then(|name| names.get_mut(name)) {
                        one.need = one.need.max(Some(need));
                        one.show(line);
                    }
                    continue;
                }
                _ => continue,
            },
            Says::Status(status) => match (status.kind, &status.subject) {
                (Kind::NameUnknown, Some(name)) => (name, None),
                (Kind::LscConnectionFailed, _) => {
                    if let Some(one) = last.as_ref().and_then(|name| names.get_mut(name)) {
                        one.need = one.need.max(Some(Need::Capf));
                        one.show(line);
                    }
                    continue;
                }
                // The phone reached CAPF, so what it knew CAPF by has an address now.
                (Kind::LscInstalled, _) => {
                    for one in names.values_mut().filter(|one| one.need == Some(Need::Capf)) {
                        one.is_found = true;
                    }
                    continue;
                }
                _ => continue,
            },
        };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let one = names.entry(name.clone()).or_default();
        one.is_found = false;
        one.count += 1;
        one.code = code.or(one.code.take());
        if one.place.is_empty() {
            one.place = format!("line {}", line.event.line);
        }
        one.show(line);
        last = Some(name);
    }
    let open = names.into_iter().filter(|(_, one)| !one.is_found);
    open.map(|(name, one)| one.tell(needs, log, &name)).collect()
}

impl Missing {
    fn show(&mut self, line: &LogLine<'_>) {
        let place = line.evidence();
        if self.evidence.len() < LINES && self.evidence.last() != Some(&place) {
            self.evidence.push(place);
        }
    }

    fn tell(mut self, needs: &Needs, log: &PhoneLog<'_>, name: &str) -> Found {
        let known = need_of(needs, name);
        self.evidence.extend(known.map(|(_, place)| place.clone()));
        let need = known.map(|(need, _)| *need).max(self.need);
        let arguments = Arguments::new()
            .text("client", log.label())
            .text("name", name)
            .text("code", self.code.unwrap_or_else(|| "that there is no such host".to_owned()))
            .text("servers", "the phone's DNS server")
            .text("place", self.place)
            .number("count", self.count)
            .text("need", need.map_or("none", Need::word));
        Found::at_all(severity(need, true), self.evidence, arguments)
    }
}

impl Need {
    fn word(self) -> &'static str {
        match self {
            Self::Capf => "capf",
            Self::CallManager => "callmanager",
            Self::Tftp => "tftp",
            Self::Tvs => "tvs",
            Self::Url => "url",
        }
    }
}

/// How bad it is that a name has no address.
fn severity(need: Option<Need>, answered: bool) -> Severity {
    match need {
        Some(Need::Tvs | Need::Capf | Need::CallManager | Need::Tftp) if answered => {
            Severity::Error
        }
        Some(_) => Severity::Warning,
        None => Severity::Info,
    }
}

/// One finding for each client and name; nothing for a name that another question of the same client found.
fn of_capture(needs: &Needs, (capture, boots): (&CaptureFacts<'_>, &[Boot<'_, '_>])) -> Vec<Found> {
    let phones: BTreeMap<IpAddr, String> =
        boots.iter().map(|boot| (boot.client, boot.label())).collect();
    let mut resolved: BTreeSet<(IpAddr, String)> = BTreeSet::new();
    let mut failed: BTreeMap<(IpAddr, String), Vec<&AskedName>> = BTreeMap::new();
    for asked in &capture.content.capture.dns {
        let name = asked.name.trim_end_matches('.').to_ascii_lowercase();
        let after = capture.content.capture.last.map_or(0, |end| end.seconds);
        if asked.code.is_none() && after.saturating_sub(asked.at.time.0) < PATIENCE {
            continue;
        }
        if asked.code.as_deref() == Some("NOERROR") {
            if !asked.answers.is_empty() {
                // With search domains one name is asked for in several spellings: their first label is the same.
                resolved.insert((asked.client, first_label(&name).to_owned()));
                resolved.insert((asked.client, name));
            }
        } else {
            failed.entry((asked.client, name)).or_default().push(asked);
        }
    }
    let mut found = Vec::new();
    for ((client, name), questions) in failed {
        let is_address = |one: &&AskedName| matches!(one.kind.as_str(), "A" | "AAAA");
        if !questions.iter().any(is_address)
            || resolved.contains(&(client, name.clone()))
            || resolved.contains(&(client, first_label(&name).to_owned()))
        {
            continue;
        }
        let need = need_of(needs, &name);
        let phone = phones.get(&client);
        if need.is_none() && phone.is_none() {
            continue;
        }
        found.extend(tell(capture, client, phone, &name, need, &questions));
    }
    found
}

fn tell(
    capture: &CaptureFacts<'_>,
    client: IpAddr,
    phone: Option<&String>,
    name: &str,
    need: Option<&(Need, Evidence)>,
    questions: &[&AskedName],
) -> Option<Found> {
    let worst = questions.iter().find(|one| one.code.is_some()).or(questions.first())?;
    let mut evidence: Vec<Evidence> = questions
        .iter()
        .map(|one| Evidence {
            input: capture.input,
            frame: Some(one.at.frame),
            ..Evidence::default()
        })
        .collect();
    evidence.extend(need.map(|(_, place)| place.clone()));
    let answered = worst.code.is_some();
    let severity = severity(need.map(|(need, _)| *need), answered);
    let servers: BTreeSet<String> =
        questions.iter().map(|one| one.server.ip().to_string()).collect();
    let servers: Vec<String> = servers.into_iter().collect();
    let arguments = Arguments::new()
        .text("client", phone.cloned().unwrap_or_else(|| client.to_string()))
        .text("name", name)
        .text("code", worst.code.clone().unwrap_or_else(|| "none".to_owned()))
        .text("servers", servers.join(", "))
        .text("place", format!("frame {}", worst.at.frame))
        .number("count", questions.len())
        .text("need", need.map_or("none", |(need, _)| need.word()));
    Some(Found::at_all(severity, evidence, arguments))
}

fn first_label(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The need for a name as it was asked: itself, or it with a search domain behind it.
fn need_of<'n>(needs: &'n Needs, name: &str) -> Option<&'n (Need, Evidence)> {
    let mut ends = core::iter::once(name.len()).chain(name.rmatch_indices('.').map(|(at, _)| at));
    ends.find_map(|end| needs.get(name.get(..end)?))
}

/// The names that configurations and trust lists hold.
fn needs(facts: &Facts<'_>) -> Needs {
    let mut needs = Needs::new();
    let mut add = |name: &str, need: Need, place: Evidence| {
        let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
        if name.is_empty() || name.parse::<IpAddr>().is_ok() {
            return;
        }
        let entry = needs.entry(name).or_insert((need, place.clone()));
        if need > entry.0 {
            *entry = (need, place);
        }
    };
    for facts in &facts.configurations {
        let place = |offset: u64| Evidence {
            input: facts.input,
            offset: Some(offset),
            ..Evidence::default()
        };
        let configuration = &facts.configuration;
        for server in &configuration.tvs_servers {
            add(&server.name, Need::Tvs, place(facts.offset));
        }
        for server in &configuration.capf_servers {
            add(&server.name, Need::Capf, place(facts.offset));
        }
        for member in &configuration.call_managers {
            add(&member.name, Need::CallManager, place(facts.offset));
        }
        for url in &configuration.urls {
            if let Some(host) = host_of(&url.url) {
                add(host, Need::Url, place(url.offset));
            }
        }
    }
    for list in &facts.trust_lists {
        for record in &list.list.records {
            let need = match record.role {
                Some(Role::TVS) => Need::Tvs,
                Some(Role::CAPF) => Need::Capf,
                Some(role) if role.signs_files() => Need::Tftp,
                _ => continue,
            };
            if let Some(name) = &record.dns_name {
                add(&name.text, need, list.record_evidence(record));
            }
            if let Some(name) = dn::common_name(record.subject_text()) {
                add(&name, need, list.record_evidence(record));
            }
        }
    }
    needs
}

/// The host of `http://host:port/path`; names only.
fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?;
    let is_name = host.contains('.') || host.chars().any(char::is_alphabetic);
    (is_name && !host.starts_with('[')).then_some(host)
}
