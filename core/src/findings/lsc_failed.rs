//! A phone did not get its LSC, and what the inputs say of the cause (C27, C30 to C35, C45 to C52).
//!
//! A return value such as -7 says nothing by itself: the lines in front of it do. What the same phone managed later is history.

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::{LogLine, PhoneLog};
use crate::report::model::{Evidence, Severity};
use crate::text::What;
use crate::text::capf::{CapfSaid, Outcome as Came};
use crate::text::phone_console::Said;
use crate::text::phone_status::Kind;

pub(super) const CHECK: Check = Check {
    code: "lsc_failed",
    severity: Severity::Error,
    refs: &["C27", "C30", "C32", "C33", "C34", "C35", "C41", "C45", "C48", "C49", "C51", "C52"],
    evaluate,
};

const EVIDENCE: usize = 20;

/// What CUCM says of the operation.
struct Stated {
    came: Came,
    words: String,
    evidence: Evidence,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    let (mut stated, done) = stated(facts);
    let mut rows = rows(facts);
    if logs.is_empty() && stated.is_none() && rows.is_empty() {
        return Outcome::NotApplicable;
    }
    let completes = completes_by(facts);
    let mut found = Vec::new();
    for log in logs {
        let row = log.device.as_deref().and_then(|device| rows.remove(device));
        if let Some(mut attempt) = Attempt::of(log) {
            // A page of CUCM is about the one phone that is there.
            let own = if logs.len() == 1 { stated.take() } else { None };
            let own = own.or(row);
            if let Some(done) = done.as_ref().filter(|_| logs.len() == 1) {
                attempt.over = Some(("cucm", done.clone()));
            }
            found.push(tell(log.label(), attempt, own, completes.as_deref()));
        }
    }
    for (device, own) in rows {
        found.push(tell(device.to_owned(), Attempt::default(), Some(own), None));
    }
    if let Some(own) = stated {
        found.push(tell("A phone".to_owned(), Attempt::default(), Some(own), completes.as_deref()));
    }
    Outcome::of(found)
}

/// The last failure that CUCM states, unless a success follows; and that success.
fn stated(facts: &Facts<'_>) -> (Option<Stated>, Option<Evidence>) {
    let (mut last, mut done) = (None, None);
    for text in &facts.texts {
        for event in &text.text.events {
            let What::Capf(CapfSaid::Status(words, came) | CapfSaid::Code(words, came)) =
                &event.what
            else {
                continue;
            };
            let evidence =
                Evidence { input: text.input, line: Some(event.line), ..Evidence::default() };
            done = (*came == Came::Success).then(|| evidence.clone());
            last = match came {
                Came::None | Came::Pending | Came::Success => None,
                came => Some(Stated { came: *came, words: words.clone(), evidence }),
            };
        }
    }
    (last, done)
}

/// The failures that lists of phones state last, by device.
fn rows<'f>(facts: &'f Facts<'_>) -> BTreeMap<&'f str, Stated> {
    let mut rows = BTreeMap::new();
    for text in &facts.texts {
        for event in &text.text.events {
            let What::Capf(CapfSaid::OfDevice(device, words, came)) = &event.what else {
                continue;
            };
            let evidence =
                Evidence { input: text.input, line: Some(event.line), ..Evidence::default() };
            match came {
                Came::None | Came::Pending | Came::Success => rows.remove(device.as_str()),
                came => rows.insert(
                    device.as_str(),
                    Stated { came: *came, words: words.clone(), evidence },
                ),
            };
        }
    }
    rows
}

/// `2016-11-22 16:00`, where CUCM's page tells it.
fn completes_by(facts: &Facts<'_>) -> Option<String> {
    let events = facts.texts.iter().flat_map(|text| &text.text.events);
    let mut dates = events.filter_map(|event| match event.what {
        What::Capf(CapfSaid::CompletesBy(year, month, day, hour)) => {
            Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:00"))
        }
        _ => None,
    });
    dates.next_back()
}

/// What a phone says of its attempts.
#[derive(Default)]
struct Attempt {
    evidence: Vec<Evidence>,
    cause: &'static str,
    /// The name without address, the return value.
    name: Option<String>,
    returned: Option<i32>,
    count: usize,
    /// The phone showed its MIC before it failed.
    showed_mic: bool,
    /// What says that the failure is over, and where.
    over: Option<(&'static str, Evidence)>,
}

impl Attempt {
    fn of(log: &PhoneLog<'_>) -> Option<Self> {
        let mut one = Self { cause: "unknown", ..Self::default() };
        // The last name without an address, while no address came for it.
        let mut unknown: Option<(String, Evidence)> = None;
        for line in &log.lines {
            one.line(line, &mut unknown);
        }
        (one.count > 0).then_some(one)
    }

    fn line(&mut self, line: &LogLine<'_>, unknown: &mut Option<(String, Evidence)>) {
        use crate::phone::log::Says;
        match line.says {
            Says::Console(console) => match &console.said {
                Said::NameUnknown { name, .. } => *unknown = Some((name.clone(), line.evidence())),
                Said::NameFound { name, .. } => {
                    if unknown.as_ref().is_some_and(|(known, _)| known == name) {
                        *unknown = None;
                    }
                    if self.over.is_none() && self.name.as_ref() == Some(name) {
                        self.over = Some(("name", line.evidence()));
                    }
                }
                Said::OwnCertificate(kind) if kind == "MIC" => self.showed_mic = true,
                // A phone that showed its MIC and then shows an LSC has got it since.
                Said::OwnCertificate(kind) if kind == "LSC" && self.showed_mic => {
                    self.succeed("shown", line);
                }
                Said::CapfNoConnection => {
                    self.fail(line, "no-connection");
                    self.blame_name(unknown.as_ref());
                }
                Said::CapfFailed(returned) => {
                    self.returned = Some(*returned);
                    self.fail(line, "unknown");
                }
                _ => {}
            },
            Says::Status(status) => match status.kind {
                Kind::NameUnknown => {
                    if let Some(name) = &status.subject {
                        *unknown = Some((name.clone(), line.evidence()));
                    }
                }
                Kind::LscConnectionFailed => {
                    self.fail(line, "connection");
                    self.blame_name(unknown.as_ref());
                }
                Kind::LscFailed => self.fail(line, "unknown"),
                Kind::NoCapfServer => self.fail(line, "no-capf"),
                Kind::LscInstalled => self.succeed("installed", line),
                _ => {}
            },
        }
    }

    /// A failure. What says more counts more.
    fn fail(&mut self, line: &LogLine<'_>, cause: &'static str) {
        const WEIGHTS: [&str; 5] = ["unknown", "connection", "no-connection", "name", "no-capf"];
        let weight = |cause: &str| WEIGHTS.iter().position(|known| *known == cause);
        self.count += 1;
        // It failed again after the name had got its address: the name is not why.
        if self.over.take().is_some_and(|(how, _)| how == "name") {
            self.cause = "unknown";
            self.name = None;
        }
        if weight(cause) > weight(self.cause) {
            self.cause = cause;
        }
        self.show(line.evidence());
    }

    /// The phone got its LSC after it failed.
    fn succeed(&mut self, how: &'static str, line: &LogLine<'_>) {
        if self.count > 0 && self.over.as_ref().is_none_or(|(known, _)| *known == "name") {
            self.over = Some((how, line.evidence()));
        }
    }

    /// A name without an address stands in front of the failure.
    fn blame_name(&mut self, unknown: Option<&(String, Evidence)>) {
        if let Some((name, place)) = unknown {
            self.cause = if self.cause == "no-capf" { self.cause } else { "name" };
            self.name = Some(name.clone());
            self.show(place.clone());
        }
    }

    fn show(&mut self, place: Evidence) {
        if self.evidence.len() < EVIDENCE && !self.evidence.contains(&place) {
            self.evidence.push(place);
        }
    }
}

fn tell(phone: String, attempt: Attempt, stated: Option<Stated>, completes: Option<&str>) -> Found {
    let mut evidence = attempt.evidence;
    evidence.extend(stated.as_ref().map(|one| one.evidence.clone()));
    let over = attempt.over.as_ref().map_or("no", |(how, _)| *how);
    evidence.extend(attempt.over.map(|(_, place)| place));
    evidence.sort_by_key(|place| (place.input, place.line));
    let came = stated.as_ref().map(|one| match one.came {
        Came::Late => "late",
        Came::InvalidLsc => "invalid-lsc",
        Came::InvalidMic => "invalid-mic",
        Came::WrongString => "string",
        Came::InvalidCredentials => "credentials",
        Came::Communication => "communication",
        Came::KeyGeneration => "key",
        Came::Authority => "authority",
        Came::NoEllipticCurve => "curve",
        Came::Failed | Came::None | Came::Pending | Came::Success => "unknown",
    });
    // What the phone itself says in front of the failure is nearer to the cause than CUCM's word for it.
    let cause = match (attempt.cause, came) {
        (cause @ ("name" | "no-capf"), _) => cause,
        (_, Some(came)) if came != "unknown" => came,
        (cause, _) if !cause.is_empty() => cause,
        _ => "unknown",
    };
    let arguments = Arguments::new()
        .text("phone", phone)
        .text("cause", cause)
        .text("name", attempt.name.unwrap_or_else(|| "none".to_owned()))
        .text(
            "returned",
            attempt.returned.map_or_else(|| "none".to_owned(), |value| value.to_string()),
        )
        .text("stated", stated.map_or_else(|| "none".to_owned(), |one| one.words))
        .text("completes", completes.unwrap_or("none"))
        .text("over", over)
        .number("count", attempt.count);
    let severity = match over {
        "no" => Severity::Error,
        // The name is there now; whether the phone tried again is not told.
        "name" => Severity::Warning,
        _ => Severity::Info,
    };
    Found::at_all(severity, evidence, arguments)
}
