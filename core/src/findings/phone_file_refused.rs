//! A phone says that it refuses a file: its signature could not be verified (A39, A86, E1).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::{LogLine, PhoneLog};
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::Said;
use crate::text::phone_status::Kind;

pub(super) const CHECK: Check = Check {
    code: "phone_file_refused",
    severity: Severity::Error,
    refs: &["A39", "A86", "E1"],
    evaluate,
};

/// Lines that are shown for one file.
const EVIDENCE: usize = 20;

/// What a refusal is told of where the line names no file: it says that a trust list was not taken.
const LIST: &str = "list";

#[derive(Default)]
struct Refusal {
    evidence: Vec<Evidence>,
    count: usize,
    time: String,
    /// The phone's reason, in its words or as a number.
    reason: Option<String>,
    /// The reason that it gives is the signer.
    is_signer: bool,
    /// It says that the signature is the matter.
    is_verification: bool,
    /// The line that says that it verified this file later.
    over: Option<Evidence>,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    if logs.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().flat_map(of_phone).collect())
}

/// One finding for each file that the phone refuses.
fn of_phone(log: &PhoneLog<'_>) -> Vec<Found> {
    let mut refusals: BTreeMap<String, Refusal> = BTreeMap::new();
    let mut last: Option<&str> = None;
    for (line, said) in log.said() {
        match said {
            Said::Requested { name, .. } => last = Some(name),
            Said::Refused { name, code, reason } => {
                let one = refuse(&mut refusals, name.as_deref(), line);
                one.is_verification = true;
                let code = code.map(|(class, code)| format!("errclass {class}, errcode {code}"));
                let reason = match (reason, code) {
                    (Some(words), Some(code)) => Some(format!("{words} ({code})")),
                    (Some(words), None) => Some(words.clone()),
                    (None, code) => code,
                };
                one.is_signer |=
                    reason.as_ref().is_some_and(|reason| reason.contains("signer not"));
                one.reason = reason.or(one.reason.take());
            }
            Said::Verified(name) => {
                if let Some(one) = name.as_deref().or(last).and_then(|name| refusals.get_mut(name))
                {
                    one.over = Some(line.evidence());
                }
            }
            _ => {}
        }
    }
    for (line, status) in log.status() {
        let is_verification = match status.kind {
            Kind::FileRefused | Kind::VerificationFailed => true,
            Kind::ListUpdateFailed => false,
            Kind::ListUpdated => {
                if let Some(one) = refusals.get_mut(LIST) {
                    one.over = Some(line.evidence());
                }
                continue;
            }
            _ => continue,
        };
        let one = refuse(&mut refusals, status.subject.as_deref(), line);
        one.is_verification |= is_verification;
        if let Some(code) = status.code {
            one.reason = Some(format!("number {code}"));
        }
    }
    refusals.into_iter().map(|(file, one)| found(log, &file, one)).collect()
}

fn refuse<'r>(
    refusals: &'r mut BTreeMap<String, Refusal>,
    name: Option<&str>,
    line: &LogLine<'_>,
) -> &'r mut Refusal {
    let one = refusals.entry(name.unwrap_or(LIST).to_owned()).or_default();
    one.count += 1;
    one.over = None;
    let place = line.evidence();
    if one.evidence.len() < EVIDENCE && one.evidence.last() != Some(&place) {
        one.evidence.push(place);
    }
    one.time = line.time();
    one
}

fn found(log: &PhoneLog<'_>, file: &str, one: Refusal) -> Found {
    let severity = match (&one.over, one.is_verification) {
        (Some(_), _) => Severity::Info,
        (None, true) => Severity::Error,
        (None, false) => Severity::Warning,
    };
    let arguments = Arguments::new()
        .text("phone", log.label())
        .text("file", file)
        .text("cause", if one.is_signer { "signer" } else { "other" })
        .text("reason", one.reason.unwrap_or_else(|| "none".to_owned()))
        .text("verification", if one.is_verification { "yes" } else { "no" })
        .text("over", if one.over.is_some() { "yes" } else { "no" })
        .text("time", if one.time.is_empty() { "none".to_owned() } else { one.time })
        .number("count", one.count);
    let evidence = one.evidence.into_iter().chain(one.over).collect();
    Found::at_all(severity, evidence, arguments)
}
