//! The report as one HTML file that needs nothing else: no script, no font, no picture, nothing fetched.

use core::fmt::Write as _;

use crate::findings::Arguments;
use crate::i18n::Messages;
use crate::report::model::{Finding, Report};
use crate::report::words::{
    self, Line, causes, input_name, led_to_by, lines, notes, other_findings, pieces, place,
    undecided, visible, word,
};

/// How the page looks: light and dark as the reader's system, and on paper.
const STYLE: &str = include_str!("html.css");

/// The report as HTML (WHATWG HTML, UTF-8).
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
        let title = self.label("label-title");
        let (verdict, _) = words::verdict(report.summary.verdict);
        let class = verdict.to_ascii_lowercase();
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}: {verdict}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        );
        let _ = writeln!(
            self.out,
            "<header class=\"{class}\">\n<h1>{title}</h1>\n<p class=\"verdict\"><strong>{verdict}</strong> {}</p>",
            inline(&report.summary.sentence)
        );
        let arguments = Arguments::new()
            .text("now", report.now.as_str())
            .text("version", report.tool.version.as_str())
            .text("schema", report.schema.as_str());
        let judged = self.messages.text("label-judged", &arguments).unwrap_or_default();
        let _ = writeln!(self.out, "<p class=\"quiet\">{}</p>", escaped(&judged));
        if report.redacted {
            let label = self.label("label-redacted");
            let _ = writeln!(self.out, "<p class=\"quiet\">{label}</p>");
        }
        self.out.push_str("</header>\n");
        self.causes();
        if other_findings(report).next().is_some() {
            self.heading("label-findings");
        }
        for finding in other_findings(report) {
            let severity = words::severity(finding.severity);
            let _ = writeln!(
                self.out,
                "<article class=\"{severity}\">\n<h3><span class=\"tag\">{severity}</span> {}</h3>",
                inline(&finding.title)
            );
            self.finding(finding);
            self.out.push_str("</article>\n");
        }
        self.notes();
        if undecided(report).next().is_some() {
            self.heading("label-undecided");
            self.out.push_str("<ul>\n");
            let needs = self.label("label-needs");
            for skipped in undecided(report) {
                let _ = writeln!(
                    self.out,
                    "<li><code>{}</code> {needs} {}</li>",
                    escaped(&skipped.code),
                    inline(&skipped.needs)
                );
            }
            self.out.push_str("</ul>\n");
        }
        self.timeline();
        self.inputs();
        self.out.push_str("</main>\n</body>\n</html>\n");
        self.out
    }

    fn causes(&mut self) {
        let report = self.report;
        match report.summary.causes.len() {
            0 => return,
            1 => self.heading("label-cause"),
            _ => self.heading("label-causes"),
        }
        for (number, (cause, finding)) in (1..).zip(causes(report)) {
            let severity = words::severity(finding.severity);
            let _ = writeln!(
                self.out,
                "<article class=\"cause {severity}\">\n<h3>{number}. {}</h3>\n<p><span class=\"tag\">{severity}</span> {}</p>",
                inline(&cause.sentence),
                inline(&finding.title)
            );
            self.finding(finding);
            self.titles("label-explains", &cause.consequences);
            self.titles("label-alternatives", &cause.alternatives);
            if let Some(decide) = &cause.decide {
                let label = self.label("label-decide");
                let _ = writeln!(self.out, "<p><strong>{label}</strong> {}</p>", inline(decide));
            }
            self.out.push_str("</article>\n");
        }
    }

    /// Everything about a finding but its title.
    fn finding(&mut self, finding: &Finding) {
        let report = self.report;
        for cause in led_to_by(report, finding) {
            let label = self.label("label-because");
            let _ = writeln!(
                self.out,
                "<p class=\"because\">{label}: {} <code>{}</code></p>",
                inline(&cause.title),
                escaped(&cause.code)
            );
        }
        self.text(&finding.detail);
        let places = finding.evidence.iter().map(|evidence| {
            let line = evidence.text.as_ref();
            let line = line.map(|line| format!("<br><code>{}</code>", escaped(line)));
            format!("{}{}", escaped(&place(report, evidence)), line.unwrap_or_default())
        });
        let places: Vec<String> = places.collect();
        self.list("label-evidence", "ul", &places);
        let remedies: Vec<String> = finding.remedy.iter().map(|remedy| inline(remedy)).collect();
        self.list("label-remedy", "ol", &remedies);
        let warnings: Vec<String> = finding.do_not.iter().map(|warning| inline(warning)).collect();
        self.list("label-do-not", "ul", &warnings);
        let label = self.label("label-refs");
        let _ = writeln!(
            self.out,
            "<p class=\"quiet\"><code>{}</code> {label}: {}</p>",
            escaped(&finding.code),
            escaped(&finding.refs.join(", "))
        );
    }

    fn list(&mut self, label: &str, element: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        let label = self.label(label);
        let _ = writeln!(self.out, "<h4>{label}</h4>\n<{element}>");
        for item in items {
            let _ = writeln!(self.out, "<li>{item}</li>");
        }
        let _ = writeln!(self.out, "</{element}>");
    }

    fn titles(&mut self, label: &str, indices: &[usize]) {
        let report = self.report;
        let findings = indices.iter().filter_map(|index| report.findings.get(*index));
        let items: Vec<String> = findings
            .map(|finding| {
                format!("{} <code>{}</code>", inline(&finding.title), escaped(&finding.code))
            })
            .collect();
        self.list(label, "ul", &items);
    }

    fn notes(&mut self) {
        let report = self.report;
        if notes(report).next().is_none() {
            return;
        }
        self.heading("label-notes");
        for finding in notes(report) {
            let severity = words::severity(finding.severity);
            let _ = writeln!(
                self.out,
                "<details class=\"{severity}\">\n<summary><span class=\"tag\">{severity}</span> {}</summary>",
                inline(&finding.title)
            );
            self.finding(finding);
            self.out.push_str("</details>\n");
        }
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
            let _ = writeln!(self.out, "<p class=\"quiet\">{}</p>", escaped(&text));
        }
    }

    fn inputs(&mut self) {
        let report = self.report;
        let rows = report.inputs.iter().map(|input| {
            let inside = input.inside.map(|parent| format!(" ({})", input_name(report, parent)));
            vec![
                input.id.to_string(),
                escaped(&format!("{}{}", input.name, inside.unwrap_or_default())),
                word(input.kind),
                word(input.role),
                input.bytes.to_string(),
                format!(
                    "<code>{}</code> <code>{}</code>",
                    escaped(&input.sha256),
                    escaped(&input.md5)
                ),
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
        self.heading(title);
        self.out.push_str("<div class=\"scroll\"><table>\n<thead><tr>");
        for column in columns {
            let name = self.label(column);
            let _ = write!(self.out, "<th scope=\"col\">{name}</th>");
        }
        self.out.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            let _ = writeln!(self.out, "<tr><td>{}</td></tr>", row.join("</td><td>"));
        }
        self.out.push_str("</tbody>\n</table></div>\n");
    }

    /// The lines of a detail: prose, lists, and quoted lines as they are.
    fn text(&mut self, text: &str) {
        let mut listed = false;
        for line in lines(text) {
            let item = matches!(line, Line::Item(_));
            if item != listed {
                self.out.push_str(if item { "<ul>\n" } else { "</ul>\n" });
                listed = item;
            }
            let _ = match line {
                Line::Prose(prose) => writeln!(self.out, "<p>{}</p>", inline(prose)),
                Line::Item(item) => writeln!(self.out, "<li>{}</li>", inline(item)),
                Line::Quote(quote) => writeln!(self.out, "<pre>{}</pre>", escaped(quote)),
            };
        }
        if listed {
            self.out.push_str("</ul>\n");
        }
    }

    fn heading(&mut self, label: &str) {
        let text = self.label(label);
        let _ = writeln!(self.out, "<h2>{text}</h2>");
    }

    fn label(&self, id: &str) -> String {
        escaped(&self.messages.text(id, &Arguments::new()).unwrap_or_default())
    }
}

/// Text with code between back quotes.
fn inline(text: &str) -> String {
    let text = text.replace('\n', " ");
    let mut out = String::with_capacity(text.len());
    for (is_code, piece) in pieces(&text) {
        let _ = if is_code {
            write!(out, "<code>{}</code>", escaped(piece))
        } else {
            write!(out, "{}", escaped(piece))
        };
    }
    out
}

/// Text in which nothing is markup, in elements and in attributes; hidden characters are shown as such.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_is_markup() {
        assert_eq!(
            inline("<script>alert('1')</script> \"&\" `<b>` \u{202e}\u{7}"),
            "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;&quot; <code>&lt;b&gt;</code> \u{fffd}\u{fffd}"
        );
    }
}
