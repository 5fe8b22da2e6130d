//! A phone asked TVS, and the capture, which has all of the connection, or the trace of the service, which goes on, shows no
//! answer (A60).

use crate::capture::EndedBy;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::traffic::Flow;

/// Seconds that a trace must go on for a question to count as unanswered: the service answers within one.
const SILENCE: u32 = 30;

pub(super) const CHECK: Check =
    Check { code: "tvs_unanswered", severity: Severity::Warning, refs: &["A60", "A63"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = facts.vouchings();
    if all.is_empty() {
        return Outcome::NotApplicable;
    }
    let rows = facts.listed_rows();
    let mut found = Vec::new();
    for one in all.iter().filter(|one| one.answer.is_none() && one.is_trusted().is_none()) {
        let Some(spot) = &one.request else { continue };
        let (case, last) = match (one.flow, one.followed) {
            (Some(flow), _) if is_whole(flow) => ("capture", flow.last_frame),
            (None, Some(seconds)) if seconds >= SILENCE => ("trace", u64::from(seconds)),
            _ => continue,
        };
        let listed = one.listed(&rows);
        let mut evidence = one.evidence();
        evidence.extend(listed.evidence());
        let arguments = Arguments::new()
            .text("client", one.client.as_ref())
            .text("server", one.at_server())
            .text("host", one.host())
            .text("case", case)
            .text("asked", spot.words())
            .text("listed", listed.word())
            .text("stores", listed.stores())
            .number("last", last)
            .text("serial", one.asked.serial.as_deref().unwrap_or("unknown"));
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}

/// Nothing is lost, the end is there, and every record could be opened: an answer would have been seen.
fn is_whole(flow: &Flow) -> bool {
    let opened = flow.tls.as_ref().is_none_or(|tls| tls.lost.is_none() && tls.closed_records == 0);
    flow.gaps == 0 && flow.ended_by != EndedBy::None && opened
}
