//! DTLS: TLS over datagrams (RFC 6347, RFC 4347).
//!
//! Records have an epoch and a number (13 bytes of head), handshake messages a number and a fragment's place (12 bytes
//! of head). Datagrams may be lost, repeated and out of order; messages are put together in the order of their numbers.

use std::collections::BTreeMap;

use super::Context;
use super::handshake::kind;
use super::record::{Head, content};
use super::session::{Session, Summary, Turn};
use crate::limits;
use crate::proto::{Both, Place, Side, u16_at};

const RECORD_HEAD: usize = 13;
const MESSAGE_HEAD: usize = 12;

/// Could this datagram be DTLS? Its first record fits: type, version 1.0 or 1.2, an epoch of a young connection, length.
pub fn looks_like_dtls(datagram: &[u8]) -> bool {
    Record::read(datagram).is_some_and(|(record, _)| {
        record.epoch <= 8
            && (record.epoch > 0 || record.head.content_type != content::APPLICATION_DATA)
    })
}

/// Reads the datagrams that two peers exchange.
#[derive(Clone, Debug)]
pub struct Association {
    session: Session,
    sides: Both<Flight>,
}

impl Default for Association {
    fn default() -> Self {
        let mut session = Session::default();
        session.summary.datagram = true;
        Self { session, sides: Both::default() }
    }
}

/// Handshake messages of one side that are not complete.
#[derive(Clone, Debug, Default)]
struct Flight {
    /// Number of the message that is read next.
    next: u16,
    messages: BTreeMap<u16, Assembly>,
    held: usize,
}

#[derive(Clone, Debug)]
struct Assembly {
    kind: u8,
    /// Of the record that brought its first part.
    record_version: u16,
    body: Vec<u8>,
    /// Parts that are there, as sorted ranges that do not touch.
    there: Vec<(usize, usize)>,
    place: Place,
}

/// One record of a datagram.
struct Record<'a> {
    head: Head,
    epoch: u16,
    /// Epoch and number, as they are authenticated.
    number: u64,
    fragment: &'a [u8],
}

impl<'a> Record<'a> {
    /// The first record, and what follows it.
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (head, rest) = bytes.split_at_checked(RECORD_HEAD)?;
        let content_type = *head.first()?;
        let version = u16_at(head, 1)?;
        let length = u16_at(head, 11)?;
        let known = (content::CHANGE_CIPHER_SPEC..=content::HEARTBEAT).contains(&content_type)
            && matches!(version, 0xfeff | 0xfefd)
            && usize::from(length) <= limits::TLS_RECORD;
        if !known {
            return None;
        }
        let number = u64::from_be_bytes(head.get(3..11)?.try_into().ok()?);
        // A datagram that is cut by the capture has what is there of its last record.
        let (fragment, rest) = rest.split_at_checked(usize::from(length)).unwrap_or((rest, &[]));
        let head = Head { content_type, version, length };
        Some((Self { head, epoch: u16_at(bytes, 3)?, number, fragment }, rest))
    }
}

impl Association {
    /// A datagram that `side` sent.
    pub fn datagram(&mut self, side: Side, mut bytes: &[u8], context: &mut Context<'_>) {
        while let Some((record, rest)) = Record::read(bytes) {
            self.record(side, &record, context);
            bytes = rest;
        }
    }

    /// A ClientHello in clear that none before it was: its ends begin another connection on their old ports (RFC 6347
    /// section 4.2.8). A repeated one, and one with a cookie, keeps its random.
    pub fn begins_anew(&self, datagram: &[u8]) -> bool {
        let Some((record, _)) = Record::read(datagram) else { return false };
        if record.epoch > 0 || record.head.content_type != content::HANDSHAKE {
            return false;
        }
        let Some((fragment, _)) = Fragment::read(record.fragment) else { return false };
        let first = fragment.kind == kind::CLIENT_HELLO && fragment.number == 0 && fragment.at == 0;
        // Two bytes of version stand in front.
        let Some(random) = fragment.bytes.get(2..34).filter(|_| first) else { return false };
        let summary = &self.session.summary;
        match &summary.client_hello {
            Some(hello) => hello.random != random,
            None => summary.server_hello.is_some() || summary.protected != Both::default(),
        }
    }

    /// No more datagrams come. Messages that waited for one before them are read now, and cut ones as far as they go.
    pub fn end(&mut self, context: &mut Context<'_>) {
        let Both { client, server } = core::mem::take(&mut self.sides);
        // Without a hello only what a side says tells which one it is.
        if client.is_server() || server.is_client() {
            Turn::new(&mut self.session, Side::Client, context).put_roles_right(Side::Server);
        }
        for (side, flight) in [(Side::Client, client), (Side::Server, server)] {
            for assembly in flight.messages.into_values() {
                context.place = assembly.place;
                let mut turn = Turn::new(&mut self.session, side, context);
                turn.lose_messages();
                let (complete, length) = (assembly.is_complete(), assembly.body.len());
                let message = assembly.message();
                if complete {
                    turn.whole_message(&message, assembly.record_version);
                } else {
                    turn.cut_message(&message, length);
                }
            }
        }
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
        self.sides.client.held.saturating_add(self.sides.server.held)
    }

    fn record(&mut self, side: Side, record: &Record<'_>, context: &mut Context<'_>) {
        let begins = self.session.summary.begins.of_mut(side);
        begins.get_or_insert((0, context.place));
        let mut turn = Turn::new(&mut self.session, side, context);
        turn.set_protected(record.epoch > 0);
        let whole = record.fragment.len() == usize::from(record.head.length);
        if record.epoch > 0 || record.head.content_type != content::HANDSHAKE {
            // Behind the last message in clear something is still missing.
            if self.sides.of(side).is_waiting() {
                turn.lose_messages();
            }
            turn.take_record(&record.head, Some(record.number), whole.then_some(record.fragment));
            return;
        }
        let flight = self.sides.of_mut(side);
        flight.take(record.fragment, record.head.version, turn.place());
        while let Some(message) = flight.next_message() {
            turn.whole_message(&message, record.head.version);
        }
    }
}

impl Flight {
    /// A part of a message is there, and the rest is not, or one before it is not.
    fn is_waiting(&self) -> bool {
        !self.messages.is_empty()
    }

    /// Something waits that only servers say.
    fn is_server(&self) -> bool {
        self.messages.values().any(|message| {
            matches!(
                message.kind,
                kind::SERVER_HELLO
                    | kind::HELLO_VERIFY_REQUEST
                    | kind::SERVER_KEY_EXCHANGE
                    | kind::CERTIFICATE_REQUEST
                    | kind::SERVER_HELLO_DONE
            )
        })
    }

    /// Something waits that only clients say.
    fn is_client(&self) -> bool {
        self.messages.values().any(|message| message.kind == kind::CLIENT_KEY_EXCHANGE)
    }

    /// The handshake fragments of one record.
    fn take(&mut self, mut bytes: &[u8], record_version: u16, place: Place) {
        while let Some((fragment, rest)) = Fragment::read(bytes) {
            self.add(&fragment, record_version, place);
            bytes = rest;
        }
    }

    fn add(&mut self, fragment: &Fragment<'_>, record_version: u16, place: Place) {
        // A message that was read, repeated; or one so far ahead that nobody sends it. A first hello may begin again.
        if fragment.kind == kind::CLIENT_HELLO
            && fragment.number < self.next
            && fragment.number == 0
        {
            return;
        }
        let ahead = fragment.number.wrapping_sub(self.next);
        if usize::from(ahead) >= limits::DTLS_MESSAGES
            || fragment.length > limits::TLS_HANDSHAKE_MESSAGE
            || fragment.at.saturating_add(fragment.bytes.len()) > fragment.length
        {
            return;
        }
        let new = !self.messages.contains_key(&fragment.number);
        if new {
            if self.held.saturating_add(fragment.length) > limits::TLS_HANDSHAKE_MESSAGE {
                return;
            }
            self.held = self.held.saturating_add(fragment.length);
        }
        let assembly = self.messages.entry(fragment.number).or_insert_with(|| Assembly {
            kind: fragment.kind,
            record_version,
            body: vec![0; fragment.length],
            there: Vec::new(),
            place,
        });
        if assembly.kind != fragment.kind || assembly.body.len() != fragment.length {
            return;
        }
        assembly.place = place;
        assembly.insert(fragment.at, fragment.bytes);
    }

    /// The next message, if it is complete: 4 bytes of head as in a stream, then the body.
    fn next_message(&mut self) -> Option<Vec<u8>> {
        let complete = self.messages.get(&self.next)?.is_complete();
        if !complete {
            return None;
        }
        let assembly = self.messages.remove(&self.next)?;
        self.next = self.next.wrapping_add(1);
        self.held = self.held.saturating_sub(assembly.body.len());
        Some(assembly.message())
    }
}

impl Assembly {
    /// 4 bytes of head as in a stream, then the body up to the first hole.
    fn message(&self) -> Vec<u8> {
        let length = u32::try_from(self.body.len()).unwrap_or_default().to_be_bytes();
        let there = match self.there.first() {
            Some((0, end)) => *end,
            _ => 0,
        };
        let mut message = vec![self.kind];
        message.extend_from_slice(length.get(1..).unwrap_or_default());
        message.extend_from_slice(self.body.get(..there).unwrap_or_default());
        message
    }

    fn is_complete(&self) -> bool {
        self.body.is_empty() || self.there == [(0, self.body.len())]
    }

    fn insert(&mut self, at: usize, bytes: &[u8]) {
        let end = at.saturating_add(bytes.len());
        let Some(target) = self.body.get_mut(at..end) else { return };
        if bytes.is_empty() || self.there.len() >= limits::DTLS_FRAGMENTS {
            return;
        }
        target.copy_from_slice(bytes);
        let (mut start, mut end) = (at, end);
        self.there.retain(|(from, to)| {
            let apart = *to < start || *from > end;
            if !apart {
                start = start.min(*from);
                end = end.max(*to);
            }
            apart
        });
        let place = self.there.partition_point(|(from, _)| *from < start);
        self.there.insert(place, (start, end));
    }
}

/// A fragment of a handshake message.
struct Fragment<'a> {
    kind: u8,
    length: usize,
    number: u16,
    at: usize,
    bytes: &'a [u8],
}

impl<'a> Fragment<'a> {
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (head, rest) = bytes.split_at_checked(MESSAGE_HEAD)?;
        let number24 = |at: usize| -> Option<usize> {
            let bytes = head.get(at..at.checked_add(3)?)?;
            Some(bytes.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
        };
        let (bytes, rest) = rest.split_at_checked(number24(9)?)?;
        let fragment = Self {
            kind: *head.first()?,
            length: number24(1)?,
            number: u16_at(head, 4)?,
            at: number24(6)?,
            bytes,
        };
        Some((fragment, rest))
    }
}

/// A handshake message that is whole in one record, with the 4 bytes of head of a stream.
pub(super) fn whole_message(bytes: &[u8]) -> Option<Vec<u8>> {
    let (fragment, _) = Fragment::read(bytes)?;
    if fragment.at != 0 || fragment.bytes.len() != fragment.length {
        return None;
    }
    let mut message = bytes.get(..4)?.to_vec();
    message.extend_from_slice(fragment.bytes);
    Some(message)
}
