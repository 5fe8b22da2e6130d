//! TVS messages: a phone asks a Trust Verification Service whether a certificate is to be trusted (TCP 2445, in TLS).
//!
//! A head of 10 bytes (0x57, version 1, type, a byte without meaning, session of 4 bytes, length of 2 bytes), then
//! elements `tag (1) | length (2) | value`; numbers are big-endian. Nothing public documents this protocol: see
//! formats.md section 8 for what each field is known from. The tags of issuer and serial are not certain.

use serde::{Deserialize, Serialize};

use super::service::{self, bad, discriminated, text, unknown};
use crate::bytes::{Reader, serial_hex};
use crate::error::ParseError;
use crate::tlv::field::{self, Element};

/// The port of the service (domain item A45).
pub const PORT: u16 = 2445;

const DISCRIMINATOR: u8 = 0x57;
const VERSION: u8 = 1;

mod tag {
    pub(super) const DEVICE: u8 = 1;
    pub(super) const CERTIFICATE: u8 = 2;
    pub(super) const SUBJECT: u8 = 3;
    pub(super) const ISSUER: u8 = 4;
    pub(super) const SERIAL: u8 = 5;
    pub(super) const STATUS: u8 = 7;
    pub(super) const ROLES: u8 = 8;
    pub(super) const TIME_TO_LIVE: u8 = 9;
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MessageType {
    /// Is this certificate to be trusted?
    VerificationRequest,
    /// The answer to it.
    VerificationResponse,
    /// Which certificate has this subject, issuer and serial?
    QueryRequest,
    /// The answer to it.
    QueryResponse,
}

impl MessageType {
    /// From the byte on the wire.
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::VerificationRequest),
            2 => Some(Self::VerificationResponse),
            3 => Some(Self::QueryRequest),
            4 => Some(Self::QueryResponse),
            _ => None,
        }
    }

    /// The byte on the wire.
    pub fn code(self) -> u8 {
        match self {
            Self::VerificationRequest => 1,
            Self::VerificationResponse => 2,
            Self::QueryRequest => 3,
            Self::QueryResponse => 4,
        }
    }

    /// As the log of the service names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::VerificationRequest => "TVS_MSG_CERT_VERIFICATION_REQ",
            Self::VerificationResponse => "TVS_MSG_CERT_VERIFICATION_RES",
            Self::QueryRequest => "TVS_MSG_QUERY_CERT_REQ",
            Self::QueryResponse => "TVS_MSG_QUERY_CERT_RES",
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What it is.
    pub message_type: MessageType,
    /// Chosen by the phone, echoed by the service.
    pub session: u32,
    /// Name of the asking device: `CP-8861-SEPB000B4BA0AEE`.
    pub device: Option<String>,
    /// The certificate in DER that is asked about, or that was found.
    #[serde(with = "serde_bytes")]
    pub certificate: Option<Vec<u8>>,
    /// Subject of the certificate that is looked for.
    pub subject: Option<String>,
    /// Its issuer.
    pub issuer: Option<String>,
    /// Its serial: lower-case hex of the magnitude.
    pub serial: Option<String>,
    /// 0: the certificate is trusted or found; 1: it is not (domain item A55).
    pub status: Option<u8>,
    /// What the certificate may be used for: the function codes of trust-list records, one byte each.
    pub roles: Vec<u8>,
    /// Seconds for which the phone keeps the answer (domain item A56).
    pub time_to_live: Option<u32>,
}

/// What could be read of a message, and what is wrong with it.
pub type Inspected = service::Inspected<Message>;

/// Cuts messages out of one side of a decrypted stream.
pub type Stream = service::Stream<Message>;

/// Reads exactly one message, which stands at `offset` of its input.
///
/// # Errors
/// The first thing that does not hold, with its offset: another discriminator, version or type, a length that is
/// not the rest of `bytes`, an element that is cut, unknown, doubled or of a wrong length, one that the type needs and
/// that is missing.
pub fn parse(bytes: &[u8], offset: u64) -> Result<Message, ParseError> {
    service::parse(bytes, offset)
}

/// Reads what is there of one message: hex dumps in logs show the first 50 bytes only.
pub fn inspect(bytes: &[u8], offset: u64) -> Inspected {
    service::inspect(bytes, offset)
}

impl service::Message for Message {
    const HEAD: usize = 10;

    fn begin(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        discriminated(reader, DISCRIMINATOR)?;
        let at = reader.offset();
        let version = reader.u8("version")?;
        if version != VERSION {
            return Err(bad(at, "version", format!("{version} is not {VERSION}")));
        }
        let at = reader.offset();
        let code = reader.u8("message type")?;
        let Some(message_type) = MessageType::from_code(code) else {
            return Err(bad(at, "message type", format!("{code} is unknown; 1 to 4 are known")));
        };
        // 0x00 in requests, 0xF7 in the one real response that is known: no meaning can be built on it.
        reader.u8("fourth byte")?;
        Ok(Self {
            message_type,
            session: reader.u32("session")?,
            device: None,
            certificate: None,
            subject: None,
            issuer: None,
            serial: None,
            status: None,
            roles: Vec::new(),
            time_to_live: None,
        })
    }

    fn take(&mut self, element: &Element<'_>) -> Result<(), ParseError> {
        match element.tag {
            tag::DEVICE => {
                // One byte 0x01 stands in front of the name; what it means is not known.
                let name = element.value.strip_prefix(&[1]).unwrap_or(element.value);
                self.device = Some(text(name));
            }
            tag::CERTIFICATE if element.value.is_empty() => {
                return Err(bad(element.offset, "certificate", "is empty".to_owned()));
            }
            tag::CERTIFICATE => self.certificate = Some(element.value.to_vec()),
            tag::SUBJECT => self.subject = Some(text(element.value)),
            tag::ISSUER => self.issuer = Some(text(element.value)),
            tag::SERIAL => self.serial = Some(serial_hex(element.value)),
            tag::STATUS => self.status = Some(field::number_u8(element, "status")?),
            tag::ROLES => self.roles = element.value.to_vec(),
            tag::TIME_TO_LIVE => {
                self.time_to_live = Some(field::number_u32(element, "time to live")?);
            }
            _ => return Err(unknown(element)),
        }
        Ok(())
    }

    fn name(tag: u8) -> String {
        match tag {
            tag::DEVICE => "device",
            tag::CERTIFICATE => "certificate",
            tag::SUBJECT => "subject",
            tag::ISSUER => "issuer",
            tag::SERIAL => "serial",
            tag::STATUS => "status",
            tag::ROLES => "roles",
            tag::TIME_TO_LIVE => "time to live",
            _ => "element",
        }
        .to_owned()
    }

    fn missing(&self) -> Option<&'static str> {
        match self.message_type {
            MessageType::VerificationRequest => self.certificate.is_none().then_some("certificate"),
            MessageType::QueryRequest => {
                (self.subject.is_none() && self.serial.is_none()).then_some("subject")
            }
            MessageType::VerificationResponse | MessageType::QueryResponse => {
                self.status.is_none().then_some("status")
            }
        }
    }
}
