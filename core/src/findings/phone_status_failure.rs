//! What a phone's status messages and log report beyond signatures and LSC: no answer of DNS or TFTP, files too large, keys too short,
//! 802.1X (A44, C7, C51).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::{LogLine, PhoneLog};
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::Said;
use crate::text::phone_status::Kind;

pub(super) const CHECK: Check = Check {
    code: "phone_status_failure",
    severity: Severity::Warning,
    refs: &["A31", "A44", "C7"],
    evaluate,
};

const EVIDENCE: usize = 30;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    if logs.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().filter_map(failures).collect())
}

fn failures(log: &PhoneLog<'_>) -> Option<Found> {
    let mut kinds: BTreeMap<&'static str, (usize, String)> = BTreeMap::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut add = |kind: &'static str, line: &LogLine<'_>| {
        let entry = kinds.entry(kind).or_default();
        entry.0 += 1;
        entry.1 = line.time();
        let place = line.evidence();
        if evidence.len() < EVIDENCE && evidence.last() != Some(&place) {
            evidence.push(place);
        }
    };
    for (line, said) in log.said() {
        if *said == Said::NetworkAccessDenied {
            add("network", line);
        }
    }
    for (line, status) in log.status() {
        add(
            match status.kind {
                Kind::FileTooLarge => "size",
                Kind::KeyTooShort => "key",
                Kind::NameTimeout => "dns",
                Kind::TftpTimeout => "tftp",
                Kind::TftpAccess => "access",
                Kind::NetworkAccessDenied => "network",
                _ => continue,
            },
            line,
        );
    }
    if evidence.is_empty() {
        return None;
    }
    let rows = kinds.iter().map(|(kind, (count, time))| {
        let arguments = Arguments::new()
            .text("kind", *kind)
            .number("count", *count)
            .text("time", if time.is_empty() { "none" } else { time.as_str() });
        ("phone-failure-row", arguments)
    });
    let rows: Vec<_> = rows.collect();
    let has = |kind: &str| if kinds.contains_key(kind) { "yes" } else { "no" };
    let arguments = Arguments::new()
        .text("phone", log.label())
        .number("count", kinds.len())
        .text("network", has("network"))
        .text(
            "reach",
            if kinds.contains_key("dns") || kinds.contains_key("tftp") { "yes" } else { "no" },
        )
        .rows("rows", rows);
    Some(Found::at_all(Severity::Warning, evidence, arguments))
}
