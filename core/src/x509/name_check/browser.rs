//! A browser's rule: RFC 6125 as Chromium applies it.
//!
//! Only subjectAltName counts. An address is compared with iPAddress; a name with dNSName, one dot at the end of either
//! ignored, `*` for the whole left-most label only. Chromium consults the public suffix list, so that `*.co.uk` covers
//! nothing; that list is not here, and a wildcard needs two labels behind it instead: `*.co.uk` counts. A name that is
//! not ASCII is compared byte by byte, where a browser would encode it first.

use std::net::IpAddr;

use super::presented::{Presented, alternative_names};
use super::{bytes_of, openssl};
use crate::report::model::PresentedKind;
use crate::x509::certificate::Certificate;

pub(super) fn check<'a>(certificate: &'a Certificate, name: &str) -> Option<Presented<'a>> {
    if let Ok(address) = name.parse::<IpAddr>() {
        return openssl::ip(certificate, &bytes_of(address));
    }
    let name = relative(name.as_bytes());
    if name.is_empty() {
        return None;
    }
    let (host, domain) = split(name);
    let wildcards = domain.get(1..).is_some_and(|domain| domain.contains(&b'.'))
        && !name.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    alternative_names(certificate).find(|presented| {
        if presented.kind != PresentedKind::Dns || presented.bytes.contains(&0) {
            return false;
        }
        let pattern = relative(&presented.bytes);
        let (pattern_host, pattern_domain) = split(pattern);
        !pattern_host.is_empty()
            && pattern_domain.eq_ignore_ascii_case(domain)
            && match pattern_host {
                b"*" => wildcards && !host.is_empty(),
                pattern_host => pattern_host.eq_ignore_ascii_case(host),
            }
    })
}

/// A name without the dot at its end.
pub(super) fn relative(name: &[u8]) -> &[u8] {
    name.strip_suffix(b".").unwrap_or(name)
}

/// The first label, and the rest with its dot.
pub(super) fn split(name: &[u8]) -> (&[u8], &[u8]) {
    let dot = name.iter().position(|byte| *byte == b'.').unwrap_or(name.len());
    name.split_at_checked(dot).unwrap_or((name, &[]))
}
