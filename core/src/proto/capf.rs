//! CAPF messages: a phone gets, renews or gives up its locally significant certificate (TCP 3804, in TLS).
//!
//! A head of 8 bytes (0x55, type, session of 4 bytes given by the server, length of 2 bytes), then elements
//! `tag (1) | length (2) | value`; numbers are big-endian; the server speaks first. Source: formats.md section 9.

use serde::{Deserialize, Serialize};

use super::service::{self, bad, discriminated, text, unknown};
use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::tlv::field::{self, Element};

/// The port of the service (domain item C34).
pub const PORT: u16 = 3804;

const DISCRIMINATOR: u8 = 0x55;

mod tag {
    pub(super) const REASON: u8 = 1;
    pub(super) const REASON_TEXT: u8 = 2;
    pub(super) const CERTIFICATE_TYPE: u8 = 3;
    pub(super) const CERTIFICATE: u8 = 4;
    pub(super) const CERTIFICATE_ID: u8 = 5;
    pub(super) const SIGNED_DATA: u8 = 6;
    pub(super) const PROTOCOL_VERSION: u8 = 7;
    pub(super) const AUTHENTICATION: u8 = 8;
    pub(super) const PUBLIC_KEY: u8 = 9;
    pub(super) const KEY_SIZE: u8 = 10;
    pub(super) const PASSWORD: u8 = 11;
    pub(super) const RETRY_DELAY: u8 = 12;
    pub(super) const DEVICE: u8 = 13;
    pub(super) const SUDI: u8 = 16;
    pub(super) const KEY_TYPE: u8 = 17;
    pub(super) const CURVE: u8 = 18;
    pub(super) const DIGEST: u8 = 19;
    pub(super) const SIGNED_DATA_SHA2: u8 = 20;
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MessageType {
    /// 1
    AuthenticationRequest,
    /// 2
    AuthenticationResponse,
    /// 3
    KeyGenerationRequest,
    /// 4
    KeyGenerationResponse,
    /// 5; response and request stand in the reverse order of their neighbours in the only source, which is doubtful.
    EncryptResponse,
    /// 6
    EncryptRequest,
    /// 7
    DecryptRequest,
    /// 8
    DecryptResponse,
    /// 9
    StoreRequest,
    /// 10
    StoreResponse,
    /// 11
    FetchRequest,
    /// 12
    FetchResponse,
    /// 13
    DeleteRequest,
    /// 14
    DeleteResponse,
    /// 15
    EndSession,
    /// 16
    RetryLater,
    /// 17
    InProgress,
    /// 18
    StatusRequest,
    /// 19
    StatusResponse,
    /// 20
    AbortRequest,
    /// 21
    AbortResponse,
    /// 22
    SignRequest,
    /// 23
    SignResponse,
}

impl MessageType {
    /// In words, for a timeline.
    pub fn words(self) -> &'static str {
        match self {
            Self::AuthenticationRequest => "authentication request",
            Self::AuthenticationResponse => "authentication response",
            Self::KeyGenerationRequest => "key generation request",
            Self::KeyGenerationResponse => "key generation response",
            Self::EncryptResponse => "encrypt response",
            Self::EncryptRequest => "encrypt request",
            Self::DecryptRequest => "decrypt request",
            Self::DecryptResponse => "decrypt response",
            Self::StoreRequest => "store certificate request",
            Self::StoreResponse => "store certificate response",
            Self::FetchRequest => "fetch certificate request",
            Self::FetchResponse => "fetch certificate response",
            Self::DeleteRequest => "delete certificate request",
            Self::DeleteResponse => "delete certificate response",
            Self::EndSession => "end of session",
            Self::RetryLater => "retry later",
            Self::InProgress => "request in progress",
            Self::StatusRequest => "status request",
            Self::StatusResponse => "status response",
            Self::AbortRequest => "abort request",
            Self::AbortResponse => "abort response",
            Self::SignRequest => "sign request",
            Self::SignResponse => "sign response",
        }
    }

    /// From the byte on the wire.
    pub fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            1 => Self::AuthenticationRequest,
            2 => Self::AuthenticationResponse,
            3 => Self::KeyGenerationRequest,
            4 => Self::KeyGenerationResponse,
            5 => Self::EncryptResponse,
            6 => Self::EncryptRequest,
            7 => Self::DecryptRequest,
            8 => Self::DecryptResponse,
            9 => Self::StoreRequest,
            10 => Self::StoreResponse,
            11 => Self::FetchRequest,
            12 => Self::FetchResponse,
            13 => Self::DeleteRequest,
            14 => Self::DeleteResponse,
            15 => Self::EndSession,
            16 => Self::RetryLater,
            17 => Self::InProgress,
            18 => Self::StatusRequest,
            19 => Self::StatusResponse,
            20 => Self::AbortRequest,
            21 => Self::AbortResponse,
            22 => Self::SignRequest,
            23 => Self::SignResponse,
            _ => return None,
        })
    }
}

/// A certificate as the server packs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedCertificate {
    /// The byte in front of it: 1 LSC, 2 MIC.
    pub kind: u8,
    /// DER.
    #[serde(with = "serde_bytes")]
    pub der: Vec<u8>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What it is.
    pub message_type: MessageType,
    /// Given by the server, one more for each connection.
    pub session: u32,
    /// 0 no action, 1 done, 7 invalid or already issued, 9 unknown device.
    pub reason: Option<u8>,
    /// The reason in words.
    pub reason_text: Option<String>,
    /// 1 LSC, 2 MIC.
    pub certificate_type: Option<u8>,
    /// A certificate.
    pub certificate: Option<PackedCertificate>,
    /// Bytes of a certificate id.
    #[serde(with = "serde_bytes")]
    pub certificate_id: Option<Vec<u8>>,
    /// What the server offers (3), and what the device answers (Jabber: 2).
    pub protocol_version: Option<u8>,
    /// 0 none, 1 password, 2 no password, 3 LSC, 4 MIC.
    pub authentication: Option<u8>,
    /// SubjectPublicKeyInfo in DER.
    #[serde(with = "serde_bytes")]
    pub public_key: Option<Vec<u8>>,
    /// Bits.
    pub key_size: Option<u16>,
    /// Bytes of the password, its NUL not counted. The password itself is not kept.
    pub password_length: Option<u16>,
    /// Seconds, as far as known.
    pub retry_delay: Option<u64>,
    /// `SEP001122334455`, `CSFALICE`: no `CP-` in front.
    pub device: Option<String>,
    /// 0 RSA, 1 EC.
    pub key_type: Option<u8>,
    /// 0 P-256, 1 P-384, 2 P-521.
    pub curve: Option<u8>,
    /// Digest that the signature uses.
    pub digest: Option<u8>,
    /// The device signed with its MIC or LSC: bytes of that signature.
    pub signature_length: Option<u16>,
    /// The device showed its SUDI certificate: bytes of the element.
    pub sudi_length: Option<u16>,
}

impl Message {
    fn new(message_type: MessageType, session: u32) -> Self {
        Self {
            message_type,
            session,
            reason: None,
            reason_text: None,
            certificate_type: None,
            certificate: None,
            certificate_id: None,
            protocol_version: None,
            authentication: None,
            public_key: None,
            key_size: None,
            password_length: None,
            retry_delay: None,
            device: None,
            key_type: None,
            curve: None,
            digest: None,
            signature_length: None,
            sudi_length: None,
        }
    }

    /// The reason, in the words of formats.md section 9.
    pub fn reason_meaning(&self) -> Option<&'static str> {
        match self.reason? {
            0 => Some("no action"),
            1 => Some("done"),
            7 => Some("invalid or already issued"),
            9 => Some("unknown device"),
            _ => None,
        }
    }
}

/// What could be read of a message, and what is wrong with it.
pub type Inspected = service::Inspected<Message>;

/// Cuts messages out of one side of a decrypted stream.
pub type Stream = service::Stream<Message>;

/// Reads exactly one message, which stands at `offset` of its input.
///
/// # Errors
/// The first thing that does not hold, with its offset: another discriminator, an unknown type, a length that is not
/// the rest of `bytes`, an element that is cut, unknown, doubled or of a wrong length.
pub fn parse(bytes: &[u8], offset: u64) -> Result<Message, ParseError> {
    service::parse(bytes, offset)
}

/// Reads what is there of one message.
pub fn inspect(bytes: &[u8], offset: u64) -> Inspected {
    service::inspect(bytes, offset)
}

impl service::Message for Message {
    const HEAD: usize = 8;

    fn begin(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        discriminated(reader, DISCRIMINATOR)?;
        let at = reader.offset();
        let code = reader.u8("message type")?;
        let Some(message_type) = MessageType::from_code(code) else {
            return Err(bad(at, "message type", format!("{code} is unknown; 1 to 23 are known")));
        };
        Ok(Self::new(message_type, reader.u32("session")?))
    }

    fn take(&mut self, element: &Element<'_>) -> Result<(), ParseError> {
        let number = |field: &str| field::number_u8(element, field).map(Some);
        // A length of an element is a u16 on the wire.
        let length = |bytes: &[u8]| Some(u16::try_from(bytes.len()).unwrap_or(u16::MAX));
        let bytes = || Some(element.value.to_vec());
        match element.tag {
            tag::REASON => self.reason = number("reason")?,
            tag::REASON_TEXT => self.reason_text = Some(text(element.value)),
            tag::CERTIFICATE_TYPE => self.certificate_type = number("certificate type")?,
            tag::CERTIFICATE => self.certificate = Some(certificate(element)?),
            tag::CERTIFICATE_ID => self.certificate_id = bytes(),
            tag::SIGNED_DATA => self.signature_length = length(element.value),
            tag::PROTOCOL_VERSION => self.protocol_version = number("protocol version")?,
            tag::AUTHENTICATION => self.authentication = number("authentication type")?,
            tag::PUBLIC_KEY => self.public_key = bytes(),
            tag::KEY_SIZE => self.key_size = Some(field::number_u16(element, "key size")?),
            tag::PASSWORD => {
                self.password_length =
                    length(element.value.strip_suffix(&[0]).unwrap_or(element.value));
            }
            tag::RETRY_DELAY => self.retry_delay = Some(retry_delay(element)?),
            tag::DEVICE => self.device = Some(text(element.value)),
            tag::SUDI => self.sudi_length = length(element.value),
            tag::KEY_TYPE => self.key_type = number("key type")?,
            tag::CURVE => self.curve = number("curve")?,
            tag::DIGEST => self.digest = number("digest type")?,
            tag::SIGNED_DATA_SHA2 => {
                // hash code | length | signature
                let mut inner = Reader::at(element.value, element.value_offset());
                let signature = Element::read(&mut inner)?;
                self.digest = Some(signature.tag);
                self.signature_length = length(signature.value);
                nothing_behind(&inner, "signed data")?;
            }
            _ => return Err(unknown(element)),
        }
        Ok(())
    }
}

/// `01 | length | 00 | kind | DER`: the inner length is that of the DER and the two bytes in front of it.
fn certificate(element: &Element<'_>) -> Result<PackedCertificate, ParseError> {
    const FIELD: &str = "certificate";
    let mut inner = Reader::at(element.value, element.value_offset());
    let packed = Element::read(&mut inner)?;
    if packed.tag != 1 {
        let message = format!("package {} where 1 is known", packed.tag);
        return Err(bad(packed.offset, FIELD, message));
    }
    nothing_behind(&inner, FIELD)?;
    let mut content = Reader::at(packed.value, packed.value_offset());
    let at = content.offset();
    let zero = content.u8(FIELD)?;
    if zero != 0 {
        return Err(bad(at, FIELD, format!("begins with {zero} where 0 is known")));
    }
    let kind = content.u8("certificate type")?;
    if content.is_empty() {
        return Err(ParseError::new(content.offset(), FIELD, ErrorKind::Missing));
    }
    Ok(PackedCertificate { kind, der: content.rest().to_vec() })
}

/// A number of one to eight bytes: its width is not known from a real message.
fn retry_delay(element: &Element<'_>) -> Result<u64, ParseError> {
    if !(1..=8).contains(&element.value.len()) {
        let message = format!("{} bytes are no number", element.value.len());
        return Err(bad(element.offset, "retry delay", message));
    }
    Ok(element.value.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

fn nothing_behind(reader: &Reader<'_>, field: &str) -> Result<(), ParseError> {
    if reader.is_empty() {
        return Ok(());
    }
    let kind = ErrorKind::Trailing { bytes: reader.remaining() as u64 };
    Err(ParseError::new(reader.offset(), field, kind))
}
