//! The encrypted configuration was made for another certificate than the phone's that was given (A4). A phone uses its
//! LSC before its MIC, so a MIC alone does not tell what it can open: a warning.

use std::collections::BTreeMap;

use crate::bytes::hex;
use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::device_in;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "configuration_certificate_hash_differs",
    severity: Severity::Error,
    refs: &["A4"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let hashed: Vec<_> = facts
        .configurations
        .iter()
        .filter(|facts| facts.configuration.certificate_hash.is_some())
        // Without encryption nothing is made for the hash.
        .filter(|facts| facts.was_encrypted || facts.configuration.encrypted_config != Some(false))
        .collect();
    let phones: Vec<_> = facts
        .certificates
        .values()
        .filter(|certificate| certificate.is_given())
        .filter_map(|certificate| {
            let device = certificate.certificate.subject.common_names().find_map(device_in)?;
            Some((device, certificate))
        })
        .collect();
    if hashed.is_empty() || phones.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut by_device: BTreeMap<&str, Vec<&CertificateFacts<'_>>> = BTreeMap::new();
    for (device, certificate) in &phones {
        by_device.entry(device).or_default().push(certificate);
    }
    let mut found = Vec::new();
    for facts_of in hashed {
        let Some(hash) = &facts_of.configuration.certificate_hash else { continue };
        let Some(device) = facts.device_of(facts_of) else { continue };
        let Some(own) = by_device.get(device.as_str()) else { continue };
        let fits =
            own.iter().any(|phone| hex(&phone.certificate.digests.md5).eq_ignore_ascii_case(hash));
        let local = own.iter().find(|phone| phone.is_lsc());
        let Some(first) = local.or(own.first()).filter(|_| !fits) else { continue };
        let (severity, case) = match local {
            Some(_) => (Severity::Error, "lsc"),
            None => (Severity::Warning, "other"),
        };
        let mut evidence = vec![Evidence {
            input: facts_of.input,
            offset: Some(facts_of.offset),
            ..Evidence::default()
        }];
        evidence.extend(own.iter().flat_map(|phone| phone.evidence()));
        let arguments = Arguments::new()
            .text("file", facts.name(facts_of.input))
            .text("hash", hash.as_str())
            .text("device", device)
            .text("own", hex(&first.certificate.digests.md5))
            .text("case", case);
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}
