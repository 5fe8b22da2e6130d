//! Lines of a phone that look like errors and are none (A51, A57, E26, E39, E43).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::{LogLine, PhoneLog};
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::{Harmless, Said};
use crate::text::phone_status::Kind;

pub(super) const CHECK: Check = Check {
    code: "phone_log_harmless",
    severity: Severity::Info,
    refs: &["A51", "A57", "E26", "E39", "E43"],
    evaluate,
};

/// Lines that are shown for one phone.
const EVIDENCE: usize = 50;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    if logs.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().filter_map(harmless).collect())
}

fn harmless(log: &PhoneLog<'_>) -> Option<Found> {
    let mut kinds: BTreeMap<&'static str, (usize, String)> = BTreeMap::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut add = |kind: &'static str, line: &LogLine<'_>| {
        kinds.entry(kind).or_insert_with(|| (0, line.event.text.as_ref().to_owned())).0 += 1;
        let place = line.evidence();
        if evidence.len() < EVIDENCE && evidence.last() != Some(&place) {
            evidence.push(place);
        }
    };
    let lines: Vec<_> = log.said().collect();
    // Whether a server that stands in no list was authenticated after all, only what follows tells: read from the end.
    let mut trusted = false;
    let mut about: Vec<(&'static str, &LogLine<'_>)> = Vec::new();
    for (line, said) in lines.iter().rev() {
        match said {
            Said::HttpsTrusted => {
                trusted = true;
                about.push(("https-trusted", line));
            }
            Said::HttpSucceeded(_) => trusted = true,
            Said::NotInLists(_) => {
                if trusted {
                    about.push(("not-in-lists", line));
                }
                trusted = false;
            }
            Said::Harmless(Harmless::NewerHeader) => about.push(("newer-header", line)),
            Said::Harmless(Harmless::Interrupted) => about.push(("interrupted", line)),
            Said::Harmless(Harmless::NotCached) => about.push(("not-cached", line)),
            _ => {}
        }
    }
    for (kind, line) in about.into_iter().rev() {
        add(kind, line);
    }
    for (line, status) in log.status() {
        match status.kind {
            Kind::NoVpn => add("no-vpn", line),
            Kind::FileNotFound if status.subject.as_deref() == Some("CTLFile.tlv") => {
                add("no-ctl", line);
            }
            _ => {}
        }
    }
    if evidence.is_empty() {
        return None;
    }
    let count: usize = kinds.values().map(|(count, _)| count).sum();
    let row = |(kind, (count, text)): (&'static str, (usize, String))| {
        (
            "phone-harmless-row",
            Arguments::new().text("kind", kind).number("count", count).text("text", text),
        )
    };
    let rows: Vec<_> = kinds.into_iter().map(row).collect();
    let arguments =
        Arguments::new().text("phone", log.label()).number("count", count).rows("rows", rows);
    Some(Found::at_all(Severity::Info, evidence, arguments))
}
