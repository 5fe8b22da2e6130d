//! Captures as plain data.

use core::net::SocketAddr;

use crate::bytes::hex;
use crate::capture::EndedBy;
use crate::evidence::facts::CaptureFacts;
use crate::proto::Side;
use crate::proto::tls::{
    Alert, AlertContent, CertificateSeen, CertificateVisibility, Level, Summary,
};
use crate::proto::transfer::{Operation, Protocol, TransferStatus as Status};
use crate::report::build::problems;
use crate::report::model::{
    Capture, ClientHello, DnsQuestion, Flow, ServerHello, TlsAlert, TlsSession, Transfer,
    TransferStatus,
};
use crate::traffic::{AskedName, Flow as Connection, TransferSeen, Transport};

/// What a capture shows.
pub(super) fn capture(facts: &CaptureFacts<'_>) -> Capture {
    let seen = &facts.content.capture;
    Capture {
        input: facts.input,
        packets: seen.packets,
        first: seen.first.map(|time| time.to_string()),
        last: seen.last.map(|time| time.to_string()),
        truncated_packets: seen.truncated_packets,
        other_packets: seen.other_packets,
        limited: seen.caps.is_met(),
        flows: seen.flows.iter().map(flow).collect(),
        transfers: seen.transfers.iter().map(|one| transfer(facts, one)).collect(),
        dns: seen.dns.iter().map(question).collect(),
        problems: problems([&seen.problems]),
    }
}

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
        last_frame: flow.last_frame,
        gaps: flow.gaps,
        tls: flow.tls.as_deref().filter(|tls| tls.is_tls()).map(tls),
        ended_by: match flow.ended_by {
            EndedBy::Fin => "fin".to_owned(),
            EndedBy::None => "none".to_owned(),
            EndedBy::Rst => "rst".to_owned(),
        },
    }
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
    let from = match alert.from {
        Side::Client => "client".to_owned(),
        Side::Server => "server".to_owned(),
    };
    TlsAlert { from, level, description, frame: alert.at.frame }
}

fn transfer(facts: &CaptureFacts<'_>, seen: &TransferSeen) -> Transfer {
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
        input: seen.file.and_then(|file| facts.files.get(&file).copied()),
    }
}

fn question(asked: &AskedName) -> DnsQuestion {
    DnsQuestion {
        frame: asked.at.frame,
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
