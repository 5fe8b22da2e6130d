//! What Schannel wrote to the event log, in plain words: no version left to offer, none in common, alerts sent and received
//! (D2, D20).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::proto::tls::alert_name;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check =
    Check { code: "schannel_events", severity: Severity::Warning, refs: &["D2", "D20"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let tms = facts.tms();
    let mut groups: BTreeMap<(u32, Option<u32>), Vec<Evidence>> = BTreeMap::new();
    for ((source, id), events) in &tms.events {
        if source == "Schannel" && matches!(id, 36_871 | 36_874 | 36_887 | 36_888) {
            for (at, number) in events {
                groups.entry((*id, *number)).or_default().push(at.clone());
            }
        }
    }
    if groups.is_empty() {
        return Outcome::NotApplicable;
    }
    let found = groups.into_iter().map(|((id, number), evidence)| {
        let alert = number.and_then(|number| alert_name(u8::try_from(number).ok()?));
        let severity = if id == 36_871 { Severity::Warning } else { Severity::Info };
        let arguments = Arguments::new()
            .text("id", id.to_string())
            .number("count", evidence.len())
            .text("number", number.map_or_else(|| "none".to_owned(), |number| number.to_string()))
            .text("alert", alert.unwrap_or("none"));
        Found::at_all(severity, evidence, arguments)
    });
    Outcome::Found(found.collect())
}
