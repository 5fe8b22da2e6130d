//! Handshake messages (RFC 5246 section 7.4): put together from records, and what of them is needed.

use super::Fault;

/// Message types.
pub(super) mod kind {
    pub(in crate::policy::tls) const CLIENT_HELLO: u8 = 1;
    pub(in crate::policy::tls) const SERVER_HELLO: u8 = 2;
    pub(in crate::policy::tls) const NEW_SESSION_TICKET: u8 = 4;
    pub(in crate::policy::tls) const CERTIFICATE: u8 = 11;
    pub(in crate::policy::tls) const SERVER_KEY_EXCHANGE: u8 = 12;
    pub(in crate::policy::tls) const CERTIFICATE_REQUEST: u8 = 13;
    pub(in crate::policy::tls) const SERVER_HELLO_DONE: u8 = 14;
    pub(in crate::policy::tls) const CERTIFICATE_STATUS: u8 = 22;
}

/// Extension types (registry of IANA).
mod extension {
    pub(super) const SERVER_NAME: u16 = 0;
    pub(super) const SESSION_TICKET: u16 = 35;
    pub(super) const EARLY_DATA: u16 = 42;
    pub(super) const SUPPORTED_VERSIONS: u16 = 43;
}

/// What a client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClientHello {
    /// Bytes of the server name; `None` where none is sent.
    pub server_name: Option<Vec<u8>>,
    /// The session to resume by its identifier; empty for none. TLS 1.3 fills it with noise.
    pub session_id: Vec<u8>,
    /// The session to resume by its ticket; empty for none.
    pub ticket: Vec<u8>,
    /// Data of TLS 1.3 follows at once.
    pub early_data: bool,
}

/// What an origin chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ServerHello {
    /// The version of the record layer to answer with, 0x0300 to 0x0303.
    pub version: u16,
    /// TLS 1.3 or a draft of it is spoken: everything behind is encrypted.
    pub is_tls13: bool,
    /// The session, empty where it cannot be resumed by identifier.
    pub session_id: Vec<u8>,
    /// The suite.
    pub cipher_suite: u16,
}

/// Bytes of a message's head: type and length of 3 bytes.
const HEAD: usize = 4;

/// Puts the messages of one side together; holds one message of at most `most` bytes.
#[derive(Clone, Debug)]
pub(super) struct Messages {
    held: Vec<u8>,
    most: usize,
}

/// A whole message, without its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) kind: u8,
    pub(super) body: Vec<u8>,
}

impl Messages {
    pub(super) fn new(most: usize) -> Self {
        Self { held: Vec::new(), most }
    }

    /// No message has begun.
    pub(super) fn is_between(&self) -> bool {
        self.held.is_empty()
    }

    /// Takes bytes of handshake records up to the end of a message. Gives the message once it is whole, and how many
    /// bytes it took.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Result<(Option<Message>, usize), Fault> {
        let mut used = 0;
        // The head first: it tells how much is wanted.
        while self.held.len() < HEAD {
            let Some(byte) = bytes.get(used) else { return Ok((None, used)) };
            self.held.push(*byte);
            used += 1;
        }
        let length = match self.held.get(1..HEAD) {
            Some([high, middle, low]) => {
                usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low)
            }
            _ => return Err(Fault::Malformed),
        };
        if length > self.most {
            return Err(Fault::TooLarge);
        }
        let wanted = (HEAD + length).saturating_sub(self.held.len());
        let rest = bytes.get(used..).unwrap_or_default();
        let piece = rest.get(..wanted.min(rest.len())).unwrap_or_default();
        self.held.extend_from_slice(piece);
        used += piece.len();
        if self.held.len() < HEAD + length {
            return Ok((None, used));
        }
        let kind = self.held.first().copied().ok_or(Fault::Malformed)?;
        let body = self.held.get(HEAD..).unwrap_or_default().to_vec();
        self.held.clear();
        Ok((Some(Message { kind, body }), used))
    }
}

/// Reads numbers and vectors from the front of bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Fault::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A big-endian number of up to 3 bytes.
    fn number(&mut self, bytes: usize) -> Result<usize, Fault> {
        Ok(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn u16(&mut self) -> Result<u16, Fault> {
        u16::try_from(self.number(2)?).map_err(|_| Fault::Malformed)
    }

    /// A vector behind its length of `bytes` bytes.
    fn vector(&mut self, bytes: usize) -> Result<&'a [u8], Fault> {
        let length = self.number(bytes)?;
        self.take(length)
    }

    fn end(&self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::Malformed) }
    }
}

/// The extensions at the end of a hello, each once (RFC 5246 section 7.4.1.4).
fn extensions(
    reader: &mut Reader<'_>,
    mut take: impl FnMut(u16, &[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if reader.0.is_empty() {
        return Ok(());
    }
    let mut block = Reader(reader.vector(2)?);
    reader.end()?;
    let mut seen = std::collections::BTreeSet::new();
    while !block.0.is_empty() {
        let kind = block.u16()?;
        let value = block.vector(2)?;
        if !seen.insert(kind) {
            return Err(Fault::Malformed);
        }
        take(kind, value)?;
    }
    Ok(())
}

/// Reads the body of a ClientHello (RFC 5246 section 7.4.1.2).
pub(super) fn client_hello(body: &[u8]) -> Result<ClientHello, Fault> {
    let mut reader = Reader(body);
    let mut hello = ClientHello::default();
    if reader.u16()? >> 8 != 3 {
        return Err(Fault::Malformed);
    }
    reader.take(32)?;
    hello.session_id = reader.vector(1)?.to_vec();
    reader.vector(2)?;
    reader.vector(1)?;
    extensions(&mut reader, |kind, value| {
        match kind {
            extension::SERVER_NAME => hello.server_name = Some(server_name(value)?),
            extension::SESSION_TICKET => hello.ticket = value.to_vec(),
            extension::EARLY_DATA => hello.early_data = true,
            _ => {}
        }
        Ok(())
    })?;
    if hello.session_id.len() > 32 {
        return Err(Fault::Malformed);
    }
    Ok(hello)
}

/// The one host name of a server_name extension (RFC 6066 section 3).
fn server_name(value: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut reader = Reader(value);
    let mut list = Reader(reader.vector(2)?);
    reader.end()?;
    if list.number(1)? != 0 {
        return Err(Fault::Malformed);
    }
    let name = list.vector(2)?.to_vec();
    // A second name would be another origin to another reader.
    list.end()?;
    Ok(name)
}

/// Reads the body of a ServerHello (RFC 5246 section 7.4.1.3, RFC 8446 section 4.1.3).
pub(super) fn server_hello(body: &[u8]) -> Result<ServerHello, Fault> {
    let mut reader = Reader(body);
    let mut hello = ServerHello { version: reader.u16()?, ..ServerHello::default() };
    if !(0x0300..=0x0303).contains(&hello.version) {
        return Err(Fault::Malformed);
    }
    reader.take(32)?;
    hello.session_id = reader.vector(1)?.to_vec();
    hello.cipher_suite = reader.u16()?;
    reader.take(1)?;
    // Whatever version the extension names, it is none that this reader can read.
    extensions(&mut reader, |kind, _| {
        hello.is_tls13 |= kind == extension::SUPPORTED_VERSIONS;
        Ok(())
    })?;
    if hello.session_id.len() > 32 {
        return Err(Fault::Malformed);
    }
    Ok(hello)
}

/// Reads the body of a Certificate message (RFC 5246 section 7.4.2): DER, the origin's own first.
pub(super) fn certificates(body: &[u8], most: usize) -> Result<Vec<Vec<u8>>, Fault> {
    let mut reader = Reader(body);
    let mut list = Reader(reader.vector(3)?);
    reader.end()?;
    let mut chain = Vec::new();
    while !list.0.is_empty() {
        let der = list.vector(3)?;
        if der.is_empty() {
            return Err(Fault::Malformed);
        }
        if chain.len() == most {
            return Err(Fault::TooLarge);
        }
        chain.push(der.to_vec());
    }
    if chain.is_empty() { Err(Fault::NoCertificate) } else { Ok(chain) }
}

/// The ticket of a NewSessionTicket (RFC 5077 section 3.3); empty where the origin changed its mind.
pub(super) fn session_ticket(body: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut reader = Reader(body);
    reader.take(4)?;
    let ticket = reader.vector(2)?.to_vec();
    reader.end()?;
    Ok(ticket)
}

/// Suites without a certificate of the origin: anonymous, pre-shared key, Kerberos, SRP with a password alone (registry of
/// IANA). A certificate beside one of them proves nothing: no key of it is used.
pub(super) fn has_no_certificate(suite: u16) -> bool {
    matches!(
        suite,
        0x0000
            | 0x0017..=0x001b
            | 0x001e..=0x002b
            | 0x002c..=0x002d
            | 0x0034
            | 0x003a
            | 0x0046
            | 0x006c..=0x006d
            | 0x0089
            | 0x008a..=0x0091
            | 0x009b
            | 0x00a6..=0x00ab
            | 0x00ae..=0x00b5
            | 0x00bf
            | 0x00c5
            | 0xc015..=0xc01a
            | 0xc01d
            | 0xc020
            | 0xc033..=0xc03b
            | 0xc046..=0xc047
            | 0xc05a..=0xc05b
            | 0xc064..=0xc067
            | 0xc06a..=0xc06d
            | 0xc070..=0xc071
            | 0xc084..=0xc085
            | 0xc08e..=0xc091
            | 0xc094..=0xc097
            | 0xc09a..=0xc09b
            | 0xc0a4..=0xc0ab
            | 0xc0ff
            | 0xccab..=0xccad
            | 0xd001..=0xd005
    )
}
