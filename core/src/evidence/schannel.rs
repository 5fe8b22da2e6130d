//! Which versions of TLS the registry of a Windows server switches on (D5 to D9), from all exports together.
//!
//! Below `SCHANNEL\Protocols` each version has a key, with a key for each side, each with two values: `Enabled` 0
//! forbids the version, `DisabledByDefault` other than 0 leaves it out unless a program insists. Both count as REG_DWORD
//! only; where they are missing, the release of Windows decides.

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::report::model::Evidence;
use crate::text::registry::{Data, Key};

/// The versions that have a key, as Windows spells them.
pub const PROTOCOLS: [&str; 6] = ["SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"];

/// Keys beside them that are right and say nothing here.
const OTHERS: [&str; 5] =
    ["DTLS 1.0", "DTLS 1.2", "DTLS 1.3", "Multi-Protocol Unified Hello", "PCT 1.0"];

/// The two values.
pub const VALUES: [&str; 2] = ["DisabledByDefault", "Enabled"];

/// Where the settings stand.
pub const PATH: &str = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols";

/// Which side of a connection a setting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Half {
    /// Windows asks others: TMS asks endpoints.
    Client,
    /// Others ask Windows.
    Server,
}

/// The settings of a server.
#[derive(Clone, Debug, Default)]
pub struct Schannel {
    /// What is set, by version and side.
    pub settings: BTreeMap<(&'static str, Half), Setting>,
    /// What was meant and does not count.
    pub faults: Vec<Fault>,
    /// The first key of each input that has some.
    pub evidence: Vec<Evidence>,
}

/// The values of one version and side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// `Enabled`.
    pub enabled: Option<Entry>,
    /// `DisabledByDefault`.
    pub disabled_by_default: Option<Entry>,
    /// Two inputs say different things.
    pub contradictory: bool,
}

/// A value and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it holds; the smallest where several inputs say yes with different numbers.
    pub value: u32,
    /// Where it stands, in each input that has it; never empty.
    pub at: Vec<Evidence>,
}

/// What a setting comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Allowed, and used without asking for it.
    On,
    /// Forbidden.
    Off,
    /// Used only by programs that insist.
    OffByDefault,
    /// Left to the release of Windows, wholly or in part.
    Unset,
    /// Two inputs say different things.
    Contradictory,
}

/// Something that was meant as a setting and does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where it stands; never empty.
    pub at: Vec<Evidence>,
    /// What is wrong.
    pub case: FaultCase,
    /// The key, or the value's name.
    pub name: String,
    /// What it is, or what it should be.
    pub other: String,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultCase {
    /// The value is no REG_DWORD.
    Type,
    /// The value has a name that Windows does not know.
    Value,
    /// The version is spelled in another way.
    Protocol,
    /// The key below the version is neither `Client` nor `Server`.
    Half,
    /// The values stand in the version's key, without a side.
    NoHalf,
    /// The key stands in another place of the registry.
    Path,
    /// One side of TLS 1.1 or 1.2 is set, the other is not.
    HalfMissing,
    /// One of the two values is missing.
    ValueMissing,
    /// Two inputs say different things.
    Contradictory,
}

/// Where a key belongs.
enum Place {
    Setting(&'static str, Half),
    /// All of one version, as an import removes it.
    Version(&'static str),
    Fault(FaultCase, String),
    Elsewhere,
}

impl Schannel {
    /// What the registry texts among the inputs say.
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut schannel = Self::default();
        for text in &facts.texts {
            let mut settings: BTreeMap<(&'static str, Half), Setting> = BTreeMap::new();
            let mut first = None;
            for key in &text.text.registry {
                let at = |line: u64| Evidence {
                    input: text.input,
                    line: Some(line),
                    ..Evidence::default()
                };
                match place(key) {
                    Place::Elsewhere => continue,
                    Place::Fault(case, other) => {
                        let name = key.path.clone();
                        let at = vec![at(key.line)];
                        schannel.faults.push(Fault { at, case, name, other });
                    }
                    Place::Version(version) if key.removed => {
                        settings.retain(|(one, _), _| *one != version);
                    }
                    Place::Version(version) => {
                        if let Some(value) = key.values.first() {
                            schannel.faults.push(Fault {
                                at: vec![at(value.line)],
                                case: FaultCase::NoHalf,
                                name: value.name.clone(),
                                other: version.to_owned(),
                            });
                        }
                    }
                    Place::Setting(version, half) if key.removed => {
                        settings.remove(&(version, half));
                    }
                    Place::Setting(version, half) => {
                        let setting = settings.entry((version, half)).or_default();
                        setting.read(key, at, &mut schannel.faults);
                    }
                }
                first = first.or(Some(at(key.line)));
            }
            schannel.evidence.extend(first);
            schannel.merge(settings);
        }
        schannel.look_for_contradictions();
        schannel.look_for_halves();
        schannel.faults.sort();
        schannel
    }

    /// What one version and side comes to.
    pub fn state(&self, version: &'static str, half: Half) -> State {
        self.settings.get(&(version, half)).map_or(State::Unset, Setting::state)
    }

    /// Some input has keys of Schannel.
    pub fn is_known(&self) -> bool {
        !self.evidence.is_empty()
    }

    /// The lines of the values of one version.
    pub fn lines(&self, version: &'static str) -> Vec<Evidence> {
        let of = |half| self.settings.get(&(version, half)).into_iter().flat_map(Setting::lines);
        of(Half::Client).chain(of(Half::Server)).collect()
    }

    /// Adds the settings of one more input. Whatever the order of the inputs, the same comes out.
    fn merge(&mut self, settings: BTreeMap<(&'static str, Half), Setting>) {
        for (key, setting) in settings {
            let known = self.settings.entry(key).or_default();
            let pairs = [
                (&mut known.enabled, setting.enabled),
                (&mut known.disabled_by_default, setting.disabled_by_default),
            ];
            for (known_value, value) in pairs {
                let Some(other) = value else { continue };
                match known_value {
                    Some(one) => {
                        known.contradictory |= (one.value == 0) != (other.value == 0);
                        one.value = one.value.min(other.value);
                        one.at.extend(other.at);
                    }
                    None => *known_value = Some(other),
                }
            }
        }
    }

    fn look_for_contradictions(&mut self) {
        for ((version, half), setting) in &self.settings {
            if setting.contradictory {
                self.faults.push(Fault {
                    at: setting.lines().collect(),
                    case: FaultCase::Contradictory,
                    name: format!("{version}, {}", half.name()),
                    other: String::new(),
                });
            }
        }
    }

    fn look_for_halves(&mut self) {
        for version in ["TLS 1.1", "TLS 1.2"] {
            let lines = |half| -> Vec<Evidence> {
                let setting = self.settings.get(&(version, half));
                setting.into_iter().flat_map(Setting::lines).collect()
            };
            let (client, server) = (lines(Half::Client), lines(Half::Server));
            let (case, at, half) = match (client.first(), server.first()) {
                (Some(at), None) => (FaultCase::HalfMissing, at, Half::Server),
                (None, Some(at)) => (FaultCase::HalfMissing, at, Half::Client),
                _ => continue,
            };
            let (name, other) = (version.to_owned(), half.name().to_owned());
            self.faults.push(Fault { at: vec![at.clone()], case, name, other });
        }
        for ((version, half), setting) in &self.settings {
            if !matches!(*version, "TLS 1.1" | "TLS 1.2") {
                continue;
            }
            let missing = match (&setting.enabled, &setting.disabled_by_default) {
                (Some(one), None) if one.value != 0 => Some((one, "DisabledByDefault")),
                (None, Some(one)) if one.value == 0 => Some((one, "Enabled")),
                _ => None,
            };
            if let Some((one, other)) = missing {
                self.faults.push(Fault {
                    at: one.at.clone(),
                    case: FaultCase::ValueMissing,
                    name: format!("{version}\\{}", half.name()),
                    other: other.to_owned(),
                });
            }
        }
    }
}

impl Half {
    /// As the key is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Server => "Server",
        }
    }
}

impl Setting {
    /// What it comes to.
    pub fn state(&self) -> State {
        let value = |entry: &Option<Entry>| entry.as_ref().map(|entry| entry.value);
        match (self.contradictory, value(&self.enabled), value(&self.disabled_by_default)) {
            (true, ..) => State::Contradictory,
            (_, Some(0), _) => State::Off,
            (_, _, Some(1..)) => State::OffByDefault,
            (_, Some(_), Some(0)) => State::On,
            _ => State::Unset,
        }
    }

    fn lines(&self) -> impl Iterator<Item = Evidence> {
        [&self.disabled_by_default, &self.enabled]
            .into_iter()
            .flatten()
            .flat_map(|one| one.at.iter().cloned())
    }

    fn read(&mut self, key: &Key, at: impl Fn(u64) -> Evidence, faults: &mut Vec<Fault>) {
        for value in &key.values {
            let at = vec![at(value.line)];
            let known = VALUES.iter().find(|name| name.eq_ignore_ascii_case(&value.name));
            let Some(known) = known else {
                let lower = value.name.to_ascii_lowercase();
                if let Some(other) = meant(&lower) {
                    let (case, name) = (FaultCase::Value, value.name.clone());
                    faults.push(Fault { at, case, name, other: other.to_owned() });
                }
                continue;
            };
            let entry = match *known {
                "Enabled" => &mut self.enabled,
                _ => &mut self.disabled_by_default,
            };
            let kind = match &value.data {
                Data::Dword(value) => {
                    *entry = Some(Entry { value: *value, at });
                    continue;
                }
                Data::Removed => {
                    *entry = None;
                    continue;
                }
                Data::Text(_) => "REG_SZ",
                Data::Other(kind) => kind.as_str(),
            };
            let (case, name, other) = (FaultCase::Type, (*known).to_owned(), kind.to_owned());
            faults.push(Fault { at, case, name, other });
        }
    }
}

/// The value that a misspelt name was meant for.
fn meant(lower: &str) -> Option<&'static str> {
    match lower {
        name if name.contains("disab") => Some("DisabledByDefault"),
        name if name.contains("enab") => Some("Enabled"),
        _ => None,
    }
}

fn place(key: &Key) -> Place {
    let segments: Vec<&str> = key.path.split('\\').collect();
    let is = |index: usize, names: &[&str]| {
        segments
            .get(index)
            .is_some_and(|segment| names.iter().any(|name| name.eq_ignore_ascii_case(segment)))
    };
    let names_version = || segments.iter().any(|segment| normalised(segment).is_some());
    // Another control set is a copy that Windows does not use now.
    let at_home = is(0, &["HKEY_LOCAL_MACHINE"])
        && is(1, &["SYSTEM"])
        && is(2, &["CurrentControlSet", "ControlSet001"])
        && is(3, &["Control"])
        && is(4, &["SecurityProviders"])
        && is(5, &["SCHANNEL"]);
    if !at_home {
        let copy = segments
            .get(2)
            .is_some_and(|segment| segment.to_ascii_lowercase().starts_with("controlset"));
        return match names_version() && !copy && !key.values.is_empty() {
            true => Place::Fault(FaultCase::Path, PATH.to_owned()),
            false => Place::Elsewhere,
        };
    }
    if !is(6, &["Protocols"]) {
        return match names_version() && !key.values.is_empty() {
            true => Place::Fault(FaultCase::Path, PATH.to_owned()),
            false => Place::Elsewhere,
        };
    }
    let Some(version) = segments.get(7) else { return Place::Elsewhere };
    if OTHERS.iter().any(|name| name.eq_ignore_ascii_case(version)) {
        return Place::Elsewhere;
    }
    let known = normalised(version);
    let Some(version) = known.filter(|name| name.eq_ignore_ascii_case(version)) else {
        let right = known.unwrap_or_default().to_owned();
        return Place::Fault(FaultCase::Protocol, right);
    };
    match segments.get(8) {
        None => Place::Version(version),
        Some(half) if half.eq_ignore_ascii_case("Client") => Place::Setting(version, Half::Client),
        Some(half) if half.eq_ignore_ascii_case("Server") => Place::Setting(version, Half::Server),
        Some(_) => Place::Fault(FaultCase::Half, "Client, Server".to_owned()),
    }
}

/// The version that a key is meant for: `TLS1.2`, `TLSv1.2`, `TLS 1.2`.
fn normalised(segment: &str) -> Option<&'static str> {
    let plain: String = segment
        .chars()
        .filter(|character| !matches!(character, ' ' | '_' | '-' | 'v' | 'V'))
        .map(|character| character.to_ascii_lowercase())
        .collect();
    PROTOCOLS.iter().find_map(|name| {
        let full = name.replace(' ', "").to_ascii_lowercase();
        (plain == full || plain == full.replace('.', "")).then_some(*name)
    })
}
