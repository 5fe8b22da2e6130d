//! OpenSSL's own form of a certificate, with trust settings behind it: no product of the domain reads those.

use crate::artifact::Content;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::x509::container::ItemContent;

pub(super) const CHECK: Check = Check {
    code: "certificate_trust_settings_ignored",
    severity: Severity::Info,
    refs: &["B8"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut any = false;
    let mut found = Vec::new();
    for (input, artifact) in (0..).zip(&facts.inputs) {
        let Content::Certificates(container) = &artifact.content else { continue };
        any = true;
        let settings =
            container.items.iter().filter(|item| item.content == ItemContent::TrustSettings);
        let evidence: Vec<Evidence> = settings
            .map(|item| Evidence { input, offset: Some(item.offset), ..Evidence::default() })
            .collect();
        if !evidence.is_empty() {
            let arguments = Arguments::new()
                .text("file", artifact.name.as_str())
                .number("count", evidence.len());
            found.push(Found::at_all(Severity::Info, evidence, arguments));
        }
    }
    if any { Outcome::of(found) } else { Outcome::NotApplicable }
}
