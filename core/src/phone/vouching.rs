//! What phones asked TVS and what it answered, where captures can be read: requests with their answers (A55, A56, A60,
//! E28 to E36).

use core::net::SocketAddr;
use std::collections::BTreeMap;

use crate::bytes::serial_hex;
use crate::evidence::facts::{CaptureFacts, Facts};
use crate::proto::Place;
use crate::proto::tvs::{Message, MessageType};
use crate::report::model::Evidence;
use crate::traffic::{Flow, ServiceMessageContent};
use crate::x509::Certificate;

/// A request to TVS, with the answer.
#[derive(Debug)]
pub struct Vouching<'f, 'a> {
    /// The capture.
    pub capture: &'f CaptureFacts<'a>,
    /// The connection.
    pub flow: &'f Flow,
    /// What the phone asked, and the packet that completes it; `None` when it is not in the capture.
    pub request: Option<(&'f Message, Place)>,
    /// What TVS answered; `None` when it is not in the capture.
    pub answer: Option<(&'f Message, Place)>,
    /// The certificate that is asked about, as far as the messages tell.
    pub asked: Asked,
}

/// The certificate that a phone asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Its subject.
    pub subject: Option<String>,
    /// Its serial, lower-case hex.
    pub serial: Option<String>,
}

/// Requests and answers of all captures, by connection, then by session number.
pub fn vouchings<'f, 'a>(facts: &'f Facts<'a>) -> Vec<Vouching<'f, 'a>> {
    let mut found = Vec::new();
    for capture in &facts.captures {
        let seen = &capture.content.capture;
        if seen.messages.is_empty() {
            continue;
        }
        let flows: BTreeMap<u64, &Flow> = seen
            .flows
            .iter()
            .filter(|flow| flow.tcp.is_some())
            .map(|flow| (flow.id, flow))
            .collect();
        let mut pairs: BTreeMap<(u64, u32), Vec<(&Message, Place)>> = BTreeMap::new();
        for one in &seen.messages {
            if let ServiceMessageContent::Tvs(inspected) = &one.content
                && let Some(message) = &inspected.message
            {
                let key = (one.flow, message.session);
                pairs.entry(key).or_default().push((message, one.at));
            }
        }
        for ((flow, _), messages) in pairs {
            let Some(flow) = flows.get(&flow).copied() else { continue };
            let of = |wanted: fn(MessageType) -> bool| {
                let mut messages = messages.iter();
                messages.find(|(message, _)| wanted(message.message_type)).copied()
            };
            let request = of(is_request);
            let answer = of(|kind| !is_request(kind));
            let asked = Asked::of(request.map(|(message, _)| message), answer.map(|(one, _)| one));
            found.push(Vouching { capture, flow, request, answer, asked });
        }
    }
    found
}

fn is_request(kind: MessageType) -> bool {
    matches!(kind, MessageType::VerificationRequest | MessageType::QueryRequest)
}

impl Asked {
    fn of(request: Option<&Message>, answer: Option<&Message>) -> Self {
        let der = request.and_then(|one| one.certificate.as_deref());
        let der = der.or_else(|| answer.and_then(|one| one.certificate.as_deref()));
        let certificate = der.and_then(|der| Certificate::parse(der, 0).ok());
        let own = request.and_then(|one| one.subject.clone());
        let number = request.and_then(|one| one.serial.clone());
        Self {
            subject: own.or_else(|| certificate.as_ref().map(|one| one.subject.to_string())),
            serial: number.or_else(|| certificate.as_ref().map(|one| serial_hex(&one.serial))),
        }
    }
}

impl Vouching<'_, '_> {
    /// The device that asks, else its address.
    pub fn client(&self) -> String {
        let device = self.request.and_then(|(message, _)| message.device.clone());
        device.unwrap_or_else(|| self.flow.client.ip().to_string())
    }

    /// The server.
    pub fn server(&self) -> SocketAddr {
        self.flow.server
    }

    /// Frames of request and answer.
    pub fn evidence(&self) -> Vec<Evidence> {
        let frames = [self.request, self.answer].into_iter().flatten();
        let input = self.capture.input;
        frames
            .map(|(_, at)| Evidence { input, frame: Some(at.frame), ..Evidence::default() })
            .collect()
    }
}

/// The trust lists and signed files among the inputs by the serial of their signer, which is all that a query of TVS needs:
/// where the first of each begins.
pub fn signed_by_serial(facts: &Facts<'_>) -> BTreeMap<String, Evidence> {
    let lists = facts.trust_lists.iter().map(|one| (one.input, &one.list.header));
    let files = facts.signed_files.iter().map(|one| (one.input, &one.file.header));
    let mut signed = BTreeMap::new();
    for (input, header) in lists.chain(files) {
        if let Some(serial) = header.signer_serial.as_deref() {
            let place = Evidence { input, offset: Some(0), ..Evidence::default() };
            signed.entry(serial_hex(serial)).or_insert(place);
        }
    }
    signed
}
