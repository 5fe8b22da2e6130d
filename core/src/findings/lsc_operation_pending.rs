//! CUCM waits for a phone to do its certificate operation (C28, C36 to C41).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::What;
use crate::text::capf::{CapfSaid, Outcome as Came};
use crate::time::UnixTime;

pub(super) const CHECK: Check = Check {
    code: "lsc_operation_pending",
    severity: Severity::Warning,
    refs: &["C27", "C28", "C35", "C36", "C37", "C38", "C39", "C40", "C41"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let (mut pending, mut any) = (None, false);
    // Phones of a list.
    let mut waiting: BTreeMap<&str, Evidence> = BTreeMap::new();
    let (mut mode, mut completes) = (None, None);
    for text in &facts.texts {
        for event in &text.text.events {
            let What::Capf(said) = &event.what else { continue };
            let place =
                Evidence { input: text.input, line: Some(event.line), ..Evidence::default() };
            any = true;
            match said {
                CapfSaid::Status(_, Came::Pending) => pending = Some(place),
                CapfSaid::Status(..) | CapfSaid::Code(..) => pending = None,
                CapfSaid::OfDevice(device, _, Came::Pending) => {
                    waiting.insert(device, place);
                }
                CapfSaid::OfDevice(device, ..) => {
                    waiting.remove(device.as_str());
                }
                CapfSaid::Mode(words) => mode = Some((words.as_str(), place)),
                CapfSaid::CompletesBy(year, month, day, hour) => {
                    let at = UnixTime::from_parts(i64::from(*year), *month, *day, *hour, 0, 0);
                    completes = at.map(|at| (at, place));
                }
            }
        }
    }
    let mut evidence: Vec<Evidence> = pending.into_iter().chain(waiting.into_values()).collect();
    if evidence.is_empty() {
        return if any { Outcome::Clear } else { Outcome::NotApplicable };
    }
    let existing = mode.filter(|(words, _)| words.contains("Existing Certificate"));
    evidence.extend(existing.as_ref().map(|(_, place)| place.clone()));
    // The page shows the server's local time: half a day and more beyond it is past in every zone.
    let passed = completes.filter(|(at, _)| at.plus(ZONES) < facts.now);
    evidence.extend(passed.as_ref().map(|(_, place)| place.clone()));
    let arguments = Arguments::new()
        .text(
            "mode",
            existing.map_or(
                "other",
                |(words, _)| {
                    if words.contains("MIC") { "mic" } else { "lsc" }
                },
            ),
        )
        .text("passed", passed.map_or_else(|| "no".to_owned(), |(at, _)| at.to_string()));
    Outcome::Found(vec![Found::at_all(Severity::Warning, evidence, arguments)])
}

/// Seconds by which clocks of the world differ from UTC at most.
const ZONES: i64 = 14 * 3600;
