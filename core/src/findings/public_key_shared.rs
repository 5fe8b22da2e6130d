//! Two phones with one key pair: duplicated manufacturing keys (CVE-2022-20817), or a copied certificate store.

use std::collections::BTreeMap;

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::device_in;
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::PublicKey;

pub(super) const CHECK: Check = Check {
    code: "public_key_shared",
    severity: Severity::Error,
    refs: &["C3", "CVE-2022-20817", "CSCvz07149"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut by_key: BTreeMap<Vec<u8>, Vec<(String, &CertificateFacts<'_>)>> = BTreeMap::new();
    let mut devices = 0_usize;
    for certificate in facts.certificates.values() {
        let key = match &certificate.certificate.public_key {
            PublicKey::Rsa { modulus, .. } => modulus.clone(),
            PublicKey::Ec { point, .. } | PublicKey::Ed25519(point) => point.clone(),
            PublicKey::Other { .. } => continue,
        };
        let mut names = certificate.certificate.subject.common_names();
        let Some(device) = names.find_map(device_in) else { continue };
        devices += 1;
        by_key.entry(key).or_default().push((device, certificate));
    }
    if devices < 2 {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificates in by_key.values() {
        let mut names: Vec<&str> = certificates.iter().map(|(device, _)| device.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < 2 {
            continue;
        }
        let evidence = certificates.iter().flat_map(|(_, facts)| facts.evidence()).collect();
        let arguments = Arguments::new()
            .number("count", names.len() as u64)
            .text("devices", names.iter().take(8).copied().collect::<Vec<_>>().join(", "));
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
