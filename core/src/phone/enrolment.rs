//! What phones and CAPF said to each other in captures that can be read: how enrolments ended (C28, C32, C35).

use std::collections::BTreeMap;

use crate::evidence::facts::{CaptureFacts, Facts};
use crate::proto::capf::MessageType;
use crate::report::model::Evidence;
use crate::traffic::{Flow, ServiceMessageContent};

/// One connection to CAPF.
#[derive(Debug)]
pub struct Enrolment<'f> {
    /// The device that it names, else the client's address.
    pub client: String,
    /// The connection.
    pub flow: &'f Flow,
    /// The first refusal: its reason, what that means, the text beside it, and where it stands.
    pub refusal: Option<Refusal>,
    /// The certificate that the phone says is stored.
    pub stored: Option<Stored>,
}

/// A reason that is no success.
#[derive(Debug)]
pub struct Refusal {
    /// The reason's number.
    pub reason: u8,
    /// The text that stands beside it.
    pub text: Option<String>,
    /// The message.
    pub place: Evidence,
}

/// A certificate that was handed out and stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Type of the certificate: 1 LSC, 2 MIC.
    pub certificate_type: Option<u8>,
    /// Where it is handed out, and where the phone answers.
    pub places: [Evidence; 2],
}

/// Reason of a message: a refusal (formats.md section 9). Other numbers are not known, and nothing is said of them.
const REFUSALS: [u8; 2] = [7, 9];

/// Reason of a message: done.
const DONE: u8 = 1;

/// The connections to CAPF of all captures whose messages can be read, in the order of captures and connections.
pub fn enrolments<'f>(facts: &'f Facts<'_>) -> Vec<Enrolment<'f>> {
    facts.captures.iter().flat_map(of_capture).collect()
}

fn of_capture<'f>(capture: &'f CaptureFacts<'_>) -> Vec<Enrolment<'f>> {
    let seen = &capture.content.capture;
    let flows = seen.flows.iter().filter(|flow| flow.tcp.is_some()).map(|flow| (flow.id, flow));
    let flows: BTreeMap<u64, &Flow> =
        if seen.messages.is_empty() { BTreeMap::new() } else { flows.collect() };
    let mut found: BTreeMap<u64, Enrolment<'f>> = BTreeMap::new();
    let mut offered: BTreeMap<u64, (Option<u8>, Evidence)> = BTreeMap::new();
    for one in &seen.messages {
        let ServiceMessageContent::Capf(inspected) = &one.content else { continue };
        let (Some(message), Some(flow)) = (&inspected.message, flows.get(&one.flow).copied())
        else {
            continue;
        };
        let place =
            Evidence { input: capture.input, frame: Some(one.at.frame), ..Evidence::default() };
        let enrolment = found.entry(one.flow).or_insert_with(|| Enrolment {
            client: flow.client.ip().to_string(),
            flow,
            refusal: None,
            stored: None,
        });
        if let Some(device) = &message.device {
            enrolment.client.clone_from(device);
        }
        match message.message_type {
            MessageType::StoreRequest if message.certificate.is_some() => {
                offered.insert(one.flow, (message.certificate_type, place));
            }
            MessageType::StoreResponse if message.reason == Some(DONE) => {
                let offer = offered.remove(&one.flow);
                enrolment.stored = offer.map(|(certificate_type, offer)| Stored {
                    certificate_type,
                    places: [offer, place],
                });
            }
            _ => {
                let reason = message.reason.filter(|reason| REFUSALS.contains(reason));
                if let Some(reason) = reason
                    && enrolment.refusal.is_none()
                {
                    let text = message.reason_text.clone();
                    enrolment.refusal = Some(Refusal { reason, text, place });
                }
            }
        }
    }
    found.into_values().collect()
}
