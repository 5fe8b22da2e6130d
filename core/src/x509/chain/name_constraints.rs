//! Name constraints as OpenSSL checks them (RFC 5280 section 4.2.1.10, with its own idea of some names).

use super::distinguished_name::{COMMON_NAME, EMAIL_ADDRESS, canonical, entries, utf8};
use super::extensions::Facts;
use super::general_name::{GeneralName, NameConstraints, Subtree};
use super::profile::{Generation, code};
use crate::bytes::Reader;
use crate::x509::certificate::Certificate;
use crate::x509::der;

/// Names times constraints above which OpenSSL refuses to compare (`NAME_CHECK_MAX`).
const MOST_COMPARISONS: usize = 1 << 20;

/// Content of the OBJECT IDENTIFIER of SmtpUTF8Mailbox, 1.3.6.1.5.5.7.8.9 (RFC 8398).
const SMTP_UTF8_MAILBOX: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09];

/// Comparisons that [`check`] takes at most.
pub(super) fn cost(facts: &Facts, constraints: &NameConstraints) -> usize {
    let (names, trees) = sizes(facts, constraints);
    names.saturating_mul(trees).min(MOST_COMPARISONS).saturating_add(1)
}

fn sizes(facts: &Facts, constraints: &NameConstraints) -> (usize, usize) {
    let names = facts.subject.entries.saturating_add(facts.alt_names.as_ref().map_or(0, Vec::len));
    (names, constraints.permitted.len().saturating_add(constraints.excluded.len()))
}

/// Whether the names of a certificate obey the constraints of one above it; the error is OpenSSL's code.
pub(super) fn check(
    certificate: &Certificate,
    facts: &Facts,
    constraints: &NameConstraints,
    is_leaf: bool,
    generation: Generation,
) -> Result<(), u32> {
    let (names, trees) = sizes(facts, constraints);
    if names > 0 && trees > MOST_COMPARISONS / names {
        return Err(code::UNSPECIFIED);
    }
    let alt_names = facts.alt_names.as_deref().unwrap_or_default();
    let subject = entries(&certificate.subject.raw).unwrap_or_default();
    let attributes = |identifier: &'static [u8]| {
        subject.iter().filter(move |entry| entry.identifier == identifier)
    };
    if facts.subject.entries > 0 {
        let name = GeneralName::Directory(facts.subject.clone());
        obeys(&name, constraints, generation)?;
        for entry in attributes(EMAIL_ADDRESS) {
            const IA5_STRING: u8 = 0x16;
            if entry.tag != IA5_STRING {
                return Err(code::UNSUPPORTED_NAME_SYNTAX);
            }
            obeys(&GeneralName::Email(entry.value.to_vec()), constraints, generation)?;
        }
    }
    for name in alt_names {
        obeys(name, constraints, generation)?;
    }
    let has_host = alt_names.iter().any(|name| matches!(name, GeneralName::Dns(_)));
    if is_leaf && !has_host {
        for entry in attributes(COMMON_NAME) {
            if let Some(host) = host_name(entry.tag, entry.value)? {
                obeys(&GeneralName::Dns(host), constraints, generation)?;
            }
        }
    }
    Ok(())
}

/// A proxy certificate is named as its issuer with one commonName more (RFC 3820 section 3.4).
pub(super) fn is_proxy_name(certificate: &Certificate) -> bool {
    let (Some(subject), Some(issuer)) =
        (entries(&certificate.subject.raw), entries(&certificate.issuer.raw))
    else {
        return false;
    };
    let Some((last, above)) = subject.split_last() else { return false };
    let is_alone = above.last().is_some_and(|before| before.set != last.set);
    let (Some(whole), Some(above_name)) =
        (canonical(&certificate.subject.raw), canonical(&certificate.issuer.raw))
    else {
        return false;
    };
    is_alone
        && above.len() == issuer.len()
        && last.identifier == COMMON_NAME
        && whole.bytes.starts_with(&above_name.bytes)
}

/// A commonName as a host name, where it looks like one: two labels or more of letters, digits, `_` and inner `-`.
fn host_name(tag: u8, value: &[u8]) -> Result<Option<Vec<u8>>, u32> {
    let Some(text) = utf8(tag, value) else { return Ok(None) };
    let bytes = text.trim_end_matches('\0').as_bytes();
    if bytes.contains(&0) {
        return Err(code::UNSUPPORTED_NAME_SYNTAX);
    }
    let at = |index: usize| bytes.get(index).copied().unwrap_or_default();
    let mut has_dot = false;
    for (index, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_alphanumeric() || *byte == b'_' {
            continue;
        }
        if index == 0 || index + 1 == bytes.len() {
            return Ok(None);
        }
        match byte {
            b'-' => {}
            b'.' if at(index + 1) != b'.' && at(index - 1) != b'-' && at(index + 1) != b'-' => {
                has_dot = true;
            }
            _ => return Ok(None),
        }
    }
    Ok(has_dot.then(|| bytes.to_vec()))
}

/// One name against all subtrees of its kind: inside one of the permitted, where there are any, and inside none
/// of the excluded.
fn obeys(
    name: &GeneralName,
    constraints: &NameConstraints,
    generation: Generation,
) -> Result<(), u32> {
    let mut matched = None;
    for tree in constraints.permitted.iter().filter(|tree| concerns(tree, name, generation)) {
        if !tree.has_plain_bounds {
            return Err(code::SUBTREE_MINMAX);
        }
        if matched == Some(true) {
            continue;
        }
        matched = Some(is_inside(name, &tree.base, generation)?);
    }
    if matched == Some(false) {
        return Err(code::PERMITTED_VIOLATION);
    }
    for tree in constraints.excluded.iter().filter(|tree| concerns(tree, name, generation)) {
        if !tree.has_plain_bounds {
            return Err(code::SUBTREE_MINMAX);
        }
        if is_inside(name, &tree.base, generation)? {
            return Err(code::EXCLUDED_VIOLATION);
        }
    }
    Ok(())
}

fn concerns(tree: &Subtree, name: &GeneralName, generation: Generation) -> bool {
    match (name, &tree.base, generation) {
        (GeneralName::Other { identifier, .. }, base, Generation::Three) => {
            if identifier == SMTP_UTF8_MAILBOX {
                return matches!(base, GeneralName::Email(_));
            }
            matches!(base, GeneralName::Other { identifier: other, .. } if other == identifier)
        }
        (name, base, _) => name.kind() == base.kind(),
    }
}

fn is_inside(name: &GeneralName, base: &GeneralName, generation: Generation) -> Result<bool, u32> {
    match (name, base) {
        (GeneralName::Directory(name), GeneralName::Directory(base)) => {
            Ok(name.bytes.starts_with(&base.bytes))
        }
        (GeneralName::Dns(name), GeneralName::Dns(base)) => Ok(is_host_inside(name, base)),
        (GeneralName::Email(name), GeneralName::Email(base)) => is_email_inside(name, base),
        (GeneralName::Uri(name), GeneralName::Uri(base)) => is_uri_inside(name, base),
        (GeneralName::Ip(name), GeneralName::Ip(base)) => is_address_inside(name, base),
        (GeneralName::Other { value, .. }, GeneralName::Email(base))
            if generation == Generation::Three =>
        {
            is_mailbox_inside(value, base)
        }
        _ => Err(code::UNSUPPORTED_CONSTRAINT_TYPE),
    }
}

/// Labels may be added on the left; an empty base holds everything.
fn is_host_inside(name: &[u8], base: &[u8]) -> bool {
    let Some(split) = name.len().checked_sub(base.len()) else { return false };
    let Some((before, end)) = name.split_at_checked(split) else { return false };
    if base.is_empty() {
        return true;
    }
    let is_whole = before.is_empty() || base.first() == Some(&b'.') || before.last() == Some(&b'.');
    is_whole && end.eq_ignore_ascii_case(base)
}

fn last_at(bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(|byte| *byte == b'@')
}

fn is_email_inside(name: &[u8], base: &[u8]) -> Result<bool, u32> {
    let Some(at) = last_at(name) else { return Err(code::UNSUPPORTED_NAME_SYNTAX) };
    let base_at = last_at(base);
    if base_at.is_none() && base.first() == Some(&b'.') {
        return Ok(ends_below(name, base));
    }
    let (local, host) = split_around(name, at);
    let host_base = match base_at {
        None => base,
        Some(base_at) => {
            let (local_base, host_base) = split_around(base, base_at);
            if !local_base.is_empty() {
                if local_base.len() != local.len() {
                    return Ok(false);
                }
                if local_base.contains(&0) || local.contains(&0) {
                    return Err(code::UNSUPPORTED_NAME_SYNTAX);
                }
                // The part before the @ is compared with its case.
                if local_base != local {
                    return Ok(false);
                }
            }
            host_base
        }
    };
    Ok(host.eq_ignore_ascii_case(host_base))
}

/// `name` is longer than `base` and ends with it.
fn ends_below(name: &[u8], base: &[u8]) -> bool {
    let split = name.len().checked_sub(base.len()).filter(|split| *split > 0);
    let end = split.and_then(|split| name.get(split..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(base))
}

fn split_around(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    (bytes.get(..at).unwrap_or_default(), bytes.get(at + 1..).unwrap_or_default())
}

/// The host between `://` and the first `:`, or else the first `/`.
fn is_uri_inside(name: &[u8], base: &[u8]) -> Result<bool, u32> {
    let malformed = Err(code::UNSUPPORTED_NAME_SYNTAX);
    let Some(colon) = name.iter().position(|byte| *byte == b':') else { return malformed };
    let Some(rest) = name.get(colon..).and_then(|rest| rest.strip_prefix(b"://")) else {
        return malformed;
    };
    let end = |wanted: u8| rest.iter().position(|byte| *byte == wanted);
    let length = end(b':').or_else(|| end(b'/')).unwrap_or(rest.len());
    let host = rest.get(..length).unwrap_or_default();
    if host.is_empty() {
        return malformed;
    }
    if base.first() == Some(&b'.') {
        return Ok(ends_below(host, base));
    }
    Ok(host.eq_ignore_ascii_case(base))
}

fn is_address_inside(name: &[u8], base: &[u8]) -> Result<bool, u32> {
    if !matches!(name.len(), 4 | 16) || !matches!(base.len(), 8 | 32) {
        return Err(code::UNSUPPORTED_NAME_SYNTAX);
    }
    if name.len() * 2 != base.len() {
        return Ok(false);
    }
    let (network, mask) = base.split_at_checked(name.len()).unwrap_or_default();
    let mut parts = name.iter().zip(network).zip(mask);
    Ok(parts.all(|((own, network), mask)| own & mask == network & mask))
}

/// SmtpUTF8Mailbox against an rfc822Name. A constraint that names an internationalised domain (`xn--`) is compared
/// as it stands, without turning it into Unicode.
fn is_mailbox_inside(value: &[u8], base: &[u8]) -> Result<bool, u32> {
    const UTF8_STRING: u8 = 0x0c;
    if base.contains(&0) {
        return Err(code::UNSUPPORTED_NAME_SYNTAX);
    }
    let mailbox = der::expect(&mut Reader::new(value), UTF8_STRING, "")
        .map_err(|_| code::UNSUPPORTED_NAME_SYNTAX)?
        .content;
    let Some(at) = last_at(mailbox) else { return Err(code::UNSUPPORTED_NAME_SYNTAX) };
    if base.first() == Some(&b'.') {
        return Ok(ends_below(mailbox, base));
    }
    Ok(split_around(mailbox, at).1.eq_ignore_ascii_case(base))
}
