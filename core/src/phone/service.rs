//! The certificates that TVS and CAPF present in captures, against the lists that phones hold (A54, A69, A70, C32).

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeMap;

use crate::evidence::facts::{CaptureFacts, CertificateFacts, Facts, ListFacts};
use crate::names::device::PhoneFile;
use crate::names::dn;
use crate::phone::boot::{Boot, Phones, Service};
use crate::phone::simulate::Servers;
use crate::proto::Side;
use crate::proto::tls::CertificateVisibility;
use crate::report::model::{Evidence, TrustListType};
use crate::traffic::{Flow, Handshake};
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;
use crate::x509::Certificate;

/// One certificate of one server, shown to phones that are judged by the same lists.
#[derive(Debug)]
pub struct Presented<'f, 'a> {
    /// What the server's port stands for.
    pub service: Service,
    /// The server.
    pub server: SocketAddr,
    /// The certificate.
    pub certificate: &'f CertificateFacts<'a>,
    /// Whose lists judge it.
    pub whose: Whose,
    /// The lists, CTL first; empty when there are none.
    pub lists: Vec<&'f ListFacts<'a>>,
    /// What they say.
    pub judged: Judged<'f, 'a>,
    /// Where it was shown, and to whom; never empty.
    pub shown: Vec<Shown>,
}

/// One handshake with the certificate.
#[derive(Debug)]
pub struct Shown {
    /// The packet that completes it.
    pub evidence: Evidence,
    /// Who saw it: device and address, or the address.
    pub client: String,
    /// What became of the handshake.
    pub reaction: Reaction,
}

/// What the client did after it saw the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It went on.
    Accepted,
    /// It sent a fatal alert, in this packet.
    Alert(u64, Option<&'static str>),
    /// It left without a word, in this packet.
    Left(u64),
    /// Something else, or the capture does not tell.
    Unknown,
}

/// Whose lists judge a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Those that were named as the phone's.
    Phone,
    /// Those that the phone fetched in the same capture.
    Fetched,
    /// Those that servers offer, among the other inputs.
    Server,
    /// There are none.
    Nobody,
}

/// What the lists say about a certificate.
#[derive(Clone, Copy, Debug)]
pub enum Judged<'f, 'a> {
    /// A record with the service's role is this certificate.
    Named(&'f ListFacts<'a>, &'f Record),
    /// A record has its issuer and serial, but the hash of another certificate (A62).
    Contradicted(&'f ListFacts<'a>, &'f Record),
    /// The service's records name other certificates; the first of them, where there is one.
    Other(Option<(&'f ListFacts<'a>, &'f Record)>),
    /// There is no list to judge by.
    NoList,
}

impl Presented<'_, '_> {
    /// A client refused it, by an alert or by leaving.
    pub fn is_refused(&self) -> bool {
        let refuses =
            |shown: &Shown| matches!(shown.reaction, Reaction::Alert(..) | Reaction::Left(_));
        self.shown.iter().any(refuses)
    }
}

/// Every certificate that TVS and CAPF servers show of themselves, in the order of captures and frames; `boots` are those of each
/// capture.
pub fn presented<'f, 'a>(
    facts: &'f Facts<'a>,
    boots: &[Vec<Boot<'_, '_>>],
) -> Vec<Presented<'f, 'a>> {
    let mut found: Vec<Presented<'f, 'a>> = Vec::new();
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    let servers = Servers::of(facts);
    let phones = Phones::of(facts);
    for (capture, boots) in facts.captures.iter().zip(boots) {
        let mut of_address: BTreeMap<IpAddr, Option<&Boot<'_, '_>>> = BTreeMap::new();
        for boot in boots {
            // An address of several phones tells none of them.
            of_address.entry(boot.client).and_modify(|known| *known = None).or_insert(Some(boot));
        }
        for flow in &capture.content.capture.flows {
            let Some(service) = Service::of(flow.server.port()) else { continue };
            let Some(own) = flow
                .tls
                .as_deref()
                .and_then(|tls| tls.server_certificates.iter().find(|one| one.depth == 0))
            else {
                continue;
            };
            let Some(certificate) = facts.certificates.get(&own.sha256) else { continue };
            let boot = of_address.get(&flow.client.ip()).copied().flatten();
            let shown = Shown {
                evidence: Evidence {
                    input: capture.input,
                    frame: Some(own.at.frame),
                    ..Evidence::default()
                },
                client: boot.map_or_else(|| flow.client.ip().to_string(), Boot::label),
                reaction: reaction(flow),
            };
            let (whose, lists) = lists_for(facts, &phones, &servers, capture, boot);
            let inputs: Vec<u32> = lists.iter().map(|list| list.input).collect();
            let key = (capture.input, service, flow.server, own.sha256, whose, inputs);
            if let Some(known) = places.get(&key).and_then(|index| found.get_mut(*index)) {
                known.shown.push(shown);
                continue;
            }
            places.insert(key, found.len());
            let judged = judge(service, certificate.certificate, &lists);
            let server = flow.server;
            let shown = vec![shown];
            found.push(Presented { service, server, certificate, whose, lists, judged, shown });
        }
    }
    found
}

/// Connections to TVS and CAPF whose server's certificate cannot be seen, with why.
pub fn hidden<'f>(
    facts: &'f Facts<'_>,
) -> impl Iterator<Item = (u32, Service, &'f Flow, CertificateVisibility)> {
    facts.captures.iter().flat_map(|capture| {
        capture.content.capture.flows.iter().filter_map(|flow| {
            let service = Service::of(flow.server.port())?;
            let why = flow.tls.as_deref()?.certificate_visibility();
            (why != CertificateVisibility::Shown).then_some((capture.input, service, flow, why))
        })
    })
}

fn reaction(flow: &Flow) -> Reaction {
    match flow.handshake() {
        Some(Handshake::Up) => Reaction::Accepted,
        Some(Handshake::Refused(alert)) if alert.from == Side::Client => {
            Reaction::Alert(alert.at.frame, alert.description())
        }
        Some(Handshake::BrokenOff { by: Some(Side::Client), at }) => Reaction::Left(at),
        _ => Reaction::Unknown,
    }
}

/// The lists that a phone judges a server by, as far as the inputs hold them.
fn lists_for<'f, 'a>(
    facts: &'f Facts<'a>,
    phones: &Phones<'f, 'a>,
    servers: &Servers<'f, 'a>,
    capture: &CaptureFacts<'_>,
    boot: Option<&Boot<'_, '_>>,
) -> (Whose, Vec<&'f ListFacts<'a>>) {
    let device = boot.and_then(|boot| boot.device.as_deref());
    if let Some(phone) = phones.with(device) {
        let lists: Vec<_> = phone.lists().filter(|list| !list.list.is_damaged()).collect();
        if phone.itl.is_some() && !lists.is_empty() {
            return (Whose::Phone, lists);
        }
    }
    let fetched: Vec<&ListFacts<'_>> = boot
        .into_iter()
        .flat_map(|boot| boot.files(PhoneFile::Itl))
        .filter_map(|(_, seen)| facts.list_in(*capture.files.get(&seen.file?)?))
        .filter(|list| list.is_verified() && list.list.kind == TrustListType::Itl)
        .take(1)
        .collect();
    if !fetched.is_empty() {
        return (Whose::Fetched, fetched);
    }
    match servers.itls.is_empty() {
        true => (Whose::Nobody, Vec::new()),
        false => (Whose::Server, servers.itls.clone()),
    }
}

fn judge<'f, 'a>(
    service: Service,
    certificate: &Certificate,
    lists: &[&'f ListFacts<'a>],
) -> Judged<'f, 'a> {
    if lists.is_empty() {
        return Judged::NoList;
    }
    let role = match service {
        Service::Tvs => Role::TVS,
        Service::Capf => Role::CAPF,
    };
    let records = || {
        lists.iter().flat_map(|list| {
            let usable = list.list.with_role(role).filter(|record| record.is_usable());
            usable.map(|record| (*list, record))
        })
    };
    if let Some((list, record)) = records().find(|(_, record)| record.names(certificate)) {
        return Judged::Named(list, record);
    }
    let same_number = |record: &Record| {
        let serial = record.serial.as_deref().unwrap_or_default();
        !serial.is_empty()
            && magnitude(serial) == magnitude(&certificate.serial)
            && dn::common_name(record.issuer_text())
                .is_some_and(|name| certificate.issuer.common_names().any(|own| own == name))
    };
    match records().find(|(_, record)| same_number(record)) {
        Some((list, record)) => Judged::Contradicted(list, record),
        None => Judged::Other(records().next()),
    }
}

/// A serial without leading zeros.
fn magnitude(serial: &[u8]) -> &[u8] {
    let start = serial.iter().position(|byte| *byte != 0).unwrap_or(serial.len());
    serial.get(start..).unwrap_or_default()
}
