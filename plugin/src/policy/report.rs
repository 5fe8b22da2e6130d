//! How verdicts leave the filter: lines, metrics, and what access logs and later filters can read.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::proxy::{Level, Proxy};
use super::verdict::{Outcome, Reason, Subject, Verdict};
use crate::limits;

/// Gauge, with the origin in its name.
const DAYS_LEFT: &str = "tlvet_certificate_days_left";
/// Histogram of milliseconds.
const HOLD: &str = "tlvet_handshake_hold_ms";

/// Days ahead that an expiry is warned of (as tlvet's reports do).
const WARNED_DAYS: i64 = 60;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// Connections with origins.
    Connections,
    /// Requests, which share connections.
    Requests,
}

/// One counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// What is counted.
    pub counter: Counter,
    /// What became of it.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
}

impl Counted {
    /// Its name, with result and reason in it; `stats_config` of the configurations in `deploy` makes labels of them.
    pub fn name(self) -> String {
        let what = match self.counter {
            Counter::Connections => "connections",
            Counter::Requests => "requests",
        };
        format!("tlvet_{what}_total.result.{}.reason.{}", self.outcome.as_str(), self.reason)
    }
}

/// Origins that have a gauge of their own, with the days that it shows.
#[derive(Debug, Default)]
pub(super) struct Origins(RefCell<BTreeMap<String, i64>>);

impl Origins {
    /// The name in metrics of an origin whose certificate expires in so many days: its label, or `other` once there are
    /// too many. `None`: its gauge shows that already.
    fn news(&self, subject: &Subject, days: i64) -> Option<String> {
        let label = subject.label();
        let Ok(mut origins) = self.0.try_borrow_mut() else { return None };
        let full = origins.len() >= limits::GAUGES;
        match origins.get_mut(&label) {
            Some(shown) if *shown == days => None,
            Some(shown) => {
                *shown = days;
                Some(label)
            }
            None if full => Some("other".to_owned()),
            None => {
                origins.insert(label.clone(), days);
                Some(label)
            }
        }
    }
}

/// Writes a verdict: its lines, one count, and what access logs read as `%FILTER_STATE(wasm.tlvet.verdict:PLAIN)%`.
/// `held` is how long bytes waited for it, in milliseconds.
pub(super) fn write(
    proxy: &dyn Proxy,
    origins: &Origins,
    subject: &Subject,
    verdict: &Verdict,
    held: Option<u64>,
) {
    for line in &verdict.lines {
        proxy.log(Level::Warn, line);
    }
    count(proxy, verdict);
    publish(proxy, subject, verdict);
    if let Some(days) = verdict.days_left
        && let Some(name) = origins.news(subject, days)
    {
        // A gauge holds no negative number: an expired certificate has 0 days left.
        proxy.gauge(&format!("{DAYS_LEFT}.origin.{name}"), u64::try_from(days).unwrap_or(0));
        // Once a day for each origin; the others would be warned of each time.
        if (0..WARNED_DAYS).contains(&days) && name != "other" {
            let label = subject.label();
            let line = format!("WARNING: tlvet: the certificate of {label} expires in {days} days");
            proxy.log(Level::Warn, &line);
        }
    }
    if let Some(held) = held {
        proxy.record(HOLD, held);
    }
}

/// One count by result and reason.
pub(super) fn count(proxy: &dyn Proxy, verdict: &Verdict) {
    let Verdict { outcome, reason, .. } = *verdict;
    proxy.count(Counted { counter: Counter::Connections, outcome, reason });
}

/// What access logs and later filters read of this connection or request.
pub(super) fn publish(proxy: &dyn Proxy, subject: &Subject, verdict: &Verdict) {
    proxy.set_property("tlvet.verdict", verdict.outcome.as_str());
    proxy.set_property("tlvet.reason", verdict.reason.as_str());
    proxy.set_property("tlvet.origin", &subject.label());
}

/// One count of a request by result and reason, and what access logs read of it.
pub(super) fn request(proxy: &dyn Proxy, outcome: Outcome, reason: Reason) {
    proxy.count(Counted { counter: Counter::Requests, outcome, reason });
    proxy.set_property("tlvet.verdict", outcome.as_str());
    proxy.set_property("tlvet.reason", reason.as_str());
}
