//! Where Envoy itself speaks TLS with the origin (arrangements B to E): what it knows of the origin's certificate.

use tlvet_core::time::UnixTime;

use super::proxy::{Proxy, origin_address, path};
use super::verdict::{self, Reason, Subject, Verdict};
use super::{Policy, report};
use crate::config::Host;

/// The certificate that the origin has shown to Envoy, DER; `None` while there is no TLS connection with it.
///
/// Envoy gives the leaf alone, in PEM. Intermediate certificates have to stand in `trust.ca_pem`.
pub(super) fn leaf(proxy: &dyn Proxy) -> Option<Vec<u8>> {
    let text = proxy.property(path::CERTIFICATE)?;
    let text = core::str::from_utf8(&text).ok()?;
    crate::config::certificates(text).ok()?.into_iter().next()
}

/// The certificate that the origin has shown to Envoy, and the name that is asked for, as the client wrote it: the digest, 64
/// hexadecimal digits, then the name. `None` while there is no certificate.
pub(super) fn shown(proxy: &dyn Proxy, asked: &[u8]) -> Option<Vec<u8>> {
    let mut key = proxy.property(path::DIGEST).filter(|digest| !digest.is_empty())?;
    key.extend_from_slice(asked);
    Some(key)
}

/// What names the connection with the origin, and what is asked of it; requests that share it share a verdict. The address
/// before the digest tells it from what [`shown`] gives.
pub(super) fn connection(proxy: &dyn Proxy, name: Option<&Host>) -> Option<Vec<u8>> {
    let digest = proxy.property(path::DIGEST).filter(|digest| !digest.is_empty())?;
    let mut key = proxy.property(path::LOCAL)?;
    key.push(0);
    key.extend(digest);
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
    whole_seconds(proxy.now())
}

/// Seconds of so many nanoseconds since 1970.
pub(super) fn whole_seconds(nanoseconds: u64) -> UnixTime {
    UnixTime(i64::try_from(nanoseconds / 1_000_000_000).unwrap_or(i64::MAX))
}

/// The client's server name, where it sent one that is a name.
pub(super) fn server_name(proxy: &dyn Proxy) -> Option<Host> {
    let name = proxy.property(path::SERVER_NAME)?;
    Host::parse(core::str::from_utf8(&name).ok()?).ok()
}

/// The host of `host[:port]`.
pub(super) fn host_of(authority: &[u8]) -> Option<Host> {
    let text = core::str::from_utf8(authority).ok()?;
    let host = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => text.rsplit_once(':').map_or(text, |(host, _)| host),
    };
    Host::parse(host).ok()
}
