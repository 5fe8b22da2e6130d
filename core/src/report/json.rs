//! The report as JSON.

use crate::report::model::Report;

/// The report in the form of `docs/report.schema.json`, on one line.
pub fn render(report: &Report) -> String {
    // The model holds only texts, numbers and lists: serialising it into memory cannot fail.
    serde_json::to_string(report).unwrap_or_default()
}
