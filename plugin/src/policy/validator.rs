//! Arrangement C: Envoy's own validator decides in the handshake. The filter tells it where to go and which name to find,
//! and says in Traffic Server's words what it answered.

use tlvet_core::time::UnixTime;
use tlvet_core::x509::Certificate;

use super::destination::Target;
use super::proxy::{Headers, Proxy, path};
use super::trust::Fault;
use super::verdict::{Reason, Subject};
use crate::config::Host;

/// The header by which an ORIGINAL_DST cluster is told where to connect.
pub(super) const ORIGINAL_DESTINATION: &str = "x-envoy-original-dst-host";

const SERVER_NAME: &str = "envoy.network.upstream_server_name";
const ALT_NAMES: &str = "envoy.network.upstream_subject_alt_names";
const DYNAMIC_HOST: &str = "envoy.upstream.dynamic_host";
const DYNAMIC_PORT: &str = "envoy.upstream.dynamic_port";

/// Sends the request to `target`: by header for an ORIGINAL_DST cluster, by filter state for a dynamic forward proxy.
pub(super) fn route(target: &Target, proxy: &dyn Proxy) -> bool {
    let authority = target.authority();
    let addressed = match target.host {
        Host::Address(_) => proxy.set_header(Headers::Request, ORIGINAL_DESTINATION, &authority),
        // An ORIGINAL_DST cluster resolves no names: without the header it has nowhere to go.
        Host::Name(_) => true,
    };
    addressed
        && proxy.set_filter_state(DYNAMIC_HOST, &target.host.to_string())
        && proxy.set_filter_state(DYNAMIC_PORT, &target.port.to_string())
        && proxy.set_header(Headers::Request, ":path", &target.path)
        && proxy.set_header(Headers::Request, ":authority", &authority)
}

/// Tells Envoy which name to ask for, and with `verified` which name the certificate must carry.
pub(super) fn expect(name: &Host, verified: bool, proxy: &dyn Proxy) -> bool {
    let text = name.to_string();
    // An address is no server name (RFC 6066 section 3).
    let asked = match name {
        Host::Name(_) => proxy.set_filter_state(SERVER_NAME, &text),
        Host::Address(_) => true,
    };
    asked && (!verified || proxy.set_filter_state(ALT_NAMES, &text))
}

/// Why Envoy did not connect, where this response is its own and says so. After a retry that went well the reason of the
/// first attempt is still there.
pub(super) fn failure(proxy: &dyn Proxy) -> Option<String> {
    let text = proxy.property(path::FAILURE)?;
    let by_origin = match proxy.property(path::DETAILS) {
        Some(details) => details == b"via_upstream",
        None => proxy.header(Headers::Response, ":status").as_deref() != Some(b"503"),
    };
    (!text.is_empty() && !by_origin).then(|| String::from_utf8_lossy(&text).into_owned())
}

/// Envoy's text in Traffic Server's words. `None` beside the reason: Traffic Server has no line for it.
pub(super) fn translate(text: &str, subject: &Subject) -> (Reason, Option<String>) {
    const AT: &str = "certificate verification error at depth ";
    if let Some((_, rest)) = text.split_once(AT)
        && let Some((depth, rest)) = rest.split_once(": ")
        && let Ok(depth) = depth.parse::<u32>()
    {
        let error: String =
            rest.chars().take_while(|one| *one != ':' && !one.is_control()).collect();
        let fault = Fault { code: code_of(&error), depth, text: error };
        let line = subject.chain_line("Terminate", &fault.text, depth);
        return (Reason::of_fault(&fault), Some(line));
    }
    if text.contains("verify SAN list") {
        return (Reason::Name, Some(subject.name_line("Terminate")));
    }
    let reason = if text.contains("TLS_error") { Reason::Chain } else { Reason::Unreachable };
    (reason, Some(subject.other_line("Terminate", reason)))
}

/// The number of an error by BoringSSL's text, which is OpenSSL 1.1.1's; 1 for one that no reason is made of.
fn code_of(text: &str) -> u32 {
    match text {
        "unable to get issuer certificate" => 2,
        "certificate signature failure" => 7,
        "certificate is not yet valid" => 9,
        "certificate has expired" => 10,
        "self signed certificate" | "self-signed certificate" => 18,
        "self signed certificate in certificate chain"
        | "self-signed certificate in certificate chain" => 19,
        "unable to get local issuer certificate" => 20,
        "unable to verify the first certificate" => 21,
        "unsupported certificate purpose" => 26,
        _ => 1,
    }
}

/// Days until a certificate expires, rounded down.
pub(super) fn days_left(leaf: &[u8], now: UnixTime) -> Option<i64> {
    let end = Certificate::parse(leaf, 0).ok()?.not_after.at()?;
    Some(now.days_until(end))
}
