//! Takes what the packets hold and gives it to the readers of protocols; keeps what they find.

use std::collections::{BTreeMap, VecDeque};

use core::net::{IpAddr, SocketAddr};

use super::connection::Connection;
use super::datagrams::Associations;
use super::files::{CarriedFile, Files, Owner};
use super::model::{
    AskedName, Capture, Flow, HttpExchange, SeenCertificate, ServiceMessage, ServiceMessageContent,
    Sighting, TransferSeen, Transport,
};
use crate::capture::dissect::NetworkFacts;
use crate::capture::file::FileFacts;
use crate::capture::{
    Datagram, FlowHandler, FlowHead, FlowSummary, Gap, Interest, StreamChunk, StreamEnd,
    Undelivered,
};
use crate::digest::sha256;
use crate::limits;
use crate::proto::tls::{Secrets, dtls};
use crate::proto::transfer::TransferEvent;
use crate::proto::{Place, Side, dns, http, tftp};

/// Owner of TFTP's transfers; those of HTTP are owned by their connection, numbered from 1.
const TFTP: Owner = 0;

/// The kind of secrets that is a TLS key log (pcapng section 4.7).
const KEY_LOG: u32 = 0x544c_534b;

/// Everything that is found, and what is needed to find it.
#[derive(Debug)]
pub(super) struct Collector {
    secrets: Secrets,
    capture: Capture,
    files: Files,
    questions: Questions,
    tftp: tftp::Tftp,
    associations: Associations,
}

/// Questions without an answer, by who asked whom under which number.
#[derive(Debug, Default)]
pub(super) struct Questions {
    open: BTreeMap<(SocketAddr, SocketAddr, u16), AskedName>,
    order: VecDeque<(SocketAddr, SocketAddr, u16)>,
}

/// Where readers put what they find.
pub(super) struct Found<'f> {
    capture: &'f mut Capture,
    files: &'f mut Files,
    questions: &'f mut Questions,
}

impl Collector {
    pub(super) fn new(secrets: Secrets) -> Self {
        Self {
            secrets,
            capture: Capture::default(),
            files: Files::default(),
            questions: Questions::default(),
            tftp: tftp::Tftp::default(),
            associations: Associations::default(),
        }
    }

    pub(super) fn capture(&self) -> &Capture {
        &self.capture
    }

    pub(super) fn take_files(&mut self) -> Vec<CarriedFile> {
        self.files.ready()
    }

    /// Everything, in order.
    pub(super) fn finish(
        mut self,
        file: &FileFacts,
        network: NetworkFacts,
    ) -> (Capture, Vec<CarriedFile>) {
        let (secrets, mut found, tftp, associations) = self.parts();
        tftp.end(&mut |event| found.transfer(None, &event));
        associations.end(secrets, &mut found);
        let mut capture = self.capture;
        for question in self.questions.unanswered() {
            if capture.dns.len() < limits::CAPTURE_NAMES {
                capture.dns.push(question);
            }
        }
        capture.flows.sort_by_key(|flow| (flow.first_frame, flow.id));
        capture.exchanges.sort_by_key(|one| (one.flow, one.exchange.requested));
        if capture.own_secrets > 0 {
            let secrets = &self.secrets;
            let is_unopened = |flow: &&Flow| {
                flow.tls.as_ref().is_some_and(|tls| {
                    let known = tls.client_hello.as_ref().map(|hello| secrets.know(&hello.random));
                    tls.closed_records > 0 && tls.opened_records == 0 && known == Some(true)
                })
            };
            let unopened = capture.flows.iter().filter(is_unopened).map(|flow| flow.first_frame);
            capture.unopened = unopened.collect();
        }
        capture.packets = file.packets;
        capture.first = file.first;
        capture.last = file.last;
        capture.truncated_packets = file.truncated_packets;
        capture.other_packets = network.other_packets.saturating_add(file.unread_packets);
        capture.problems = file.problems.clone();
        capture.caps.files = self.files.left_out;
        capture.caps.incomplete_packets = network.incomplete_packets;
        capture.caps.too_deep = network.too_deep;
        capture.caps.table = network.flows;
        (capture, self.files.ready())
    }

    fn parts(&mut self) -> (&Secrets, Found<'_>, &mut tftp::Tftp, &mut Associations) {
        let Self { secrets, capture, files, questions, tftp, associations, .. } = self;
        (secrets, Found { capture, files, questions }, tftp, associations)
    }
}

impl FlowHandler for Collector {
    type Stream = Connection;

    fn open_stream(&mut self, flow: &FlowHead) -> Option<Connection> {
        Some(Connection::new(*flow))
    }

    fn chunk(&mut self, stream: &mut Connection, chunk: &StreamChunk<'_>) -> Interest {
        let (secrets, mut found, ..) = self.parts();
        let side = chunk.side.into();
        stream.chunk(side, chunk.offset, chunk.bytes, chunk.at, secrets, &mut found)
    }

    fn gap(&mut self, stream: &mut Connection, gap: &Gap) -> Interest {
        let (secrets, mut found, ..) = self.parts();
        stream.gap(gap.side.into(), gap.offset, gap.length, gap.at, secrets, &mut found)
    }

    fn end(&mut self, stream: &mut Connection, end: &StreamEnd) {
        let (secrets, mut found, ..) = self.parts();
        stream.end(end, secrets, &mut found);
    }

    fn held(&self, stream: &Connection) -> usize {
        stream.held()
    }

    fn close_stream(&mut self, flow: &FlowSummary, stream: Option<Connection>) {
        let tls = stream.and_then(Connection::into_tls);
        let swapped = tls.as_ref().is_some_and(|tls| tls.roles_swapped);
        let (client, server) = match swapped {
            true => (flow.head.server, flow.head.client),
            false => (flow.head.client, flow.head.server),
        };
        let flow = Flow {
            id: flow.head.id,
            transport: Transport::Tcp,
            client,
            server,
            first_frame: flow.head.first.frame,
            first: flow.head.first.time,
            last_frame: flow.last.frame,
            gaps: flow.gaps(),
            ended_by: flow.ended_by,
            tcp: Some(*flow),
            tls,
        };
        self.parts().1.flow(flow);
    }

    fn datagram(&mut self, datagram: &Datagram<'_>) {
        let place = Place::from(datagram.at);
        let bytes = datagram.bytes;
        let (secrets, mut found, tftp, associations) = self.parts();
        if dtls::looks_like_dtls(bytes) {
            associations.datagram(datagram, secrets, &mut found);
            return;
        }
        let is_dns =
            [datagram.source, datagram.destination].iter().any(|end| end.port() == dns::PORT)
                && dns::looks_like_dns(bytes);
        if is_dns && let Ok(message) = dns::parse(bytes) {
            found.name(datagram.source, datagram.destination, message, place);
            return;
        }
        // Opcodes are 1 to 6 in two bytes; voice begins with 0x80.
        if let [0, 1..=6, ..] = bytes {
            let packet = tftp::Packet {
                source: datagram.source,
                destination: datagram.destination,
                bytes,
                missing: datagram.missing,
                place,
            };
            tftp.datagram(&packet, &mut |event| found.transfer(None, &event));
        }
    }

    fn undelivered(&mut self, message: &Undelivered) {
        if self.capture.undelivered.len() < limits::CAPTURE_UNDELIVERED {
            self.capture.undelivered.push(*message);
        } else {
            self.capture.caps.undelivered += 1;
        }
    }

    fn secrets(&mut self, kind: u32, bytes: &[u8]) {
        if kind == KEY_LOG {
            let count = self.secrets.add_key_log(bytes);
            self.capture.own_secrets = self.capture.own_secrets.saturating_add(count.secrets);
        }
    }
}

impl Found<'_> {
    /// A connection that is over. What speaks TLS is listed where others are left out.
    pub(super) fn flow(&mut self, flow: Flow) {
        let room = if flow.tls.is_some() {
            limits::CAPTURE_FLOWS_LISTED
        } else {
            limits::CAPTURE_FLOWS_LISTED / 2
        };
        if self.capture.flows.len() < room {
            self.capture.flows.push(flow);
        } else {
            self.capture.caps.flows += 1;
        }
    }

    /// A connection of datagrams was given up to make room.
    pub(super) fn association_given_up(&mut self) {
        self.capture.caps.associations += 1;
    }

    /// A certificate that a side showed.
    pub(super) fn certificate(
        &mut self,
        flow: u64,
        datagram: bool,
        from: Side,
        der: &[u8],
        at: Place,
    ) {
        let sighting = Sighting { at, flow, from, datagram };
        let full = self.capture.certificates.len() >= limits::CERTIFICATES_PER_INPUT
            || der.len() > limits::CERTIFICATE_BYTES;
        let digest = sha256(der);
        if let Some(known) = self.capture.certificates.get_mut(&digest) {
            if known.seen.len() < limits::CAPTURE_SIGHTINGS {
                known.seen.push(sighting);
            } else {
                known.more += 1;
            }
        } else if full {
            self.capture.caps.certificates += 1;
        } else {
            let seen = SeenCertificate { der: der.to_vec(), seen: vec![sighting], more: 0 };
            self.capture.certificates.insert(digest, seen);
        }
    }

    /// Something happens to a file.
    pub(super) fn transfer(&mut self, flow: Option<&FlowHead>, event: &TransferEvent<'_>) {
        let owner = flow.map_or(TFTP, |flow| flow.id);
        let Some((mut transfer, file)) = self.files.take(owner, event) else { return };
        if let Some(flow) = flow {
            transfer.client.get_or_insert(flow.client);
            transfer.server.get_or_insert(flow.server);
        }
        if self.capture.transfers.len() < limits::CAPTURE_TRANSFERS {
            let flow = flow.map(|flow| flow.id);
            self.capture.transfers.push(TransferSeen { transfer, flow, file });
        } else {
            self.capture.caps.transfers += 1;
        }
    }

    /// The file that a connection brings now is nothing that would be read.
    pub(super) fn is_useless(&mut self, flow: &FlowHead) -> bool {
        self.files.is_useless(flow.id)
    }

    /// An HTTP request and its answer.
    pub(super) fn exchange(&mut self, flow: u64, exchange: &http::Exchange) {
        if self.capture.exchanges.len() < limits::CAPTURE_EXCHANGES {
            self.capture.exchanges.push(HttpExchange { flow, exchange: exchange.clone() });
        } else {
            self.capture.caps.exchanges += 1;
        }
    }

    /// A message of TVS or CAPF.
    pub(super) fn message(
        &mut self,
        flow: u64,
        from: Side,
        at: Place,
        content: ServiceMessageContent,
    ) {
        if self.capture.messages.len() < limits::CAPTURE_MESSAGES {
            self.capture.messages.push(ServiceMessage { flow, from, at, content });
        } else {
            self.capture.caps.messages += 1;
        }
    }

    /// A question or an answer of DNS.
    pub(super) fn name(
        &mut self,
        source: SocketAddr,
        destination: SocketAddr,
        message: dns::Message,
        at: Place,
    ) {
        if !message.response {
            let asked = asked(source.ip(), destination, &message, at);
            self.questions.ask((source, destination, message.id), asked);
            return;
        }
        self.questions.answer((destination, source, message.id));
        let mut asked = asked(destination.ip(), source, &message, at);
        asked.code = Some(message.response_code_name());
        asked.answers = message.answers.into_iter().map(|answer| answer.data).collect();
        if self.capture.dns.len() < limits::CAPTURE_NAMES {
            self.capture.dns.push(asked);
        } else {
            self.capture.caps.names += 1;
        }
    }
}

fn asked(client: IpAddr, server: SocketAddr, message: &dns::Message, at: Place) -> AskedName {
    AskedName {
        client,
        server,
        name: message.name.clone(),
        kind: message.kind_name(),
        code: None,
        answers: Vec::new(),
        at,
    }
}

impl Questions {
    fn ask(&mut self, key: (SocketAddr, SocketAddr, u16), asked: AskedName) {
        while self.order.len() >= limits::CAPTURE_QUESTIONS {
            if let Some(oldest) = self.order.pop_front() {
                self.open.remove(&oldest);
            }
        }
        if self.open.insert(key, asked).is_none() {
            self.order.push_back(key);
        }
    }

    fn answer(&mut self, key: (SocketAddr, SocketAddr, u16)) {
        self.open.remove(&key);
    }

    /// What nobody answered, in order.
    fn unanswered(self) -> Vec<AskedName> {
        let mut left: Vec<AskedName> = self.open.into_values().collect();
        left.sort_by_key(|asked| asked.at);
        left
    }
}
