//! Origins: the servers that Expressway's traffic server talks to, seen through their certificates (domain B1 to B56).
//!
//! Every certificate that was given as a file and may be a server's is judged with the trust store that was given, as
//! Traffic Server 9 (Expressway X14.2 and newer) judges it, and tried under the addresses that clients use.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::artifact::Content;
use crate::context::Expected;
use crate::evidence::bundles;
use crate::evidence::facts::{CertificateFacts, Facts};
use crate::limits;
use crate::report::model::{Evidence, InputRole, NameCheck, NameMatch};
use crate::trustlist::role::Role;
use crate::x509::Certificate;
use crate::x509::chain::{self, Failure, Judgement, Profile, Request, SignatureCache};
use crate::x509::name_check;

/// Whose rules origins are judged by: the traffic server of Expressway X14.2 and newer.
pub const PROFILE: Profile = Profile::TrafficServer9;
/// The security level that OpenSSL has unless a build or a configuration says otherwise.
pub const LEVEL: u8 = 1;

/// A certificate by its SHA-256.
pub type Sha256 = [u8; 32];

/// All origins, and the addresses that clients use.
#[derive(Debug, Default)]
pub struct Origins {
    /// In the order of the certificates' first places.
    pub list: Vec<Origin>,
    /// Each expected address with each certificate that may be presented there.
    pub requests: Vec<Asked>,
    /// A trust store was given.
    pub has_store: bool,
    /// Certificates that were not judged because [`limits::ORIGINS`] were judged before.
    pub left_out: usize,
}

/// A certificate that an origin presents, and what a traffic server with the given store makes of it.
#[derive(Debug)]
pub struct Origin {
    /// The certificate.
    pub sha256: Sha256,
    /// The judgement; `None` when no trust store was given.
    pub judgement: Option<Judgement>,
    /// The certificates from the origin's upward, as far as the chain goes.
    pub path: Vec<Sha256>,
    /// The same by issuer and subject name alone.
    pub by_names: Vec<Sha256>,
    /// The same by authority and subject key identifier alone.
    pub by_key_identifiers: Vec<Sha256>,
    /// Where the two part.
    pub parting: Option<Parting>,
    /// The addresses tried: those that clients use, else the usual spellings of the node's own name.
    pub names: Vec<NameCheck>,
}

/// Where the link by names and the link by key identifiers part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Depth of the certificate whose issuer is in doubt.
    pub depth: usize,
    /// That certificate.
    pub child: Sha256,
    /// Its issuer by name.
    pub by_name: Sha256,
    /// Its issuer by key identifier; `None` when no certificate that was given has it.
    pub by_key_identifier: Option<Sha256>,
    /// Its authority key identifier.
    pub key_identifier: Vec<u8>,
}

/// An address that clients use, with one certificate that may be, or was, presented there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Host name or IP address.
    pub address: String,
    /// Port, where it is known.
    pub port: Option<u16>,
    /// The handshake in which the certificate was presented, where a capture shows one.
    pub seen: Option<Evidence>,
    /// Index in [`Origins::list`] and in the names tried there; `None` when no certificate can be told to be the one.
    pub origin: Option<(usize, usize)>,
}

impl Origins {
    /// Judges all origins among the certificates of `facts`.
    pub fn judge(facts: &Facts<'_>) -> Self {
        let expected = facts.context.expected();
        let named: BTreeSet<u32> = expected.iter().filter_map(|one| one.input).collect();
        let mut leaves = leaves(facts, &named);
        let left_out = leaves.len().saturating_sub(limits::ORIGINS);
        leaves.truncate(limits::ORIGINS);
        let store: Vec<&Certificate> = certificates(facts, |one| one.is_anchor);
        if leaves.is_empty() {
            return Self { has_store: !store.is_empty(), ..Self::default() };
        }
        let links = Links::new(facts);
        let sent: Vec<&Certificate> =
            certificates(facts, |one| !one.is_anchor && (one.is_given() || is_captured(one)));
        let mut cache = SignatureCache::default();
        let mut list = Vec::new();
        for leaf in leaves {
            let judgement = (!store.is_empty()).then(|| {
                let request = Request {
                    untrusted: &sent,
                    trusted: &store,
                    at: Some(facts.now),
                    profile: PROFILE,
                    level: LEVEL,
                    ..Request::of(leaf.certificate)
                };
                chain::judge(&request, &mut cache)
            });
            let (by_names, by_key_identifiers, parting) = links.views(leaf);
            let path = match &judgement {
                Some(judgement) => judgement.chain.iter().map(|link| link.sha256).collect(),
                None => by_names.clone(),
            };
            list.push(Origin {
                sha256: leaf.certificate.digests.sha256,
                judgement,
                path,
                by_names,
                by_key_identifiers,
                parting,
                names: Vec::new(),
            });
        }
        let mut origins =
            Self { list, requests: Vec::new(), has_store: !store.is_empty(), left_out };
        origins.assign(facts, expected);
        origins.observe(facts);
        origins.try_own_names(facts);
        origins
    }

    /// Tells which certificates may be presented at which address, and tries it on them.
    fn assign(&mut self, facts: &Facts<'_>, expected: &[Expected]) {
        let hosts: Vec<String> =
            self.list.iter().map(|origin| facts.host_of(&origin.sha256)).collect();
        for address in expected {
            let before = self.requests.len();
            for index in self.candidates(facts, address, &hosts) {
                self.ask(facts, index, &address.address, address.port, None);
            }
            if self.requests.len() == before {
                self.requests.push(Asked {
                    address: address.address.clone(),
                    port: address.port,
                    seen: None,
                    origin: None,
                });
            }
        }
    }

    /// Tries an address on an origin, once for each address and port.
    fn ask(
        &mut self,
        facts: &Facts<'_>,
        index: usize,
        address: &str,
        port: Option<u16>,
        seen: Option<Evidence>,
    ) {
        let Some(origin) = self.list.get_mut(index) else { return };
        let Some(owner) = facts.certificates.get(&origin.sha256) else { return };
        let place = match origin.names.iter().position(|one| one.address == address) {
            Some(place) => place,
            None if origin.names.len() >= limits::EXPECTED_ADDRESSES => return,
            None => {
                origin.names.push(name_check::side_by_side(owner.certificate, address));
                origin.names.len() - 1
            }
        };
        let origin = Some((index, place));
        let same = |one: &&mut Asked| one.origin == origin && one.port == port;
        match self.requests.iter_mut().find(same) {
            Some(known) => known.seen = known.seen.take().or(seen),
            None => {
                self.requests.push(Asked { address: address.to_owned(), port, seen, origin });
            }
        }
    }

    /// Tries the addresses that captures show: the name that the client asked for, else the server's address (B39).
    fn observe(&mut self, facts: &Facts<'_>) {
        if !self.has_store {
            return;
        }
        let by_certificate: BTreeMap<Sha256, usize> =
            self.list.iter().enumerate().map(|(index, origin)| (origin.sha256, index)).collect();
        for shown in shown(facts) {
            // Without its hello nobody knows what the client asked for.
            if let Some(index) = by_certificate.get(&shown.sha256)
                && let Some(address) = &shown.address
            {
                let seen = Evidence {
                    input: shown.input,
                    frame: Some(shown.frame),
                    ..Evidence::default()
                };
                self.ask(facts, *index, address, Some(shown.port), Some(seen));
            }
        }
    }

    /// The origins that may stand behind an address: the one named; else those that hold the address, with those of
    /// the same node; else those of the node that the address names; else all, when all are of one node.
    fn candidates(&self, facts: &Facts<'_>, address: &Expected, hosts: &[String]) -> Vec<usize> {
        if let Some(input) = address.input {
            let first = self.list.iter().position(|origin| {
                facts.certificates.get(&origin.sha256).is_some_and(|one| {
                    one.seen_in.iter().any(|place| place.input == input && place.record.is_none())
                })
            });
            return first.into_iter().collect();
        }
        let fits_port = |index: &usize| {
            let origin = self.list.get(*index).and_then(|one| facts.certificates.get(&one.sha256));
            origin.is_none_or(|one| fits_port(facts, one, address.port))
        };
        let holders: Vec<usize> = (0..self.list.len())
            .filter(|index| {
                let origin = self.list.get(*index);
                origin.and_then(|one| facts.certificates.get(&one.sha256)).is_some_and(|one| {
                    let check = name_check::side_by_side(one.certificate, &address.address);
                    check.openssl || check.browser || accepted(&check)
                })
            })
            .collect();
        let of_host = |wanted: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let fits = |index: &usize| hosts.get(*index).is_some_and(|host| wanted(host));
            (0..self.list.len()).filter(fits).collect()
        };
        let mut found: Vec<usize> = if holders.is_empty() {
            let is_ip = address.address.parse::<IpAddr>().is_ok();
            let short = short(&address.address).to_ascii_lowercase();
            let same = if is_ip { Vec::new() } else { of_host(&|host| self::short(host) == short) };
            match (same.is_empty(), hosts.first()) {
                (false, _) => same,
                (true, Some(first))
                    if hosts.iter().all(|host| self::short(host) == self::short(first)) =>
                {
                    (0..self.list.len()).collect()
                }
                _ => Vec::new(),
            }
        } else {
            // The other certificate of the same node (RSA and ECDSA) is presented under the same address.
            let nodes: BTreeSet<&str> =
                holders.iter().filter_map(|index| hosts.get(*index)).map(String::as_str).collect();
            of_host(&|host| nodes.contains(host))
        };
        if found.iter().any(fits_port) {
            found.retain(fits_port);
        }
        found
    }

    /// Where no address is expected of an origin: its own name, the short form, and its IP entries.
    fn try_own_names(&mut self, facts: &Facts<'_>) {
        for origin in &mut self.list {
            if !origin.names.is_empty() {
                continue;
            }
            let Some(owner) = facts.certificates.get(&origin.sha256) else { continue };
            let host = facts.host_of(&origin.sha256);
            let mut spellings = vec![host.clone()];
            if host.contains('.') && host.parse::<IpAddr>().is_err() {
                spellings.push(short(&host).to_owned());
            }
            let addresses = owner.certificate.subject_alt_names.ip.iter();
            spellings.extend(addresses.take(limits::OWN_ADDRESSES).cloned());
            for spelling in spellings.iter().filter(|spelling| !spelling.is_empty()) {
                origin.names.push(name_check::side_by_side(owner.certificate, spelling));
            }
        }
    }
}

impl Facts<'_> {
    /// The node that a certificate is of: its common name in lower case without the endings that CUCM adds (`-EC`,
    /// `-ms`), else the first DNS name (B30).
    pub fn host_of(&self, sha256: &Sha256) -> String {
        let Some(facts) = self.certificates.get(sha256) else { return String::new() };
        let certificate = facts.certificate;
        let name = match certificate.subject.common_names().next() {
            Some(name) => name.to_ascii_lowercase(),
            None => {
                let first = certificate.subject_alt_names.dns.first();
                first.map(|name| name.to_ascii_lowercase()).unwrap_or_default()
            }
        };
        if name.parse::<IpAddr>().is_ok() {
            return name;
        }
        let (host, domain) = match name.split_once('.') {
            Some((host, domain)) => (host, Some(domain)),
            None => (name.as_str(), None),
        };
        let mut host = host;
        while let Some(rest) = host.strip_suffix("-ec").or_else(|| host.strip_suffix("-ms")) {
            host = rest;
        }
        match domain {
            Some(domain) => format!("{host}.{domain}"),
            None => host.to_owned(),
        }
    }
}

/// The traffic server of Expressway X14.2 takes the address for one of the certificate's names.
pub fn accepted(check: &NameCheck) -> bool {
    check.traffic_server.v9_2 == NameMatch::Yes
}

/// A manufacturing installed certificate (C3): a phone's, not a server's.
fn is_manufactured(certificate: &Certificate) -> bool {
    certificate.issuer.common_names().any(|name| {
        name.starts_with("Cisco Manufacturing CA")
            || name.starts_with("CAP-RTP-")
            || name.ends_with("SUDI CA")
    })
}

/// The first label of a name.
fn short(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The name of the file says which service a certificate is of, where it says anything: tomcat answers on 8443,
/// CallManager on 6972 (B16, B31).
fn fits_port(facts: &Facts<'_>, certificate: &CertificateFacts<'_>, port: Option<u16>) -> bool {
    let other = match port {
        Some(8443) => "callmanager",
        Some(6972) => "tomcat",
        _ => return true,
    };
    let mut files = certificate.seen_in.iter().filter(|place| place.record.is_none());
    files.any(|place| {
        let name = facts.name(place.input).to_ascii_lowercase();
        let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
        !file.contains(other)
    })
}

/// A server's certificate in a capture.
struct Shown {
    sha256: Sha256,
    /// The name that the client asked for, else the server's address; `None` when its hello is not in the capture.
    address: Option<String>,
    port: u16,
    input: u32,
    frame: u64,
}

/// Ports on which Expressway's traffic server meets CUCM, IM and Presence and Unity (B16).
const PORTS: [u16; 4] = [443, 6971, 6972, 8443];

/// The certificates that servers show of themselves in captures, on the ports of origins.
fn shown(facts: &Facts<'_>) -> Vec<Shown> {
    let mut found = Vec::new();
    for capture in &facts.captures {
        for flow in &capture.content.capture.flows {
            let Some(tls) = flow.tls.as_ref().filter(|_| PORTS.contains(&flow.server.port()))
            else {
                continue;
            };
            let address = tls.client_hello.as_ref().map(|hello| {
                let name = hello.server_name.clone();
                name.unwrap_or_else(|| flow.server.ip().to_string())
            });
            for one in tls.server_certificates.iter().filter(|one| one.depth == 0) {
                found.push(Shown {
                    sha256: one.sha256,
                    address: address.clone(),
                    port: flow.server.port(),
                    input: capture.input,
                    frame: one.at.frame,
                });
            }
        }
    }
    found
}

/// It was shown in a capture.
fn is_captured(one: &CertificateFacts<'_>) -> bool {
    one.seen_in.iter().any(|place| place.frame.is_some())
}

/// Certificates that may be presented by a server, in the order of their first places.
///
/// Left out: CAs, phone certificates, CAPF, and certificates that trust lists know only in roles that serve no HTTPS.
/// A certificate that the user named as an address's own (`named`: its input) is never left out.
fn leaves<'f, 'a>(facts: &'f Facts<'a>, named: &BTreeSet<u32>) -> Vec<&'f CertificateFacts<'a>> {
    let mut issuers: BTreeSet<&[u8]> = BTreeSet::new();
    for one in facts.certificates.values().filter(|one| one.is_given()) {
        if !one.certificate.self_issued() {
            issuers.insert(&one.certificate.issuer.raw);
        }
    }
    // What an Expressway presents itself is no origin of its own.
    let own = bundles::own_certificates(&facts.bundles);
    let shown: BTreeSet<Sha256> = shown(facts).into_iter().map(|one| one.sha256).collect();
    let mut seen_named = BTreeSet::new();
    let mut found: Vec<(&CertificateFacts<'a>, (u32, Option<u64>))> = Vec::new();
    for one in facts.certificates.values() {
        let mut observed = one.seen_in.iter().filter(|place| {
            place.record.is_none()
                && place.frame.is_none()
                && !own.contains(&place.input)
                && facts.inputs.get(place.input as usize).is_some_and(|artifact| {
                    artifact.role == InputRole::Observed
                        && matches!(artifact.content, Content::Certificates(_))
                })
        });
        let captured = one.seen_in.iter().find(|place| place.frame.is_some());
        let captured = captured.filter(|_| shown.contains(&one.certificate.digests.sha256));
        let Some(first) = observed.next().or(captured) else { continue };
        let place = (first.input, first.frame.or(first.offset));
        if captured.is_some() {
            found.push((one, place));
            continue;
        }
        let is_named = one.seen_in.iter().any(|place| named.contains(&place.input));
        if is_named || may_serve(facts, one, &issuers) {
            found.push((one, place));
        }
    }
    found.sort_by_key(|(_, place)| *place);
    // In a bundle that was named, the first certificate is the server's, and the others go with it.
    found.retain(|(one, (input, _))| {
        !named.contains(input)
            || seen_named.insert(*input)
            || may_serve(facts, one, &issuers)
            || is_captured(one)
    });
    found.into_iter().map(|(one, _)| one).collect()
}

fn may_serve(facts: &Facts<'_>, one: &CertificateFacts<'_>, issuers: &BTreeSet<&[u8]>) -> bool {
    let certificate = one.certificate;
    if one.is_capf() || one.is_lsc() || is_manufactured(certificate) {
        return false;
    }
    if issuers.contains(certificate.subject.raw.as_slice()) {
        return false;
    }
    let usage = &certificate.extended_key_usage;
    let serves = usage.iter().any(|usage| usage == "serverAuth");
    let named = !certificate.subject_alt_names.dns.is_empty();
    if certificate.ca && !(certificate.self_issued() && (serves || named)) {
        return false;
    }
    let mut roles = one.seen_in.iter().filter_map(|place| {
        let list = facts.list_in(place.input)?.list;
        list.records.get((place.record? as usize).checked_sub(1)?)?.role
    });
    match roles.next() {
        None => true,
        Some(first) => {
            let serves = |role: Role| role == Role::CCM || role == Role::CCM_TFTP;
            serves(first) || roles.any(serves)
        }
    }
}

fn certificates<'a>(
    facts: &Facts<'a>,
    wanted: impl Fn(&CertificateFacts<'a>) -> bool,
) -> Vec<&'a Certificate> {
    // In the order in which they were given: OpenSSL takes the first that fits.
    let mut found: Vec<_> = facts
        .certificates
        .values()
        .filter(|one| wanted(one))
        .map(|one| (one.seen_in.first().map(|place| (place.input, place.offset)), one.certificate))
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, certificate)| certificate).collect()
}

/// Given certificates by what links them.
struct Links<'f, 'a> {
    facts: &'f Facts<'a>,
    by_subject: BTreeMap<&'a [u8], Vec<Sha256>>,
    by_key_identifier: BTreeMap<&'a [u8], Vec<Sha256>>,
}

impl<'f, 'a> Links<'f, 'a> {
    fn new(facts: &'f Facts<'a>) -> Self {
        let mut links =
            Self { facts, by_subject: BTreeMap::new(), by_key_identifier: BTreeMap::new() };
        for one in facts.certificates.values().filter(|one| one.is_given() || is_captured(one)) {
            let sha256 = one.certificate.digests.sha256;
            links.by_subject.entry(&one.certificate.subject.raw).or_default().push(sha256);
            if let Some(key) = &one.certificate.subject_key_identifier {
                links.by_key_identifier.entry(key).or_default().push(sha256);
            }
        }
        links
    }

    /// Both views of the chain above a certificate, and where they part.
    fn views(&self, leaf: &CertificateFacts<'a>) -> (Vec<Sha256>, Vec<Sha256>, Option<Parting>) {
        let by_names = self.walk(leaf.certificate, |child| self.by_name(child));
        let by_keys = self.walk(leaf.certificate, |child| {
            self.by_key(child.authority_key_identifier.as_deref()?)
        });
        let mut parting = None;
        for (depth, child) in by_names.iter().enumerate() {
            let Some(by_name) = by_names.get(depth + 1) else { break };
            let Some(certificate) = self.facts.certificates.get(child) else { break };
            let Some(wanted) = &certificate.certificate.authority_key_identifier else { continue };
            let issuer = self.facts.certificates.get(by_name);
            let own = issuer.and_then(|one| one.certificate.subject_key_identifier.as_ref());
            if own.is_some_and(|own| own != wanted) {
                parting = Some(Parting {
                    depth,
                    child: *child,
                    by_name: *by_name,
                    by_key_identifier: self.by_key(wanted),
                    key_identifier: wanted.clone(),
                });
                break;
            }
        }
        (by_names, by_keys, parting)
    }

    fn walk(
        &self,
        leaf: &'a Certificate,
        issuer: impl Fn(&'a Certificate) -> Option<Sha256>,
    ) -> Vec<Sha256> {
        let mut path = vec![leaf.digests.sha256];
        let mut child = leaf;
        while path.len() < limits::CHAIN_VIEW
            && !child.self_issued()
            && let Some(next) = issuer(child)
            && !path.contains(&next)
            && let Some(facts) = self.facts.certificates.get(&next)
        {
            path.push(next);
            child = facts.certificate;
        }
        path
    }

    /// The issuer by name: one that is valid now before one that is not, one of the store before others.
    fn by_name(&self, child: &Certificate) -> Option<Sha256> {
        self.best(self.by_subject.get(child.issuer.raw.as_slice())?)
    }

    fn by_key(&self, key_identifier: &[u8]) -> Option<Sha256> {
        self.best(self.by_key_identifier.get(key_identifier)?)
    }

    fn best(&self, candidates: &[Sha256]) -> Option<Sha256> {
        candidates.iter().copied().min_by_key(|sha256| {
            let facts = self.facts.certificates.get(sha256);
            let valid = facts.is_some_and(|one| {
                let certificate = one.certificate;
                certificate.not_before.at().is_some_and(|start| start <= self.facts.now)
                    && certificate.not_after.at().is_some_and(|end| self.facts.now < end)
            });
            let place = facts.and_then(|one| one.seen_in.first());
            (
                !valid,
                !facts.is_some_and(|one| one.is_anchor),
                place.map(|place| (place.input, place.offset)),
            )
        })
    }
}

/// What is wrong with an origin's chain, by what cures it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is its own issuer, and not in the store (B33, B48).
    SelfSigned,
    /// The issuer that is needed is not in the store (B3, B33, B49).
    IssuerUnknown(Issuer),
    /// The chain is complete, and something in it is not as it must be.
    Other,
}

/// Why the issuer that is needed is not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// It is among the files, but not in the store.
    NotInStore(Sha256),
    /// An intermediate CA stands in the store, but not the root above it.
    OnlyIntermediateInStore(Sha256),
    /// A certificate of its name was given, with another key identifier.
    OtherKey(Sha256),
    /// No certificate of its name was given.
    NotGiven,
}

impl Origin {
    /// Whether its chain is accepted; `None` when no store was given.
    pub fn trusted(&self) -> Option<bool> {
        self.judgement.as_ref().map(|judgement| judgement.ok)
    }

    /// The first error of its chain, as the product reports it.
    pub fn failure(&self) -> Option<&Failure> {
        self.judgement.as_ref()?.first.as_ref()
    }

    /// What is wrong with its chain; `None` when nothing is, or no store was given.
    pub fn fault(&self, facts: &Facts<'_>) -> Option<Fault> {
        let failure = self.failure()?;
        Some(match failure.code {
            18 => Fault::SelfSigned,
            19 => match self.path.last() {
                Some(root) => Fault::IssuerUnknown(Issuer::NotInStore(*root)),
                None => Fault::Other,
            },
            2 | 20 | 21 => Fault::IssuerUnknown(self.unknown_issuer(facts)),
            _ => Fault::Other,
        })
    }

    /// The certificate at a depth of its chain.
    pub fn at<'f, 'a>(&self, facts: &'f Facts<'a>, depth: u32) -> Option<&'f CertificateFacts<'a>> {
        facts.certificates.get(self.path.get(depth as usize)?)
    }

    /// The last certificate of its chain.
    pub fn top<'f, 'a>(&self, facts: &'f Facts<'a>) -> Option<&'f CertificateFacts<'a>> {
        facts.certificates.get(self.path.last()?)
    }

    fn unknown_issuer(&self, facts: &Facts<'_>) -> Issuer {
        let Some(top) = self.top(facts) else { return Issuer::NotGiven };
        let same_name = facts.certificates.values().find(|one| {
            one.is_given()
                && one.certificate.subject.raw == top.certificate.issuer.raw
                && one.certificate.digests.sha256 != top.certificate.digests.sha256
        });
        match same_name {
            Some(other) => Issuer::OtherKey(other.certificate.digests.sha256),
            None if top.is_anchor => {
                Issuer::OnlyIntermediateInStore(top.certificate.digests.sha256)
            }
            None => Issuer::NotGiven,
        }
    }

    /// What the traffic server will log for a request to `address`: its chain first, then its name (B34, B35, B43). The
    /// peer's address is `IP` where the files do not say it.
    pub fn log_lines(&self, address: &str, named: bool) -> Vec<String> {
        let peer = if address.parse::<IpAddr>().is_ok() { address } else { "IP" };
        let mut lines = Vec::new();
        if let Some(failure) = self.failure() {
            lines.push(format!(
                "WARNING: Core server certificate verification failed for ({address}). Action=Terminate Error={} server={address}({peer}) depth={}",
                failure.text, failure.depth
            ));
        }
        if !named {
            lines.push(format!(
                "WARNING: SNI ({address}) not in certificate. Action=Terminate server={address}({peer})"
            ));
        }
        if !lines.is_empty() {
            lines.push(format!(
                "ERROR: SSL connection failed for '{address}': error:1416F086:SSL routines:tls_process_server_certificate:certificate verify failed"
            ));
        }
        lines
    }

    /// Certificates of its chain that do not stand in the store, its own apart: the server has to send them.
    pub fn sent<'f, 'a>(&self, facts: &'f Facts<'a>) -> Vec<&'f CertificateFacts<'a>> {
        let above = self.path.iter().skip(1).filter_map(|sha256| facts.certificates.get(sha256));
        above.filter(|one| !one.is_anchor).collect()
    }
}
