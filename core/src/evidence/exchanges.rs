//! HTTP requests of a capture by who asked whom, and the two that this field knows: TMS's probe of an endpoint (D24), and
//! the path under which Expressway hands a request of an MRA client to a server (B45).

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::proto::http::Exchange;
use crate::traffic::Capture;

/// What TMS asks an endpoint for, over HTTP when HTTPS has failed (D24).
pub const TMS_PROBE: &str = "/tcs/systemunit.xml";

/// The requests of a capture that mean something here.
#[derive(Debug, Default)]
pub struct Exchanges<'c> {
    /// TMS's probes by client and server, each in the order of frames.
    probes: BTreeMap<(IpAddr, IpAddr), Vec<Asked<'c>>>,
    /// Requests of MRA clients that a proxy answered with an error of its own, by the server that they were for.
    failures: BTreeMap<(IpAddr, u16), Vec<Asked<'c>>>,
}

/// A request with its answer, and who spoke.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'c> {
    /// Who asked.
    pub client: SocketAddr,
    /// Who was asked.
    pub server: SocketAddr,
    /// The packet that completes the request's head, else the answer's.
    pub frame: u64,
    /// What was asked and answered.
    pub exchange: &'c Exchange,
}

impl<'c> Exchanges<'c> {
    /// All of a capture.
    pub fn of(capture: &'c Capture) -> Self {
        let ends: BTreeMap<u64, (SocketAddr, SocketAddr)> = capture
            .flows
            .iter()
            .filter(|flow| flow.tcp.is_some())
            .map(|flow| (flow.id, (flow.client, flow.server)))
            .collect();
        let mut found = Self::default();
        for one in &capture.exchanges {
            let Some((client, server)) = ends.get(&one.flow).copied() else { continue };
            let exchange = &one.exchange;
            let place = exchange.requested.or(exchange.answered);
            let asked = Asked { client, server, frame: place.map_or(0, |at| at.frame), exchange };
            if exchange
                .target
                .get(..TMS_PROBE.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(TMS_PROBE))
            {
                found.probes.entry((client.ip(), server.ip())).or_default().push(asked);
            }
            if exchange.status.is_some_and(|status| (500..600).contains(&status))
                && let Some(path) = MraPath::read(&exchange.target)
                && let Ok(address) = path.address.parse()
            {
                found.failures.entry((address, path.port)).or_default().push(asked);
            }
        }
        for probes in found.probes.values_mut() {
            probes.sort_by_key(|one| one.frame);
        }
        for failures in found.failures.values_mut() {
            failures.sort_by_key(|one| one.answered());
        }
        found
    }

    /// TMS's probe by `client` at `server` after `frame`.
    pub fn tms_probe(&self, client: IpAddr, server: IpAddr, frame: u64) -> Option<Asked<'c>> {
        let probes = self.probes.get(&(client, server))?;
        probes.get(probes.partition_point(|one| one.frame <= frame)).copied()
    }

    /// The first request of an MRA client for `server` that a proxy answered with an error of its own (502 and the like)
    /// after `frame`. Only addresses are compared: a name says nothing about the address behind it.
    pub fn mra_failure(&self, server: SocketAddr, frame: u64) -> Option<Asked<'c>> {
        let failures = self.failures.get(&(server.ip(), server.port()))?;
        failures.get(failures.partition_point(|one| one.answered() <= frame)).copied()
    }
}

impl Asked<'_> {
    /// The packet that completes the answer's head; 0 where there is none.
    pub fn answered(&self) -> u64 {
        self.exchange.answered.map_or(0, |answer| answer.frame)
    }
}

/// What the first part of an MRA client's path says: which server the request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MraPath {
    /// Domain of the client: `steven.lab`.
    pub domain: String,
    /// `https`.
    pub protocol: String,
    /// Name or address of the server.
    pub address: String,
    /// Its port.
    pub port: u16,
}

impl MraPath {
    /// Reads `/c3RldmVuLmxhYi9odHRwcy8xMC40OC4zNi4yMTUvODQ0Mw/…`: base64, mostly without padding, of
    /// `domain/protocol/address/port`. `None` for any other path.
    pub fn read(target: &str) -> Option<Self> {
        let part = target.strip_prefix('/')?.split(['/', '?']).next()?.trim_end_matches('=');
        // Longer than any domain and host name together.
        if part.len() > 1_024 {
            return None;
        }
        let bytes = STANDARD_NO_PAD.decode(part).or_else(|_| URL_SAFE_NO_PAD.decode(part)).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut parts = text.split('/');
        let path = Self {
            domain: parts.next()?.to_owned(),
            protocol: parts.next()?.to_owned(),
            address: parts.next()?.to_owned(),
            port: parts.next()?.parse().ok()?,
        };
        let plain = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        let all = [&path.domain, &path.protocol, &path.address];
        (parts.next().is_none() && all.into_iter().all(|text| plain(text))).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_an_mra_client_names_the_server() {
        let path = MraPath::read("/c3RldmVuLmxhYi9odHRwcy8xMC40OC4zNi4yMTUvODQ0Mw/cucm-uds/x");
        let expected = MraPath {
            domain: "steven.lab".to_owned(),
            protocol: "https".to_owned(),
            address: "10.48.36.215".to_owned(),
            port: 8443,
        };
        assert_eq!(path, Some(expected));
        for other in ["/", "", "/tcs/systemunit.xml", "/c3RldmVu", "/YS9iL2MvNzAwMDA"] {
            assert_eq!(MraPath::read(other), None, "{other}");
        }
    }
}
