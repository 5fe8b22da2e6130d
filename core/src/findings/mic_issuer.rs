//! Manufacturing installed certificates: they prove a Cisco phone, not your phone (C3, C4, C7). One finding for each
//! issuer and each way in which it was recognised.

use std::collections::BTreeMap;

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::manufacturing::{self, Recognised};
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "mic_issuer", severity: Severity::Info, refs: &["C3", "C4", "C7"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let given = || facts.certificates.values().filter(|certificate| certificate.is_given());
    if given().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut by_issuer: BTreeMap<(&str, Recognised), Vec<&CertificateFacts<'_>>> = BTreeMap::new();
    for certificate in given() {
        if let Some((authority, by)) = manufacturing::issuer_of_device(certificate.certificate) {
            by_issuer.entry((authority.name, by)).or_default().push(certificate);
        }
    }
    let found = by_issuer.into_iter().filter_map(|((issuer, recognised), certificates)| {
        let first = certificates.first()?;
        let case = match recognised {
            Recognised::Key => "key",
            Recognised::Name => "name",
            Recognised::Contradicts => "contradicts",
        };
        let evidence = certificates.iter().flat_map(|certificate| certificate.evidence()).collect();
        let arguments = Arguments::new()
            .number("count", certificates.len())
            .text("name", first.label())
            .text("issuer", issuer)
            .text("case", case);
        Some(Found::at_all(Severity::Info, evidence, arguments))
    });
    Outcome::of(found.collect())
}
