//! A private key among the inputs that was not handed over as one: it lies where it should not.

use crate::artifact::Content;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};
use crate::x509::container::ItemContent;

pub(super) const CHECK: Check =
    Check { code: "private_key_found", severity: Severity::Warning, refs: &["A11"], evaluate };

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.inputs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        let Content::Certificates(container) = &artifact.content else { continue };
        for item in &container.items {
            let ItemContent::PrivateKey(key) = &item.content else { continue };
            let case = match (key.protection.is_encrypted(), key.bits) {
                (true, _) => "encrypted",
                (false, 0) => "unknown",
                (false, _) => "clear",
            };
            let evidence = Evidence { input, offset: Some(item.offset), ..Evidence::default() };
            let arguments = Arguments::new()
                .text("file", artifact.name.as_str())
                .text("kind", key.kind.to_uppercase())
                .number("bits", key.bits)
                .text("case", case);
            found.push(Found::at(Severity::Warning, evidence, arguments));
        }
    }
    Outcome::of(found)
}
