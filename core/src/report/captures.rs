//! Captures as plain data.

use core::net::SocketAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::artifact::CaptureReading;
use crate::bytes::hex;
use crate::capture::{EndedBy, Timestamp};
use crate::evidence::facts::CaptureFacts;
use crate::limits;
use crate::names::device::PhoneFile;
use crate::phone::boot::{self, End, Service, What};
use crate::proto::tls::{
    Alert, AlertContent, CertificateSeen, CertificateVisibility, Level, Summary,
};
use crate::proto::transfer::{Operation, Protocol, TransferStatus as Status};
use crate::proto::{Place, Side};
use crate::report::build::problems;
use crate::report::model::{
    Boot, BootOutcome, BootStep, BootStepKind, Capture, CaptureSoFar, CertificateSoFar,
    ClientHello, DnsQuestion, Flow, FlowStep, FlowStepKind, ServerHello, TlsAlert, TlsSession,
    Transfer, TransferStatus,
};
use crate::traffic::{AskedName, Flow as Connection, TransferSeen, Transport};
use crate::x509::Certificate;

/// What a capture shows.
pub(super) fn capture(facts: &CaptureFacts<'_>, all_boots: &[boot::Boot<'_, '_>]) -> Capture {
    Capture {
        flows: flows(facts).collect(),
        transfers: transfers(facts).collect(),
        dns: questions(facts).collect(),
        boots: boots(facts, all_boots).collect(),
        ..shell(facts)
    }
}

/// The same without its lists, which are long.
pub(super) fn shell(facts: &CaptureFacts<'_>) -> Capture {
    let seen = &facts.content.capture;
    Capture {
        input: facts.input,
        packets: seen.packets,
        first: seen.first.map(|time| time.to_string()),
        last: seen.last.map(|time| time.to_string()),
        truncated_packets: seen.truncated_packets,
        other_packets: seen.other_packets,
        limited: seen.caps.is_met(),
        whole: facts.content.whole,
        flows: Vec::new(),
        transfers: Vec::new(),
        dns: Vec::new(),
        boots: Vec::new(),
        problems: problems([&seen.problems]),
    }
}

pub(super) fn flows(facts: &CaptureFacts<'_>) -> impl Iterator<Item = Flow> {
    facts.content.capture.flows.iter().map(flow)
}

pub(super) fn transfers(facts: &CaptureFacts<'_>) -> impl Iterator<Item = Transfer> {
    facts.content.capture.transfers.iter().map(|one| transfer(&facts.files, one))
}

pub(super) fn questions(facts: &CaptureFacts<'_>) -> impl Iterator<Item = DnsQuestion> {
    facts.content.capture.dns.iter().map(question)
}

/// How far a capture that is being read was told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    flows: usize,
    refused: usize,
    transfers: usize,
    failed: usize,
    names: usize,
    unknown: usize,
    certificates: BTreeSet<[u8; 32]>,
}

/// What came since `told`, which moves on. Everything is looked at once, so that all calls together cost what one would, and of
/// connections only the latest are told: nobody reads a thousand of them while others come.
pub(crate) fn so_far(reading: &CaptureReading, told: &mut Told) -> CaptureSoFar {
    let (seen, file) = reading.so_far();
    let flows = seen.flows.get(told.flows..).unwrap_or_default();
    let transfers = seen.transfers.get(told.transfers..).unwrap_or_default();
    let names = seen.dns.get(told.names..).unwrap_or_default();
    told.flows = seen.flows.len();
    told.refused += flows.iter().filter(|flow| is_refused(flow)).count();
    told.transfers = seen.transfers.len();
    let failed = |one: &&TransferSeen| one.transfer.status != Status::Complete;
    told.failed += transfers.iter().filter(failed).count();
    told.names = seen.dns.len();
    let unknown =
        |one: &&AskedName| one.code.as_deref() != Some("NOERROR") || one.answers.is_empty();
    told.unknown += names.iter().filter(unknown).count();
    let mut certificates = Vec::new();
    let sessions = flows.iter().filter_map(|flow| flow.tls.as_deref());
    for shown in
        sessions.flat_map(|tls| tls.server_certificates.iter().chain(&tls.client_certificates))
    {
        if !told.certificates.insert(shown.sha256) {
            continue;
        }
        let subject = seen.certificates.get(&shown.sha256).and_then(|seen| {
            let certificate = Certificate::parse(&seen.der, 0).ok()?;
            Some(certificate.subject.to_string())
        });
        let subject = subject.unwrap_or_default();
        certificates.push(CertificateSoFar { sha256: hex(&shown.sha256), subject });
    }
    let latest = flows.get(flows.len().saturating_sub(limits::FLOWS_SO_FAR)..).unwrap_or_default();
    CaptureSoFar {
        packets: file.packets,
        last: file.last.map(|time| time.to_string()),
        connections: told.flows,
        refused: told.refused,
        flows: latest.iter().map(flow).collect(),
        transfers: told.transfers,
        failed: told.failed,
        names: told.names,
        unknown: told.unknown,
        certificates,
    }
}

/// Somebody refused it: an alert that is no farewell, a reset in place of TCP's answer, or an end in place of a ServerHello. The page
/// marks the same ones in its list of connections.
fn is_refused(flow: &Connection) -> bool {
    let tls = flow.tls.as_deref().filter(|tls| tls.is_tls());
    let complains = |alert: &Alert| match alert.content {
        AlertContent::Plain { description, .. } => !FAREWELLS.contains(&description),
        AlertContent::Encrypted | AlertContent::Presumed => false,
    };
    if tls.is_some_and(|tls| tls.alerts.iter().any(complains)) {
        return true;
    }
    let Some(tcp) = &flow.tcp else { return false };
    let (client, server) = match flow.tls.as_deref() {
        Some(tls) if tls.roles_swapped => (&tcp.server, &tcp.client),
        _ => (&tcp.client, &tcp.server),
    };
    let ended = [client, server].iter().any(|side| side.fin.is_some() || side.rst.is_some());
    let unanswered = |tls: &Summary| tls.client_hello.is_some() && tls.server_hello.is_none();
    (ended && tls.is_some_and(unanswered))
        || (server.rst.is_some() && client.syn.is_some() && server.syn.is_none())
}

/// Alerts that say goodbye: close_notify, user_canceled and no_renegotiation (RFC 5246 section 7.2, RFC 8446 section 6.1).
const FAREWELLS: [u8; 3] = [0, 90, 100];

fn flow(flow: &Connection) -> Flow {
    Flow {
        id: flow.id,
        transport: match flow.transport {
            Transport::Tcp => "tcp".to_owned(),
            Transport::Udp => "udp".to_owned(),
        },
        client: endpoint(flow.client),
        server: endpoint(flow.server),
        service: flow.service().map(str::to_owned),
        first_frame: flow.first_frame,
        first: flow.first.to_string(),
        last_frame: flow.last_frame,
        gaps: flow.gaps,
        steps: steps(flow),
        tls: flow.tls.as_deref().filter(|tls| tls.is_tls()).map(tls),
        ended_by: match flow.ended_by {
            EndedBy::Fin => "fin".to_owned(),
            EndedBy::None => "none".to_owned(),
            EndedBy::Rst => "rst".to_owned(),
        },
    }
}

/// What happened on a connection, by frame; what one packet brings stays in the order of the protocol.
fn steps(flow: &Connection) -> Vec<FlowStep> {
    let mut steps = Vec::new();
    let mut add = |step, from: Side, frame: u64, time: Timestamp| {
        steps.push(FlowStep { step, from: side(from), frame, time: time.to_string() });
    };
    if let Some(tcp) = &flow.tcp {
        // Where TLS tells better than ports who is who, TCP's view of the sides is turned round.
        let swapped = flow.tls.as_ref().is_some_and(|tls| tls.roles_swapped);
        for from in [Side::Client, Side::Server] {
            let facts = match (from, swapped) {
                (Side::Client, false) | (Side::Server, true) => &tcp.client,
                _ => &tcp.server,
            };
            let ends = [
                (FlowStepKind::Syn, facts.syn),
                (FlowStepKind::Fin, facts.fin),
                (FlowStepKind::Rst, facts.rst),
            ];
            for (step, at) in ends {
                if let Some(at) = at {
                    add(step, from, at.frame, at.time);
                }
            }
        }
    }
    if let Some(tls) = flow.tls.as_deref().filter(|tls| tls.is_tls()) {
        let mut put = |step, from, at: Place| add(step, from, at.frame, at.moment());
        let (client, server) = (Side::Client, Side::Server);
        if let Some(hello) = &tls.client_hello {
            put(FlowStepKind::ClientHello, client, hello.at);
        }
        if let Some(at) = tls.retry_request {
            put(FlowStepKind::RetryRequest, server, at);
        }
        if let Some(hello) = &tls.server_hello {
            put(FlowStepKind::ServerHello, server, hello.at);
        }
        for from in [server, client] {
            if let Some(first) = tls.certificates(from).first() {
                put(FlowStepKind::Certificate, from, first.at);
            }
        }
        if let Some(request) = &tls.certificate_request {
            put(FlowStepKind::CertificateRequest, server, request.at);
        }
        if let Some(at) = tls.client_certificate_refused {
            put(FlowStepKind::NoCertificate, client, at);
        }
        for from in [client, server] {
            if let Some(at) = tls.protected.of(from) {
                put(FlowStepKind::Encrypted, from, *at);
            }
        }
        for alert in &tls.alerts {
            put(FlowStepKind::Alert, alert.from, alert.at);
        }
    }
    steps.sort_by_key(|step| (step.frame, step.step));
    steps
}

fn tls(seen: &Summary) -> TlsSession {
    let visibility = seen.certificate_visibility();
    let digests = |shown: &[CertificateSeen]| shown.iter().map(|one| hex(&one.sha256)).collect();
    TlsSession {
        client_hello: seen.client_hello.as_deref().map(|hello| ClientHello {
            frame: hello.at.frame,
            record_version: code(hello.record_version),
            version: code(hello.version),
            supported_versions: codes(&hello.supported_versions),
            sni: hello.server_name.clone(),
            cipher_suites: codes(&hello.cipher_suites),
            alpn: hello.alpn.clone(),
            ja3: hello.ja3.clone(),
            ja4: hello.ja4.clone(),
        }),
        server_hello: seen.server_hello.as_deref().map(|hello| ServerHello {
            frame: hello.at.frame,
            version: code(hello.version),
            cipher_suite: code(hello.cipher_suite),
        }),
        resumed: seen.resumed,
        certificates_visible: visibility == CertificateVisibility::Shown,
        certificates_hidden_by: match visibility {
            CertificateVisibility::Shown => None,
            CertificateVisibility::Resumed => Some("resumed".to_owned()),
            CertificateVisibility::Hidden => Some("hidden".to_owned()),
            CertificateVisibility::NotCaptured => Some("not_captured".to_owned()),
            CertificateVisibility::NotSent => Some("not_sent".to_owned()),
        },
        server_certificates: digests(&seen.server_certificates),
        client_certificates: digests(&seen.client_certificates),
        alerts: seen.alerts.iter().map(alert).collect(),
    }
}

fn alert(alert: &Alert) -> TlsAlert {
    let (level, description) = match alert.content {
        AlertContent::Plain { level, description } => {
            let name = alert.description();
            (Level::name(level), name.map_or_else(|| description.to_string(), str::to_owned))
        }
        AlertContent::Encrypted | AlertContent::Presumed => ("encrypted".to_owned(), String::new()),
    };
    TlsAlert { from: side(alert.from), level, description, frame: alert.at.frame }
}

fn side(side: Side) -> String {
    match side {
        Side::Client => "client".to_owned(),
        Side::Server => "server".to_owned(),
    }
}

/// `files` are the inputs that carried files are, by the number that a transfer names.
fn transfer(files: &BTreeMap<u32, u32>, seen: &TransferSeen) -> Transfer {
    let one = &seen.transfer;
    let (status, error) = match &one.status {
        Status::Complete => (TransferStatus::Complete, None),
        Status::Incomplete => (TransferStatus::Incomplete, None),
        Status::Error { code, message } => {
            (TransferStatus::Error, Some(format!("{code} {message}").trim_end().to_owned()))
        }
    };
    Transfer {
        protocol: match one.protocol {
            Protocol::Tftp => "tftp".to_owned(),
            Protocol::Http => "http".to_owned(),
        },
        operation: match one.operation {
            Operation::Read => "read".to_owned(),
            Operation::Write => "write".to_owned(),
        },
        client: one.client.map(endpoint),
        server: one.server.map(endpoint),
        name: one.name.clone(),
        status,
        error,
        bytes: one.bytes,
        sha256: one.sha256.as_ref().map(|digest| hex(digest)),
        frame: one.begins.frame,
        time: one.begins.moment().to_string(),
        last_frame: one.ends.frame,
        last: one.ends.moment().to_string(),
        flow: seen.flow,
        input: seen.file.and_then(|file| files.get(&file).copied()),
    }
}

pub(super) fn boots<'a>(
    facts: &'a CaptureFacts<'_>,
    boots: &'a [boot::Boot<'_, '_>],
) -> impl Iterator<Item = Boot> {
    let flows = &facts.content.capture.flows;
    let places: BTreeMap<(u64, bool), usize> = (0..)
        .zip(flows)
        .map(|(index, flow)| ((flow.id, flow.transport == Transport::Udp), index))
        .collect();
    boots.iter().map(move |boot| Boot {
        client: boot.client.to_string(),
        device: boot.device.clone(),
        steps: boot.steps.iter().map(|step| boot_step(facts, step, &places)).collect(),
        more_steps: boot.more,
    })
}

fn boot_step(
    facts: &CaptureFacts<'_>,
    step: &boot::Step<'_>,
    places: &BTreeMap<(u64, bool), usize>,
) -> BootStep {
    let mut shown = BootStep {
        frame: step.at.frame,
        last_frame: step.last_frame,
        time: step.at.moment().to_string(),
        kind: BootStepKind::File,
        name: String::new(),
        server: None,
        outcome: match step.end {
            End::Absent => BootOutcome::Absent,
            End::Broken => BootOutcome::Broken,
            End::Done => BootOutcome::Done,
            End::Incomplete => BootOutcome::Incomplete,
            End::Refused => BootOutcome::Refused,
            End::Unanswered => BootOutcome::Unanswered,
            End::Unknown => BootOutcome::Unknown,
        },
        said: step.said(),
        bytes: None,
        input: None,
        flow: None,
    };
    match step.what {
        What::File(file, seen) => {
            shown.kind = match file {
                PhoneFile::Ctl => BootStepKind::Ctl,
                PhoneFile::Itl => BootStepKind::Itl,
                PhoneFile::Configuration => BootStepKind::Configuration,
                PhoneFile::Other => BootStepKind::File,
            };
            shown.name = seen.transfer.name.clone();
            shown.server = seen.transfer.server.map(endpoint);
            shown.bytes = Some(seen.transfer.bytes);
            shown.input = seen.file.and_then(|file| facts.files.get(&file).copied());
        }
        What::Name(asked) => {
            shown.kind = BootStepKind::Name;
            shown.name = asked.name.clone();
            shown.server = Some(endpoint(asked.server));
        }
        What::Service(service, flow) => {
            shown.kind = match service {
                Service::Capf => BootStepKind::Capf,
                Service::Tvs => BootStepKind::Tvs,
            };
            shown.name = endpoint(flow.server);
            shown.server = Some(endpoint(flow.server));
            shown.flow = places.get(&(flow.id, flow.transport == Transport::Udp)).copied();
        }
    }
    shown
}

fn question(asked: &AskedName) -> DnsQuestion {
    DnsQuestion {
        frame: asked.at.frame,
        time: asked.at.moment().to_string(),
        client: asked.client.to_string(),
        server: endpoint(asked.server),
        name: asked.name.clone(),
        r#type: asked.kind.clone(),
        rcode: asked.code.clone(),
        answers: asked.answers.clone(),
    }
}

/// `10.48.36.46:31576`, `[2001:db8::1]:31576`.
fn endpoint(address: SocketAddr) -> String {
    address.to_string()
}

/// `0x0303`.
fn code(number: u16) -> String {
    format!("0x{number:04x}")
}

fn codes(numbers: &[u16]) -> Vec<String> {
    numbers.iter().map(|number| code(*number)).collect()
}
