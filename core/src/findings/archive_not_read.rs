//! What an archive holds and was not read: under a password, packed by another method, or no file at all.

use crate::archive::{Format, LeftOut};
use crate::artifact::ArchiveContent;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "archive_not_read",
    severity: Severity::Warning,
    refs: &["A29", "APPNOTE 4.4.4"],
    evaluate,
};

/// Members that are named.
const NAMED: usize = 8;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.archives.is_empty() {
        return Outcome::NotApplicable;
    }
    let found = facts.archives.iter();
    let found =
        found.filter_map(|(input, archive)| of_archive(facts.name(*input), *input, archive));
    Outcome::of(found.collect())
}

fn of_archive(file: &str, input: u32, archive: &ArchiveContent) -> Option<Found> {
    let facts = &archive.facts;
    let arguments = Arguments::new().text("file", file).text("format", facts.format.name());
    if matches!(facts.format, Format::Other(_)) {
        let evidence = Evidence { input, offset: Some(0), ..Evidence::default() };
        let arguments = arguments.text("case", "unopened").number("count", 0).number("more", 0);
        return Some(Found::at(Severity::Warning, evidence, arguments));
    }
    // The worst first: a file that may matter, then what carries no bytes.
    let worst = facts.left_out.iter().map(|(.., why)| *why).min()?;
    let (case, severity) = match worst {
        LeftOut::Encrypted => ("locked", Severity::Warning),
        LeftOut::Method(_) | LeftOut::Sparse => ("method", Severity::Warning),
        LeftOut::Special => ("special", Severity::Info),
    };
    let row = |(_, name, why): &(u64, String, LeftOut)| {
        let (why, method) = match why {
            LeftOut::Encrypted => ("encrypted", 0),
            LeftOut::Method(method) => ("method", *method),
            LeftOut::Sparse => ("sparse", 0),
            LeftOut::Special => ("special", 0),
        };
        let arguments = Arguments::new().text("name", name.as_str()).text("why", why);
        ("archive-left-out-row", arguments.number("method", method))
    };
    let count = (facts.left_out.len() as u64).saturating_add(facts.more_left_out);
    let evidence = facts.left_out.iter().map(|(offset, ..)| Evidence {
        input,
        offset: Some(*offset),
        ..Evidence::default()
    });
    let arguments = arguments
        .text("case", case)
        .number("count", count)
        .number("more", count.saturating_sub(NAMED as u64))
        .rows("rows", facts.left_out.iter().take(NAMED).map(row).collect());
    Some(Found::at_all(severity, evidence.collect(), arguments))
}
