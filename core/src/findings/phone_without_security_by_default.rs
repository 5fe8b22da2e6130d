//! A model that has no security by default: it never asks for trust lists or signed files (C1, A2).

use std::collections::BTreeMap;

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::phone_status::Kind;

pub(super) const CHECK: Check = Check {
    code: "phone_without_security_by_default",
    severity: Severity::Info,
    refs: &["C1"],
    evaluate,
};

/// Models by their number.
const MODELS: [&str; 5] = ["7935", "7936", "7937", "7940", "7960"];

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let logs = facts.logs();
    let mut models: BTreeMap<(String, String), Vec<Evidence>> = BTreeMap::new();
    let mut any = false;
    for log in logs {
        for (line, status) in log.status() {
            let (Kind::Page, Some(model)) = (status.kind, &status.subject) else { continue };
            any = true;
            let number: String = model.chars().filter(char::is_ascii_digit).collect();
            if MODELS.contains(&number.as_str()) {
                let key = (log.label(), model.clone());
                models.entry(key).or_default().push(line.evidence());
            }
        }
    }
    if !any {
        return Outcome::NotApplicable;
    }
    let tell = |((phone, model), evidence): ((String, String), Vec<Evidence>)| {
        let arguments = Arguments::new().text("phone", phone).text("model", model);
        Found::at_all(Severity::Info, evidence, arguments)
    };
    Outcome::of(models.into_iter().map(tell).collect())
}
