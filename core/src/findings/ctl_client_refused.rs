//! The CTL client says that a token is unknown to the CTL, or that a cluster in mixed mode has no CTL at all (A88, E6).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::certificate_list::Answer;

pub(super) const CHECK: Check =
    Check { code: "ctl_client_refused", severity: Severity::Error, refs: &["A88", "E6"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    for text in &facts.texts {
        let answers = &text.text.certificate_lists.answers;
        for (answer, case, severity) in [
            (Answer::NoCtl, "no-ctl", Severity::Error),
            (Answer::UnknownToken, "token", Severity::Warning),
        ] {
            let told = answers.iter().filter(|(said, _)| *said == answer);
            let evidence: Vec<Evidence> = told
                .map(|(_, line)| Evidence {
                    input: text.input,
                    line: Some(*line),
                    ..Evidence::default()
                })
                .collect();
            if !evidence.is_empty() {
                let arguments =
                    Arguments::new().text("file", facts.name(text.input)).text("case", case);
                found.push(Found::at_all(severity, evidence, arguments));
            }
        }
    }
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}
