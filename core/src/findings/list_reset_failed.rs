//! `utils itl reset` or `utils ctl reset` found no TFTP nodes (C43, C44).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::certificate_list::Answer;

pub(super) const CHECK: Check = Check {
    code: "list_reset_failed",
    severity: Severity::Error,
    refs: &["C37", "C43", "C44", "CSCus33755"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    for text in &facts.texts {
        let answers = &text.text.certificate_lists.answers;
        let has = |answer: Answer| answers.iter().any(|(said, _)| *said == answer);
        if !has(Answer::NoTftpNodes) && !has(Answer::Permissions) {
            continue;
        }
        let failed = [Answer::NoTftpNodes, Answer::Permissions, Answer::Unsuccessful];
        let told = answers.iter().filter(|(said, _)| failed.contains(said));
        let mut lines: Vec<u64> = told.map(|(_, line)| *line).collect();
        lines.dedup();
        let line = |line| Evidence { input: text.input, line: Some(line), ..Evidence::default() };
        let arguments = Arguments::new()
            .text("file", facts.name(text.input))
            .text("nodes", if has(Answer::NoTftpNodes) { "none" } else { "unknown" })
            .text("chmod", if has(Answer::Permissions) { "yes" } else { "no" });
        let evidence = lines.into_iter().map(line).collect();
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}
