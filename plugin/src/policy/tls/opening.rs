//! The client's side up to its ClientHello.

use super::Fault;
use super::message::{ClientHello, Messages, client_hello, kind};
use super::record::{Content, Piece, Records};

/// How far the client came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// More bytes are needed.
    More,
    /// The ClientHello is whole.
    Hello {
        /// What it says.
        hello: Box<ClientHello>,
        /// Bytes of what was pushed last that stand behind it.
        behind: usize,
    },
}

/// Reads the client's stream from its first byte to the end of its ClientHello.
#[derive(Clone, Debug)]
pub(crate) struct ClientOpening {
    records: Records,
    messages: Messages,
    first: bool,
}

impl ClientOpening {
    /// One that takes a hello of at most `most` bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self { records: Records::default(), messages: Messages::new(most), first: true }
    }

    /// The next bytes.
    ///
    /// # Errors
    /// [`Fault::NotTls`] when the first byte is none of a handshake record; what else does not hold. The stream cannot be
    /// read on after one.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) -> Result<Opening, Fault> {
        if let (true, Some(byte)) = (self.first, bytes.first()) {
            self.first = false;
            if *byte != 22 {
                return Err(Fault::NotTls);
            }
        }
        while let Some(Piece { content, bytes: piece, used }) = self.records.next(bytes)? {
            if content != Content::Handshake {
                return Err(Fault::Malformed);
            }
            let (message, taken) = self.messages.next(piece)?;
            match message {
                Some(message) if message.kind == kind::CLIENT_HELLO => {
                    // Nothing of the client stands in the same record behind its hello.
                    if taken < piece.len() || !self.records.is_between() {
                        return Err(Fault::Malformed);
                    }
                    let hello = Box::new(client_hello(&message.body)?);
                    return Ok(Opening::Hello { hello, behind: bytes.len().saturating_sub(used) });
                }
                Some(_) => return Err(Fault::Malformed),
                None => {}
            }
            bytes = bytes.get(used..).unwrap_or_default();
        }
        Ok(Opening::More)
    }
}
