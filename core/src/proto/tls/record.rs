//! Records: the frames that TLS cuts its stream into (RFC 8446 section 5, RFC 5246 section 6.2), found by content.
//!
//! A head of 5 bytes (type, version, length; big-endian), then the fragment. The reader works on one side of a stream:
//! it looks for the first record (behind a STARTTLS dialogue, or in mid-stream), follows records from there, keeps
//! its step over a hole inside one record, and looks again behind a larger one.

use crate::limits;
use crate::proto::u16_at;

/// Bytes of a head.
pub(super) const HEAD: usize = 5;

/// Bytes that decide whether something begins with a hello.
const HELLO_PREFIX: usize = 11;

/// Content types (RFC 8446 appendix B.1).
pub(super) mod content {
    pub(in crate::proto::tls) const CHANGE_CIPHER_SPEC: u8 = 20;
    pub(in crate::proto::tls) const ALERT: u8 = 21;
    pub(in crate::proto::tls) const HANDSHAKE: u8 = 22;
    pub(in crate::proto::tls) const APPLICATION_DATA: u8 = 23;
    pub(in crate::proto::tls) const HEARTBEAT: u8 = 24;
}

/// The head of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) content_type: u8,
    pub(super) version: u16,
    pub(super) length: u16,
}

impl Head {
    /// From the 5 bytes at the start of `bytes`; `None` when they cannot be a head.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let head = Self {
            content_type: *bytes.first()?,
            version: u16_at(bytes, 1)?,
            length: u16_at(bytes, 3)?,
        };
        let plausible = (content::CHANGE_CIPHER_SPEC..=content::HEARTBEAT)
            .contains(&head.content_type)
            && head.version >> 8 == 3
            && head.version & 0xff <= 4
            && usize::from(head.length) <= limits::TLS_RECORD;
        plausible.then_some(head)
    }
}

/// Takes what the reader finds.
pub(super) trait Records {
    /// Is the content of such a record of use? What nobody wants is counted and not kept.
    fn wants(&self, head: &Head) -> bool;

    /// TLS begins at this offset of the stream; `before` is what stands in front of it, up to the cap.
    fn begins(&mut self, offset: u64, before: &[u8]);

    /// A record. `fragment` is `None` where nobody wanted it, or a part of it is lost.
    fn record(&mut self, head: &Head, fragment: Option<&[u8]>);

    /// The beginning of a record whose rest never comes.
    fn cut(&mut self, head: &Head, fragment: &[u8]);

    /// A message of SSL 2.0: the bytes behind the 2-byte head.
    fn ssl2(&mut self, message: &[u8]);

    /// Records are lost, nobody knows how many.
    fn lost(&mut self);

    /// The bytes at this offset are no record.
    fn broken(&mut self, offset: u64);
}

/// Where the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Looks for the first record; this many bytes of the stream have been looked at and dropped.
    Searching { first: bool, looked_at: usize },
    /// At or in the head of a record, in step.
    Head,
    /// In a record whose fragment is collected.
    Body(Head),
    /// In a record whose fragment is not collected.
    Passing { head: Head, left: usize },
    /// Nothing of this side is of use any more.
    Closed,
}

/// Reads the records of one side.
#[derive(Clone, Debug)]
pub(super) struct RecordReader {
    state: State,
    buffer: Vec<u8>,
    /// What stands in front of the first record.
    before: Vec<u8>,
    /// Offset in the stream of the first byte that is neither in the buffer nor done with.
    offset: u64,
}

impl Default for RecordReader {
    fn default() -> Self {
        Self {
            state: State::Searching { first: true, looked_at: 0 },
            buffer: Vec::new(),
            before: Vec::new(),
            offset: 0,
        }
    }
}

/// What stands at a place where TLS may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guess {
    No,
    /// Only more bytes tell.
    Maybe,
    Record,
    /// A message of SSL 2.0 with this many bytes behind its head.
    Ssl2(usize),
}

impl RecordReader {
    /// A reader whose first byte stands at this offset of the stream.
    pub(super) fn at(offset: u64) -> Self {
        Self { offset, ..Self::default() }
    }

    /// The next bytes.
    pub(super) fn push(&mut self, mut bytes: &[u8], records: &mut impl Records) {
        while !bytes.is_empty() {
            bytes = match self.state {
                State::Closed => {
                    self.offset = self.offset.saturating_add(bytes.len() as u64);
                    return;
                }
                State::Searching { first, looked_at } => {
                    self.search(bytes, first, looked_at, records)
                }
                State::Head => self.head(bytes, records),
                State::Body(head) => self.body(head, bytes, records),
                State::Passing { head, left } => {
                    let (taken, rest) = split(bytes, left);
                    self.advance(taken.len());
                    self.pass(head, left.saturating_sub(taken.len()), records);
                    rest
                }
            };
        }
    }

    /// `length` bytes of the stream are missing.
    pub(super) fn gap(&mut self, length: u64, records: &mut impl Records) {
        let left = match self.state {
            State::Body(head) => usize::from(head.length).saturating_sub(self.buffer.len()),
            State::Passing { left, .. } => left,
            State::Head | State::Searching { .. } | State::Closed => 0,
        };
        self.offset = self.offset.saturating_add(self.take_held(records)).saturating_add(length);
        match (self.state, usize::try_from(length)) {
            (State::Closed, _) => {}
            (State::Body(head) | State::Passing { head, .. }, Ok(length)) if length <= left => {
                self.pass(head, left.saturating_sub(length), records);
            }
            (state, _) => {
                let first = matches!(state, State::Searching { first: true, .. });
                if !first {
                    records.lost();
                }
                self.before.clear();
                self.state = State::Searching { first, looked_at: 0 };
            }
        }
    }

    /// The stream is over.
    pub(super) fn end(&mut self, records: &mut impl Records) {
        if let State::Searching { first, .. } = self.state {
            let held = core::mem::take(&mut self.buffer);
            // What looked like a hello until the bytes ended is one.
            if is_hello(&held, true) == Guess::Record
                && let Some(head) = Head::read(&held)
            {
                if first {
                    records.begins(self.offset, &self.before);
                }
                records.cut(&head, held.get(HEAD..).unwrap_or_default());
            }
        } else {
            self.take_held(records);
        }
        self.close();
    }

    /// How many of the next bytes are of no use, as far as known; `None`: all.
    pub(super) fn useless(&self) -> Option<usize> {
        match self.state {
            State::Closed => None,
            State::Passing { left, .. } => Some(left),
            State::Searching { .. } | State::Head | State::Body(_) => Some(0),
        }
    }

    /// Nothing of this side is of use any more.
    pub(super) fn close(&mut self) {
        self.state = State::Closed;
        self.buffer = Vec::new();
        self.before = Vec::new();
    }

    /// Bytes held.
    pub(super) fn held(&self) -> usize {
        self.buffer.len().saturating_add(self.before.len())
    }

    fn advance(&mut self, length: usize) {
        self.offset = self.offset.saturating_add(length as u64);
    }

    /// Hands out the beginning of a record that is held. Returns how many bytes that were not counted are gone.
    fn take_held(&mut self, records: &mut impl Records) -> u64 {
        let held = core::mem::take(&mut self.buffer);
        if let State::Body(head) = self.state {
            records.cut(&head, &held);
        }
        held.len() as u64
    }

    /// Goes on behind `left` more bytes of a record that is not collected.
    fn pass(&mut self, head: Head, left: usize, records: &mut impl Records) {
        self.state = if left == 0 {
            records.record(&head, None);
            State::Head
        } else {
            State::Passing { head, left }
        };
    }

    fn head<'a>(&mut self, bytes: &'a [u8], records: &mut impl Records) -> &'a [u8] {
        let (taken, rest) = split(bytes, HEAD.saturating_sub(self.buffer.len()));
        self.buffer.extend_from_slice(taken);
        if self.buffer.len() < HEAD {
            return rest;
        }
        let head = Head::read(&self.buffer);
        self.buffer.clear();
        let Some(head) = head else {
            records.broken(self.offset);
            self.advance(HEAD);
            self.close();
            return rest;
        };
        self.advance(HEAD);
        if records.wants(&head) {
            self.state = State::Body(head);
            // A record of no length is complete with its head.
            if head.length == 0 {
                self.state = State::Head;
                records.record(&head, Some(&[]));
            }
        } else {
            self.pass(head, usize::from(head.length), records);
        }
        rest
    }

    fn body<'a>(&mut self, head: Head, bytes: &'a [u8], records: &mut impl Records) -> &'a [u8] {
        let length = usize::from(head.length);
        let (taken, rest) = split(bytes, length.saturating_sub(self.buffer.len()));
        if self.buffer.is_empty() && taken.len() == length {
            self.state = State::Head;
            self.advance(length);
            records.record(&head, Some(taken));
            return rest;
        }
        self.buffer.extend_from_slice(taken);
        if self.buffer.len() == length {
            self.state = State::Head;
            self.advance(length);
            let mut fragment = core::mem::take(&mut self.buffer);
            records.record(&head, Some(&fragment));
            fragment.clear();
            self.buffer = fragment;
        }
        rest
    }

    /// Looks for the first record. The buffer holds what has to be looked at again with more bytes.
    fn search<'a>(
        &mut self,
        bytes: &'a [u8],
        first: bool,
        looked_at: usize,
        records: &mut impl Records,
    ) -> &'a [u8] {
        // A pair of records needs one whole record and two heads at most; more need not be looked at together.
        const WINDOW: usize = limits::TLS_RECORD + 2 * HEAD;
        let (taken, rest) = split(bytes, WINDOW.saturating_sub(self.buffer.len()));
        let mut held = core::mem::take(&mut self.buffer);
        held.extend_from_slice(taken);
        let full = held.len() == WINDOW;
        let mut at = 0;
        let mut looked_at = looked_at;
        let guess = loop {
            let here = held.get(at..).unwrap_or_default();
            let guess = match here {
                [] => Guess::Maybe,
                _ if looked_at >= limits::TLS_SEARCH => Guess::No,
                _ => guess(here, first && self.offset == 0 && at == 0),
            };
            match guess {
                Guess::Maybe if full && at == 0 => {}
                Guess::Maybe | Guess::Record | Guess::Ssl2(_) => break guess,
                Guess::No if looked_at >= limits::TLS_SEARCH => {
                    self.advance(held.len());
                    self.close();
                    return rest;
                }
                Guess::No => {}
            }
            at = at.saturating_add(1);
            looked_at = looked_at.saturating_add(1);
        };
        let (dropped, kept) = split(&held, at);
        if first {
            let room = limits::TLS_PREAMBLE.saturating_sub(self.before.len());
            self.before.extend_from_slice(split(dropped, room).0);
        }
        self.advance(dropped.len());
        self.state = State::Searching { first, looked_at };
        match guess {
            Guess::Record => {
                if first {
                    records.begins(self.offset, &self.before);
                    self.before = Vec::new();
                }
                self.state = State::Head;
                self.push(kept, records);
            }
            Guess::Ssl2(length) => {
                const SSL2_HEAD: usize = 2;
                let end = SSL2_HEAD.saturating_add(length);
                if kept.len() < end {
                    self.buffer = kept.to_vec();
                    return rest;
                }
                records.begins(self.offset, &[]);
                let (message, behind) = split(kept, end);
                self.advance(end);
                self.state = State::Head;
                records.ssl2(message.get(SSL2_HEAD..).unwrap_or_default());
                self.push(behind, records);
            }
            Guess::No | Guess::Maybe => self.buffer = kept.to_vec(),
        }
        rest
    }
}

fn split(bytes: &[u8], length: usize) -> (&[u8], &[u8]) {
    bytes.split_at_checked(length).unwrap_or((bytes, &[]))
}

/// Does TLS begin here?
fn guess(bytes: &[u8], at_start: bool) -> Guess {
    if at_start {
        match ssl2(bytes) {
            Guess::No => {}
            found => return found,
        }
    }
    // What is looked for begins with a content type; most bytes do not.
    if bytes
        .first()
        .is_some_and(|byte| !(content::CHANGE_CIPHER_SPEC..=content::HEARTBEAT).contains(byte))
    {
        return Guess::No;
    }
    match is_hello(bytes, false) {
        Guess::No => is_pair(bytes),
        found => found,
    }
}

/// A record with the beginning of a ClientHello or ServerHello, or a plain alert. With `over`, no more bytes come:
/// what fits so far is enough, if the kind of the message is there.
fn is_hello(bytes: &[u8], over: bool) -> Guess {
    let fits =
        |at: usize, accept: &dyn Fn(u8) -> bool| bytes.get(at).is_none_or(|byte| accept(*byte));
    let head = fits(1, &|byte| byte == 3) && fits(2, &|byte| byte <= 4);
    let length = u16_at(bytes, 3);
    let hello = fits(0, &|byte| byte == content::HANDSHAKE)
        && head
        && length.is_none_or(|length| length >= 4 && usize::from(length) <= limits::TLS_RECORD)
        && fits(5, &|byte| byte == 1 || byte == 2)
        && fits(6, &|byte| byte == 0)
        && (length.is_some_and(|length| length < 6)
            || (fits(9, &|byte| byte == 3) && fits(10, &|byte| byte <= 4)));
    let alert = fits(0, &|byte| byte == content::ALERT)
        && head
        && length.is_none_or(|length| length == 2)
        && fits(5, &|byte| byte == 1 || byte == 2);
    match (hello, alert) {
        (true, _) if bytes.len() >= HELLO_PREFIX || (over && bytes.len() > HEAD) => Guess::Record,
        (_, true) if bytes.len() > HEAD => Guess::Record,
        (false, false) => Guess::No,
        _ => Guess::Maybe,
    }
}

/// Two records in a row with one version: TLS in mid-stream.
fn is_pair(bytes: &[u8]) -> Guess {
    let begins = |bytes: &[u8]| match bytes {
        [] => Guess::Maybe,
        [kind, ..] if !(content::CHANGE_CIPHER_SPEC..=content::HEARTBEAT).contains(kind) => {
            Guess::No
        }
        [_, major, ..] if *major != 3 => Guess::No,
        _ if bytes.len() < HEAD => Guess::Maybe,
        _ => match Head::read(bytes) {
            Some(head) if head.length > 0 => Guess::Record,
            _ => Guess::No,
        },
    };
    match (begins(bytes), Head::read(bytes)) {
        (Guess::Record, Some(head)) => {
            let next = bytes.get(HEAD.saturating_add(usize::from(head.length))..);
            match (begins(next.unwrap_or_default()), next.and_then(Head::read)) {
                (Guess::Record, Some(second)) if second.version == head.version => Guess::Record,
                (Guess::Maybe, _) => Guess::Maybe,
                _ => Guess::No,
            }
        }
        (guess, _) => guess,
    }
}

/// A CLIENT-HELLO or SERVER-HELLO of SSL 2.0: a length of 15 bits behind a set bit, then the message, whose own
/// lengths add up to it.
fn ssl2(bytes: &[u8]) -> Guess {
    let Some(first) = bytes.first() else { return Guess::Maybe };
    if first & 0x80 == 0 {
        return Guess::No;
    }
    let kind = match bytes.get(2) {
        None => return Guess::Maybe,
        Some(kind) => *kind,
    };
    // The version, three lengths and the fixed part in front of them.
    let (version_at, lengths_at) = match kind {
        1 => (3, 5),
        4 => (5, 7),
        _ => return Guess::No,
    };
    let length = usize::from(u16_at(bytes, 0).unwrap_or_default() & 0x7fff);
    let numbers =
        [version_at, lengths_at, lengths_at + 2, lengths_at + 4].map(|at| u16_at(bytes, at));
    let [Some(version), Some(first), Some(second), Some(third)] = numbers else {
        return Guess::Maybe;
    };
    let version_known = version == 2 || (kind == 1 && version >> 8 == 3 && version & 0xff <= 4);
    let total = [first, second, third].iter().map(|part| usize::from(*part)).sum::<usize>();
    let fits = length == total.saturating_add(lengths_at).saturating_add(4);
    if version_known && fits && length <= limits::TLS_RECORD {
        return Guess::Ssl2(length);
    }
    Guess::No
}
