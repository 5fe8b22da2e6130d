//! A phone configuration that is no well-formed XML: the phone cannot read it either. As a file of its own, or decrypted
//! from a signed file; a signed body in clear that is none is shown as an oddity of its file (A5).

use crate::artifact::Content;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check =
    Check { code: "configuration_unreadable", severity: Severity::Error, refs: &["A5"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut any = false;
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        let Content::Configuration(result) = &artifact.content else { continue };
        any = true;
        let Err(error) = result else { continue };
        let evidence = Evidence { input, offset: Some(error.at), ..Evidence::default() };
        let arguments = Arguments::new()
            .text("file", artifact.name.as_str())
            .text("problem", error.to_string())
            .text("case", "file");
        found.push(Found::at(Severity::Error, evidence, arguments));
    }
    for signed in &facts.signed_files {
        let Some(Ok(decrypted)) = &signed.decrypted else { continue };
        any = true;
        let Err(error) = &decrypted.configuration else { continue };
        let evidence = Evidence {
            input: signed.input,
            offset: Some(signed.file.body_offset),
            ..Evidence::default()
        };
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("problem", error.to_string())
            .text("case", "decrypted");
        found.push(Found::at(Severity::Error, evidence, arguments));
    }
    if any { Outcome::of(found) } else { Outcome::NotApplicable }
}
