//! A side behind the verdict: whether it begins a second handshake.
//!
//! Before ChangeCipherSpec messages are in clear; the origin may send its NewSessionTicket there, the client its key
//! exchange. Behind it everything is encrypted, and the heads of records still tell: the one handshake record there is
//! Finished, and any other begins a renegotiation, whose certificate nobody on the way could see.

use super::Fault;
use super::message::{Messages, kind, session_ticket};
use super::record::{Content, HEAD, Head};

/// What is read of a stretch of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Where it begins in what was offered.
    pub start: usize,
    /// Its length.
    pub length: usize,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speaker {
    Client,
    Origin,
}

/// Follows one side behind the verdict.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    speaker: Speaker,
    head: [u8; HEAD],
    filled: usize,
    /// The record whose content comes.
    content: Option<Content>,
    left: usize,
    encrypted: bool,
    finished: bool,
    messages: Messages,
    ticket: Vec<u8>,
    /// The origin has handed out its ticket; there is no second one.
    ticketed: bool,
}

impl Course {
    /// The client, behind its ClientHello. Messages are of at most `most` bytes.
    pub(crate) fn client(most: usize) -> Self {
        Self::new(Speaker::Client, most)
    }

    /// The origin, behind its first flight.
    pub(crate) fn origin(most: usize) -> Self {
        Self::new(Speaker::Origin, most)
    }

    /// The origin of a resumed session, behind its ChangeCipherSpec.
    pub(crate) fn encrypted_origin(most: usize) -> Self {
        Self { encrypted: true, ..Self::new(Speaker::Origin, most) }
    }

    fn new(speaker: Speaker, most: usize) -> Self {
        Self {
            speaker,
            head: [0; HEAD],
            filled: 0,
            content: None,
            left: 0,
            encrypted: false,
            finished: false,
            messages: Messages::new(most),
            ticket: Vec::new(),
            ticketed: false,
        }
    }

    /// The ticket that the origin has handed out, once.
    pub(crate) fn take_ticket(&mut self) -> Option<Vec<u8>> {
        let ticket = core::mem::take(&mut self.ticket);
        (!ticket.is_empty()).then_some(ticket)
    }

    /// Offers `size` bytes; `read` gives the stretch that is asked for, `None` when it cannot. Contents that do not matter
    /// are not asked for.
    ///
    /// # Errors
    /// What does not hold; the connection cannot go on after one.
    pub(crate) fn push(
        &mut self,
        size: usize,
        mut read: impl FnMut(Wanted) -> Option<Vec<u8>>,
    ) -> Result<(), Fault> {
        let mut at = 0;
        while at < size {
            let there = size.saturating_sub(at);
            if self.left > 0 {
                let length = self.left.min(there);
                if self.is_read() {
                    let piece = read(Wanted { start: at, length }).ok_or(Fault::Malformed)?;
                    if piece.len() != length {
                        return Err(Fault::Malformed);
                    }
                    self.piece(&piece)?;
                }
                self.left -= length;
                at += length;
                continue;
            }
            let length = HEAD.saturating_sub(self.filled).min(there);
            let piece = read(Wanted { start: at, length }).ok_or(Fault::Malformed)?;
            if piece.len() != length {
                return Err(Fault::Malformed);
            }
            for byte in piece {
                if let Some(place) = self.head.get_mut(self.filled) {
                    *place = byte;
                }
                self.filled += 1;
            }
            at += length;
            if self.filled == HEAD {
                self.filled = 0;
                let head = Head::read(self.head, self.encrypted)?;
                self.begin(head)?;
            }
        }
        Ok(())
    }

    /// Contents in clear are read: messages, and the one byte of ChangeCipherSpec.
    fn is_read(&self) -> bool {
        !self.encrypted
            && matches!(self.content, Some(Content::Handshake | Content::ChangeCipherSpec))
    }

    fn begin(&mut self, head: Head) -> Result<(), Fault> {
        self.content = Some(head.content);
        self.left = head.length;
        match (self.encrypted, head.content) {
            (false, Content::ApplicationData) => Err(match self.speaker {
                Speaker::Client => Fault::EarlyData,
                Speaker::Origin => Fault::Malformed,
            }),
            (false, Content::ChangeCipherSpec)
                if head.length != 1 || !self.messages.is_between() =>
            {
                Err(Fault::Malformed)
            }
            (true, Content::Handshake) if self.finished => Err(Fault::Renegotiation),
            (true, Content::ApplicationData) if !self.finished => Err(Fault::Malformed),
            (true, Content::ChangeCipherSpec) => Err(Fault::Renegotiation),
            (true, Content::Handshake) => {
                self.finished = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn piece(&mut self, mut piece: &[u8]) -> Result<(), Fault> {
        if self.content == Some(Content::ChangeCipherSpec) {
            self.encrypted = true;
            return if piece == [1] { Ok(()) } else { Err(Fault::Malformed) };
        }
        while !piece.is_empty() {
            let (message, taken) = self.messages.next(piece)?;
            piece = piece.get(taken..).unwrap_or_default();
            let Some(message) = message else { break };
            match (self.speaker, message.kind) {
                (Speaker::Origin, kind::NEW_SESSION_TICKET) if !self.ticketed => {
                    self.ticketed = true;
                    self.ticket = session_ticket(&message.body)?;
                }
                // A second flight, or a second hello, is another handshake.
                (Speaker::Origin, _) | (Speaker::Client, kind::CLIENT_HELLO) => {
                    return Err(Fault::Renegotiation);
                }
                (Speaker::Client, _) => {}
            }
        }
        Ok(())
    }
}
