//! Builds the path from the leaf up (OpenSSL's `build_chain`).

use super::profile::{Generation, code};
use super::verify::{Node, Stop, Verifier};
use super::{MissingIssuer, NearMiss};
use crate::limits;
use crate::x509::certificate::Certificate;

/// Where an issuer is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Store {
    Trusted,
    Untrusted,
}

impl<'a> Verifier<'a, '_> {
    /// Extends the chain until it ends in something trusted, trusted issuers first; reports why it cannot.
    pub(super) fn build(&mut self) -> Result<(), Stop> {
        let max_length = self.max_depth.saturating_add(1);
        let mut look_at_untrusted = !self.untrusted.is_empty();
        let mut trusted = false;
        loop {
            let top = self.top();
            self.depth = self.chain.len() - 1;
            let too_long = self.chain.len() > max_length;
            let issuer = if too_long { None } else { self.issuer(&top, Store::Trusted)? };
            if let Some(issuer) = issuer
                && let Some(is_end) = self.trust(&top, issuer)?
            {
                look_at_untrusted = false;
                trusted = is_end || self.strict;
                if trusted {
                    break;
                }
                continue;
            }
            if !look_at_untrusted {
                break;
            }
            let issuer = if too_long || top.facts.self_signed {
                None
            } else {
                self.issuer(&top, Store::Untrusted)?
            };
            match issuer {
                Some(issuer) => {
                    self.untrusted.retain(|candidate| candidate.origin != issuer.origin);
                    self.push(issuer);
                    self.untrusted_length += 1;
                }
                None => look_at_untrusted = false,
            }
        }
        if trusted || (self.strict && self.chain.len() <= max_length && self.leaf_is_trusted()) {
            return Ok(());
        }
        self.report_missing(max_length);
        Ok(())
    }

    /// Takes `issuer` of the trust store as the issuer of `top`. `None`: it only looks like the self-signed
    /// `top`. Otherwise whether the chain ends here.
    fn trust(&mut self, top: &Node<'a>, issuer: Node<'a>) -> Result<Option<bool>, Stop> {
        if self.generation == Generation::Three && top.facts.key.is_none() {
            // X509_self_signed fails on a key that it cannot decode.
            return Err(self.internal_error());
        }
        if !top.facts.self_signed {
            let is_end = issuer.facts.self_signed;
            self.push(issuer);
            return Ok(Some(is_end));
        }
        if top.facts.digest != issuer.facts.digest {
            return Ok(None);
        }
        // The certificate of the store takes the place of the same one from the peer.
        self.chain.pop();
        self.untrusted_length = self.untrusted_length.min(self.chain.len());
        self.push(issuer);
        Ok(Some(true))
    }

    /// X509_V_FLAG_PARTIAL_CHAIN: the leaf itself stands in the store.
    fn leaf_is_trusted(&mut self) -> bool {
        if self.chain.len() != self.untrusted_length {
            return false;
        }
        let digest = self.leaf.facts.digest;
        let same = self.trusted.iter().find(|candidate| candidate.facts.digest == digest).cloned();
        let (Some(same), Some(first)) = (same, self.chain.first_mut()) else { return false };
        *first = same;
        self.untrusted_length = 0;
        true
    }

    fn report_missing(&mut self, max_length: usize) {
        let length = self.chain.len();
        let depth = length - 1;
        let top = self.top();
        if !top.facts.self_signed {
            self.note_missing(&top, depth);
        }
        if self.generation == Generation::Three && self.error != 0 {
            // An error that was let pass before building is repeated instead of what stopped building.
            return self.fail(self.error, depth);
        }
        if length > max_length {
            self.fail(code::CERT_CHAIN_TOO_LONG, depth);
            if self.generation == Generation::One {
                return;
            }
        }
        self.fail(
            match (top.facts.self_signed, length) {
                (true, 1) => code::DEPTH_ZERO_SELF_SIGNED_CERT,
                (true, _) => code::SELF_SIGNED_CERT_IN_CHAIN,
                (false, _) if self.untrusted_length < length => code::UNABLE_TO_GET_ISSUER_CERT,
                (false, _) => code::UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            },
            depth,
        );
    }

    /// The issuer of `subject` among the certificates of one store: the first one that is valid now, else the
    /// one that expired last (1.1.1: the last one).
    fn issuer(&mut self, subject: &Node<'a>, store: Store) -> Result<Option<Node<'a>>, Stop> {
        let candidates = match store {
            Store::Trusted => self.trusted.len(),
            Store::Untrusted => self.untrusted.len(),
        };
        self.spend(candidates)?;
        let candidates = match store {
            Store::Trusted => &self.trusted,
            Store::Untrusted => &self.untrusted,
        };
        let may_repeat =
            store == Store::Trusted || (subject.facts.self_issued && self.chain.len() == 1);
        let mut best: Option<&Node<'a>> = None;
        for candidate in candidates {
            if candidate.facts.likely_issued(&subject.facts, self.generation).is_err()
                || (!may_repeat && self.in_chain.contains(&candidate.facts.digest))
            {
                continue;
            }
            if self.is_valid_now(candidate.certificate) {
                return Ok(Some(candidate.clone()));
            }
            best = match best {
                Some(best)
                    if self.generation == Generation::Three
                        && !ends_later(candidate.certificate, best.certificate) =>
                {
                    Some(best)
                }
                _ => Some(candidate),
            };
        }
        Ok(best.cloned())
    }

    fn is_valid_now(&self, certificate: &Certificate) -> bool {
        let Some(now) = self.request.at else { return true };
        certificate.not_before.at().is_some_and(|time| time <= now)
            && certificate.not_after.at().is_some_and(|time| time > now)
    }

    /// Keeps what is known about the issuer that nobody has.
    fn note_missing(&mut self, subject: &Node<'a>, depth: usize) {
        let wanted = &subject.facts;
        let mut seen = self.in_chain.clone();
        let mut near_misses = Vec::new();
        for candidate in self.trusted.iter().chain(&self.untrusted) {
            if near_misses.len() >= limits::CHAIN_NEAR_MISSES {
                break;
            }
            if candidate.facts.subject == wanted.issuer && seen.insert(candidate.facts.digest) {
                near_misses.push(NearMiss {
                    origin: candidate.origin,
                    sha256: candidate.facts.digest,
                    code: candidate
                        .facts
                        .likely_issued(wanted, self.generation)
                        .err()
                        .unwrap_or_default(),
                });
            }
        }
        let certificate = subject.certificate;
        self.missing = Some(MissingIssuer {
            depth: u32::try_from(depth).unwrap_or(u32::MAX),
            name: certificate.issuer.raw.clone(),
            name_text: certificate.issuer.to_string(),
            key_identifier: certificate.authority_key_identifier.clone(),
            near_misses,
        });
    }
}

/// `one` ends after `other`; false where one of the times cannot be read.
fn ends_later(one: &Certificate, other: &Certificate) -> bool {
    matches!((one.not_after.at(), other.not_after.at()), (Some(one), Some(other)) if one > other)
}
