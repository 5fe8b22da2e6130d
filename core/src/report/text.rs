//! The report as text for a terminal.

use core::fmt::Write as _;
use std::collections::BTreeMap;

use crate::findings::Arguments;
use crate::i18n::Messages;
use crate::report::model::{Finding, Report, Severity, Verdict};
use crate::report::words;
use crate::report::words::{led_to_by, place, undecided, visible, word};

/// How the text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours.
    pub colour: bool,
    /// Columns to wrap at; 0 does not wrap.
    pub width: usize,
    /// Only the verdict and what is at least a warning.
    pub brief: bool,
}

/// The report as text, lines ended by `\n`.
pub fn render(report: &Report, style: Style) -> String {
    let messages = Messages::english();
    let mut out = String::new();
    story(&mut out, report, &messages, style);
    inputs(&mut out, report, style);
    let mut notes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &report.findings {
        if matches!(finding.severity, Severity::Info | Severity::Good) {
            if style.brief {
                continue;
            }
            let told = notes.entry(&finding.code).or_default();
            *told += 1;
            if *told > NOTES {
                render_note(&mut out, report, finding, style);
                continue;
            }
        }
        render_finding(&mut out, report, finding, style);
    }
    skipped(&mut out, report, style);
    verdict(&mut out, report, &messages, style);
    out
}

/// What to know before anything else.
fn story(out: &mut String, report: &Report, messages: &Messages, style: Style) {
    let summary = &report.summary;
    let (on, off) = if style.colour { (colour(summary.verdict), "\u{1b}[0m") } else { ("", "") };
    let (word, _) = words::verdict(summary.verdict);
    wrapped(out, &format!("{on}{word}{off}: "), "  ", &summary.sentence, style.width);
    if summary.causes.len() > 1 {
        let label = |id: &str| messages.text(id, &Arguments::new()).unwrap_or_default();
        for (number, cause) in (1..).zip(&summary.causes) {
            let first = format!("  {number}. [{}] ", cause.code);
            wrapped(out, &first, "     ", &cause.sentence, style.width);
            if let Some(decide) = &cause.decide {
                let first = format!("     {} ", label("label-decide"));
                wrapped(out, &first, "     ", decide, style.width);
            }
        }
    }
    let _ = writeln!(out);
}

fn colour(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "\u{1b}[1;31m",
        Verdict::Inconclusive => "\u{1b}[1;35m",
        Verdict::Pass => "\u{1b}[1;32m",
        Verdict::Warn => "\u{1b}[1;33m",
    }
}

fn inputs(out: &mut String, report: &Report, style: Style) {
    /// More inputs than this are counted, not listed: nobody reads a list of thousands.
    const LISTED: usize = 40;
    if style.brief {
        return;
    }
    for input in report.inputs.iter().take(LISTED) {
        let kind = word(input.kind);
        // By their numbers sentences tell inputs apart.
        if report.inputs.len() > 1 {
            let _ = write!(out, "input {}: ", input.id);
        }
        let _ = writeln!(out, "{}  {kind}, {} bytes", visible(&input.name), input.bytes);
        for list in report.trust_lists.iter().filter(|list| list.input == input.id) {
            let status = word(list.verification.status);
            let _ = writeln!(
                out,
                "  {} records; {status}: {}",
                list.records.len(),
                visible(&list.verification.reason)
            );
        }
        for capture in report.captures.iter().filter(|capture| capture.input == input.id) {
            let tls = capture.flows.iter().filter(|flow| flow.tls.is_some()).count();
            let _ = writeln!(
                out,
                "  {}, {} ({tls} with TLS), {}, {} asked for",
                counted(capture.packets, "packet"),
                counted(capture.flows.len() as u64, "connection"),
                counted(capture.transfers.len() as u64, "file"),
                counted(capture.dns.len() as u64, "name")
            );
        }
        for log in report.logs.iter().filter(|log| log.input == input.id) {
            let _ = writeln!(out, "  {}: {} of {} lines", log.format, log.recognised, log.lines);
        }
        for file in report.signed_files.iter().filter(|file| file.input == input.id) {
            let status = word(file.verification.status);
            let _ = writeln!(out, "  {status}: {}", visible(&file.verification.reason));
        }
    }
    if let Some(more) = report.inputs.len().checked_sub(LISTED).filter(|more| *more > 0) {
        let _ = writeln!(out, "and {more} more inputs");
    }
    let _ = writeln!(out);
}

/// Characters of a line of a log that are shown below the place where it stands.
const LINE: usize = 200;

/// Severity, code and title.
fn heading(out: &mut String, finding: &Finding, style: Style) {
    let word = words::severity(finding.severity);
    let colour = match finding.severity {
        Severity::Error => "\u{1b}[1;31m",
        Severity::Warning => "\u{1b}[1;33m",
        Severity::Info => "\u{1b}[1;34m",
        Severity::Good => "\u{1b}[1;32m",
    };
    let (on, bold, off) =
        if style.colour { (colour, "\u{1b}[1m", "\u{1b}[0m") } else { ("", "", "") };
    let _ =
        writeln!(out, "{on}{word}{off}[{}]: {bold}{}{off}", finding.code, visible(&finding.title));
}

/// Notes of one code that are told at length: of the others, the explanation and what to do would be the same again.
const NOTES: usize = 3;

/// A further note of a code: its title and where it stands first.
fn render_note(out: &mut String, report: &Report, finding: &Finding, style: Style) {
    heading(out, finding, style);
    if let Some(evidence) = finding.evidence.first() {
        let _ = writeln!(out, "  --> {}", place(report, evidence));
    }
    let _ = writeln!(out);
}

fn render_finding(out: &mut String, report: &Report, finding: &Finding, style: Style) {
    heading(out, finding, style);
    for cause in led_to_by(report, finding) {
        let first = format!("  because [{}]: ", cause.code);
        wrapped(out, &first, "    ", &cause.title, style.width);
    }
    wrapped(out, "  ", "  ", &finding.detail, style.width);
    for evidence in finding.evidence.iter().take(5) {
        let _ = writeln!(out, "  --> {}", place(report, evidence));
        if let Some(line) = &evidence.text {
            let shown: String = visible(line).chars().take(LINE).collect();
            let _ = writeln!(out, "      | {shown}");
        }
    }
    if let Some(more) = finding.evidence.len().checked_sub(5).filter(|more| *more > 0) {
        let _ = writeln!(out, "  --> and {} more", counted(more as u64, "place"));
    }
    for (step, remedy) in finding.remedy.iter().enumerate() {
        wrapped(out, &format!("  {}. ", step + 1), "     ", remedy, style.width);
    }
    for warning in &finding.do_not {
        wrapped(out, "  x  ", "     ", warning, style.width);
    }
    if !finding.refs.is_empty() {
        let _ = writeln!(out, "  refs: {}", finding.refs.join(", "));
    }
    let _ = writeln!(out);
}

fn skipped(out: &mut String, report: &Report, style: Style) {
    for skipped in undecided(report) {
        let first = format!("undecided[{}]: needs ", skipped.code);
        wrapped(out, &first, "  ", &skipped.needs, style.width);
    }
    if undecided(report).next().is_some() {
        let _ = writeln!(out);
    }
}

fn verdict(out: &mut String, report: &Report, messages: &Messages, style: Style) {
    let (word, id) = words::verdict(report.summary.verdict);
    let colour = colour(report.summary.verdict);
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let arguments = Arguments::new()
        .number("errors", number(report.summary.errors))
        .number("warnings", number(report.summary.warnings));
    let sentence = messages.text(id, &arguments).unwrap_or_default();
    let (on, off) = if style.colour { (colour, "\u{1b}[0m") } else { ("", "") };
    let _ = writeln!(
        out,
        "{on}{word}{off}: {sentence} ({}, {}, judged at {})",
        counted(report.summary.errors as u64, "error"),
        counted(report.summary.warnings as u64, "warning"),
        report.now
    );
}

/// `1 error`, `2 errors`.
fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Words of `text` after `first`, further lines after `next`, broken before `width`.
/// Lines of `text` wrapped, each for itself: list items (`- `) hang, quoted lines (`> `) stay whole so that they can be
/// searched for and copied.
fn wrapped(out: &mut String, first: &str, next: &str, text: &str, width: usize) {
    for (number, line) in text.lines().enumerate() {
        let indent = if number == 0 { first } else { next };
        if let Some(quoted) = line.strip_prefix("> ") {
            let _ = writeln!(out, "{indent}  {}", visible(quoted));
        } else if line.starts_with("- ") {
            paragraph(out, indent, &format!("{next}  "), line, width);
        } else {
            paragraph(out, indent, next, line, width);
        }
    }
}

fn paragraph(out: &mut String, first: &str, next: &str, text: &str, width: usize) {
    let text = visible(text);
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        let long = width > 0 && line.chars().count() + 1 + word.chars().count() > width;
        if !empty && long {
            push_line(out, &line);
            line.clear();
            line.push_str(next);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    push_line(out, &line);
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}
