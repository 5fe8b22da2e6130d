//! FILENAME belongs to another device than the file's own name: a signed configuration can be replayed to
//! another phone (formats.md section 5).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::device_of_file;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::tlv::header::tag;

pub(super) const CHECK: Check = Check {
    code: "signed_file_name_differs",
    severity: Severity::Warning,
    refs: &["A5"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let inside = device_of_file(signed.file.filename());
        let outside = device_of_file(&signed.artifact.name);
        let (Some(inside), Some(outside)) = (inside, outside) else { continue };
        if inside.eq_ignore_ascii_case(&outside) {
            continue;
        }
        let evidence = Evidence {
            input: signed.input,
            offset: signed.offset_of(tag::FILENAME),
            ..Evidence::default()
        };
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("inside", inside)
            .text("outside", outside);
        found.push(Found::at(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
