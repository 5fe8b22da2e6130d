//! Phone certificates and the CAPF certificates that signed them.

use std::collections::BTreeMap;

use crate::evidence::facts::{CertificateFacts, Facts};
use crate::limits;
use crate::x509::signature::verify_issued;

/// A locally significant certificate and the CAPF certificates of its issuer's name.
#[derive(Clone, Debug)]
pub struct LscPair<'f, 'a> {
    /// The phone's certificate.
    pub lsc: &'f CertificateFacts<'a>,
    /// Certificates whose subject is the issuer's name; at least one.
    pub same_name: Vec<&'f CertificateFacts<'a>>,
    /// The one whose key verifies the signature.
    pub issuer: Option<&'f CertificateFacts<'a>>,
}

/// Every locally significant certificate for whose issuer at least one certificate is there.
///
/// Only the signature and the names count: EKU rules are not applied to CAPF certificates (C6). At most
/// [`limits::SIGNER_CANDIDATES`] certificates of one name are tried.
pub fn lsc_with_capf<'f, 'a>(facts: &'f Facts<'a>) -> Vec<LscPair<'f, 'a>> {
    let mut by_subject: BTreeMap<&[u8], Vec<&CertificateFacts<'a>>> = BTreeMap::new();
    for certificate in facts.certificates.values() {
        if certificate.is_capf() {
            let same = by_subject.entry(&certificate.certificate.subject.raw).or_default();
            if same.len() < limits::SIGNER_CANDIDATES {
                same.push(certificate);
            }
        }
    }
    let mut pairs = Vec::new();
    for lsc in facts.certificates.values().filter(|certificate| certificate.is_lsc()) {
        let Some(same_name) = by_subject.get(lsc.certificate.issuer.raw.as_slice()) else {
            continue;
        };
        let issuer = same_name
            .iter()
            .copied()
            .find(|capf| verify_issued(lsc.certificate, capf.certificate).is_ok());
        pairs.push(LscPair { lsc, same_name: same_name.clone(), issuer });
    }
    pairs
}
