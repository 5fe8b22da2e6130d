//! The origin's side up to where a verdict is due: its whole first flight, or the ChangeCipherSpec of a resumed session.

use super::Fault;
use super::message::{
    Message, Messages, ServerHello, certificates, has_no_certificate, kind, server_hello,
    session_ticket,
};
use super::record::{Content, Piece, Records};
use crate::limits;

/// How far the origin came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flight {
    /// More bytes are needed.
    More,
    /// The origin shows its certificates, and its flight is over: it waits for the client.
    Certificates(Vec<Vec<u8>>),
    /// The origin resumes a session, and may have renewed its ticket.
    Resumed {
        /// The new ticket, empty for none.
        ticket: Vec<u8>,
        /// Bytes of what was pushed last that stand behind the ChangeCipherSpec.
        behind: usize,
    },
    /// TLS 1.3: nothing behind its hello can be read.
    Opaque,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Hello,
    /// Behind a hello that may begin or resume a session.
    Fork,
    /// Behind a message of this rank of a full handshake.
    Full(u8),
    /// Behind the ticket of a resumed session.
    Ticket,
    Over,
}

/// Reads the origin's stream from its first byte.
#[derive(Clone, Debug)]
pub(crate) struct OriginFlight {
    records: Records,
    messages: Messages,
    stage: Stage,
    hello: Option<ServerHello>,
    chain: Vec<Vec<u8>>,
    ticket: Vec<u8>,
    /// The level of an alert whose description has not come yet.
    alert: Option<u8>,
    warnings: usize,
    first: bool,
}

impl OriginFlight {
    /// One that takes messages of at most `most` bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            records: Records::default(),
            messages: Messages::new(most),
            stage: Stage::Hello,
            hello: None,
            chain: Vec::new(),
            ticket: Vec::new(),
            alert: None,
            warnings: 0,
            first: true,
        }
    }

    /// The ServerHello, once it was read.
    pub(crate) fn hello(&self) -> Option<&ServerHello> {
        self.hello.as_ref()
    }

    /// The next bytes.
    ///
    /// # Errors
    /// What does not hold; the stream cannot be read on after one.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) -> Result<Flight, Fault> {
        if let (true, Some(byte)) = (self.first, bytes.first()) {
            self.first = false;
            if !matches!(byte, 21 | 22) {
                return Err(Fault::NotTls);
            }
        }
        while let Some(Piece { content, bytes: piece, used }) = self.records.next(bytes)? {
            bytes = bytes.get(used..).unwrap_or_default();
            let flight = match content {
                Content::Handshake => self.handshake(piece)?,
                Content::Alert => self.alerts(piece)?,
                Content::ChangeCipherSpec => self.change_cipher_spec(piece, bytes.len())?,
                Content::ApplicationData => return Err(Fault::Malformed),
            };
            match flight {
                Flight::More => {}
                // The origin has to wait now: nothing may stand behind.
                Flight::Certificates(_) if !bytes.is_empty() || !self.records.is_between() => {
                    return Err(Fault::Malformed);
                }
                flight => {
                    self.stage = Stage::Over;
                    return Ok(flight);
                }
            }
        }
        Ok(Flight::More)
    }

    fn handshake(&mut self, mut piece: &[u8]) -> Result<Flight, Fault> {
        while !piece.is_empty() {
            let (message, taken) = self.messages.next(piece)?;
            piece = piece.get(taken..).unwrap_or_default();
            let Some(message) = message else { break };
            match self.message(&message)? {
                Flight::More => {}
                Flight::Certificates(_) if !piece.is_empty() => return Err(Fault::Malformed),
                flight => return Ok(flight),
            }
        }
        Ok(Flight::More)
    }

    fn message(&mut self, message: &Message) -> Result<Flight, Fault> {
        match (self.stage, message.kind) {
            (Stage::Hello, kind::SERVER_HELLO) => {
                let hello = server_hello(&message.body)?;
                let (opaque, suite) = (hello.is_tls13, hello.cipher_suite);
                self.hello = Some(hello);
                if opaque {
                    return Ok(Flight::Opaque);
                }
                if has_no_certificate(suite) {
                    return Err(Fault::NoCertificate);
                }
                self.stage = Stage::Fork;
            }
            (Stage::Fork, kind::NEW_SESSION_TICKET) => {
                self.ticket = session_ticket(&message.body)?;
                self.stage = Stage::Ticket;
            }
            (Stage::Fork, kind::CERTIFICATE) => {
                self.chain = certificates(&message.body, limits::CHAIN)?;
                self.stage = Stage::Full(0);
            }
            (Stage::Fork, kind::SERVER_KEY_EXCHANGE | kind::SERVER_HELLO_DONE) => {
                return Err(Fault::NoCertificate);
            }
            (Stage::Full(before), other) => {
                let rank = match other {
                    kind::CERTIFICATE_STATUS => 1,
                    kind::SERVER_KEY_EXCHANGE => 2,
                    kind::CERTIFICATE_REQUEST => 3,
                    kind::SERVER_HELLO_DONE if message.body.is_empty() => 4,
                    _ => return Err(Fault::Malformed),
                };
                if rank <= before {
                    return Err(Fault::Malformed);
                }
                if rank == 4 {
                    return Ok(Flight::Certificates(core::mem::take(&mut self.chain)));
                }
                self.stage = Stage::Full(rank);
            }
            _ => return Err(Fault::Malformed),
        }
        Ok(Flight::More)
    }

    /// Warnings may stand between and inside messages (Java sends unrecognized_name); anything else ends the handshake.
    fn alerts(&mut self, piece: &[u8]) -> Result<Flight, Fault> {
        const WARNING: u8 = 1;
        const CLOSE_NOTIFY: u8 = 0;
        for byte in piece {
            match self.alert.take() {
                None => self.alert = Some(*byte),
                Some(level) => {
                    self.warnings += 1;
                    let harmless = level == WARNING && *byte != CLOSE_NOTIFY;
                    if !harmless || self.warnings > limits::WARNINGS {
                        return Err(Fault::Alert(*byte));
                    }
                }
            }
        }
        Ok(Flight::More)
    }

    fn change_cipher_spec(&mut self, piece: &[u8], behind: usize) -> Result<Flight, Fault> {
        let here = matches!(self.stage, Stage::Fork | Stage::Ticket);
        if !here || !self.messages.is_between() || piece != [1] || !self.records.is_between() {
            return Err(Fault::Malformed);
        }
        Ok(Flight::Resumed { ticket: core::mem::take(&mut self.ticket), behind })
    }
}
