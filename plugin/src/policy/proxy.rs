//! What the policy asks of the proxy that it runs in. `glue` asks Envoy; tests keep a proxy of their own.

use core::net::SocketAddr;

use super::report::Counted;

/// Properties that are asked for: paths joined by NUL, as the ABI takes them.
pub(super) mod path {
    /// The name that the client has asked for by server name indication.
    pub(in crate::policy) const SERVER_NAME: &str = "connection\0requested_server_name";
    /// The host that requests on this connection ask for, as clients wrote it, where Envoy's HTTP side leaves it.
    pub(in crate::policy) const HOST: &str = "filter_state\0tlvet.host";
    /// The origin's address and port.
    pub(in crate::policy) const ORIGIN: &str = "upstream\0address";
    /// The proxy's own address and port towards the origin.
    pub(in crate::policy) const LOCAL: &str = "upstream\0local_address";
    /// The origin's own certificate, PEM.
    pub(in crate::policy) const CERTIFICATE: &str = "upstream\0peer_certificate";
    /// SHA-256 of its DER, hexadecimal.
    pub(in crate::policy) const DIGEST: &str = "upstream\0sha256_peer_certificate_digest";
    /// Why there is no connection with the origin.
    pub(in crate::policy) const FAILURE: &str = "upstream\0transport_failure_reason";
    /// Where the response comes from.
    pub(in crate::policy) const DETAILS: &str = "response\0code_details";
}

/// Bytes that the proxy holds for the callback that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// What the client has sent.
    Client,
    /// What the origin has sent.
    Origin,
    /// The body of the response.
    ResponseBody,
}

/// Whose headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headers {
    /// The request's.
    Request,
    /// The response's.
    Response,
}

/// How loud a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What an operator may want to know.
    Info,
    /// What an operator has to know.
    Warn,
}

/// The proxy. Nothing here fails loudly: what the proxy cannot do or does not know comes back as `None` or `false`, and
/// whoever asked decides what that means.
pub trait Proxy {
    /// Nanoseconds since 1970.
    fn now(&self) -> u64;
    /// A property (an attribute of Envoy); one of [`path`].
    fn property(&self, path: &str) -> Option<Vec<u8>>;
    /// Leaves a value for access logs and other filters.
    fn set_property(&self, path: &str, value: &str) -> bool;
    /// Sets one of Envoy's own filter state objects for this stream.
    fn set_filter_state(&self, key: &str, value: &str) -> bool;
    /// Up to `length` bytes of a buffer from `start` on.
    fn bytes(&self, buffer: Buffer, start: usize, length: usize) -> Option<Vec<u8>>;
    /// Replaces all `size` bytes of a buffer.
    fn replace(&self, buffer: Buffer, size: usize, with: &[u8]) -> bool;
    /// A header's value.
    fn header(&self, of: Headers, name: &str) -> Option<Vec<u8>>;
    /// Sets a header to one value.
    fn set_header(&self, of: Headers, name: &str, value: &str) -> bool;
    /// Removes a header.
    fn remove_header(&self, of: Headers, name: &str) -> bool;
    /// A value that all workers share, and its version.
    fn shared(&self, key: &str) -> Option<(Vec<u8>, u32)>;
    /// Sets a shared value if its version is still `version` (0: it is not there). `false`: another was faster.
    fn share(&self, key: &str, value: &[u8], version: u32) -> bool;
    /// One line of the log.
    fn log(&self, level: Level, line: &str);
    /// Adds one to a counter.
    fn count(&self, what: Counted);
    /// Sets a gauge.
    fn gauge(&self, name: &str, value: u64);
    /// Records a value in a histogram.
    fn record(&self, name: &str, value: u64);
}

/// The origin's address, once there is a connection with it.
pub(super) fn origin_address(proxy: &dyn Proxy) -> Option<SocketAddr> {
    let text = proxy.property(path::ORIGIN)?;
    core::str::from_utf8(&text).ok()?.parse().ok()
}
