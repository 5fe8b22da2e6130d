//! Handshake messages: put together from records, and read as far as they go (RFC 8446 section 4, RFC 5246 section
//! 7.4, RFC 6101, RFC 6347 section 4.3.2, the SSL 2.0 hellos of RFC 5246 appendix E.2).

use serde::{Deserialize, Serialize};

use super::fingerprint;
use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::proto::Place;

/// Message types (RFC 8446 appendix B.3, and the registry of IANA for older ones).
pub(super) mod kind {
    pub(in crate::proto::tls) const HELLO_REQUEST: u8 = 0;
    pub(in crate::proto::tls) const CLIENT_HELLO: u8 = 1;
    pub(in crate::proto::tls) const SERVER_HELLO: u8 = 2;
    pub(in crate::proto::tls) const HELLO_VERIFY_REQUEST: u8 = 3;
    pub(in crate::proto::tls) const NEW_SESSION_TICKET: u8 = 4;
    pub(in crate::proto::tls) const END_OF_EARLY_DATA: u8 = 5;
    pub(in crate::proto::tls) const ENCRYPTED_EXTENSIONS: u8 = 8;
    pub(in crate::proto::tls) const CERTIFICATE: u8 = 11;
    pub(in crate::proto::tls) const SERVER_KEY_EXCHANGE: u8 = 12;
    pub(in crate::proto::tls) const CERTIFICATE_REQUEST: u8 = 13;
    pub(in crate::proto::tls) const SERVER_HELLO_DONE: u8 = 14;
    pub(in crate::proto::tls) const CLIENT_KEY_EXCHANGE: u8 = 16;
    pub(in crate::proto::tls) const FINISHED: u8 = 20;
    pub(in crate::proto::tls) const KEY_UPDATE: u8 = 24;
    /// Drafts that browsers spoke.
    const NEXT_PROTOCOL: u8 = 67;
    const CHANNEL_ID: u8 = 203;

    pub(super) fn is_known(kind: u8) -> bool {
        matches!(
            kind,
            HELLO_REQUEST..=END_OF_EARLY_DATA
                | ENCRYPTED_EXTENSIONS
                | CERTIFICATE..=CLIENT_KEY_EXCHANGE
                | FINISHED
                | 21..=25
                | NEXT_PROTOCOL
                | CHANNEL_ID
        )
    }
}

/// Extension types (registry of IANA) that are read.
pub(super) mod extension {
    pub(in crate::proto::tls) const SERVER_NAME: u16 = 0;
    pub(in crate::proto::tls) const STATUS_REQUEST: u16 = 5;
    pub(in crate::proto::tls) const SUPPORTED_GROUPS: u16 = 10;
    pub(in crate::proto::tls) const EC_POINT_FORMATS: u16 = 11;
    pub(in crate::proto::tls) const SIGNATURE_ALGORITHMS: u16 = 13;
    pub(in crate::proto::tls) const ALPN: u16 = 16;
    pub(in crate::proto::tls) const ENCRYPT_THEN_MAC: u16 = 22;
    pub(in crate::proto::tls) const EXTENDED_MASTER_SECRET: u16 = 23;
    pub(in crate::proto::tls) const SESSION_TICKET: u16 = 35;
    pub(in crate::proto::tls) const PRE_SHARED_KEY: u16 = 41;
    pub(in crate::proto::tls) const EARLY_DATA: u16 = 42;
    pub(in crate::proto::tls) const SUPPORTED_VERSIONS: u16 = 43;
    pub(in crate::proto::tls) const KEY_SHARE: u16 = 51;
}

/// What a client offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientHello {
    /// Version of the record, `0x0301`; 0x0002 for a hello in SSL 2.0's form (domain item D21).
    pub record_version: u16,
    /// Version in the message; TLS 1.3 keeps 0x0303 here (domain items D19 to D21).
    pub version: u16,
    /// Random of 32 bytes; a shorter challenge of SSL 2.0 has zeros in front.
    pub random: [u8; 32],
    /// Session to resume; TLS 1.3 fills it with noise.
    #[serde(with = "serde_bytes")]
    pub session_id: Vec<u8>,
    /// The cookie of DTLS is there.
    pub has_cookie: bool,
    /// In the order of the client's liking, GREASE included, up to [`limits::TLS_HELLO_ENTRIES`], as all lists here.
    pub cipher_suites: Vec<u16>,
    /// Compression methods.
    pub compression_methods: Vec<u8>,
    /// Types of all extensions, in order.
    pub extensions: Vec<u16>,
    /// Name of the server that is asked for; bytes that are no UTF-8 are replaced.
    pub server_name: Option<String>,
    /// Application protocols.
    pub alpn: Vec<String>,
    /// Versions of the extension of TLS 1.3, GREASE included.
    pub supported_versions: Vec<u16>,
    /// Signature schemes.
    pub signature_algorithms: Vec<u16>,
    /// Groups, "elliptic curves" before TLS 1.3.
    pub supported_groups: Vec<u16>,
    /// Point formats.
    pub ec_point_formats: Vec<u8>,
    /// Bytes of the session ticket; 0 asks for one.
    pub session_ticket: Option<u16>,
    /// A session of TLS 1.3 is offered for resumption.
    pub pre_shared_key: bool,
    /// Data of TLS 1.3 comes before the handshake ends.
    pub early_data: bool,
    /// RFC 7627.
    pub extended_master_secret: bool,
    /// RFC 7366.
    pub encrypt_then_mac: bool,
    /// A stapled OCSP answer is asked for.
    pub status_request: bool,
    /// The hello stands in SSL 2.0's form.
    pub ssl2: bool,
    /// Bytes of the message, its head included.
    pub length: u32,
    /// Salesforce's JA3, an MD5 in hex, over what could be read; empty for SSL 2.0's form.
    pub ja3: String,
    /// FoxIO's JA4 over what could be read; empty for SSL 2.0's form.
    pub ja4: String,
    /// Where reading stopped, counted from the start of the message; what stands before was read.
    pub problem: Option<ParseError>,
    /// The packet that completes it.
    pub at: Place,
}

impl ClientHello {
    /// The highest version that is offered, GREASE left out: `0x0303`.
    pub fn highest_version(&self) -> u16 {
        let known = |version: &&u16| !fingerprint::is_grease(**version);
        // DTLS counts downward from 0xfeff.
        let offered = self.supported_versions.iter().filter(known);
        let best = if self.version >> 8 == 0xfe { offered.min() } else { offered.max() };
        best.copied().unwrap_or(self.version)
    }
}

/// What a server chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerHello {
    /// Version of the record.
    pub record_version: u16,
    /// The version that is spoken: that of the extension where it stands, else that of the message.
    pub version: u16,
    /// Version in the message.
    pub legacy_version: u16,
    /// Random of 32 bytes.
    pub random: [u8; 32],
    /// Session.
    #[serde(with = "serde_bytes")]
    pub session_id: Vec<u8>,
    /// The suite that is spoken.
    pub cipher_suite: u16,
    /// Types of all extensions, in order.
    pub extensions: Vec<u16>,
    /// The application protocol, where it is not encrypted.
    pub alpn: Option<String>,
    /// A session of TLS 1.3 is resumed.
    pub pre_shared_key: bool,
    /// A ticket will follow.
    pub session_ticket: bool,
    /// RFC 7627.
    pub extended_master_secret: bool,
    /// RFC 7366.
    pub encrypt_then_mac: bool,
    /// The group of TLS 1.3's key share.
    pub group: Option<u16>,
    /// It asks the client for another hello (RFC 8446 section 4.1.4).
    pub retry_request: bool,
    /// Salesforce's JA3S, an MD5 in hex.
    pub ja3s: String,
    /// Where reading stopped, counted from the start of the message.
    pub problem: Option<ParseError>,
    /// The packet that completes it.
    pub at: Place,
}

/// A server asks the client for a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRequest {
    /// Names of the authorities that the server would accept, in DER, up to [`limits::TLS_CHAIN`].
    pub authorities: Vec<serde_bytes::ByteBuf>,
    /// Signature schemes.
    pub signature_algorithms: Vec<u16>,
    /// The packet that completes it.
    pub at: Place,
}

/// A chain as one side sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chain<'a> {
    /// DER, up to [`limits::TLS_CHAIN`].
    pub(super) certificates: Vec<&'a [u8]>,
    /// Where reading stopped.
    pub(super) problem: Option<ParseError>,
}

const HEAD: usize = 4;

/// One message, whole or as far as it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Message<'a> {
    pub(super) kind: u8,
    /// Length that the head tells, without the head.
    pub(super) length: usize,
    /// Head and body, as far as they are there.
    pub(super) bytes: &'a [u8],
}

impl<'a> Message<'a> {
    /// The body, with offsets that count from the start of the message.
    pub(super) fn body(&self) -> Reader<'a> {
        Reader::at(self.bytes.get(HEAD..).unwrap_or_default(), HEAD as u64)
    }
}

/// Puts handshake messages of one side together from the fragments of records. Holds at most
/// [`limits::TLS_HANDSHAKE_MESSAGE`] and one record.
#[derive(Clone, Debug, Default)]
pub(super) struct Defragmenter {
    buffer: Vec<u8>,
    /// Bytes that still belong to a message that is too long to be held.
    skip: usize,
    /// A record is lost: the next one may begin in the middle of a message.
    lost: bool,
}

impl Defragmenter {
    /// The fragment of the next record; `take` gets every message that is complete.
    pub(super) fn push(&mut self, fragment: &[u8], mut take: impl FnMut(Message<'_>)) {
        if fragment.is_empty() {
            return;
        }
        if self.buffer.is_empty() && self.skip == 0 && !self.may_begin(fragment) {
            self.lost = true;
            return;
        }
        self.lost = false;
        let skipped = self.skip.min(fragment.len());
        self.skip = self.skip.saturating_sub(skipped);
        let fragment = fragment.get(skipped..).unwrap_or_default();
        if self.buffer.is_empty() {
            let used = self.cut(fragment, &mut take);
            self.buffer.extend_from_slice(fragment.get(used..).unwrap_or_default());
        } else {
            self.buffer.extend_from_slice(fragment);
            let mut buffer = core::mem::take(&mut self.buffer);
            let used = self.cut(&buffer, &mut take);
            buffer.drain(..used.min(buffer.len()));
            self.buffer = buffer;
        }
    }

    /// Does a message begin here? What is encrypted, or the rest of a message whose beginning is lost, has no type that
    /// is known but by chance.
    fn may_begin(&self, fragment: &[u8]) -> bool {
        let known = fragment.first().is_some_and(|kind| kind::is_known(*kind));
        let whole = || fragment.get(..HEAD).map(length);
        known
            && (!self.lost || whole().is_some_and(|length| length <= limits::TLS_HANDSHAKE_MESSAGE))
    }

    /// Cuts complete messages off the front; returns how many bytes are done with.
    fn cut(&mut self, bytes: &[u8], take: &mut impl FnMut(Message<'_>)) -> usize {
        let mut used = 0_usize;
        loop {
            let rest = bytes.get(used..).unwrap_or_default();
            let (Some(head), Some(kind)) = (rest.get(..HEAD), rest.first()) else { return used };
            let length = length(head);
            if length > limits::TLS_HANDSHAKE_MESSAGE {
                let there = rest.len().min(HEAD.saturating_add(length));
                take(Message { kind: *kind, length, bytes: rest.get(..there).unwrap_or_default() });
                self.skip = HEAD.saturating_add(length).saturating_sub(there);
                used = used.saturating_add(there);
                continue;
            }
            let end = HEAD.saturating_add(length);
            let Some(bytes) = rest.get(..end) else { return used };
            take(Message { kind: *kind, length, bytes });
            used = used.saturating_add(end);
        }
    }

    /// No more comes of the message that is held: what there is of it.
    pub(super) fn cut_off(&mut self, take: impl FnOnce(Message<'_>)) {
        let buffer = core::mem::take(&mut self.buffer);
        self.skip = 0;
        self.lost = true;
        if let (Some(head), Some(kind)) = (buffer.get(..HEAD), buffer.first()) {
            take(Message { kind: *kind, length: length(head), bytes: &buffer });
        }
    }

    /// Bytes held.
    pub(super) fn held(&self) -> usize {
        self.buffer.len()
    }
}

/// The length in a head of 4 bytes.
fn length(head: &[u8]) -> usize {
    head.iter().skip(1).fold(0, |length, byte| (length << 8) | usize::from(*byte))
}

/// Random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// Reads a ClientHello. Where it is damaged or cut, what stands before is kept and `problem` tells the rest.
pub(super) fn client_hello(
    message: &Message<'_>,
    record_version: u16,
    datagram: bool,
    at: Place,
) -> ClientHello {
    let mut hello = ClientHello {
        record_version,
        length: u32::try_from(message.length.saturating_add(HEAD)).unwrap_or(u32::MAX),
        at,
        ..ClientHello::default()
    };
    let mut all = fingerprint::Offer::default();
    let result = read_client_hello(&mut message.body(), &mut hello, &mut all, datagram);
    hello.problem = result.err();
    hello.ja3 = all.ja3(hello.version);
    hello.ja4 = all.ja4(&hello, datagram);
    hello
}

fn read_client_hello(
    reader: &mut Reader<'_>,
    hello: &mut ClientHello,
    all: &mut fingerprint::Offer,
    datagram: bool,
) -> Result<(), ParseError> {
    hello.version = reader.u16("client_version")?;
    hello.random = random(reader)?;
    hello.session_id = vector8(reader, "session_id")?.to_vec();
    if datagram {
        hello.has_cookie = !vector8(reader, "cookie")?.is_empty();
    }
    all.cipher_suites = numbers(vector16(reader, "cipher_suites")?);
    hello.cipher_suites = capped(&all.cipher_suites);
    hello.compression_methods = vector8(reader, "compression_methods")?.to_vec();
    extensions(reader, |kind, value| {
        all.extensions.push(kind);
        if hello.extensions.len() < limits::TLS_HELLO_ENTRIES {
            hello.extensions.push(kind);
        }
        client_extension(hello, all, kind, value)
    })
}

fn client_extension(
    hello: &mut ClientHello,
    all: &mut fingerprint::Offer,
    kind: u16,
    mut value: Reader<'_>,
) -> Result<(), ParseError> {
    match kind {
        extension::SERVER_NAME => {
            let mut list = sub16(&mut value, "server_name_list")?;
            while !list.is_empty() && hello.server_name.is_none() {
                let name_type = list.u8("name_type")?;
                let name = vector16(&mut list, "server_name")?;
                if name_type == 0 {
                    hello.server_name = Some(name_text(name));
                }
            }
        }
        extension::STATUS_REQUEST => hello.status_request = true,
        extension::SUPPORTED_GROUPS => {
            all.groups = numbers(vector16(&mut value, "supported_groups")?);
            hello.supported_groups = capped(&all.groups);
        }
        extension::EC_POINT_FORMATS => {
            all.point_formats = vector8(&mut value, "ec_point_formats")?.to_vec();
            hello.ec_point_formats = all.point_formats.clone();
        }
        extension::SIGNATURE_ALGORITHMS => {
            all.signature_algorithms = numbers(vector16(&mut value, "signature_algorithms")?);
            hello.signature_algorithms = capped(&all.signature_algorithms);
        }
        extension::ALPN => {
            let mut list = sub16(&mut value, "protocol_name_list")?;
            while !list.is_empty() {
                let name = vector8(&mut list, "protocol_name")?;
                all.first_protocol.get_or_insert_with(|| name.to_vec());
                if hello.alpn.len() < limits::TLS_HELLO_ENTRIES {
                    hello.alpn.push(name_text(name));
                }
            }
        }
        extension::ENCRYPT_THEN_MAC => hello.encrypt_then_mac = true,
        extension::EXTENDED_MASTER_SECRET => hello.extended_master_secret = true,
        extension::SESSION_TICKET => {
            hello.session_ticket = Some(u16::try_from(value.remaining()).unwrap_or(u16::MAX));
        }
        extension::PRE_SHARED_KEY => hello.pre_shared_key = true,
        extension::EARLY_DATA => hello.early_data = true,
        extension::SUPPORTED_VERSIONS => {
            let versions = numbers(vector8(&mut value, "supported_versions")?);
            hello.supported_versions = capped(&versions);
        }
        _ => {}
    }
    Ok(())
}

/// The ticket in a ClientHello, which resumes a session before TLS 1.3 (RFC 5077).
pub(super) fn offered_ticket<'a>(message: &Message<'a>, datagram: bool) -> Option<&'a [u8]> {
    let mut reader = message.body();
    reader.take(2 + 32, "version and random").ok()?;
    vector8(&mut reader, "session_id").ok()?;
    if datagram {
        vector8(&mut reader, "cookie").ok()?;
    }
    vector16(&mut reader, "cipher_suites").ok()?;
    vector8(&mut reader, "compression_methods").ok()?;
    let mut ticket = None;
    let _ = extensions(&mut reader, |kind, value| {
        if kind == extension::SESSION_TICKET {
            ticket = Some(value.rest());
        }
        Ok(())
    });
    ticket.filter(|ticket| !ticket.is_empty())
}

/// The ticket that a server hands out before TLS 1.3.
pub(super) fn new_session_ticket<'a>(message: &Message<'a>) -> Option<&'a [u8]> {
    let mut reader = message.body();
    reader.take(4, "ticket_lifetime").ok()?;
    vector16(&mut reader, "ticket").ok()
}

/// Reads a CLIENT-HELLO in the form of SSL 2.0: the bytes behind its 2-byte head.
pub(super) fn ssl2_client_hello(message: &[u8], at: Place) -> ClientHello {
    let mut hello = ClientHello {
        record_version: 2,
        ssl2: true,
        length: u32::try_from(message.len()).unwrap_or(u32::MAX),
        at,
        ..ClientHello::default()
    };
    let mut reader = Reader::new(message);
    let mut read = || -> Result<(), ParseError> {
        reader.u8("msg_type")?;
        hello.version = reader.u16("version")?;
        let suites = usize::from(reader.u16("cipher_spec_length")?);
        let session_id = usize::from(reader.u16("session_id_length")?);
        let challenge = usize::from(reader.u16("challenge_length")?);
        // Three bytes each: those of SSL 3.0 and TLS have 0 in front, those of SSL 2.0 do not.
        hello.cipher_suites = reader
            .take(suites, "cipher_specs")?
            .chunks_exact(3)
            .filter_map(|suite| match suite {
                [0, high, low] => Some(u16::from_be_bytes([*high, *low])),
                _ => None,
            })
            .take(limits::TLS_HELLO_ENTRIES)
            .collect();
        hello.session_id = reader.take(session_id, "session_id")?.to_vec();
        let challenge = reader.take(challenge, "challenge")?;
        for (to, from) in hello.random.iter_mut().rev().zip(challenge.iter().rev()) {
            *to = *from;
        }
        Ok(())
    };
    hello.problem = read().err();
    hello
}

/// The certificate of a SERVER-HELLO of SSL 2.0: the bytes behind its 2-byte head.
pub(super) fn ssl2_server_hello(message: &[u8], at: Place) -> (ServerHello, Option<&[u8]>) {
    let mut hello = ServerHello { record_version: 2, at, ..ServerHello::default() };
    let mut certificate = None;
    let mut reader = Reader::new(message);
    let mut read = || -> Result<(), ParseError> {
        reader.take(3, "msg_type")?;
        hello.version = reader.u16("version")?;
        hello.legacy_version = hello.version;
        let length = usize::from(reader.u16("certificate_length")?);
        reader.take(4, "lengths")?;
        certificate = Some(reader.take(length, "certificate")?).filter(|der| !der.is_empty());
        Ok(())
    };
    hello.problem = read().err();
    (hello, certificate)
}

/// Reads a ServerHello, as far as it goes.
pub(super) fn server_hello(message: &Message<'_>, record_version: u16, at: Place) -> ServerHello {
    let mut hello = ServerHello { record_version, at, ..ServerHello::default() };
    let mut all = Vec::new();
    hello.problem = read_server_hello(&mut message.body(), &mut hello, &mut all).err();
    hello.retry_request = hello.random == RETRY;
    hello.ja3s = fingerprint::ja3s(hello.legacy_version, hello.cipher_suite, &all);
    hello
}

fn read_server_hello(
    reader: &mut Reader<'_>,
    hello: &mut ServerHello,
    all: &mut Vec<u16>,
) -> Result<(), ParseError> {
    hello.legacy_version = reader.u16("server_version")?;
    hello.version = hello.legacy_version;
    hello.random = random(reader)?;
    hello.session_id = vector8(reader, "session_id")?.to_vec();
    hello.cipher_suite = reader.u16("cipher_suite")?;
    reader.u8("compression_method")?;
    extensions(reader, |kind, mut value| {
        all.push(kind);
        if hello.extensions.len() < limits::TLS_HELLO_ENTRIES {
            hello.extensions.push(kind);
        }
        match kind {
            extension::SUPPORTED_VERSIONS => hello.version = value.u16("selected_version")?,
            extension::PRE_SHARED_KEY => hello.pre_shared_key = true,
            extension::SESSION_TICKET => hello.session_ticket = true,
            extension::EXTENDED_MASTER_SECRET => hello.extended_master_secret = true,
            extension::ENCRYPT_THEN_MAC => hello.encrypt_then_mac = true,
            extension::KEY_SHARE => hello.group = Some(value.u16("group")?),
            extension::ALPN => hello.alpn = selected_protocol(value)?,
            _ => {}
        }
        Ok(())
    })
}

/// The application protocol of EncryptedExtensions (RFC 8446 section 4.3.1).
pub(super) fn encrypted_extensions(message: &Message<'_>) -> Option<String> {
    let mut alpn = None;
    let _ = extensions(&mut message.body(), |kind, value| {
        if kind == extension::ALPN {
            alpn = selected_protocol(value)?;
        }
        Ok(())
    });
    alpn
}

fn selected_protocol(mut value: Reader<'_>) -> Result<Option<String>, ParseError> {
    let mut list = sub16(&mut value, "protocol_name_list")?;
    Ok(Some(name_text(vector8(&mut list, "protocol_name")?)))
}

/// Reads a Certificate message. `version` is the one that is spoken, where known: TLS 1.3 has a context in front and
/// extensions behind each certificate.
pub(super) fn certificate<'a>(message: &Message<'a>, version: Option<u16>) -> Chain<'a> {
    let mut chain = Chain::default();
    let body = message.body();
    let new = match version {
        Some(version) => is_tls13(version),
        // A list of older versions fills the message.
        None => {
            let mut ahead = body.clone();
            ahead.take(3, "length").is_ok_and(|length| {
                length.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)).saturating_add(3)
                    != message.length
            })
        }
    };
    chain.problem = read_certificate(body, &mut chain.certificates, new).err();
    chain
}

fn read_certificate<'a>(
    mut reader: Reader<'a>,
    certificates: &mut Vec<&'a [u8]>,
    new: bool,
) -> Result<(), ParseError> {
    if new {
        vector8(&mut reader, "certificate_request_context")?;
    }
    let length = length24(&mut reader, "certificate_list")?;
    let at = reader.offset();
    // A list that is cut is read as far as it goes.
    let there = length.min(reader.remaining());
    let mut list = reader.sub(there, "certificate_list")?;
    while !list.is_empty() {
        let at = list.offset();
        let length = length24(&mut list, "certificate")?;
        let der = list.take(length, "certificate")?;
        if certificates.len() >= limits::TLS_CHAIN {
            let kind = ErrorKind::TooLarge { limit: limits::TLS_CHAIN as u64 };
            return Err(ParseError::new(at, "certificate_list", kind));
        }
        certificates.push(der);
        if new {
            vector16(&mut list, "extensions")?;
        }
    }
    if there < length {
        let kind = ErrorKind::Truncated { needed: length as u64, available: there as u64 };
        return Err(ParseError::new(at, "certificate_list", kind));
    }
    nothing_behind(&reader, "certificate_list")
}

/// Reads a CertificateRequest; what cannot be read is left out.
pub(super) fn certificate_request(
    message: &Message<'_>,
    version: u16,
    at: Place,
) -> CertificateRequest {
    let mut request = CertificateRequest { at, ..CertificateRequest::default() };
    let mut reader = message.body();
    let _ = read_certificate_request(&mut reader, &mut request, version);
    request
}

fn read_certificate_request(
    reader: &mut Reader<'_>,
    request: &mut CertificateRequest,
    version: u16,
) -> Result<(), ParseError> {
    /// certificate_authorities (RFC 8446 section 4.2.4).
    const AUTHORITIES: u16 = 47;
    let authorities = |list: &mut Reader<'_>, kept: &mut Vec<serde_bytes::ByteBuf>| {
        while !list.is_empty() && kept.len() < limits::TLS_CHAIN {
            kept.push(serde_bytes::ByteBuf::from(vector16(list, "distinguished_name")?));
        }
        Ok(())
    };
    if is_tls13(version) {
        vector8(reader, "certificate_request_context")?;
        return extensions(reader, |kind, mut value| match kind {
            extension::SIGNATURE_ALGORITHMS => {
                let schemes = numbers(vector16(&mut value, "signature_algorithms")?);
                request.signature_algorithms = capped(&schemes);
                Ok(())
            }
            AUTHORITIES => {
                let mut list = sub16(&mut value, "authorities")?;
                authorities(&mut list, &mut request.authorities)
            }
            _ => Ok(()),
        });
    }
    vector8(reader, "certificate_types")?;
    if matches!(version, 0x0303 | 0xfefd) {
        let schemes = numbers(vector16(reader, "signature_algorithms")?);
        request.signature_algorithms = capped(&schemes);
    }
    let mut list = sub16(reader, "certificate_authorities")?;
    authorities(&mut list, &mut request.authorities)
}

/// TLS 1.3 or DTLS 1.3, drafts included.
pub(super) fn is_tls13(version: u16) -> bool {
    version == 0x0304 || version == 0xfefc || version >> 8 == 0x7f
}

/// The extensions block at the end of a hello; it may be missing altogether.
fn extensions<'a>(
    reader: &mut Reader<'a>,
    mut take: impl FnMut(u16, Reader<'a>) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    if reader.is_empty() {
        return Ok(());
    }
    let length = usize::from(reader.u16("extensions")?);
    let at = reader.offset();
    // A block that is cut is read as far as it goes.
    let there = length.min(reader.remaining());
    let mut block = reader.sub(there, "extensions")?;
    let mut first_problem = None;
    while !block.is_empty() {
        let kind = block.u16("extension_type")?;
        let length = usize::from(block.u16("extension")?);
        let value = block.sub(length, "extension")?;
        // A damaged extension does not hide the ones behind it.
        if let Err(problem) = take(kind, value) {
            first_problem.get_or_insert(problem);
        }
    }
    if there < length {
        let kind = ErrorKind::Truncated { needed: length as u64, available: there as u64 };
        return Err(ParseError::new(at, "extensions", kind));
    }
    match first_problem {
        Some(problem) => Err(problem),
        None => nothing_behind(reader, "extensions"),
    }
}

fn nothing_behind(reader: &Reader<'_>, field: &str) -> Result<(), ParseError> {
    if reader.is_empty() {
        return Ok(());
    }
    let kind = ErrorKind::Trailing { bytes: reader.remaining() as u64 };
    Err(ParseError::new(reader.offset(), field, kind))
}

fn random(reader: &mut Reader<'_>) -> Result<[u8; 32], ParseError> {
    let bytes = reader.take(32, "random")?;
    Ok(bytes.try_into().unwrap_or_default())
}

fn vector8<'a>(reader: &mut Reader<'a>, field: &str) -> Result<&'a [u8], ParseError> {
    let length = reader.u8(field)?;
    reader.take(usize::from(length), field)
}

fn vector16<'a>(reader: &mut Reader<'a>, field: &str) -> Result<&'a [u8], ParseError> {
    let length = reader.u16(field)?;
    reader.take(usize::from(length), field)
}

fn sub16<'a>(reader: &mut Reader<'a>, field: &str) -> Result<Reader<'a>, ParseError> {
    let length = reader.u16(field)?;
    reader.sub(usize::from(length), field)
}

fn length24(reader: &mut Reader<'_>, field: &str) -> Result<usize, ParseError> {
    let bytes = reader.take(3, field)?;
    Ok(bytes.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)))
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    bytes
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |number, byte| (number << 8) | u16::from(*byte)))
        .collect()
}

fn capped(numbers: &[u16]) -> Vec<u16> {
    numbers.iter().copied().take(limits::TLS_HELLO_ENTRIES).collect()
}

fn name_text(name: &[u8]) -> String {
    String::from_utf8_lossy(name.get(..limits::TLS_NAME).unwrap_or(name)).into_owned()
}
