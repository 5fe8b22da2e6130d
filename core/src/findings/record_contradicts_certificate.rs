//! A record whose serial, key or names are not those of the certificate that it carries or names by hash. The signer's
//! own record is judged by `trust_list_signer_contradicts`.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::record::tag;
use crate::trustlist::verify::{Contradiction, contradiction};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    code: "record_contradicts_certificate",
    severity: Severity::Warning,
    refs: &["A19"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let signer = list.list.signing_record().map(|record| record.number);
        let mut evidence = Vec::new();
        let mut fields = BTreeSet::new();
        for record in list.list.records.iter().filter(|record| Some(record.number) != signer) {
            let Some(certificate) = facts.certificate_of(record) else { continue };
            let (field, element) = match contradiction(record, certificate) {
                Some(Contradiction::Hash) => ("CERTHASH", tag::CERT_HASH),
                Some(Contradiction::Issuer) => ("ISSUERNAME", tag::ISSUER_NAME),
                Some(Contradiction::Key) => ("PUBLICKEY", tag::PUBLIC_KEY),
                Some(Contradiction::Serial) => ("SERIALNUMBER", tag::SERIAL_NUMBER),
                Some(Contradiction::Subject) => ("SUBJECTNAME", tag::SUBJECT_NAME),
                None => continue,
            };
            fields.insert(field);
            evidence.push(list.element_evidence(record, element));
        }
        if evidence.is_empty() {
            continue;
        }
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .number("records", evidence.len())
            .text("fields", fields.into_iter().collect::<Vec<_>>().join(", "));
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
