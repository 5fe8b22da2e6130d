//! Certificates with parts that could not be read: the rest is shown, but verifiers may refuse them. Dates that are none
//! have a finding of their own.

use crate::artifact::Content;
use crate::error::ParseError;
use crate::evidence::facts::{CertificateFacts, Facts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, SeenIn, Severity};
use crate::tlv::field::ELEMENT_HEAD;
use crate::trustlist::record::tag;
use crate::x509::container::Form;

pub(super) const CHECK: Check =
    Check { code: "certificate_malformed", severity: Severity::Warning, refs: &["B8"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in facts.certificates.values() {
        let problems: Vec<&ParseError> = certificate
            .certificate
            .problems
            .iter()
            .filter(|problem| !is_unreadable_time(certificate, problem))
            .collect();
        let Some(first) = problems.first() else { continue };
        let mut evidence: Vec<Evidence> = certificate
            .seen_in
            .iter()
            .filter(|place| !place.by_hash)
            .flat_map(|place| problems.iter().map(|problem| evidence_of(facts, place, problem)))
            .collect();
        evidence.dedup();
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .number("count", problems.len())
            .text("field", first.field.as_str())
            .number("byte", first.at)
            .text("problem", first.kind.to_string());
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}

fn is_unreadable_time(certificate: &CertificateFacts<'_>, problem: &ParseError) -> bool {
    let certificate = certificate.certificate;
    (problem.field == "notBefore" && certificate.not_before.at().is_none())
        || (problem.field == "notAfter" && certificate.not_after.at().is_none())
}

/// The byte itself where the input holds the DER as it is; the PEM block where it does not.
fn evidence_of(facts: &Facts<'_>, place: &SeenIn, problem: &ParseError) -> Evidence {
    let artifact = facts.inputs.get(place.input as usize);
    let start = match (artifact.map(|artifact| &artifact.content), place.record) {
        (Some(Content::TrustList { list, .. }), Some(number)) => list
            .records
            .get((number as usize).saturating_sub(1))
            .map(|record| record.offset_of(tag::CERTIFICATE).saturating_add(ELEMENT_HEAD)),
        (Some(Content::Certificates(container) | Content::Key { container, .. }), _)
            if matches!(container.form, Form::Der | Form::Pkcs7) =>
        {
            place.offset
        }
        _ => None,
    };
    let offset = start.map(|start| start.saturating_add(problem.at)).or(place.offset);
    Evidence { input: place.input, record: place.record, offset, ..Evidence::default() }
}
