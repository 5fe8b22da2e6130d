//! The configuration: JSON, unknown keys refused, every field checked, every problem reported.
//!
//! ```json
//! {"role": "passthrough", "mode": "off"}
//! ```
//!
//! `docs/filter.md` is the reference for the people who write it. Whether what stands
//! there can be carried out is [`crate::policy`]'s to say.

mod fields;
mod host;
mod json;
mod problem;
mod trust;

pub use host::{Destination, Host, HostPattern};
pub use problem::Problem;
pub use trust::Trust;
pub(crate) use trust::certificates;

use core::fmt;

use tlvet_core::x509::chain;

use fields::Fields;
use host::DESTINATION_FORM;
use json::Node;
use problem::{Problems, quoted};

use crate::limits;

/// A configuration in which every field is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where in Envoy the filter stands.
    pub role: Role,
    /// What happens to an origin that does not pass.
    pub mode: Mode,
    /// What is checked.
    pub verify: Verify,
    /// Whose rules and whose error texts.
    pub profile: Profile,
    /// What is trusted.
    pub trust: Trust,
    /// Which name the certificate must carry.
    pub name: Name,
    /// Where an MRA path may lead; nowhere when empty.
    pub allow: Vec<Destination>,
    /// TLS 1.3 in passthrough, whose certificate nobody on the way can see.
    pub opaque_tls13: Answer,
    /// Resumed sessions in passthrough, which carry no certificate.
    pub resumption: Resumption,
    /// Traffic in passthrough that is not TLS.
    pub not_tls: Answer,
    /// Caps for what is held.
    pub limits: Limits,
    /// Origins that pass although they fail, until a date.
    pub exceptions: Vec<Exception>,
}

/// Where in Envoy the filter stands (arrangements A to E of `docs/filter.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A: network filter; the client's TLS goes through to the origin.
    Passthrough,
    /// B: network filter before `tcp_proxy`; Envoy originates TLS.
    Tcp,
    /// C: HTTP filter of a listener; Envoy's validator enforces.
    Http,
    /// D: HTTP filter of a cluster; the request waits for the verdict.
    UpstreamHttp,
}

/// What happens to an origin that does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is logged and passes.
    Monitor,
    /// It is logged and refused.
    Enforce,
    /// Nothing is checked.
    Off,
}

/// Why a configuration is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Every problem, in the order of the keys in the reference; never empty.
    pub problems: Vec<Problem>,
}

/// What is checked (Traffic Server's properties).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verify {
    /// The chain up to something trusted.
    pub signature: bool,
    /// The name.
    pub name: bool,
}

/// Whose rules and whose error texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// OpenSSL 1.1.1.
    OpenSsl111,
    /// OpenSSL 3.0.
    OpenSsl30,
    /// OpenSSL 3.0 with `X509_V_FLAG_X509_STRICT`.
    OpenSsl30Strict,
    /// Apache Traffic Server 8.
    TrafficServer8,
    /// Apache Traffic Server 9 (Expressway).
    TrafficServer9,
}

/// Which name the certificate must carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// This one.
    Fixed(Host),
    /// The request's `:authority`.
    Host,
    /// The one in the MRA path of the request.
    MraPath,
    /// The client's server name indication.
    Sni,
}

/// Whether something that cannot be checked passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It passes unchecked.
    Allow,
    /// It is refused.
    Deny,
}

/// What happens to a resumed session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumption {
    /// It passes unchecked.
    Allow,
    /// It is refused.
    Deny,
    /// It passes if the session that issued it was verified.
    Verified,
}

/// Caps for what is held until the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the origin's handshake.
    pub handshake_bytes: u64,
    /// Milliseconds from the first byte to the verdict.
    pub handshake_ms: u64,
}

/// An origin that passes although it fails, until a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its name or address.
    pub name: Host,
    /// The last day (UTC).
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// A day of the Gregorian calendar, in UTC; ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// 1–9999.
    pub year: u16,
    /// 1–12.
    pub month: u8,
    /// 1–31.
    pub day: u8,
}

const ROLES: [(&str, Role); 4] = [
    ("passthrough", Role::Passthrough),
    ("tcp", Role::Tcp),
    ("http", Role::Http),
    ("upstream-http", Role::UpstreamHttp),
];
const MODES: [(&str, Mode); 3] =
    [("monitor", Mode::Monitor), ("enforce", Mode::Enforce), ("off", Mode::Off)];
const PROFILES: [(&str, Profile); 5] = [
    ("openssl-1.1.1", Profile::OpenSsl111),
    ("openssl-3.0", Profile::OpenSsl30),
    ("openssl-3.0-strict", Profile::OpenSsl30Strict),
    ("traffic-server-8", Profile::TrafficServer8),
    ("traffic-server-9", Profile::TrafficServer9),
];
const ANSWERS: [(&str, Answer); 2] = [("deny", Answer::Deny), ("allow", Answer::Allow)];
const RESUMPTIONS: [(&str, Resumption); 3] =
    [("verified", Resumption::Verified), ("deny", Resumption::Deny), ("allow", Resumption::Allow)];
const KEYS: [&str; 12] = [
    "role",
    "mode",
    "verify",
    "profile",
    "trust",
    "name",
    "allow",
    "opaque_tls13",
    "resumption",
    "not_tls",
    "limits",
    "exceptions",
];

impl Profile {
    /// The profile of the engine.
    pub fn of_core(self) -> chain::Profile {
        match self {
            Self::OpenSsl111 => chain::Profile::OpenSsl111,
            Self::OpenSsl30 => chain::Profile::OpenSsl30,
            Self::OpenSsl30Strict => chain::Profile::OpenSsl30Strict,
            Self::TrafficServer8 => chain::Profile::TrafficServer8,
            Self::TrafficServer9 => chain::Profile::TrafficServer9,
        }
    }
}

impl Role {
    /// As it stands in the configuration.
    pub fn as_str(self) -> &'static str {
        name_of(&ROLES, self)
    }

    /// Whether the filter sees requests (C, D) or bytes (A, B).
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::UpstreamHttp)
    }
}

impl Mode {
    /// Monitor when nothing is written; `None` after a problem.
    fn read(fields: &Fields<'_>, problems: &mut Problems) -> Option<Self> {
        if fields.node("mode").is_none() {
            return Some(Self::Monitor);
        }
        fields.choice("mode", &MODES, problems)
    }

    /// As it stands in the configuration.
    pub fn as_str(self) -> &'static str {
        name_of(&MODES, self)
    }
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Every problem that was found, not the first alone.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let whole =
            |message: String| Refusal { problems: vec![Problem::new("configuration", message)] };
        if bytes.len() > limits::CONFIGURATION_BYTES {
            let most = limits::CONFIGURATION_BYTES;
            return Err(whole(format!(
                "{} bytes stand there; allowed: at most {most}",
                bytes.len()
            )));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(whole("nothing stands there; allowed: a JSON object".to_owned()));
        }
        if is_struct(bytes) {
            return Err(whole(
                "a google.protobuf.Struct stands there, which Envoy hands over in binary; allowed: a JSON object, as \
                 google.protobuf.StringValue"
                    .to_owned(),
            ));
        }
        let node: Node = serde_json::from_slice(bytes)
            .map_err(|error| whole(format!("no JSON: {error}; allowed: a JSON object")))?;
        let mut problems = Problems::default();
        let Some(fields) = Fields::new("", &node, &KEYS, &mut problems) else {
            return Err(Refusal { problems: problems.into_list() });
        };
        let config = Self::from_fields(&fields, &mut problems);
        let problems = problems.into_list();
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(Refusal { problems }),
        }
    }

    fn from_fields(fields: &Fields<'_>, problems: &mut Problems) -> Option<Self> {
        let mode = Mode::read(fields, problems);
        if fields.node("role").is_none() {
            problems.add("role", format!("is missing; allowed: {}", fields::names(&ROLES)));
        }
        let role = fields.choice("role", &ROLES, problems);
        let verify = Verify::read(fields, problems);
        let profile =
            fields.choice("profile", &PROFILES, problems).unwrap_or(Profile::TrafficServer9);
        let trust = section(fields, "trust", &["ca_pem", "itl_base64", "leaf_sha256"], problems)
            .map(|fields| Trust::read(&fields, problems))
            .unwrap_or_default();
        let name = Name::read(fields, role, problems);
        let allow = read_allow(fields, problems);
        let opaque_tls13 =
            fields.choice("opaque_tls13", &ANSWERS, problems).unwrap_or(Answer::Deny);
        let resumption =
            fields.choice("resumption", &RESUMPTIONS, problems).unwrap_or(Resumption::Verified);
        let not_tls = fields.choice("not_tls", &ANSWERS, problems).unwrap_or(Answer::Deny);
        let limits = Limits::read(fields, problems);
        let exceptions = read_exceptions(fields, problems);
        Some(Self {
            role: role?,
            mode: mode?,
            verify,
            profile,
            trust,
            name: name?,
            allow,
            opaque_tls13,
            resumption,
            not_tls,
            limits,
            exceptions,
        })
    }
}

/// A message of protobuf whose first field has number 1 and a length, and which is no text: `google.protobuf.Struct` with an
/// entry, whose value has the tag 0x12.
fn is_struct(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x0a) && bytes.contains(&0x12)
}

impl Verify {
    fn read(fields: &Fields<'_>, problems: &mut Problems) -> Self {
        const ALLOWED: &str =
            "a list of \"signature\" and \"name\", at least one of them, each once";
        if fields.node("verify").is_none() {
            return Self { signature: true, name: true };
        }
        let mut verify = Self { signature: false, name: false };
        let entries = fields.list("verify", ALLOWED, problems);
        if let Some(Node::List(list)) = fields.node("verify")
            && list.is_empty()
        {
            // To check nothing there is mode off, which says so.
            problems.add(
                &fields.path_of("verify"),
                format!("nothing stands there; allowed: {ALLOWED}"),
            );
        }
        for (path, node) in entries {
            let property = match node {
                Node::Text(text) if text == "signature" => &mut verify.signature,
                Node::Text(text) if text == "name" => &mut verify.name,
                other => {
                    problems.wrong(&path, other, ALLOWED);
                    continue;
                }
            };
            if *property {
                problems.add(&path, format!("{} stands twice; allowed: {ALLOWED}", node.shown()));
            }
            *property = true;
        }
        verify
    }
}

impl Name {
    /// `None` after a problem. Without a section: the client's server name in A and B, the request's host in C and D.
    fn read(fields: &Fields<'_>, role: Option<Role>, problems: &mut Problems) -> Option<Self> {
        #[derive(Clone, Copy)]
        enum From {
            Sni,
            MraPath,
            Host,
            Fixed,
        }
        const FROM: [(&str, From); 4] = [
            ("sni", From::Sni),
            ("mra-path", From::MraPath),
            ("host", From::Host),
            ("fixed", From::Fixed),
        ];
        let by_role = || {
            if role.is_some_and(Role::is_http) { Self::Host } else { Self::Sni }
        };
        if fields.node("name").is_none() {
            return Some(by_role());
        }
        let section = section(fields, "name", &["from", "fixed"], problems)?;
        let fixed = match section.node("fixed") {
            None | Some(Node::Null) => None,
            Some(Node::Text(text)) => Some(text),
            Some(other) => {
                problems.wrong(&section.path_of("fixed"), other, "a host name or an address");
                return None;
            }
        };
        let from = match (section.node("from"), fixed) {
            (None, Some(_)) => {
                problems.add(
                    &section.path_of("from"),
                    "is missing, but name.fixed is given; allowed: fixed",
                );
                return None;
            }
            (None, None) => return Some(by_role()),
            (Some(_), _) => section.choice("from", &FROM, problems)?,
        };
        if let (From::Sni | From::MraPath | From::Host, Some(text)) = (from, fixed) {
            let message =
                format!("{} stands there; allowed only when name.from is fixed", quoted(text));
            problems.add(&section.path_of("fixed"), message);
        }
        // A connection has neither path nor host: every origin would be refused, or none. But one that Envoy opens to itself
        // for requests brings their host along.
        let allowed = match (from, role) {
            (From::MraPath | From::Host, Some(Role::Passthrough)) => Some("sni, fixed"),
            (From::MraPath, Some(Role::Tcp)) => Some("sni, host, fixed"),
            _ => None,
        };
        if let (Some(allowed), Some(role)) = (allowed, role) {
            let message =
                format!("needs requests, but role is {}; allowed: {allowed}", role.as_str());
            problems.add(&section.path_of("from"), message);
        }
        Some(match (from, fixed) {
            (From::Sni, _) => Self::Sni,
            (From::MraPath, _) => Self::MraPath,
            (From::Host, _) => Self::Host,
            (From::Fixed, Some(text)) => match Host::parse(text) {
                Ok(host) => Self::Fixed(host),
                Err(error) => {
                    let message = format!("{} stands there: {error}", quoted(text));
                    problems.add(&section.path_of("fixed"), message);
                    return None;
                }
            },
            (From::Fixed, None) => {
                let message =
                    "is missing, but name.from is fixed; allowed: a host name or an address";
                problems.add(&section.path_of("fixed"), message);
                return None;
            }
        })
    }
}

impl Limits {
    fn read(fields: &Fields<'_>, problems: &mut Problems) -> Self {
        let Some(section) =
            section(fields, "limits", &["handshake_bytes", "handshake_ms"], problems)
        else {
            return Self {
                handshake_bytes: limits::HANDSHAKE_BYTES_DEFAULT,
                handshake_ms: limits::HANDSHAKE_MS_DEFAULT,
            };
        };
        Self {
            handshake_bytes: section.number(
                "handshake_bytes",
                &limits::HANDSHAKE_BYTES,
                limits::HANDSHAKE_BYTES_DEFAULT,
                problems,
            ),
            handshake_ms: section.number(
                "handshake_ms",
                &limits::HANDSHAKE_MS,
                limits::HANDSHAKE_MS_DEFAULT,
                problems,
            ),
        }
    }
}

impl Date {
    /// Reads `2026-12-31`; `None` when it is no date.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |range: core::ops::Range<usize>| {
            text.get(range).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if text.len() != 10 || text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
            return None;
        }
        let year: u16 = digits(0..4)?.parse().ok()?;
        let month: u8 = digits(5..7)?.parse().ok()?;
        let day: u8 = digits(8..10)?.parse().ok()?;
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (year > 0 && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The object under `key`, if there is one.
fn section<'a>(
    fields: &Fields<'a>,
    key: &str,
    keys: &[&str],
    problems: &mut Problems,
) -> Option<Fields<'a>> {
    Fields::new(&fields.path_of(key), fields.node(key)?, keys, problems)
}

fn read_allow(fields: &Fields<'_>, problems: &mut Problems) -> Vec<Destination> {
    let mut allow = Vec::new();
    for (path, node) in fields.list("allow", "a list of destinations", problems) {
        match node {
            Node::Text(text) => match Destination::parse(text) {
                Ok(destination) => allow.push(destination),
                Err(error) => problems.add(
                    &path,
                    format!("{} stands there: {error}; allowed: {DESTINATION_FORM}", quoted(text)),
                ),
            },
            other => problems.wrong(&path, other, DESTINATION_FORM),
        }
    }
    allow
}

fn read_exceptions(fields: &Fields<'_>, problems: &mut Problems) -> Vec<Exception> {
    const KEYS: [&str; 3] = ["name", "until", "reason"];
    let mut exceptions = Vec::new();
    for (path, node) in fields.list("exceptions", "a list of objects", problems) {
        let Some(entry) = Fields::new(&path, node, &KEYS, problems) else { continue };
        for key in KEYS {
            if entry.node(key).is_none() {
                problems.add(
                    &entry.path_of(key),
                    "is missing; an exception has a name, an end and a reason",
                );
            }
        }
        let name = entry.text("name", "a host name or an address", problems).and_then(|text| {
            Host::parse(text)
                .map_err(|error| {
                    problems.add(
                        &entry.path_of("name"),
                        format!("{} stands there: {error}", quoted(text)),
                    );
                })
                .ok()
        });
        let until = entry.text("until", "a date as 2026-12-31", problems).and_then(|text| {
            let date = Date::parse(text);
            if date.is_none() {
                let message =
                    format!("{} stands there; allowed: a date as 2026-12-31", quoted(text));
                problems.add(&entry.path_of("until"), message);
            }
            date
        });
        let reason = entry.text("reason", "a text", problems).filter(|text| {
            let fine = !text.trim().is_empty() && text.chars().count() <= limits::REASON_CHARACTERS;
            if !fine {
                let most = limits::REASON_CHARACTERS;
                let message =
                    format!("{} stands there; allowed: 1 to {most} characters", quoted(text));
                problems.add(&entry.path_of("reason"), message);
            }
            fine
        });
        if let (Some(name), Some(until), Some(reason)) = (name, until, reason) {
            exceptions.push(Exception { name, until, reason: reason.to_owned() });
        }
    }
    exceptions
}

fn name_of<T: PartialEq + Copy>(choices: &[(&'static str, T)], value: T) -> &'static str {
    choices.iter().find(|(_, candidate)| *candidate == value).map_or("", |(name, _)| name)
}

#[cfg(test)]
mod tests;
