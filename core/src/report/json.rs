//! The report as JSON.

use std::io::{self, Write};

use crate::report::model::{CaptureSoFar, Report};

/// The report in the form of `docs/report.schema.json`, on one line.
pub fn render(report: &Report) -> String {
    // The model holds only texts, numbers and lists: serialising it into memory cannot fail.
    serde_json::to_string(report).unwrap_or_default()
}

/// The same, written piece by piece: the report of a large capture has some 20 MB.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(out, report).map_err(io::Error::from)
}

/// What was found in a capture while it is being read, on one line.
pub fn render_so_far(found: &CaptureSoFar) -> String {
    serde_json::to_string(found).unwrap_or_default()
}
