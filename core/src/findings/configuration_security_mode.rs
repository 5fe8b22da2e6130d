//! The security mode of a phone in its configuration, and what it means for its trust lists (C13, C38, E4, E5).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "configuration_security_mode",
    severity: Severity::Info,
    refs: &["C13", "C38", "E4", "E5"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.configurations.is_empty() {
        return Outcome::NotApplicable;
    }
    // One finding for each mode: a directory of configurations repeats it thousands of times.
    let mut by_mode: BTreeMap<u8, (&str, Vec<Evidence>)> = BTreeMap::new();
    for facts_of in &facts.configurations {
        let Some(mode @ 1..=3) = facts_of.configuration.security_mode else { continue };
        let first = facts.name(facts_of.input);
        let (_, evidence) = by_mode.entry(mode).or_insert_with(|| (first, Vec::new()));
        evidence.push(Evidence {
            input: facts_of.input,
            offset: Some(facts_of.offset),
            ..Evidence::default()
        });
    }
    let found = by_mode.into_iter().map(|(mode, (first, evidence))| {
        let arguments = Arguments::new()
            .text("file", first)
            .number("count", evidence.len())
            .number("mode", mode)
            .text(
                "case",
                match mode {
                    1 => "non-secure",
                    2 => "authenticated",
                    _ => "encrypted",
                },
            );
        Found::at_all(Severity::Info, evidence, arguments)
    });
    Outcome::of(found.collect())
}
