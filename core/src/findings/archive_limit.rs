//! An archive that met a cap: a bomb, or more than one run can read. What came until then is judged.

use crate::archive::Limit;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "archive_limit",
    severity: Severity::Warning,
    refs: &["A29", "CWE-409"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.archives.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (input, archive) in &facts.archives {
        let Some((limit, at)) = archive.facts.limit else { continue };
        let (name, value) = match limit {
            Limit::Bytes => ("bytes", limits::ARCHIVE_BYTES),
            Limit::Depth => ("depth", u64::from(limits::ARCHIVE_DEPTH)),
            Limit::Inflation => ("inflation", limits::ARCHIVE_INFLATION),
            Limit::Members => ("members", limits::ARCHIVE_MEMBERS as u64),
        };
        let evidence = Evidence { input: *input, offset: Some(at), ..Evidence::default() };
        let arguments = Arguments::new()
            .text("file", facts.name(*input))
            .text("limit", name)
            .number("value", value)
            .number("members", archive.files.len());
        found.push(Found::at(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
