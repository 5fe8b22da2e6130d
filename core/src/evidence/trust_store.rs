//! The certificates that were named as trust anchors, as one store, and what is wrong with it.

use crate::evidence::bundles;
use crate::evidence::facts::{CertificateFacts, Facts};
use crate::report::model::{Evidence, InputRole};
use crate::x509::Certificate;
use crate::x509::store_lint::{Fault, Place, lint};

/// The trust store of a session: every anchor, as often as it occurs.
#[derive(Debug)]
pub struct TrustStore<'f, 'a> {
    /// In the order of their places; [`Fault`] counts along this.
    pub certificates: Vec<(&'f CertificateFacts<'a>, Evidence)>,
    /// What is to be trusted through it: every other certificate.
    pub below: Vec<&'f CertificateFacts<'a>>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

impl<'f, 'a> TrustStore<'f, 'a> {
    /// The trust store among all inputs; `None` when there is none.
    pub fn of(facts: &'f Facts<'a>) -> Option<Self> {
        let mut certificates = Vec::new();
        let mut below = Vec::new();
        // Each node has a store of its own: what two of them hold is not there twice.
        let of_nodes = bundles::store_inputs(&facts.bundles);
        for certificate in facts.certificates.values() {
            let mut elsewhere = false;
            let mut of_node: Option<u32> = None;
            for (place, evidence) in certificate.seen_in.iter().zip(certificate.evidence()) {
                let role = facts.inputs.get(place.input as usize).map(|input| input.role);
                if role == Some(InputRole::Trust) && place.record.is_none() {
                    if of_nodes.contains(&place.input)
                        && *of_node.get_or_insert(place.input) != place.input
                    {
                        continue;
                    }
                    certificates.push((certificate, evidence));
                } else {
                    elsewhere = true;
                }
            }
            if elsewhere {
                below.push(certificate);
            }
        }
        if certificates.is_empty() {
            return None;
        }
        certificates.sort_by_key(|(_, evidence)| (evidence.input, evidence.offset));
        let store: Vec<&Certificate> =
            certificates.iter().map(|(facts, _)| facts.certificate).collect();
        let others: Vec<&Certificate> = below.iter().map(|facts| facts.certificate).collect();
        let faults = lint(&store, &others, facts.now);
        Some(Self { certificates, below, faults })
    }

    /// Where the certificates of a fault stand.
    pub fn evidence(&self, certificates: &[usize]) -> Vec<Evidence> {
        let places = certificates.iter().filter_map(|number| self.certificates.get(*number));
        places.map(|(_, evidence)| evidence.clone()).collect()
    }

    /// The name of one of its certificates, for texts.
    pub fn label(&self, certificate: usize) -> String {
        self.certificates.get(certificate).map(|(facts, _)| facts.label()).unwrap_or_default()
    }

    /// The certificate at `place`.
    pub fn at(&self, place: Place) -> Option<&'f CertificateFacts<'a>> {
        match place {
            Place::Store(number) => self.certificates.get(number).map(|(facts, _)| *facts),
            Place::Below(number) => self.below.get(number).copied(),
        }
    }
}
