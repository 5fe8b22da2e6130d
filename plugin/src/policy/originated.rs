//! Where Envoy itself speaks TLS with the origin (arrangements B, C and D): what it knows of the origin's certificate.

use tlvet_core::time::UnixTime;

use super::proxy::{Proxy, origin_address};
use super::verdict::{self, Reason, Subject, Verdict};
use super::{Policy, report};
use crate::config::Host;

/// The certificate that the origin has shown to Envoy, DER; `None` while there is no TLS connection with it.
///
/// Envoy gives the leaf alone, in PEM. Intermediate certificates have to stand in `trust.ca_pem`.
pub(super) fn leaf(proxy: &dyn Proxy) -> Option<Vec<u8>> {
    let text = proxy.property(&["upstream", "peer_certificate"])?;
    let text = core::str::from_utf8(&text).ok()?;
    crate::config::certificates(text).ok()?.into_iter().next()
}

/// What names the connection with the origin, and what is asked of it; requests that share it share a verdict.
pub(super) fn connection(proxy: &dyn Proxy, name: Option<&Host>) -> Option<Vec<u8>> {
    let mut key = proxy.property(&["upstream", "sha256_peer_certificate_digest"])?;
    if key.is_empty() {
        return None;
    }
    key.push(0);
    key.extend(proxy.property(&["upstream", "local_address"])?);
    key.push(0);
    key.extend(name.map(ToString::to_string).unwrap_or_default().into_bytes());
    Some(key)
}

/// The verdict on the certificate that Envoy was shown, written once for each connection.
pub(super) fn judge(
    policy: &Policy,
    subject: &mut Subject,
    leaf: &[u8],
    key: Option<Vec<u8>>,
    held: Option<u64>,
    proxy: &dyn Proxy,
) -> Verdict {
    subject.address = origin_address(proxy).map(|address| address.ip());
    let now = seconds(proxy);
    let judged = policy.trust().judge(&[leaf.to_vec()], now);
    let verdict = verdict::on_certificate(policy.config(), subject, &judged, now);
    report::write(proxy, policy.origins(), subject, &verdict, held);
    if let Some(key) = key {
        policy.remember(key, verdict.outcome, verdict.reason, verdict.until);
    }
    verdict
}

/// The verdict where no certificate is to be seen.
pub(super) fn no_certificate(
    policy: &Policy,
    subject: &mut Subject,
    reason: Reason,
    proxy: &dyn Proxy,
) -> Verdict {
    subject.address = origin_address(proxy).map(|address| address.ip());
    let verdict = verdict::on_reason(policy.config(), subject, reason, seconds(proxy));
    report::write(proxy, policy.origins(), subject, &verdict, None);
    verdict
}

/// The proxy's clock in seconds.
pub(super) fn seconds(proxy: &dyn Proxy) -> UnixTime {
    UnixTime(i64::try_from(proxy.now() / 1_000_000_000).unwrap_or(i64::MAX))
}

/// The client's server name, where it sent one that is a name.
pub(super) fn server_name(proxy: &dyn Proxy) -> Option<Host> {
    let name = proxy.property(&["connection", "requested_server_name"])?;
    Host::parse(core::str::from_utf8(&name).ok()?).ok()
}
