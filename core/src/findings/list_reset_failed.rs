//! `utils itl reset` or `utils ctl reset` found no TFTP nodes (C43, C44).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::certificate_list::Reset;

pub(super) const CHECK: Check = Check {
    code: "list_reset_failed",
    severity: Severity::Error,
    refs: &["C37", "C43", "C44", "CSCus33755"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    for text in &facts.texts {
        let resets = &text.text.certificate_lists.resets;
        let has = |reset: Reset| resets.iter().any(|(said, _)| *said == reset);
        if !has(Reset::NoTftpNodes) && !has(Reset::Permissions) {
            continue;
        }
        let mut lines: Vec<u64> = resets.iter().map(|(_, line)| *line).collect();
        lines.dedup();
        let line = |line| Evidence { input: text.input, line: Some(line), ..Evidence::default() };
        let arguments = Arguments::new()
            .text("file", facts.name(text.input))
            .text("nodes", if has(Reset::NoTftpNodes) { "none" } else { "unknown" })
            .text("chmod", if has(Reset::Permissions) { "yes" } else { "no" });
        let evidence = lines.into_iter().map(line).collect();
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}
