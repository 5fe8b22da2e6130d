//! A phone asked TVS, and the capture, which has all of the connection, shows no answer (A60, E25).

use crate::capture::EndedBy;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::vouching::vouchings;
use crate::report::model::Severity;
use crate::traffic::Flow;

pub(super) const CHECK: Check =
    Check { code: "tvs_unanswered", severity: Severity::Warning, refs: &["A60"], evaluate };

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let all = vouchings(facts);
    if all.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for one in all.iter().filter(|one| one.answer.is_none() && is_whole(one.flow)) {
        let Some((_, at)) = one.request else { continue };
        let arguments = Arguments::new()
            .text("client", one.client())
            .text("server", one.server().to_string())
            .text("host", one.server().ip().to_string())
            .number("frame", at.frame)
            .number("last", one.flow.last_frame)
            .text("serial", one.asked.serial.clone().unwrap_or_else(|| "unknown".to_owned()));
        found.push(Found::at_all(Severity::Warning, one.evidence(), arguments));
    }
    Outcome::of(found)
}

/// Nothing is lost, the end is there, and every record could be opened: an answer would have been seen.
fn is_whole(flow: &Flow) -> bool {
    let opened = flow.tls.as_ref().is_none_or(|tls| tls.lost.is_none() && tls.closed_records == 0);
    flow.gaps == 0 && flow.ended_by != EndedBy::None && opened
}
