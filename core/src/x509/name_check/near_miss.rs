//! Names that come close: what an administrator would point at when a judge refuses a name.

use std::net::IpAddr;

use super::browser::{relative, split};
use super::openssl::{HostFlags, between};
use super::presented::{Presented, SubjectValue, alternative_names, common_names};
use super::{bytes_of, openssl};
use crate::limits;
use crate::report::model::{NearMiss, NearMissReason, PresentedKind};
use crate::x509::certificate::Certificate;

/// At most [`limits::NEAR_MISSES`] names that come close to `name`, each with one reason, in certificate order.
pub(super) fn find(certificate: &Certificate, name: &str, ip: Option<IpAddr>) -> Vec<NearMiss> {
    let has_dns = alternative_names(certificate).any(|name| name.kind == PresentedKind::Dns);
    let texts = common_names(&certificate.subject).filter_map(|value| match value {
        SubjectValue::Text(bytes) => Some(Presented { kind: PresentedKind::CommonName, bytes }),
        SubjectValue::NotConvertible => None,
    });
    let asked = Asked { name: name.as_bytes(), ip: ip.map(bytes_of), has_dns };
    alternative_names(certificate)
        .chain(texts)
        .filter_map(|presented| {
            let reason = match &asked.ip {
                Some(address) => asked.address_reason(&presented, address),
                None => asked.host_reason(&presented),
            };
            reason.map(|reason| NearMiss { name: presented.to_report(), reason })
        })
        .take(limits::NEAR_MISSES)
        .collect()
}

/// What is asked for.
struct Asked<'a> {
    name: &'a [u8],
    ip: Option<Vec<u8>>,
    /// The certificate has a dNSName.
    has_dns: bool,
}

impl Asked<'_> {
    fn address_reason(&self, presented: &Presented<'_>, address: &[u8]) -> Option<NearMissReason> {
        match presented.kind {
            PresentedKind::IpAddress if *presented.bytes == *address => {
                Some(NearMissReason::AddressForTrafficServer)
            }
            PresentedKind::Dns | PresentedKind::CommonName if *presented.bytes == *self.name => {
                Some(NearMissReason::AddressAsText)
            }
            _ => None,
        }
    }

    fn host_reason(&self, presented: &Presented<'_>) -> Option<NearMissReason> {
        if !matches!(presented.kind, PresentedKind::Dns | PresentedKind::CommonName) {
            return None;
        }
        let pattern = &*presented.bytes;
        if presented.kind == PresentedKind::CommonName
            && openssl::host_equal(pattern, self.name, HostFlags::default())
        {
            return Some(if self.has_dns {
                NearMissReason::CommonNameBesideDns
            } else {
                NearMissReason::CommonNameForBrowser
            });
        }
        let (pattern, name) = (relative(pattern), relative(self.name));
        if pattern.eq_ignore_ascii_case(name) {
            return Some(NearMissReason::TrailingDot);
        }
        if let Some(star) = pattern.iter().position(|byte| *byte == b'*') {
            return self.wildcard_reason(pattern, star, name);
        }
        let ((pattern_host, pattern_domain), (host, domain)) = (split(pattern), split(name));
        if host.is_empty() || pattern_host.is_empty() {
            None
        } else if pattern_host.eq_ignore_ascii_case(host) {
            Some(if domain.is_empty() || pattern_domain.is_empty() {
                NearMissReason::ShortName
            } else {
                NearMissReason::OtherDomain
            })
        } else {
            (domain.contains(&b'.') && pattern_domain.eq_ignore_ascii_case(domain))
                .then_some(NearMissReason::OtherHost)
        }
    }

    fn wildcard_reason(&self, pattern: &[u8], star: usize, name: &[u8]) -> Option<NearMissReason> {
        let (prefix, rest) = pattern.split_at_checked(star)?;
        let suffix = rest.get(1..)?;
        if suffix.get(1..).is_some_and(|parent| parent.eq_ignore_ascii_case(name)) {
            return Some(NearMissReason::WildcardOtherDepth);
        }
        let matched = between(prefix, suffix, name)?;
        Some(if matched.contains(&b'.') {
            NearMissReason::WildcardOtherDepth
        } else if matched.contains(&b'_') {
            NearMissReason::WildcardUnderscore
        } else {
            NearMissReason::WildcardForm
        })
    }
}
