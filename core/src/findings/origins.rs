//! What the findings about origins share.

use crate::bytes::hex;
use crate::evidence::facts::{CertificateFacts, Facts};
pub(super) use crate::evidence::origins::accepted;
use crate::evidence::origins::{Origin, PROFILE};
use crate::findings::{Arguments, Found, Outcome};
use crate::report::model::Severity;
use crate::x509::chain::Failure;
use crate::x509::key::PublicKey;

/// Asks about every origin whose chain fails. Not applicable without origins or without a trust store: then the
/// forecast says what is missing, when somebody asked for it.
pub(super) fn each_refused(
    facts: &Facts<'_>,
    ask: impl Fn(&Origin, &CertificateFacts<'_>, &Failure) -> Option<Found>,
) -> Outcome {
    let origins = &facts.origins;
    if origins.list.is_empty() || !origins.has_store {
        return Outcome::NotApplicable;
    }
    let found = origins.list.iter().filter_map(|origin| {
        ask(origin, facts.certificates.get(&origin.sha256)?, origin.failure()?)
    });
    Outcome::of(found.collect())
}

/// Name of the origin, the error, and the line that the traffic server will log for it.
pub(super) fn arguments(
    facts: &Facts<'_>,
    origin: &Origin,
    owner: &CertificateFacts<'_>,
    failure: &Failure,
) -> Arguments {
    let line = origin.log_lines(&address(facts, origin), true).into_iter().next();
    Arguments::new()
        .text("name", owner.label())
        .number("code", failure.code)
        .number("depth", failure.depth)
        .text("error", failure.text.to_string())
        .text("line", line.unwrap_or_default())
        .text("observed", yes_or_no(is_observed(facts, origin)))
        .text("profile", PROFILE.name())
        .text("now", facts.now.to_string())
}

/// A capture shows a handshake with this certificate.
pub(super) fn is_observed(facts: &Facts<'_>, origin: &Origin) -> bool {
    let place = facts.origins.list.iter().position(|one| one.sha256 == origin.sha256);
    let mut requests = facts.origins.requests.iter();
    requests.any(|one| one.seen.is_some() && one.origin.map(|(index, _)| index) == place)
}

/// The address that an origin is asked for: the first that clients use, else its own name.
pub(super) fn address(facts: &Facts<'_>, origin: &Origin) -> String {
    match origin.names.first() {
        Some(first) => first.address.clone(),
        None => facts.host_of(&origin.sha256),
    }
}

/// An ECDSA certificate that is not presented, because RSA comes first, fails nobody today.
pub(super) fn severity(facts: &Facts<'_>, owner: &CertificateFacts<'_>) -> Severity {
    let rsa_first = facts.expressway_rsa_first() == Some(true);
    if rsa_first && is_ec(owner) { Severity::Warning } else { Severity::Error }
}

/// An ECDSA certificate (B30): by its key; CUCM adds `-EC` to its common name.
pub(super) fn is_ec(owner: &CertificateFacts<'_>) -> bool {
    matches!(owner.certificate.public_key, PublicKey::Ec { .. })
}

/// `yes` or `no`, to select a variant of a message.
pub(super) fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// A key identifier as certificate viewers print it.
pub(super) fn key_identifier(bytes: &[u8]) -> String {
    hex(bytes)
}

/// The names that a certificate holds, as a reader would list them; the first few of many.
pub(super) fn names_of(owner: &CertificateFacts<'_>) -> String {
    const SHOWN: usize = 6;
    let names = &owner.certificate.subject_alt_names;
    let common = owner.certificate.subject.common_names().map(|name| format!("CN={name}"));
    let dns = names.dns.iter().map(|name| format!("DNS:{name}"));
    let ip = names.ip.iter().map(|name| format!("IP:{name}"));
    let all: Vec<String> = dns.chain(ip).chain(common).collect();
    match all.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => {
            format!("{} and {more} more", all.get(..SHOWN).unwrap_or_default().join(", "))
        }
        _ => all.join(", "),
    }
}
