//! What was found in a capture: plain data, close to `captures[]` of the report.

use std::collections::BTreeMap;

use core::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::capture::{EndedBy, FlowFacts, FlowSummary, Timestamp, Undelivered};
use crate::proto::tls::Summary;
use crate::proto::transfer::Transfer;
use crate::proto::{Place, Side, capf, http, tvs};
use crate::tlv::field::Problems;

/// A capture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Packets, a cut last one included.
    pub packets: u64,
    /// Time of the earliest packet.
    pub first: Option<Timestamp>,
    /// Time of the latest packet.
    pub last: Option<Timestamp>,
    /// Packets of which the file has not all bytes.
    pub truncated_packets: u64,
    /// Packets that are no IP, or of link types that are not read.
    pub other_packets: u64,
    /// Connections in the order in which they began: TCP, and DTLS over UDP.
    pub flows: Vec<Flow>,
    /// Files that were asked for, in the order in which that ended.
    pub transfers: Vec<TransferSeen>,
    /// Names that were asked for, in the order of the answers; unanswered ones last.
    pub dns: Vec<AskedName>,
    /// HTTP requests with their answers, by connection.
    pub exchanges: Vec<HttpExchange>,
    /// Messages of TVS and CAPF that could be read.
    pub messages: Vec<ServiceMessage>,
    /// Every certificate that was shown, by the SHA-256 of its DER.
    pub certificates: BTreeMap<[u8; 32], SeenCertificate>,
    /// Packets that could not be delivered, as ICMP says.
    pub undelivered: Vec<Undelivered>,
    /// Lines of key logs that the capture itself carries.
    pub own_secrets: u64,
    /// Where connections begin that those secrets are for, and of which they opened nothing: most likely they stand behind
    /// them.
    pub unopened: Vec<u64>,
    /// What is wrong or odd with the file.
    pub problems: Problems,
    /// What was left out, and why.
    pub caps: Caps,
}

/// How a connection travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// RFC 9293.
    Tcp,
    /// RFC 768.
    Udp,
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// 1-based, in the order of first packets; TCP and UDP count for themselves.
    pub id: u64,
    /// How it travels.
    pub transport: Transport,
    /// Who called; put right where TLS tells better than ports.
    pub client: SocketAddr,
    /// Who was called.
    pub server: SocketAddr,
    /// The first packet.
    pub first_frame: u64,
    /// When it was captured.
    pub first: Timestamp,
    /// The last packet.
    pub last_frame: u64,
    /// Holes in both streams.
    pub gaps: u64,
    /// How it ended.
    pub ended_by: EndedBy,
    /// What TCP tells of it, with client and server as TCP's handshake or the ports tell.
    pub tcp: Option<FlowSummary>,
    /// What TLS or DTLS tells.
    pub tls: Option<Box<Summary>>,
}

impl Flow {
    /// What the server's port stands for in this field.
    pub fn service(&self) -> Option<&'static str> {
        service(self.transport, self.server.port())
    }
}

/// What a port stands for in this field (formats.md section 10).
pub fn service(transport: Transport, port: u16) -> Option<&'static str> {
    Some(match (transport, port) {
        (_, 53) => "DNS",
        (Transport::Udp, 69) => "TFTP",
        (Transport::Tcp, 80) => "HTTP",
        (Transport::Tcp, 443) => "HTTPS",
        (Transport::Tcp, 2000) => "SCCP",
        (Transport::Tcp, 2443) => "SCCP over TLS",
        (Transport::Tcp, 2444) => "CTL Provider",
        (Transport::Tcp, 2445) => "TVS",
        (Transport::Tcp, 2748) => "CTI",
        (Transport::Tcp, 2749) => "CTI over TLS",
        (Transport::Tcp, 3804) => "CAPF",
        (_, 5060) => "SIP",
        (Transport::Tcp, 5061) => "SIP over TLS",
        (Transport::Tcp, 5222) => "XMPP",
        (Transport::Tcp, 6970) => "configuration over HTTP",
        (Transport::Tcp, 6971 | 6972) => "configuration over HTTPS",
        (Transport::Tcp, 8443) => "CUCM services over HTTPS",
        _ => return None,
    })
}

/// A file that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferSeen {
    /// What is known of it, client and server included.
    pub transfer: Transfer,
    /// The connection that carried it; `None` for TFTP.
    pub flow: Option<u64>,
    /// Its bytes were handed out by [`super::Analysis::files`] under this number.
    pub file: Option<u32>,
}

/// A name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedName {
    /// Who asked.
    pub client: IpAddr,
    /// Who was asked.
    pub server: SocketAddr,
    /// The name.
    pub name: String,
    /// Type of the question: `A`, `AAAA`, `SRV`.
    pub kind: String,
    /// The answer's code in words (`NOERROR`, `NXDOMAIN`); `None` when no answer is in the capture.
    pub code: Option<String>,
    /// Data of the answers, as text.
    pub answers: Vec<String>,
    /// The answer, or the last question.
    pub at: Place,
}

/// An HTTP request with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpExchange {
    /// The connection.
    pub flow: u64,
    /// What was asked and answered.
    pub exchange: http::Exchange,
}

/// A message of TVS or CAPF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceMessage {
    /// The connection.
    pub flow: u64,
    /// Who sent it.
    pub from: Side,
    /// The packet that completes it.
    pub at: Place,
    /// The message.
    pub content: ServiceMessageContent,
}

/// What TVS or CAPF said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceMessageContent {
    /// Certificate Authority Proxy Function.
    Capf(Box<capf::Inspected>),
    /// Trust Verification Service.
    Tvs(Box<tvs::Inspected>),
}

/// A certificate that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCertificate {
    /// As it was sent.
    #[serde(with = "serde_bytes")]
    pub der: Vec<u8>,
    /// Where, up to [`crate::limits::CAPTURE_SIGHTINGS`].
    pub seen: Vec<Sighting>,
    /// How often beyond that.
    pub more: u64,
}

/// Where a certificate was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sighting {
    /// The packet that completes it.
    pub at: Place,
    /// The connection.
    pub flow: u64,
    /// Who showed it.
    pub from: Side,
    /// It is a connection of datagrams.
    pub datagram: bool,
}

/// What was left out because a cap of `limits.rs` was met: numbers of things, 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Connections that are not listed.
    pub flows: u64,
    /// Transfers that are not listed.
    pub transfers: u64,
    /// Files that were complete, but too large or too many to be handed out.
    pub files: u64,
    /// DNS answers that are not listed.
    pub names: u64,
    /// HTTP exchanges that are not listed.
    pub exchanges: u64,
    /// TVS and CAPF messages that are not listed.
    pub messages: u64,
    /// Different certificates that are not kept.
    pub certificates: u64,
    /// ICMP messages that are not listed.
    pub undelivered: u64,
    /// DTLS connections that were given up.
    pub associations: u64,
    /// Fragmented packets that never became whole.
    pub incomplete_packets: u64,
    /// Packets in too many layers.
    pub too_deep: u64,
    /// What the table of connections met.
    pub table: FlowFacts,
}

impl Caps {
    /// Something that might have been told is missing.
    pub fn is_met(&self) -> bool {
        let Self {
            flows,
            transfers,
            files,
            names,
            exchanges,
            messages,
            certificates,
            undelivered,
            associations,
            incomplete_packets: _,
            too_deep,
            table,
        } = *self;
        let left_out = [
            flows,
            transfers,
            files,
            names,
            exchanges,
            messages,
            certificates,
            undelivered,
            associations,
            too_deep,
            table.given_up,
            table.holes_given_up,
        ];
        left_out.into_iter().any(|count| count > 0)
    }
}
