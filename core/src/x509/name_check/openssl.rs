//! `X509_check_host`, `X509_check_ip` and `X509_check_email` as OpenSSL 1.1.1 and 3.0 do them (x509.md section 6).

use super::presented::{Presented, SubjectValue, alternative_names, common_names, email_addresses};
use crate::report::model::PresentedKind;
use crate::x509::certificate::Certificate;

/// Flags of `X509_check_host`, with OpenSSL's values (`x509v3.h`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostFlags(pub u32);

impl HostFlags {
    /// The common name counts even when there is a dNSName.
    pub const ALWAYS_CHECK_SUBJECT: Self = Self(0x1);
    /// `*` is a character like any other.
    pub const NO_WILDCARDS: Self = Self(0x2);
    /// `*` stands for a whole label, never for a part of one.
    pub const NO_PARTIAL_WILDCARDS: Self = Self(0x4);
    /// A whole-label `*` stands for several labels.
    pub const MULTI_LABEL_WILDCARDS: Self = Self(0x8);
    /// A host asked for as `.example.com` stands for direct subdomains only.
    pub const SINGLE_LABEL_SUBDOMAINS: Self = Self(0x10);
    /// The common name never counts.
    pub const NEVER_CHECK_SUBJECT: Self = Self(0x20);

    /// Both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The name of `certificate` that `X509_check_host` finds for `host`.
pub(super) fn host<'a>(
    certificate: &'a Certificate,
    host: &str,
    flags: HostFlags,
) -> Option<Presented<'a>> {
    let host = asked(host)?;
    let equal = |name: &[u8]| host_equal(name, host, flags);
    let mut dns_present = false;
    for name in alternative_names(certificate) {
        if name.kind == PresentedKind::Dns {
            dns_present = true;
            if !name.bytes.is_empty() && equal(&name.bytes) {
                return Some(name);
            }
        }
    }
    if flags.has(HostFlags::NEVER_CHECK_SUBJECT)
        || (dns_present && !flags.has(HostFlags::ALWAYS_CHECK_SUBJECT))
    {
        return None;
    }
    subject(common_names(&certificate.subject), PresentedKind::CommonName, equal)
}

/// The name of `certificate` that `X509_check_email` finds for `mailbox`.
pub(super) fn email<'a>(certificate: &'a Certificate, mailbox: &str) -> Option<Presented<'a>> {
    let mailbox = asked(mailbox)?;
    let equal = |name: &[u8]| email_equal(name, mailbox);
    let mut present = false;
    for name in alternative_names(certificate) {
        if matches!(name.kind, PresentedKind::Email | PresentedKind::Mailbox) {
            present = true;
            if !name.bytes.is_empty() && equal(&name.bytes) {
                return Some(name);
            }
        }
    }
    if present {
        return None;
    }
    subject(email_addresses(&certificate.subject), PresentedKind::EmailAddress, equal)
}

/// The iPAddress of `certificate` with these 4 or 16 bytes; the common name is never looked at.
pub(super) fn ip<'a>(certificate: &'a Certificate, address: &[u8]) -> Option<Presented<'a>> {
    alternative_names(certificate)
        .find(|name| name.kind == PresentedKind::IpAddress && *name.bytes == *address)
}

/// What is asked for, as bytes: one NUL at the end is the caller's, any other is an error. An empty name is compared
/// as such, and equals nothing.
fn asked(name: &str) -> Option<&[u8]> {
    let bytes = match name.as_bytes() {
        [name @ .., 0] if !name.is_empty() => name,
        name => name,
    };
    (!bytes.contains(&0)).then_some(bytes)
}

/// The first equal attribute; one that is not convertible ends the search with an error, which is no match.
fn subject<'a>(
    values: impl Iterator<Item = SubjectValue<'a>>,
    kind: PresentedKind,
    equal: impl Fn(&[u8]) -> bool,
) -> Option<Presented<'a>> {
    for value in values {
        let SubjectValue::Text(bytes) = value else { return None };
        if !bytes.is_empty() && equal(&bytes) {
            return Some(Presented { kind, bytes });
        }
    }
    None
}

pub(super) fn host_equal(pattern: &[u8], host: &[u8], flags: HostFlags) -> bool {
    let subdomains = host.len() > 1 && host.starts_with(b".");
    if !subdomains
        && !flags.has(HostFlags::NO_WILDCARDS)
        && let Some(star) = star(pattern, flags)
    {
        let prefix = pattern.get(..star).unwrap_or_default();
        let suffix = pattern.get(star.saturating_add(1)..).unwrap_or_default();
        return wildcard(prefix, suffix, host, flags);
    }
    let pattern = if subdomains { skip_prefix(pattern, host.len(), flags) } else { pattern };
    equal_ignoring_case(pattern, host)
}

/// The end of `pattern` that a host `.example.com` is compared with, if what stands before it may be skipped.
fn skip_prefix(pattern: &[u8], length: usize, flags: HostFlags) -> &[u8] {
    let Some((skipped, rest)) =
        pattern.len().checked_sub(length).and_then(|at| pattern.split_at_checked(at))
    else {
        return pattern;
    };
    let stops =
        |byte: &u8| *byte == 0 || (*byte == b'.' && flags.has(HostFlags::SINGLE_LABEL_SUBDOMAINS));
    if skipped.iter().any(stops) { pattern } else { rest }
}

/// Where the `*` of a pattern stands, if it is a wildcard at all: one, at the start or the end of the first label, no
/// IDNA label, two dots behind it, only letters, digits and hyphens around it, no label that begins or ends with a hyphen.
fn star(pattern: &[u8], flags: HostFlags) -> Option<usize> {
    let mut star = None;
    let mut dots = 0_usize;
    let mut label_start = true;
    let mut hyphen = false;
    let mut idna = false;
    for (at, byte) in pattern.iter().enumerate() {
        match byte {
            b'*' => {
                let at_end = matches!(pattern.get(at.saturating_add(1)), None | Some(b'.'));
                let whole = label_start && at_end;
                if star.is_some()
                    || idna
                    || dots > 0
                    || (flags.has(HostFlags::NO_PARTIAL_WILDCARDS) && !whole)
                    || !(label_start || at_end)
                {
                    return None;
                }
                star = Some(at);
                label_start = false;
            }
            byte if byte.is_ascii_alphanumeric() => {
                idna |= label_start && is_idna(pattern.get(at..).unwrap_or_default());
                label_start = false;
                hyphen = false;
            }
            b'.' if !hyphen && !label_start => {
                label_start = true;
                hyphen = false;
                idna = false;
                dots = dots.saturating_add(1);
            }
            b'-' if !label_start => hyphen = true,
            _ => return None,
        }
    }
    star.filter(|_| !label_start && !hyphen && dots >= 2)
}

fn wildcard(prefix: &[u8], suffix: &[u8], host: &[u8], flags: HostFlags) -> bool {
    let Some(matched) = between(prefix, suffix, host) else { return false };
    let whole_label = prefix.is_empty() && suffix.starts_with(b".");
    if whole_label && matched.is_empty() {
        return false;
    }
    // A wildcard for a part of a label says nothing about an encoded one.
    if !whole_label && is_idna(host) {
        return false;
    }
    let several = whole_label && flags.has(HostFlags::MULTI_LABEL_WILDCARDS);
    matched == b"*"
        || matched
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || (several && *byte == b'.'))
}

/// What stands in `host` between `prefix` and `suffix`.
pub(super) fn between<'h>(prefix: &[u8], suffix: &[u8], host: &'h [u8]) -> Option<&'h [u8]> {
    let (start, rest) = host.split_at_checked(prefix.len())?;
    let (matched, end) =
        rest.len().checked_sub(suffix.len()).and_then(|at| rest.split_at_checked(at))?;
    (equal_ignoring_case(prefix, start) && equal_ignoring_case(suffix, end)).then_some(matched)
}

/// Equal but for the case of ASCII letters; a pattern with a NUL byte equals nothing.
pub(super) fn equal_ignoring_case(pattern: &[u8], name: &[u8]) -> bool {
    pattern.eq_ignore_ascii_case(name) && !pattern.contains(&0)
}

pub(super) fn is_idna(name: &[u8]) -> bool {
    name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"xn--"))
}

/// Mailboxes: the case of the domain does not count, that of the local part does (RFC 5280 section 7.5). Whichever of
/// the two has the later `@` says where the domain begins.
fn email_equal(name: &[u8], asked: &[u8]) -> bool {
    if name.len() != asked.len() {
        return false;
    }
    let at = name.iter().zip(asked).rposition(|(left, right)| *left == b'@' || *right == b'@');
    // OpenSSL compares the whole with case when the only `@` is the first byte.
    let at = at.filter(|at| *at > 0);
    match at.and_then(|at| Some((name.split_at_checked(at)?, asked.split_at_checked(at)?))) {
        Some(((local, domain), (asked_local, asked_domain))) => {
            local == asked_local && equal_ignoring_case(domain, asked_domain)
        }
        None => name == asked,
    }
}
