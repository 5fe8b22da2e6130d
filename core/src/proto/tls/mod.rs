//! TLS as a third party sees it: who offered what, who showed which certificate, who refused it and why.
//!
//! [`Connection`] reads the two sides of a stream, [`dtls::Association`] datagrams; both find TLS by content, on any
//! port and behind a STARTTLS dialogue, and say what they see through [`Event`]s and a [`Summary`]. SSL 2.0 (its hello
//! and certificate), SSL 3.0 to TLS 1.3, DTLS 1.0 and 1.2 are read; with [`Secrets`] TLS 1.0 to 1.3 are decrypted. What
//! nobody can see is said to be hidden, never to be absent.
//!
//! Nothing here knows of captures: a filter in front of a server reads the same bytes with the same code.
//!
//! ```text
//! record (frames, resynchronisation) -> session (messages, alerts, keys) -> Event, Summary
//! dtls (datagrams) -----------------^     handshake, alert, fingerprint, decrypt, keylog below it
//! ```

mod alert;
mod decrypt;
pub mod dtls;
mod fingerprint;
mod handshake;
mod keylog;
mod record;
mod session;
mod starttls;
mod suite;

pub use alert::{Alert, AlertContent, Level, name as alert_name};
pub use handshake::{CertificateRequest, ClientHello, ServerHello};
pub use keylog::{KeyLogCount, Secrets, looks_like_key_log};
pub use session::{CertificateSeen, CertificateVisibility, Event, Summary};
pub use starttls::StartTls;

use self::record::RecordReader;
use self::session::{Session, Turn};
use super::{Both, Place, Side};

/// What a connection wants of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// The next bytes.
    More,
    /// Nothing any more.
    Nothing,
    /// The next so many bytes are of no use: [`Connection::skip`] may be called instead of pushing them.
    Skip(u64),
}

/// Where a piece of the stream comes from, and who is told what it holds.
pub struct Context<'a> {
    /// The packet that brought it.
    pub place: Place,
    /// What may open it.
    pub secrets: &'a Secrets,
    /// Is told what happens, in order.
    pub observer: &'a mut dyn FnMut(Event<'_>),
}

/// Reads one TCP connection. Feed each side in the order of its stream; between the sides no order is needed, but who
/// has one gets more decrypted.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    session: Session,
    readers: Both<RecordReader>,
}

impl Connection {
    /// A connection that turned TLS on: each side's stream goes on at this offset.
    pub fn behind(protocol: StartTls, offsets: Both<u64>) -> Self {
        let mut connection = Self::default();
        connection.session.summary.starttls = Some(protocol);
        connection.readers.client = RecordReader::at(offsets.client);
        connection.readers.server = RecordReader::at(offsets.server);
        connection
    }

    /// The next bytes that `side` sent.
    pub fn push(&mut self, side: Side, bytes: &[u8], context: &mut Context<'_>) {
        let mut turn = Turn::new(&mut self.session, side, context);
        self.readers.of_mut(side).push(bytes, &mut turn);
    }

    /// `length` bytes that `side` sent are missing.
    pub fn gap(&mut self, side: Side, length: u64, context: &mut Context<'_>) {
        let mut turn = Turn::new(&mut self.session, side, context);
        self.readers.of_mut(side).gap(length, &mut turn);
    }

    /// `side` has nothing more to say: what was cut is read as far as it goes.
    pub fn end(&mut self, side: Side, context: &mut Context<'_>) {
        let mut turn = Turn::new(&mut self.session, side, context);
        self.readers.of_mut(side).end(&mut turn);
        turn.end();
    }

    /// What is wanted of a side next.
    pub fn wants(&self, side: Side) -> Wants {
        match self.readers.of(side).useless() {
            None => Wants::Nothing,
            Some(0) => Wants::More,
            Some(length) => Wants::Skip(length as u64),
        }
    }

    /// Goes on behind `length` bytes that [`Connection::wants`] said are of no use.
    pub fn skip(&mut self, side: Side, length: u64, context: &mut Context<'_>) {
        let mut turn = Turn::new(&mut self.session, side, context);
        self.readers.of_mut(side).gap(length, &mut turn);
    }

    /// TLS was found on at least one side.
    pub fn is_tls(&self) -> bool {
        self.session.summary.is_tls()
    }

    /// What was seen so far.
    pub fn summary(&self) -> &Summary {
        &self.session.summary
    }

    /// What was seen.
    pub fn into_summary(self) -> Summary {
        self.session.summary
    }

    /// Bytes held in buffers.
    pub fn held(&self) -> usize {
        let readers = self.readers.client.held().saturating_add(self.readers.server.held());
        readers.saturating_add(self.session.held())
    }
}
