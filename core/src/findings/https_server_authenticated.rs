//! A phone authenticated HTTPS servers, with the help of TVS, and its requests succeeded (A54 to A58).

use std::collections::BTreeSet;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::{PhoneLog, time_text};
use crate::report::model::{Evidence, Severity};
use crate::text::Stamp;
use crate::text::phone_console::Said;

pub(super) const CHECK: Check = Check {
    code: "https_server_authenticated",
    severity: Severity::Good,
    refs: &["A54", "A55", "A56", "A57", "A58"],
    evaluate,
};

const EVIDENCE: usize = 50;

const DAY: u64 = 86_400;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    if logs.iter().all(|log| log.said().next().is_none()) {
        return Outcome::NotApplicable;
    }
    Outcome::of(logs.iter().filter_map(authenticated).collect())
}

fn authenticated(log: &PhoneLog<'_>) -> Option<Found> {
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut urls: BTreeSet<&str> = BTreeSet::new();
    let (mut vouched, mut cached) = (0_usize, None);
    for (line, said) in log.said() {
        match said {
            Said::HttpsTrusted => vouched += 1,
            Said::HttpSucceeded(url) => {
                urls.insert(url.split('?').next().unwrap_or(url));
            }
            Said::TvsCached(seconds) => cached = line.event.stamp.map(|stamp| (stamp, *seconds)),
            _ => continue,
        }
        evidence.push(line.evidence());
    }
    // What TVS said of a file's signer is kept as well: only servers count here.
    if vouched == 0 && urls.is_empty() {
        return None;
    }
    evidence.dedup();
    evidence.truncate(EVIDENCE);
    let (until, days) = cached.map_or_else(|| ("none".to_owned(), 0), |(at, keep)| until(at, keep));
    let arguments = Arguments::new()
        .text("phone", log.label())
        .number("vouched", vouched)
        .number("count", urls.len())
        .text("urls", Vec::from_iter(urls).join(", "))
        .text("until", until)
        .number("days", days);
    Some(Found::at_all(Severity::Good, evidence, arguments))
}

/// The time of day at which an answer kept for `seconds` ends, and how many days later that is.
fn until(at: Stamp, seconds: u64) -> (String, u64) {
    let end = u64::from(at.seconds).saturating_add(seconds);
    let of_day = u32::try_from(end % DAY).unwrap_or_default();
    (time_text(&Stamp { seconds: of_day, ..Stamp::default() }), end / DAY)
}
