//! What the renderings for people share.

use core::fmt::Write as _;
use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::findings::Arguments;
use crate::i18n::Messages;
use crate::report::model::{
    Cause, Evidence, Finding, Report, Severity, SkipOutcome, Skipped, TimelineEvent, Verdict,
};

/// Characters that must reach neither a terminal nor a page: controls, and those that change the direction of a text or
/// cannot be seen (Unicode Standard Annex 9 section 2, Unicode Technical Standard 39 section 5).
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    // Nearly every text is of this kind, and there are thousands of them.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let shown = |character| if is_hidden(character) { '\u{fffd}' } else { character };
    Cow::Owned(text.chars().map(shown).collect())
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// The word that the JSON of a plain variant has.
pub(super) fn word(variant: impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A severity in one word.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Good => "good",
    }
}

/// A verdict in one word, and the message that says it in a sentence.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Fail => ("FAIL", "verdict-fail"),
        Verdict::Inconclusive => ("INCONCLUSIVE", "verdict-inconclusive"),
        Verdict::Pass => ("PASS", "verdict-pass"),
        Verdict::Warn => ("WARN", "verdict-warn"),
    }
}

/// Name of an input; the path of one that was found inside others.
pub(super) fn input_name(report: &Report, input: u32) -> String {
    let input = report.inputs.get(input as usize);
    input.map(|input| visible(&input.name).into_owned()).unwrap_or_default()
}

/// A place in words: `name, record 3, offset 296`.
pub(super) fn place(report: &Report, evidence: &Evidence) -> String {
    let mut text = input_name(report, evidence.input);
    let parts = [
        ("record", evidence.record.map(u64::from)),
        ("frame", evidence.frame),
        ("line", evidence.line),
        ("offset", evidence.offset),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            let _ = write!(text, ", {name} {value}");
        }
    }
    text
}

/// Where an event of the timeline stands.
pub(super) fn event_place(report: &Report, event: &TimelineEvent) -> String {
    let TimelineEvent { input, line, frame, .. } = *event;
    place(report, &Evidence { input, line, frame, ..Evidence::default() })
}

/// How many events of the timeline are not listed, in words; `None` when all are.
pub(super) fn more_events(report: &Report, messages: &Messages) -> Option<String> {
    let more = report.timeline.len().checked_sub(EVENTS).filter(|more| *more > 0)?;
    let arguments = Arguments::new().number("count", i64::try_from(more).unwrap_or(i64::MAX));
    Some(messages.text("label-more", &arguments).unwrap_or_default())
}

/// The findings that directly led to one.
pub(super) fn led_to_by<'r>(
    report: &'r Report,
    finding: &'r Finding,
) -> impl Iterator<Item = &'r Finding> {
    finding.caused_by.iter().filter_map(|index| report.findings.get(*index))
}

/// A line of the text of a finding: details and remedies are prose with `code` in back quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// Prose.
    Prose(&'t str),
    /// An element of a list, without its mark.
    Item(&'t str),
    /// What a product writes, word for word.
    Quote(&'t str),
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        if let Some(quote) = line.strip_prefix("> ") {
            Line::Quote(quote)
        } else if let Some(item) = line.strip_prefix("- ") {
            Line::Item(item)
        } else {
            Line::Prose(line)
        }
    })
}

/// The pieces of a line: prose, and code between back quotes. A single back quote is prose.
pub(super) fn pieces(line: &str) -> Vec<(bool, &str)> {
    let parts: Vec<&str> = line.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return vec![(false, line)];
    }
    let pieces = (0..).zip(parts).map(|(place, part): (usize, &str)| (place % 2 == 1, part));
    pieces.filter(|(_, part)| !part.is_empty()).collect()
}

/// Causes with their findings.
pub(super) fn causes(report: &Report) -> impl Iterator<Item = (&Cause, &Finding)> {
    let causes = report.summary.causes.iter();
    causes.filter_map(|cause| Some((cause, report.findings.get(cause.finding)?)))
}

/// Findings that a person must act on and that are no causes.
pub(super) fn other_findings(report: &Report) -> impl Iterator<Item = &Finding> {
    let causes: BTreeSet<usize> = report.summary.causes.iter().map(|cause| cause.finding).collect();
    let all = report.findings.iter().enumerate();
    let open = all.filter(move |(index, finding)| asks(finding) && !causes.contains(index));
    open.map(|(_, finding)| finding)
}

/// Findings that ask nothing of anyone.
pub(super) fn notes(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| !asks(finding))
}

fn asks(finding: &Finding) -> bool {
    matches!(finding.severity, Severity::Error | Severity::Warning)
}

/// Checks that the inputs call for and do not decide.
pub(super) fn undecided(report: &Report) -> impl Iterator<Item = &Skipped> {
    report.skipped.iter().filter(|skipped| skipped.outcome == SkipOutcome::NotEnoughEvidence)
}

/// Events, dated or in the order of their log, that a rendering shows; the JSON has them all.
pub(super) const EVENTS: usize = 500;
