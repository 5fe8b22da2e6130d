//! TVS took fewer sessions than phones tried (E27).

use crate::evidence::facts::TextFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::log::time_text;
use crate::report::model::{Evidence, Severity};
use crate::text::What;
use crate::text::tvs_log::TvsSaid;

pub(super) const CHECK: Check = Check {
    code: "tvs_sessions_refused",
    severity: Severity::Warning,
    refs: &["E25", "E27"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let counts = |text: &TextFacts<'_>| {
        let is_count = |what: &What| matches!(what, What::Tvs(TvsSaid::Sessions { .. }));
        text.text.events.iter().any(|event| is_count(&event.what))
    };
    if !facts.texts.iter().any(counts) {
        return Outcome::NotApplicable;
    }
    Outcome::of(facts.texts.iter().filter_map(refused).collect())
}

/// The last count of a trace decides: both numbers only grow.
fn refused(text: &TextFacts<'_>) -> Option<Found> {
    let last = text.text.events.iter().rev().find_map(|event| match &event.what {
        What::Tvs(TvsSaid::Sessions { attempted, accepted }) => {
            Some((event, *attempted, *accepted))
        }
        _ => None,
    });
    let (event, attempted, accepted) = last.filter(|(_, tried, taken)| taken < tried)?;
    let evidence = Evidence { input: text.input, line: Some(event.line), ..Evidence::default() };
    let arguments = Arguments::new()
        .number("attempted", attempted)
        .number("accepted", accepted)
        .number("missing", attempted.saturating_sub(accepted))
        .text("time", event.stamp.as_ref().map(time_text).unwrap_or_default());
    Some(Found::at(Severity::Warning, evidence, arguments))
}
