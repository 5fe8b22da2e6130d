//! What is remembered between judgements.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::certificate::Certificate;
use super::super::signature::{self, PreparedKey, SignatureError};
use super::extensions::Facts;
use super::profile::Generation;
use crate::digest::sha256;
use crate::error::ParseError;
use crate::limits;

/// How a signature was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    Yes,
    No,
    /// The algorithm is not known here.
    Unsupported,
}

/// Certificates and signatures that were looked at before. Signatures are remembered by what was signed and the
/// key that signed it, so that an intermediate certificate is verified once for all chains through it.
#[derive(Debug, Default)]
pub struct SignatureCache {
    signatures: BTreeMap<([u8; 32], [u8; 32]), Signed>,
    keys: BTreeMap<[u8; 32], PreparedKey<'static>>,
    facts: BTreeMap<([u8; 32], Generation), Arc<Facts>>,
    certificates: BTreeMap<[u8; 32], Arc<Certificate>>,
    verifications: u64,
}

impl SignatureCache {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The certificate in `der`, parsed at most once.
    ///
    /// # Errors
    /// As [`Certificate::parse`], with offsets in `der`.
    pub fn certificate(&mut self, der: &[u8]) -> Result<Arc<Certificate>, ParseError> {
        let digest = sha256(der);
        if let Some(known) = self.certificates.get(&digest) {
            return Ok(Arc::clone(known));
        }
        let parsed = Arc::new(Certificate::parse(der, 0)?);
        make_room(&mut self.certificates);
        self.certificates.insert(digest, Arc::clone(&parsed));
        Ok(parsed)
    }

    /// Signatures that were verified with arithmetic, not looked up.
    pub fn verifications(&self) -> u64 {
        self.verifications
    }

    pub(super) fn facts(
        &mut self,
        certificate: &Certificate,
        generation: Generation,
    ) -> Arc<Facts> {
        let key = (certificate.digests.sha256, generation);
        if let Some(known) = self.facts.get(&key) {
            return Arc::clone(known);
        }
        let facts = Arc::new(Facts::of(certificate, generation));
        make_room(&mut self.facts);
        self.facts.insert(key, Arc::clone(&facts));
        facts
    }

    /// Whether the key of `issuer`, whose SubjectPublicKeyInfo has this digest, signed `subject`.
    pub(super) fn verify(
        &mut self,
        subject: &Certificate,
        issuer: &Certificate,
        key_digest: [u8; 32],
    ) -> Signed {
        let place = (subject.digests.sha256, key_digest);
        if let Some(known) = self.signatures.get(&place) {
            return *known;
        }
        self.verifications += 1;
        if !self.keys.contains_key(&key_digest) {
            make_room(&mut self.keys);
        }
        let prepared = || PreparedKey::of(&issuer.public_key).into_owned();
        let key = self.keys.entry(key_digest).or_insert_with(prepared);
        let signed = match signature::permitted(subject, issuer)
            .and_then(|()| signature::verify_certificate_with(subject, key))
        {
            Ok(()) => Signed::Yes,
            Err(SignatureError::Unsupported(_)) => Signed::Unsupported,
            Err(SignatureError::Mismatch | SignatureError::BadKey(_)) => Signed::No,
        };
        make_room(&mut self.signatures);
        self.signatures.insert(place, signed);
        signed
    }
}

/// A full map starts again: what comes back often is soon in it again.
fn make_room<K: Ord, V>(map: &mut BTreeMap<K, V>) {
    if map.len() >= limits::CHAIN_CACHE {
        map.clear();
    }
}
