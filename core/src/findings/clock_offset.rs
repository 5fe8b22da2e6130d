//! The clock of a log is not that of a capture, or of unknown day: how far it lies off, by events that both saw (B41).

use crate::evidence::facts::Facts;
use crate::evidence::timeline::{Clock, Micros};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check =
    Check { code: "clock_offset", severity: Severity::Info, refs: &["B41"], evaluate };

const SECOND: Micros = 1_000_000;
const HOUR: Micros = 3_600 * SECOND;
const DAY: Micros = 24 * HOUR;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.texts.is_empty() || facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(facts.clocks().clocks.iter().map(|clock| found(facts, clock)).collect())
}

fn found(facts: &Facts<'_>, clock: &Clock) -> Found {
    let ahead = match clock.dated {
        true => clock.ahead,
        // Which day it is, is not part of what the clock shows.
        false => (clock.ahead + DAY / 2).rem_euclid(DAY) - DAY / 2,
    };
    let logs: Vec<&str> = clock.inputs.iter().map(|input| facts.name(*input)).collect();
    let place = |evidence: &Evidence| match (evidence.line, evidence.frame) {
        (Some(line), _) => format!("line {line}"),
        (_, frame) => format!("frame {}", frame.unwrap_or_default()),
    };
    let (own, other) = &clock.first;
    // Zones lie a quarter of an hour apart; a clock that is set by hand hardly ever does.
    let from_zone = (ahead + HOUR / 8).rem_euclid(HOUR / 4) - HOUR / 8;
    let is_zone = ahead.abs() > HOUR / 8 && from_zone.abs() <= 10 * SECOND;
    let arguments = Arguments::new()
        .text("case", if clock.dated { "dated" } else { "undated" })
        .text("logs", logs.join(", "))
        .text("capture", facts.name(other.input))
        .text("direction", if ahead < 0 { "behind" } else { "ahead" })
        .text("amount", amount(ahead))
        .text("zone", if is_zone { "zone" } else { "clock" })
        .number("shared", clock.shared)
        .text("event", clock.what.as_str())
        .text("own", place(own))
        .text("other", place(other));
    Found::at_all(Severity::Info, clock.evidence.clone(), arguments)
}

/// `2 h 0 min 3 s`, the larger parts only where they are not 0; tenths of a second.
fn amount(micros: Micros) -> String {
    let tenths = (micros.abs() + SECOND / 20) / (SECOND / 10);
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}.{tenth} s"),
        (0, _) => format!("{minutes} min {seconds}.{tenth} s"),
        _ => format!("{hours} h {minutes} min {seconds}.{tenth} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_in_tenths() {
        assert_eq!(amount(-37_040_000), "37.0 s");
        assert_eq!(amount(59_990_000), "1 min 0.0 s");
        assert_eq!(amount(3_605 * SECOND), "1 h 0 min 5.0 s");
    }
}
