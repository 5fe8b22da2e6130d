//! Apache Traffic Server's own `validate_hostname`, which is not `X509_check_host` (x509.md section 6).
//!
//! It is called with `is_ip=false` always: an IP address is compared as text, and an iPAddress never matches (B11). The
//! first common name counts whatever the subjectAltName extension holds.

use super::TrafficServerVersion;
use super::openssl::{between, equal_ignoring_case, is_idna};
use super::presented::{Presented, SubjectValue, alternative_names, common_names};
use crate::report::model::PresentedKind;
use crate::x509::certificate::Certificate;

/// What Traffic Server finds.
pub(super) enum Answer<'a> {
    Matched(Presented<'a>),
    Mismatch,
    AcceptedUnread,
}

pub(super) fn check<'a>(
    certificate: &'a Certificate,
    name: &str,
    version: TrafficServerVersion,
) -> Answer<'a> {
    // A C string ends at its first NUL.
    let name = name.as_bytes().split(|byte| *byte == 0).next().unwrap_or_default();
    for presented in alternative_names(certificate) {
        if presented.kind == PresentedKind::Dns
            && !presented.bytes.is_empty()
            && equal(&presented.bytes, name, version)
        {
            return Answer::Matched(presented);
        }
    }
    match common_names(&certificate.subject).next() {
        Some(SubjectValue::Text(bytes)) if equal(&bytes, name, version) => {
            Answer::Matched(Presented { kind: PresentedKind::CommonName, bytes })
        }
        Some(SubjectValue::NotConvertible) => match version {
            // `return -1` in a function that returns a truth value.
            TrafficServerVersion::V8_1 | TrafficServerVersion::V9_0 => Answer::AcceptedUnread,
            TrafficServerVersion::V9_2 => Answer::Mismatch,
        },
        _ => Answer::Mismatch,
    }
}

fn equal(pattern: &[u8], name: &[u8], version: TrafficServerVersion) -> bool {
    if name.len() > 5
        && !name.starts_with(b".")
        && let Some(star) = star(pattern, name.len() > 4 && is_idna(name))
    {
        let prefix = pattern.get(..star).unwrap_or_default();
        let suffix = pattern.get(star.saturating_add(1)..).unwrap_or_default();
        return wildcard(prefix, suffix, name, version);
    }
    equal_ignoring_case(pattern, name)
}

/// Where the `*` stands: at the start or the end of the first label, at least two dots in all, the last one neither among
/// the first three bytes nor the last byte. What else the pattern holds is not looked at.
fn star(pattern: &[u8], idna: bool) -> Option<usize> {
    if pattern.len() < 5 {
        return None;
    }
    let last_dot =
        pattern.get(..pattern.len().saturating_sub(1))?.iter().rposition(|byte| *byte == b'.')?;
    if last_dot < 3 {
        return None;
    }
    let label = pattern.iter().take(last_dot).position(|byte| *byte == b'.')?;
    let label = pattern.get(..label)?;
    let mut stars = label.iter().enumerate().filter(|(_, byte)| **byte == b'*').map(|(at, _)| at);
    let (star, None) = (stars.next()?, stars.next()) else { return None };
    let at_end = star.saturating_add(1) == label.len();
    let placed = if idna { star == 0 && at_end } else { star == 0 || at_end };
    placed.then_some(star)
}

fn wildcard(prefix: &[u8], suffix: &[u8], name: &[u8], version: TrafficServerVersion) -> bool {
    let Some(matched) = between(prefix, suffix, name) else { return false };
    if prefix.is_empty() && suffix.starts_with(b".") && matched.is_empty() {
        return false;
    }
    let underscore = version != TrafficServerVersion::V8_1;
    matched == b"*"
        || matched.iter().all(|byte| {
            byte.is_ascii_alphanumeric() || *byte == b'-' || (underscore && *byte == b'_')
        })
}
