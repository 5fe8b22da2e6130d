//! A file of 0 bytes: "empty", never "corrupt". As a trust list it means first-use trust (A35).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::{PhoneFile, phone_file};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, InputKind, Severity};

pub(super) const CHECK: Check =
    Check { code: "input_empty", severity: Severity::Warning, refs: &["A35", "C42"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.inputs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        // In an archive of logs some are empty, which says nothing; an empty list does.
        let packed = facts.archive_of(input).is_some();
        let matters = !packed || phone_file(&artifact.name) != PhoneFile::Other;
        if artifact.kind == InputKind::Empty && matters {
            let evidence = Evidence { input, offset: Some(0), ..Evidence::default() };
            let arguments = Arguments::new().text("file", artifact.name.as_str());
            found.push(Found::at(Severity::Warning, evidence, arguments));
        }
    }
    Outcome::of(found)
}
