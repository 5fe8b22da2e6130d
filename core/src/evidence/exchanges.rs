//! HTTP requests of a capture by who asked whom, and the two that this field knows: TMS's probe of an endpoint (D24), and
//! the path under which Expressway hands a request of an MRA client to a server (B45).

use core::net::{IpAddr, SocketAddr};
use std::collections::{BTreeMap, BTreeSet};

use crate::names::mra_path::MraPath;
use crate::proto::http::Exchange;
use crate::traffic::{Capture, HttpExchange};

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

/// What a request means here.
struct Meaning {
    /// TMS looks for an endpoint.
    probe: bool,
    /// A proxy answered an MRA client with an error of its own, about the server of this address and port.
    failure: Option<(IpAddr, u16)>,
}

fn meaning(exchange: &Exchange) -> Option<Meaning> {
    let start = exchange.target.get(..TMS_PROBE.len());
    let probe = start.is_some_and(|start| start.eq_ignore_ascii_case(TMS_PROBE));
    let failed = exchange.status.is_some_and(|status| (500..600).contains(&status));
    let path = if failed { MraPath::read(&exchange.target) } else { None };
    let failure = path.and_then(|path| Some((path.address.parse().ok()?, path.port)));
    (probe || failure.is_some()).then_some(Meaning { probe, failure })
}

impl<'c> Exchanges<'c> {
    /// All of a capture.
    pub fn of(capture: &'c Capture) -> Self {
        // Few requests mean something here, and who spoke is looked up for those alone.
        let meant: Vec<(&HttpExchange, Meaning)> = capture
            .exchanges
            .iter()
            .filter_map(|one| Some((one, meaning(&one.exchange)?)))
            .collect();
        let wanted: BTreeSet<u64> = meant.iter().map(|(one, _)| one.flow).collect();
        let ends: BTreeMap<u64, (SocketAddr, SocketAddr)> = capture
            .flows
            .iter()
            .filter(|flow| flow.tcp.is_some() && wanted.contains(&flow.id))
            .map(|flow| (flow.id, (flow.client, flow.server)))
            .collect();
        let mut found = Self::default();
        for (one, meaning) in meant {
            let Some((client, server)) = ends.get(&one.flow).copied() else { continue };
            let exchange = &one.exchange;
            let place = exchange.requested.or(exchange.answered);
            let asked = Asked { client, server, frame: place.map_or(0, |at| at.frame), exchange };
            if meaning.probe {
                found.probes.entry((client.ip(), server.ip())).or_default().push(asked);
            }
            if let Some(server) = meaning.failure {
                found.failures.entry(server).or_default().push(asked);
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
