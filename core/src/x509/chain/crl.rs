//! The leaf looked for in revocation lists (RFC 5280 section 5) as OpenSSL does with X509_V_FLAG_CRL_CHECK and
//! nothing more: no deltas, no indirect lists, no other path for the list's signer.

use super::distinguished_name::{CanonicalName, canonical};
use super::extensions::{Facts, key_usage};
use super::general_name::{self, ALL_REASONS, AuthorityKey, DistributionPoint, GeneralName, only};
use super::profile::code;
use super::verify::{Node, Stop, Verifier};
use crate::bytes::Reader;
use crate::error::ErrorKind;
use crate::limits;
use crate::time::UnixTime;
use crate::x509::certificate::Time;
use crate::x509::der;
use crate::x509::revocation::RevocationList;

/// What is known about one list.
#[derive(Debug)]
struct ListFacts<'a> {
    list: &'a RevocationList,
    issuer: CanonicalName,
    /// An extension of the list or of an entry is critical and not known.
    unknown_critical: bool,
    authority_key: Option<AuthorityKey>,
    distribution: Option<IssuingDistribution>,
    is_delta: bool,
}

/// issuingDistributionPoint.
#[derive(Clone, Debug, Default)]
struct IssuingDistribution {
    name: DistributionPoint,
    only_users: bool,
    only_authorities: bool,
    only_attributes: bool,
    indirect: bool,
    some_reasons: bool,
    /// It contradicts itself or cannot be read.
    invalid: bool,
}

impl<'a> ListFacts<'a> {
    /// `None` where OpenSSL would not load the list, or where not all of it was read: half a list clears nobody.
    fn of(list: &'a RevocationList) -> Option<Self> {
        const HARMLESS: [&str; 5] =
            ["version", "thisUpdate", "nextUpdate", "revocationDate", "signatureAlgorithm"];
        let is_harmless = |kind: &ErrorKind| !matches!(kind, ErrorKind::TooLarge { .. });
        let mut problems = list.problems.iter();
        if list.problems.len() >= limits::PROBLEMS_PER_INPUT
            || !problems.all(|it| HARMLESS.contains(&it.field.as_str()) && is_harmless(&it.kind))
        {
            return None;
        }
        let mut facts = Self {
            list,
            issuer: canonical(&list.issuer.raw)?,
            unknown_critical: false,
            authority_key: None,
            distribution: None,
            is_delta: false,
        };
        for extension in &list.extensions {
            match extension.oid.as_str() {
                "2.5.29.35" => facts.authority_key = general_name::authority_key(&extension.value),
                "2.5.29.28" => {
                    facts.distribution = Some(IssuingDistribution::read(&extension.value));
                }
                "2.5.29.27" => facts.is_delta = true,
                _ => facts.unknown_critical |= extension.critical,
            }
        }
        // certificateIssuer is understood also when it is critical.
        let mut entries = list.revoked.iter().flat_map(|entry| &entry.extensions);
        facts.unknown_critical |=
            entries.any(|extension| extension.critical && extension.oid != "2.5.29.29");
        Some(facts)
    }

    /// The entry for this serial says revoked, and not that it was taken back.
    fn revokes(&self, serial: &[u8]) -> bool {
        const REMOVE_FROM_CRL: &[u8] = &[0x0a, 1, 8];
        let entry = self.list.revoked.iter().find(|entry| entry.serial == serial);
        entry.is_some_and(|entry| {
            let mut reasons = entry.extensions.iter().filter(|it| it.oid == "2.5.29.21");
            reasons.next().is_none_or(|reason| reason.value != REMOVE_FROM_CRL)
        })
    }

    /// Whether `at` lies in the list's time; `Err`: OpenSSL's codes for what is wrong, in its order.
    fn check_time(&self, at: Option<UnixTime>) -> Result<(), Vec<u32>> {
        let Some(now) = at else { return Ok(()) };
        let mut wrong = Vec::new();
        match self.list.this_update {
            Time::Unreadable(_) => wrong.push(code::ERROR_IN_CRL_LAST_UPDATE_FIELD),
            Time::At(start) if start > now => wrong.push(code::CRL_NOT_YET_VALID),
            Time::At(_) => {}
        }
        match self.list.next_update {
            Some(Time::Unreadable(_)) => wrong.push(code::ERROR_IN_CRL_NEXT_UPDATE_FIELD),
            Some(Time::At(end)) if end <= now => wrong.push(code::CRL_HAS_EXPIRED),
            Some(Time::At(_)) | None => {}
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// The list speaks about certificates like `subject` (OpenSSL's `crl_crldp_check`), which has one of its
    /// distribution points, or the list names none: the reasons it covers.
    fn scope(&self, subject: &Facts) -> Option<u16> {
        let Some(distribution) = &self.distribution else { return Some(ALL_REASONS) };
        let excluded =
            if subject.ca { distribution.only_users } else { distribution.only_authorities };
        if excluded || distribution.only_attributes {
            return None;
        }
        let mut points = subject.distribution_points.iter().filter(|point| match &point.issuers {
            None => true,
            Some(issuers) => issuers.contains(&self.issuer),
        });
        if let Some(point) = points.find(|point| distribution.is_same_place(point)) {
            return Some(distribution.name.reasons & point.reasons);
        }
        distribution.is_nameless().then_some(distribution.name.reasons)
    }
}

impl IssuingDistribution {
    fn read(value: &[u8]) -> Self {
        Self::try_read(value).unwrap_or(Self { invalid: true, ..Self::default() })
    }

    fn try_read(value: &[u8]) -> Option<Self> {
        let mut parts = only(value, der::SEQUENCE)?.reader();
        let mut read =
            Self { name: general_name::distribution_point_name(&mut parts)?, ..Self::default() };
        let flag = |parts: &mut Reader<'_>, tag| -> Option<bool> {
            match der::optional(parts, tag, "").ok()?.map(|flag| flag.content) {
                None => Some(false),
                Some([byte]) => Some(*byte != 0),
                Some(_) => None,
            }
        };
        read.only_users = flag(&mut parts, 0x81)?;
        read.only_authorities = flag(&mut parts, 0x82)?;
        if let Some(reasons) = der::optional(&mut parts, 0x83, "").ok()? {
            read.some_reasons = true;
            read.name.reasons = general_name::reasons(reasons.content)?;
        }
        read.indirect = flag(&mut parts, 0x84)?;
        read.only_attributes = flag(&mut parts, 0x85)?;
        let kinds = [read.only_users, read.only_authorities, read.only_attributes];
        read.invalid = kinds.into_iter().filter(|only| *only).count() > 1;
        parts.is_empty().then_some(read)
    }

    fn is_nameless(&self) -> bool {
        self.name.full_name.is_none() && self.name.relative_name.is_none()
    }

    fn is_same_place(&self, point: &DistributionPoint) -> bool {
        let own = &self.name;
        if self.is_nameless() || (point.full_name.is_none() && point.relative_name.is_none()) {
            return true;
        }
        if own.relative_name.is_some() || point.relative_name.is_some() {
            return own.relative_name == point.relative_name;
        }
        let names = |point: &DistributionPoint| -> Vec<GeneralName> {
            point.full_name.clone().unwrap_or_default()
        };
        let own = names(own);
        names(point).iter().take(limits::CERTIFICATE_EXTENSIONS).any(|name| own.contains(name))
    }
}

/// How well a list suits a certificate; larger is better, as in OpenSSL's scores.
mod score {
    pub(super) const NO_CRITICAL: u16 = 0x100;
    pub(super) const SCOPE: u16 = 0x080;
    pub(super) const TIME: u16 = 0x040;
    pub(super) const ISSUER_NAME: u16 = 0x020;
    pub(super) const ISSUER_CERTIFICATE: u16 = 0x018;
    pub(super) const AUTHORITY_KEY: u16 = 0x004;
}

/// The list that suits best.
struct Chosen<'f, 'a> {
    list: &'f ListFacts<'a>,
    score: u16,
    reasons: u16,
}

impl<'a> Verifier<'a, '_> {
    /// Looks for the leaf in the lists (OpenSSL's `check_revocation` without X509_V_FLAG_CRL_CHECK_ALL).
    pub(super) fn check_revocation(&mut self) -> Result<(), Stop> {
        let Some(leaf) = self.chain.first().cloned() else { return Ok(()) };
        if self.request.crls.is_empty() || leaf.facts.proxy.is_some() {
            return Ok(());
        }
        let issuer = self.chain.get(1).cloned().unwrap_or_else(|| leaf.clone());
        let lists: Vec<ListFacts<'a>> =
            self.request.crls.iter().filter_map(|list| ListFacts::of(list)).collect();
        let mut reasons = 0;
        while reasons != ALL_REASONS {
            let before = reasons;
            self.spend(lists.len())?;
            let Some(chosen) = self.choose(&lists, &leaf, &issuer, reasons) else {
                self.fail(code::UNABLE_TO_GET_CRL, 0);
                return Ok(());
            };
            reasons = chosen.reasons;
            self.check_list(&chosen, &issuer)?;
            self.look_up(chosen.list, &leaf);
            if before == reasons {
                self.fail(code::UNABLE_TO_GET_CRL, 0);
                return Ok(());
            }
        }
        Ok(())
    }

    fn choose<'f>(
        &self,
        lists: &'f [ListFacts<'a>],
        leaf: &Node<'a>,
        issuer: &Node<'a>,
        reasons: u16,
    ) -> Option<Chosen<'f, 'a>> {
        let mut best: Option<Chosen<'f, 'a>> = None;
        for list in lists {
            let Some((score, reasons)) = self.score(list, leaf, issuer, reasons) else { continue };
            let is_better = best.as_ref().is_none_or(|best| {
                score > best.score || (score == best.score && is_newer(list.list, best.list.list))
            });
            if is_better {
                best = Some(Chosen { list, score, reasons });
            }
        }
        best
    }

    fn score(
        &self,
        list: &ListFacts<'_>,
        leaf: &Node<'a>,
        issuer: &Node<'a>,
        known: u16,
    ) -> Option<(u16, u16)> {
        let distribution = list.distribution.as_ref();
        if distribution.is_some_and(|it| it.invalid || it.indirect || it.some_reasons)
            || list.issuer != leaf.facts.issuer
            || issuer.facts.is_named_by(list.authority_key.as_ref()).is_err()
        {
            return None;
        }
        let mut found = score::ISSUER_NAME | score::AUTHORITY_KEY | score::ISSUER_CERTIFICATE;
        if !list.unknown_critical {
            found |= score::NO_CRITICAL;
        }
        if list.check_time(self.request.at).is_ok() {
            found |= score::TIME;
        }
        let mut reasons = known;
        if let Some(covered) = list.scope(&leaf.facts) {
            if covered & !known == 0 {
                return None;
            }
            reasons |= covered;
            found |= score::SCOPE;
        }
        Some((found, reasons))
    }

    /// The list itself: may its issuer sign it, is it about the leaf, is it current, is its signature right.
    fn check_list(&mut self, chosen: &Chosen<'_, '_>, issuer: &Node<'a>) -> Result<(), Stop> {
        let list = chosen.list;
        if !list.is_delta {
            if issuer.facts.lacks_usage(key_usage::CRL_SIGN) {
                self.fail(code::KEYUSAGE_NO_CRL_SIGN, 0);
            }
            if chosen.score & score::SCOPE == 0 {
                self.fail(code::DIFFERENT_CRL_SCOPE, 0);
            }
        }
        if let Err(wrong) = list.check_time(self.request.at) {
            for code in wrong {
                self.fail(code, 0);
            }
        }
        if issuer.facts.key.is_none() {
            self.fail(code::UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, 0);
            return Ok(());
        }
        self.spend_signature()?;
        let is_signed = list.list.verify(&issuer.certificate.public_key).is_ok();
        if !is_signed {
            self.fail(code::CRL_SIGNATURE_FAILURE, 0);
        }
        Ok(())
    }

    fn look_up(&mut self, list: &ListFacts<'_>, leaf: &Node<'a>) {
        if list.unknown_critical {
            self.fail(code::UNHANDLED_CRITICAL_CRL_EXTENSION, 0);
        }
        if list.revokes(&leaf.facts.serial) {
            self.fail(code::CERT_REVOKED, 0);
        }
    }
}

fn is_newer(one: &RevocationList, other: &RevocationList) -> bool {
    matches!((one.this_update.at(), other.this_update.at()), (Some(one), Some(other)) if one > other)
}
