//! The report as JSON lines: one object with one key on each line.
//!
//! The first line is `{"report": {"schema", "tool", "now", "redacted", "summary", "timeline_left_out"}}`; then each element of each list
//! of the report stands on a line of its own, under the singular of the list's name, in the order of
//! the report. A program that reads a large report line by line never holds more than one element.

use serde::Serialize;
use tlvet_core::report::model::{Report, Summary, Tool};

#[derive(Serialize)]
struct Head<'a> {
    schema: &'a str,
    tool: &'a Tool,
    now: &'a str,
    redacted: bool,
    summary: &'a Summary,
    timeline_left_out: usize,
}

/// All lines, each ended by a line feed.
pub(crate) fn render(report: &Report) -> Vec<u8> {
    let Report {
        schema,
        tool,
        now,
        redacted,
        summary,
        inputs,
        trust_lists,
        signed_files,
        configurations,
        certificates,
        certificate_requests,
        revocation_lists,
        private_keys,
        stores,
        chains,
        forecast,
        captures,
        logs,
        timeline,
        timeline_left_out,
        findings,
        skipped,
    } = report;
    let mut out = Vec::new();
    let timeline_left_out = *timeline_left_out;
    let head = Head { schema, tool, now, redacted: *redacted, summary, timeline_left_out };
    line(&mut out, "report", &head);
    lines(&mut out, "input", inputs);
    lines(&mut out, "trust_list", trust_lists);
    lines(&mut out, "signed_file", signed_files);
    lines(&mut out, "configuration", configurations);
    lines(&mut out, "certificate", certificates);
    lines(&mut out, "certificate_request", certificate_requests);
    lines(&mut out, "revocation_list", revocation_lists);
    lines(&mut out, "private_key", private_keys);
    lines(&mut out, "store", stores);
    lines(&mut out, "chain", chains);
    lines(&mut out, "forecast", forecast);
    lines(&mut out, "capture", captures);
    lines(&mut out, "log", logs);
    lines(&mut out, "timeline_event", timeline);
    lines(&mut out, "finding", findings);
    lines(&mut out, "skipped", skipped);
    out
}

/// Elements that are objects themselves, each on a line.
pub(crate) fn objects<T: Serialize>(elements: &[T]) -> Vec<u8> {
    let mut out = Vec::new();
    for element in elements {
        let start = out.len();
        if serde_json::to_writer(&mut out, element).is_ok() {
            out.push(b'\n');
        } else {
            // Plain data always serialises; a line that does not is left out rather than cut.
            out.truncate(start);
        }
    }
    out
}

fn lines<T: Serialize>(out: &mut Vec<u8>, name: &str, elements: &[T]) {
    for element in elements {
        line(out, name, element);
    }
}

fn line<T: Serialize>(out: &mut Vec<u8>, name: &str, element: &T) {
    let start = out.len();
    out.extend_from_slice(format!("{{\"{name}\":").as_bytes());
    if serde_json::to_writer(&mut *out, element).is_ok() {
        out.extend_from_slice(b"}\n");
    } else {
        // Plain data always serialises; a line that does not is left out rather than cut.
        out.truncate(start);
    }
}
