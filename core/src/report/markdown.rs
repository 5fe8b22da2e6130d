//! The report as Markdown (CommonMark with tables): for a support case.

use core::fmt::Write as _;

use crate::findings::Arguments;
use crate::i18n::Messages;
use crate::report::model::{Finding, Report};
use crate::report::words::{
    self, Line, causes, input_name, led_to_by, lines, notes, other_findings, pieces, place,
    undecided, visible, word,
};

/// The report as Markdown.
pub fn render(report: &Report) -> String {
    Writer { report, messages: Messages::english(), out: String::new() }.document()
}

struct Writer<'r> {
    report: &'r Report,
    messages: Messages,
    out: String,
}

impl Writer<'_> {
    fn document(mut self) -> String {
        let report = self.report;
        let (verdict, _) = words::verdict(report.summary.verdict);
        self.heading(1, "label-title");
        self.line(&format!("**{verdict}**: {}", escaped(&report.summary.sentence)));
        let arguments = Arguments::new()
            .text("now", report.now.as_str())
            .text("version", report.tool.version.as_str())
            .text("schema", report.schema.as_str());
        let judged = self.messages.text("label-judged", &arguments).unwrap_or_default();
        self.line(&escaped(&judged));
        if report.redacted {
            let label = self.label("label-redacted");
            self.line(&label);
        }
        self.causes();
        if other_findings(report).next().is_some() {
            self.heading(2, "label-findings");
        }
        for finding in other_findings(report) {
            let title = escaped(&finding.title);
            self.line(&format!("### {}: {title}", words::severity(finding.severity)));
            self.finding(finding);
        }
        self.notes();
        if undecided(report).next().is_some() {
            self.heading(2, "label-undecided");
            for skipped in undecided(report) {
                let needs = self.label("label-needs");
                let _ = writeln!(
                    self.out,
                    "- {}: {needs} {}",
                    code(&skipped.code),
                    escaped(&skipped.needs)
                );
            }
            self.out.push('\n');
        }
        self.timeline();
        self.inputs();
        self.out
    }

    fn causes(&mut self) {
        let report = self.report;
        match report.summary.causes.len() {
            0 => return,
            1 => self.heading(2, "label-cause"),
            _ => self.heading(2, "label-causes"),
        }
        for (number, (cause, finding)) in (1..).zip(causes(report)) {
            self.line(&format!("### {number}. {}", escaped(&cause.sentence)));
            self.line(&format!(
                "{}: {}",
                words::severity(finding.severity),
                escaped(&finding.title)
            ));
            self.finding(finding);
            self.titles("label-explains", &cause.consequences);
            self.titles("label-alternatives", &cause.alternatives);
            if let Some(decide) = &cause.decide {
                let label = self.label("label-decide");
                self.line(&format!("{label} {}", escaped(decide)));
            }
        }
    }

    /// Everything about a finding but its title.
    fn finding(&mut self, finding: &Finding) {
        let report = self.report;
        let refs = finding.refs.join(", ");
        let label = self.label("label-refs");
        self.line(&format!("{}; {label}: {}", code(&finding.code), escaped(&refs)));
        for cause in led_to_by(report, finding) {
            let label = self.label("label-because");
            self.line(&format!("{label}: {} ({})", escaped(&cause.title), code(&cause.code)));
        }
        self.text(&finding.detail);
        self.bold("label-evidence");
        for evidence in &finding.evidence {
            let _ = writeln!(self.out, "- {}", escaped(&place(report, evidence)));
            if let Some(line) = &evidence.text {
                let _ = writeln!(self.out, "  > {}", escaped(line));
            }
        }
        self.out.push('\n');
        if !finding.remedy.is_empty() {
            self.bold("label-remedy");
            for (number, remedy) in (1..).zip(&finding.remedy) {
                let _ = writeln!(self.out, "{number}. {}", escaped(&remedy.replace('\n', " ")));
            }
            self.out.push('\n');
        }
        if !finding.do_not.is_empty() {
            self.bold("label-do-not");
            for warning in &finding.do_not {
                let _ = writeln!(self.out, "- {}", escaped(&warning.replace('\n', " ")));
            }
            self.out.push('\n');
        }
    }

    fn titles(&mut self, label: &str, indices: &[usize]) {
        let report = self.report;
        let mut findings =
            indices.iter().filter_map(|index| report.findings.get(*index)).peekable();
        if findings.peek().is_none() {
            return;
        }
        self.bold(label);
        for finding in findings {
            let _ = writeln!(self.out, "- {} ({})", escaped(&finding.title), code(&finding.code));
        }
        self.out.push('\n');
    }

    fn notes(&mut self) {
        let report = self.report;
        let rows = notes(report).map(|finding| {
            let first = finding.evidence.first().map(|evidence| place(report, evidence));
            vec![
                words::severity(finding.severity).to_owned(),
                escaped(&finding.title),
                escaped(&first.unwrap_or_default()),
                code(&finding.code),
            ]
        });
        self.table(
            "label-notes",
            &["label-kind", "label-finding", "label-place", "label-refs"],
            rows.collect(),
        );
    }

    fn timeline(&mut self) {
        let report = self.report;
        let rows = report.timeline.iter().take(words::EVENTS).map(|event| {
            let place = words::event_place(report, event);
            vec![escaped(&event.time), escaped(&event.text), escaped(&place), escaped(&event.event)]
        });
        let columns = ["label-time", "label-event", "label-place", "label-kind"];
        self.table("label-timeline", &columns, rows.collect());
        if let Some(text) = words::more_events(report, &self.messages) {
            self.line(&text);
        }
    }

    fn inputs(&mut self) {
        let report = self.report;
        let rows = report.inputs.iter().map(|input| {
            let inside = input.inside.map(|parent| format!(" ({})", input_name(report, parent)));
            vec![
                input.id.to_string(),
                escaped(&format!("{}{}", visible(&input.name), inside.unwrap_or_default())),
                word(input.kind),
                word(input.role),
                input.bytes.to_string(),
                [&input.sha256, &input.md5]
                    .into_iter()
                    .filter(|digest| !digest.is_empty())
                    .map(|digest| code(digest))
                    .collect::<Vec<_>>()
                    .join(" "),
            ]
        });
        let columns = [
            "label-number",
            "label-name",
            "label-kind",
            "label-role",
            "label-bytes",
            "label-digests",
        ];
        self.table("label-inputs", &columns, rows.collect());
    }

    fn table(&mut self, title: &str, columns: &[&str], rows: Vec<Vec<String>>) {
        if rows.is_empty() {
            return;
        }
        self.heading(2, title);
        let names: Vec<String> = columns.iter().map(|column| self.label(column)).collect();
        let _ = writeln!(self.out, "| {} |", names.join(" | "));
        let _ = writeln!(self.out, "|{}", " --- |".repeat(columns.len()));
        for row in rows {
            let _ = writeln!(self.out, "| {} |", row.join(" | "));
        }
        self.out.push('\n');
    }

    /// The lines of a detail: prose, lists, and quoted lines as they are.
    fn text(&mut self, text: &str) {
        let mut before = None;
        for line in lines(text) {
            let kind = core::mem::discriminant(&line);
            // Lines of a list and of a quotation belong together; prose is a paragraph for each line.
            if before.is_some_and(|before| before != kind || matches!(line, Line::Prose(_))) {
                self.out.push('\n');
            }
            before = Some(kind);
            let _ = match line {
                Line::Prose(prose) => writeln!(self.out, "{}", escaped(prose)),
                Line::Item(item) => writeln!(self.out, "- {}", escaped(item)),
                // Four blanks make it code: nothing in it is markup.
                Line::Quote(quote) => writeln!(self.out, "    {}", visible(quote)),
            };
        }
        self.out.push('\n');
    }

    fn heading(&mut self, level: usize, label: &str) {
        let text = self.label(label);
        self.line(&format!("{} {text}", "#".repeat(level)));
    }

    fn bold(&mut self, label: &str) {
        let text = self.label(label);
        self.line(&format!("**{text}**"));
    }

    /// A paragraph of one line.
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}\n");
    }

    fn label(&self, id: &str) -> String {
        self.messages.text(id, &Arguments::new()).unwrap_or_default()
    }
}

/// A name of ours or a digest as code; what has a back quote is none of these and stays text.
fn code(text: &str) -> String {
    if text.contains(['`', '|', '\n']) { escaped(text) } else { format!("`{}`", visible(text)) }
}

/// A line in which nothing that came from a file is markup: no emphasis, link, picture, HTML, table cell, heading or
/// list. Code between back quotes stays code.
fn escaped(text: &str) -> String {
    let text = text.replace('\n', " ");
    let text = visible(&text);
    let mut out = String::with_capacity(text.len());
    for (is_code, piece) in pieces(&text) {
        if is_code && !piece.contains('|') {
            let _ = write!(out, "`{piece}`");
        } else {
            prose(&mut out, piece);
        }
    }
    out
}

fn prose(out: &mut String, piece: &str) {
    let mut before = out.chars().next_back();
    let mut rest = piece.chars().peekable();
    let start = out.is_empty();
    let mut digits = start;
    let mut first = start;
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        let in_word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
        let escape = match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' => true,
            '_' => !(in_word(before) && in_word(next)),
            '&' => next.is_some_and(|next| next == '#' || next.is_ascii_alphabetic()),
            // No link is made of an address.
            ':' => next == Some('/'),
            '@' => in_word(next),
            '.' | ')' if digits && !first => next.is_none_or(char::is_whitespace),
            '.' => out.ends_with("www"),
            '#' | '>' | '-' | '+' | '=' => first,
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(character);
        digits &= character.is_ascii_digit();
        first = false;
        before = Some(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_is_markup() {
        for (text, expected) in [
            ("a *b* _c_ d_e", "a \\*b\\* \\_c\\_ d_e"),
            ("[x](https://evil.example/)", "\\[x\\](https\\://evil.example/)"),
            ("<img src=x>", "\\<img src=x>"),
            ("# no heading", "\\# no heading"),
            ("1. no list", "1\\. no list"),
            ("10.48.36.215", "10.48.36.215"),
            ("a | b", "a \\| b"),
            ("run `utils itl reset` now", "run `utils itl reset` now"),
            ("one ` quote", "one \\` quote"),
            ("a\u{202e}b\u{1b}[31m", "a\u{fffd}b\u{fffd}\\[31m"),
            ("&amp; & b", "\\&amp; & b"),
            ("line\nbreak", "line break"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }
}
