//! What a phone's own log tells, as one sequence: files, lists, TVS, CAPF (A31 to A58, E19 to E44).

use std::collections::BTreeSet;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::{PhoneFile, device_of_file, phone_file};
use crate::phone::derived::Derived;
use crate::phone::log::{LogLine, PhoneLog, Says};
use crate::report::model::{Evidence, Severity};
use crate::text::phone_console::Said;

pub(super) const CHECK: Check = Check {
    code: "phone_log_boot",
    severity: Severity::Info,
    refs: &[
        "A31", "A32", "A41", "A42", "A49", "A50", "A52", "A53", "A54", "A92", "A94", "C45", "C48",
        "C50", "E19", "E20", "E21", "E22", "E23", "E24", "E25", "E26", "E28", "E37", "E41", "E42",
        "E44",
    ],
    evaluate,
};

/// Phones that are told.
const TOLD: usize = 20;

/// Lines of one phone that are told.
const ROWS: usize = 60;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    if logs.iter().all(|log| log.said().next().is_none()) {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().filter_map(tell).take(TOLD).collect())
}

/// One phone's story; nothing when its lines make none.
fn tell(log: &PhoneLog<'_>) -> Option<Found> {
    let mut rows: Vec<(&'static str, Arguments)> = Vec::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut more = 0_usize;
    let mut before: Option<Step> = None;
    for (line, said) in log.said() {
        let Some(step) = step(said) else { continue };
        // A phone says some things twice: when it asks its downloader, and when that asks the server.
        if before.as_ref() == Some(&step) {
            continue;
        }
        if rows.len() < ROWS {
            rows.push(row(line, &step));
            evidence.push(line.evidence());
        } else {
            more += 1;
        }
        before = Some(step);
    }
    if rows.len() < 2 {
        return None;
    }
    evidence.dedup();
    let all = || log.said().map(|(_, said)| said);
    let servers: BTreeSet<&str> = all()
        .filter_map(|said| match said {
            Said::Served(server) | Said::Requested { server: Some(server), .. } => {
                Some(server.as_str())
            }
            _ => None,
        })
        .collect();
    let outcome = if all().any(|said| matches!(said, Said::Refused { .. })) {
        "refused"
    } else if all().any(|said| matches!(said, Said::CapfFailed(_))) {
        "capf"
    } else if all().any(|said| matches!(said, Said::Verified(_) | Said::ListUpdated)) {
        "verified"
    } else {
        "other"
    };
    let general = |said: &Said| {
        matches!(said, Said::Requested { name, .. }
            if phone_file(name) == PhoneFile::Itl && device_of_file(name).is_none())
    };
    let names = Vec::from_iter(servers).join(", ");
    let arguments = Arguments::new()
        .text("phone", log.label())
        .text("outcome", outcome)
        .text("general", if all().any(general) { "yes" } else { "no" })
        .text("tvs", if asks_tvs_for_a_file(log) { "yes" } else { "no" })
        .text("servers", if names.is_empty() { "none".to_owned() } else { names })
        .text("back", if steps_back(log) { "yes" } else { "no" })
        .number("more", more)
        .rows("rows", rows);
    Some(Found::at_all(Severity::Info, evidence, arguments))
}

/// TVS was asked between the request for a trust list and its end: its signer stands in neither list (E20).
fn asks_tvs_for_a_file(log: &PhoneLog<'_>) -> bool {
    let mut fetching = false;
    for (_, said) in log.said() {
        match said {
            Said::Requested { name, .. } => fetching = phone_file(name) != PhoneFile::Other,
            Said::ServerCheck | Said::NotInLists(_) | Said::Verified(_) | Said::ListUpdated => {
                fetching = false;
            }
            Said::TvsConnecting { .. } | Said::TvsSent(_) if fetching => return true,
            _ => {}
        }
    }
    false
}

/// Numbers step back, or days do, within one part of the log: no disorder, but nothing may be concluded from them (E44).
fn steps_back(log: &PhoneLog<'_>) -> bool {
    let numbered = log.lines.iter().filter_map(|line| match line.says {
        // A line that was quoted without its head has no number.
        Says::Console(console) if console.number > 0 => Some((line, console.number)),
        _ => None,
    });
    let date = |line: &LogLine<'_>| line.event.stamp.and_then(|stamp| stamp.date);
    let next = numbered.clone().skip(1);
    numbered
        .zip(next)
        .filter(|(one, next)| one.0.input == next.0.input)
        .any(|(one, next)| next.1 < one.1 || (date(next.0) < date(one.0) && date(next.0).is_some()))
}

/// What a row shows: its kind, and up to two values.
type Step = (&'static str, String, String);

fn step(said: &Said) -> Option<Step> {
    let none = String::new;
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    Some(match said {
        Said::Requested { name, server, .. } => ("asks", name.clone(), or(server)),
        Said::Received(bytes) => ("received", bytes.to_string(), none()),
        Said::TransferEnded(100) => ("ended", none(), none()),
        Said::TransferEnded(status) => ("ended-other", status.to_string(), none()),
        Said::Served(server) => ("served", server.clone(), none()),
        Said::ServerSecure(true) => ("secure", none(), none()),
        Said::ServerSecure(false) => ("not-secure", none(), none()),
        Said::SignedWanted(name) => ("signed", name.clone(), none()),
        Said::HeaderVerified(length) => ("header", length.to_string(), none()),
        Said::Verified(name) => ("verified", or(name), none()),
        Said::Refused { name, reason, .. } => ("refused", or(name), or(reason)),
        Said::ListUpdated => ("updated", none(), none()),
        Said::ServerCheck => ("check", none(), none()),
        Said::Searched(list) => ("searched", list.clone(), none()),
        Said::NotInLists(server) => ("not-in-lists", or(server), none()),
        Said::CacheMiss => ("cache-miss", none(), none()),
        Said::TvsConnecting { server, .. } => ("tvs", server.clone(), none()),
        Said::TvsBelieved => ("tvs-believed", none(), none()),
        Said::TvsSent(bytes) => ("tvs-sent", bytes.to_string(), none()),
        Said::TvsReceived(bytes) => ("tvs-received", bytes.to_string(), none()),
        Said::TvsAnswered(status) => ("tvs-answered", status.to_string(), none()),
        Said::TvsCached(seconds) => ("tvs-cached", seconds.to_string(), none()),
        Said::HttpsTrusted => ("https", none(), none()),
        Said::HttpSucceeded(url) => ("http", url.clone(), none()),
        Said::OwnCertificate(kind) => ("own", kind.clone(), none()),
        Said::RoleAsked(role) => ("role", role.to_string(), none()),
        Said::Judged(true) => ("valid", none(), none()),
        Said::Judged(false) => ("invalid", none(), none()),
        Said::HandshakeDone => ("tls", none(), none()),
        Said::CapfStarted(mode) => ("capf", mode.clone(), none()),
        Said::CapfNoConnection => ("capf-bio", none(), none()),
        Said::CapfFailed(code) => ("capf-failed", code.to_string(), none()),
        Said::NameUnknown { name, code } => ("name-unknown", name.clone(), code.clone()),
        Said::NameFound { name, address } => ("name", name.clone(), address.clone()),
        Said::TvsNameUnknown => ("tvs-name", none(), none()),
        Said::Alert { description, server } => ("alert", description.clone(), or(server)),
        Said::ConnectionFailed(server) => ("connection", or(server), none()),
        Said::NetworkAccessDenied => ("network", none(), none()),
        Said::OwnSubject(_)
        | Said::OwnIssuer(_)
        | Said::NameAsked(_)
        | Said::Waiting(_)
        | Said::Harmless(_) => return None,
    })
}

fn row(line: &LogLine<'_>, (kind, value, other): &Step) -> (&'static str, Arguments) {
    let arguments = Arguments::new()
        .text(
            "time",
            if line.time().is_empty() { "without a time".to_owned() } else { line.time() },
        )
        .text("kind", *kind)
        .text("value", value.as_str())
        .text("other", other.as_str());
    ("phone-log-row", arguments)
}
