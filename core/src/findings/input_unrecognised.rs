//! Bytes that are none of the known kinds: they never pass.

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, InputKind, Severity};

pub(super) const CHECK: Check =
    Check { code: "input_unrecognised", severity: Severity::Warning, refs: &["A29"], evaluate };

/// Members of an archive that are named.
const NAMED: usize = 8;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.inputs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    let mut packed: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        if artifact.kind == InputKind::Unknown {
            if let Some(archive) = facts.archive_of(input) {
                packed.entry(archive).or_default().push(input);
                continue;
            }
            let evidence = Evidence { input, offset: Some(0), ..Evidence::default() };
            let arguments = Arguments::new()
                .text("file", artifact.name.as_str())
                .text("case", if artifact.cut { "too-large" } else { "unknown" })
                .number("bytes", artifact.length);
            found.push(Found::at(Severity::Warning, evidence, arguments));
        }
    }
    // An archive of a whole system holds much that is nobody's concern here: it is told once.
    for (archive, members) in packed {
        let names = members.iter().take(NAMED).map(|input| facts.name(*input));
        let evidence =
            members.iter().map(|input| Evidence { input: *input, ..Evidence::default() });
        let arguments = Arguments::new()
            .text("file", facts.name(archive))
            .text("case", "members")
            .text("names", names.collect::<Vec<_>>().join(", "))
            .number("count", members.len())
            .number("more", members.len().saturating_sub(NAMED));
        found.push(Found::at_all(Severity::Warning, evidence.collect(), arguments));
    }
    Outcome::of(found)
}
