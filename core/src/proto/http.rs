//! HTTP/1: requests, answers, and the files in them (RFC 9112): how phones and endpoints fetch what TFTP also serves
//! (port 6970), and what video endpoints answer when TMS falls back (domain item D24).
//!
//! Heads are read line by line and without strictness: the peers have decided what they take. Bodies end by
//! Content-Length, by chunks, or with the stream; those of phones' files that gzip packed are unpacked. Consecutive ranges of one target are
//! joined. Where the place of the next message is lost, the side is given up: what would be guessed
//! from then on could tie an answer to the wrong request.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::transfer::{Operation, Progress, Protocol, Transfer, TransferSink, TransferStatus};
use super::{Both, Place, Side};
use crate::limits;
use crate::names::device::{PhoneFile, base_name, phone_file};
use crate::names::mra_path::MraPath;

/// The port of CUCM's TFTP service for HTTP.
pub const PORT: u16 = 6970;

/// A request, and what was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// `GET`; empty when the request is not in the capture.
    pub method: String,
    /// `/tcs/systemunit.xml`, as sent.
    pub target: String,
    /// Host, as sent.
    pub host: Option<String>,
    /// User-Agent, as sent.
    pub user_agent: Option<String>,
    /// The final status; `None` when no answer is in the capture.
    pub status: Option<u16>,
    /// The words behind it.
    pub reason: String,
    /// Where the client is sent.
    pub location: Option<String>,
    /// Server, as sent.
    pub server: Option<String>,
    /// Content-Encoding other than identity. What gzip packed is unpacked, if it is a file that phones fetch; else
    /// the file is handed out as it travels.
    pub encoding: Option<String>,
    /// The packet that completes the request's head.
    pub requested: Option<Place>,
    /// The packet that completes the answer's head.
    pub answered: Option<Place>,
}

/// Who is told what a connection holds.
pub struct Output<'a> {
    /// Is told of every request with its answer, in order.
    pub exchange: &'a mut dyn FnMut(&Exchange),
    /// Is told of files.
    pub transfer: &'a mut TransferSink<'a>,
}

/// How a connection left HTTP for another protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tunnel {
    /// A proxy connected the client to a server (RFC 9110 section 9.3.6).
    Connect,
    /// Both agreed on another protocol (RFC 9110 section 7.8).
    Upgrade,
}

/// Reads both sides of one connection.
#[derive(Debug, Default)]
pub struct Connection {
    sides: Both<Reading>,
    /// Requests without an answer, oldest first.
    waiting: VecDeque<Exchange>,
    /// Answers that were read before their requests: between the sides there is no order.
    early_answers: usize,
    next_id: u64,
    /// A file of which ranges came, and more may come.
    ranges: Option<Ranges>,
    seen: bool,
    /// Answers are there, but nobody knows where one begins.
    lost: bool,
    tunnel: Option<Tunnel>,
}

/// Where one side stands.
#[derive(Clone, Debug)]
enum State {
    /// In a head, or between messages.
    Head,
    /// In a body of known length.
    Fixed { left: u64 },
    /// In the line with a chunk's length, or behind a chunk's bytes, or in the trailer.
    ChunkLine { trailer: bool },
    /// In a chunk, of which this is left.
    Chunk { left: u64 },
    /// In a body that the end of the stream ends.
    ToTheEnd,
    /// Nothing of this side is of use any more.
    Done,
}

#[derive(Debug)]
struct Reading {
    state: State,
    buffer: Vec<u8>,
    /// Bytes of the buffer in which no end was found.
    scanned: usize,
    /// The file in the body; `None` when nobody wants the body.
    progress: Option<Progress>,
    /// The body continues a file of which ranges came before.
    range: Option<(u64, u64)>,
}

impl Default for Reading {
    fn default() -> Self {
        Self { state: State::Head, buffer: Vec::new(), scanned: 0, progress: None, range: None }
    }
}

#[derive(Debug)]
struct Ranges {
    target: String,
    next: u64,
    total: u64,
    progress: Progress,
}

/// How a body ends.
enum Body {
    None,
    Fixed(u64),
    Chunked,
    ToTheEnd,
}

impl Connection {
    /// The next bytes of a side. False: this is no HTTP, or not any more, and no more bytes are of use.
    pub fn push(
        &mut self,
        side: Side,
        mut bytes: &[u8],
        place: Place,
        output: &mut Output<'_>,
    ) -> bool {
        while !bytes.is_empty() {
            bytes = match self.sides.of(side).state {
                State::Done => return false,
                State::Head => self.head(side, bytes, place, output),
                State::Fixed { left } => {
                    let (taken, rest) = split(bytes, left);
                    let left = left.saturating_sub(taken.len() as u64);
                    let reading = self.sides.of_mut(side);
                    reading.body(taken, output.transfer);
                    reading.state = State::Fixed { left };
                    if left == 0 {
                        self.end_body(side, place, output.transfer);
                    }
                    rest
                }
                State::Chunk { left } => {
                    let (taken, rest) = split(bytes, left);
                    let left = left.saturating_sub(taken.len() as u64);
                    let reading = self.sides.of_mut(side);
                    reading.body(taken, output.transfer);
                    reading.state = match left {
                        0 => State::ChunkLine { trailer: false },
                        left => State::Chunk { left },
                    };
                    rest
                }
                State::ChunkLine { trailer } => {
                    self.chunk_line(side, trailer, bytes, place, output.transfer)
                }
                State::ToTheEnd => {
                    self.sides.of_mut(side).body(bytes, output.transfer);
                    &[]
                }
            };
        }
        !matches!(self.sides.of(side).state, State::Done)
    }

    /// Bytes of the body that a side is sending which may be left out: see [`Connection::skip`].
    pub fn body_left(&self, side: Side) -> u64 {
        match self.sides.of(side).state {
            State::Fixed { left } => left,
            _ => 0,
        }
    }

    /// Goes on behind `length` bytes of a body, at most [`Connection::body_left`], that were there, but that nobody
    /// wants: the file is counted, but not hashed.
    pub fn skip(&mut self, side: Side, length: u64, place: Place, output: &mut Output<'_>) {
        let reading = self.sides.of_mut(side);
        let State::Fixed { left } = &mut reading.state else { return };
        let length = length.min(*left);
        if length == 0 {
            return;
        }
        *left = left.saturating_sub(length);
        let is_over = *left == 0;
        if let Some(progress) = &mut reading.progress {
            progress.leave_out(length);
        }
        if is_over {
            self.end_body(side, place, output.transfer);
        }
    }

    /// `length` bytes of a side are lost. False as for [`Connection::push`].
    pub fn gap(&mut self, side: Side, length: u64, place: Place, output: &mut Output<'_>) -> bool {
        let reading = self.sides.of_mut(side);
        if let Some(progress) = &mut reading.progress {
            progress.holed = true;
        }
        reading.range = None;
        match &mut reading.state {
            State::Fixed { left } | State::Chunk { left } if *left > length => {
                *left = left.saturating_sub(length);
            }
            State::Fixed { left } if *left == length => self.end_body(side, place, output.transfer),
            State::ToTheEnd => {}
            _ => self.lose(side, place, output),
        }
        !matches!(self.sides.of(side).state, State::Done)
    }

    /// A side has nothing more to say; `properly` when it said so itself.
    pub fn end(&mut self, side: Side, properly: bool, place: Place, output: &mut Output<'_>) {
        if matches!(self.sides.of(side).state, State::ToTheEnd) && properly {
            self.end_body(side, place, output.transfer);
        }
        self.give_up(side, place, output);
        if side == Side::Server || matches!(self.sides.server.state, State::Done) {
            if let Some(ranges) = self.ranges.take() {
                ranges.progress.end(TransferStatus::Incomplete, place, output.transfer);
            }
            while let Some(unanswered) = self.waiting.pop_front() {
                (output.exchange)(&unanswered);
                self.unanswered_file(&unanswered, place, output);
            }
        }
    }

    /// A file that was asked for, and of which nothing came; or what came stands where no answer can be found.
    fn unanswered_file(&mut self, exchange: &Exchange, place: Place, output: &mut Output<'_>) {
        let target = exchange.target.as_str();
        let is_wanted =
            exchange.method == "GET" && (is_for_phones(target) || MraPath::read(target).is_some());
        let Some(requested) = exchange.requested.filter(|_| is_wanted) else { return };
        let progress = self.transfer(Operation::Read, &exchange.target, requested);
        let ends = if self.lost { place } else { requested };
        progress.end(TransferStatus::Incomplete, ends, output.transfer);
    }

    /// A request or an answer was read.
    pub fn is_http(&self) -> bool {
        self.seen
    }

    /// The connection speaks another protocol behind the last answer's head.
    pub fn tunnel(&self) -> Option<Tunnel> {
        self.tunnel
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        /// A request that waits for its answer: names of bounded length.
        const EACH: usize = 512;
        let buffers = self.sides.client.buffer.len().saturating_add(self.sides.server.buffer.len());
        // Only answers are unpacked.
        let coming = self.sides.server.progress.as_ref();
        let ranges = self.ranges.as_ref().map(|ranges| &ranges.progress);
        let unpacking = coming.or(ranges).map_or(0, Progress::held);
        buffers.saturating_add(unpacking).saturating_add(self.waiting.len().saturating_mul(EACH))
    }

    /// Nobody knows where the next message of a side begins.
    fn lose(&mut self, side: Side, place: Place, output: &mut Output<'_>) {
        self.lost |= side == Side::Server;
        self.give_up(side, place, output);
    }

    fn give_up(&mut self, side: Side, place: Place, output: &mut Output<'_>) {
        let reading = self.sides.of_mut(side);
        reading.state = State::Done;
        reading.buffer = Vec::new();
        if let Some(progress) = reading.progress.take() {
            progress.end(TransferStatus::Incomplete, place, output.transfer);
        }
    }

    fn head<'a>(
        &mut self,
        side: Side,
        bytes: &'a [u8],
        place: Place,
        output: &mut Output<'_>,
    ) -> &'a [u8] {
        let reading = self.sides.of_mut(side);
        // Empty lines between messages (RFC 9112 section 2.2).
        let bytes = match reading.buffer.is_empty() {
            true => {
                let empty = bytes.iter().take_while(|byte| b"\r\n".contains(byte)).count();
                bytes.get(empty..).unwrap_or_default()
            }
            false => bytes,
        };
        let before = reading.buffer.len();
        let room = limits::HTTP_HEAD.saturating_sub(before);
        reading.buffer.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        if !begins_message(side, &reading.buffer) {
            self.lose(side, place, output);
            return &[];
        }
        let Some(end) = end_of_head(&reading.buffer, reading.scanned) else {
            // The end may be cut: look at its beginning again.
            reading.scanned = reading.buffer.len().saturating_sub(3);
            if reading.buffer.len() >= limits::HTTP_HEAD {
                self.lose(side, place, output);
                return &[];
            }
            return &[];
        };
        let buffer = core::mem::take(&mut reading.buffer);
        reading.scanned = 0;
        let head = buffer.get(..end).unwrap_or_default();
        let rest = bytes.get(end.saturating_sub(before)..).unwrap_or_default();
        let read = match side {
            Side::Client => self.request(head, place, output),
            Side::Server => self.answer(head, place, output),
        };
        if read.is_none() {
            self.lose(side, place, output);
            return &[];
        }
        self.seen = true;
        rest
    }

    fn request(&mut self, head: &[u8], place: Place, output: &mut Output<'_>) -> Option<()> {
        let head = Head::read(head)?;
        let (method, rest) = split_word(head.start);
        // A target with spaces in it is no legal one, but phones and servers exchange it.
        let end = rest.iter().rposition(|byte| *byte == b' ')?;
        let (target, version) = rest.split_at_checked(end)?;
        let target = target.trim_ascii();
        if target.is_empty() || !version.trim_ascii().starts_with(VERSION) {
            return None;
        }
        let exchange = Exchange {
            method: shortened(method),
            target: shortened(target),
            host: head.field("host"),
            user_agent: head.field("user-agent"),
            requested: Some(place),
            ..Exchange::default()
        };
        let body = request_body(&head)?;
        let progress = match body {
            Body::None => None,
            _ => {
                let transfer = self.transfer(Operation::Write, &exchange.target, place);
                Some(transfer)
            }
        };
        if self.waiting.len() >= limits::HTTP_PIPELINE {
            return None;
        }
        match self.early_answers.checked_sub(1) {
            Some(left) => self.early_answers = left,
            None => self.waiting.push_back(exchange),
        }
        self.begin_body(Side::Client, &body, progress, place, output.transfer);
        Some(())
    }

    fn answer(&mut self, head: &[u8], place: Place, output: &mut Output<'_>) -> Option<()> {
        let head = Head::read(head)?;
        let (version, rest) = split_word(head.start);
        let (status, reason) = split_word(rest);
        if !version.starts_with(VERSION) || status.len() != 3 {
            return None;
        }
        let status: u16 = core::str::from_utf8(status).ok()?.parse().ok()?;
        // An interim answer: the final one follows (RFC 9110 section 15.2).
        if (100..200).contains(&status) && status != 101 {
            return Some(());
        }
        let waiting = self.waiting.pop_front();
        if waiting.is_none() {
            self.early_answers = self.early_answers.saturating_add(1);
        }
        let mut exchange = waiting.unwrap_or_default();
        exchange.status = Some(status);
        exchange.reason = shortened(reason);
        exchange.location = head.field("location");
        exchange.server = head.field("server");
        exchange.encoding = head
            .field("content-encoding")
            .filter(|encoding| !encoding.eq_ignore_ascii_case("identity"));
        exchange.answered = Some(place);
        (output.exchange)(&exchange);
        let tunnel =
            status == 101 || (exchange.method == "CONNECT" && (200..300).contains(&status));
        if tunnel {
            self.tunnel = Some(if status == 101 { Tunnel::Upgrade } else { Tunnel::Connect });
            self.give_up(Side::Client, place, output);
            self.give_up(Side::Server, place, output);
            return Some(());
        }
        let none = exchange.method == "HEAD" || matches!(status, 204 | 304);
        let body = if none { Body::None } else { answer_body(&head)? };
        let progress = self.answered_file(&exchange, status, &body, &head, place, output);
        self.begin_body(Side::Server, &body, progress, place, output.transfer);
        Some(())
    }

    /// The file that an answer brings; what is no file is told and left out.
    fn answered_file(
        &mut self,
        exchange: &Exchange,
        status: u16,
        body: &Body,
        head: &Head<'_>,
        place: Place,
        output: &mut Output<'_>,
    ) -> Option<Progress> {
        let reading = exchange.method.is_empty() || exchange.method == "GET";
        let range = (status == 206).then(|| content_range(head)).flatten();
        if let Some(open) = self.ranges.take() {
            match range {
                Some((start, end, total))
                    if open.target == exchange.target
                        && start == open.next
                        && total == open.total =>
                {
                    self.sides.server.range = Some((end.saturating_add(1), total));
                    return Some(open.progress);
                }
                _ => open.progress.end(TransferStatus::Incomplete, place, output.transfer),
            }
        }
        if !reading || status == 304 {
            return None;
        }
        let mut progress = self.transfer(Operation::Read, &exchange.target, place);
        let is_packed = exchange.encoding.as_deref().is_some_and(|encoding| {
            ["gzip", "x-gzip"].iter().any(|packed| encoding.eq_ignore_ascii_case(packed))
        });
        if is_packed && is_for_phones(&exchange.target) {
            progress.unpack();
        }
        if let Some(requested) = exchange.requested {
            progress.transfer.begins = requested;
        }
        match (status, range) {
            (206, Some((start, end, total))) => {
                progress.transfer.announced = Some(total);
                progress.holed = start != 0;
                self.sides.server.range = Some((end.saturating_add(1), total));
            }
            // Several ranges in one answer are no file.
            (206, None) => progress.holed = true,
            (200..300, _) => {
                if let Body::Fixed(length) = body {
                    progress.transfer.announced = Some(*length);
                }
            }
            _ => {
                let message = exchange.reason.clone();
                let status = TransferStatus::Error { code: status, message };
                progress.end(status, place, output.transfer);
                return None;
            }
        }
        Some(progress)
    }

    fn transfer(&mut self, operation: Operation, target: &str, place: Place) -> Progress {
        let id = self.next_id;
        self.next_id = self.next_id.saturating_add(1);
        let transfer = Transfer {
            protocol: Protocol::Http,
            operation,
            name: target.to_owned(),
            client: None,
            server: None,
            status: TransferStatus::Incomplete,
            bytes: 0,
            announced: None,
            sha256: None,
            begins: place,
            ends: place,
        };
        Progress::new(id, transfer)
    }

    fn begin_body(
        &mut self,
        side: Side,
        body: &Body,
        progress: Option<Progress>,
        place: Place,
        sink: &mut TransferSink<'_>,
    ) {
        let reading = self.sides.of_mut(side);
        if matches!(reading.state, State::Done) {
            return;
        }
        reading.progress = progress;
        reading.state = match body {
            Body::None | Body::Fixed(0) => State::Fixed { left: 0 },
            Body::Fixed(length) => State::Fixed { left: *length },
            Body::Chunked => State::ChunkLine { trailer: false },
            Body::ToTheEnd => State::ToTheEnd,
        };
        if matches!(reading.state, State::Fixed { left: 0 }) {
            self.end_body(side, place, sink);
        }
    }

    fn end_body(&mut self, side: Side, place: Place, sink: &mut TransferSink<'_>) {
        let reading = self.sides.of_mut(side);
        reading.state = match reading.state {
            State::ToTheEnd => State::Done,
            _ => State::Head,
        };
        let (range, progress) = (reading.range.take(), reading.progress.take());
        let Some(progress) = progress else { return };
        match range {
            Some((next, total)) if next < total && !progress.holed => {
                let target = progress.transfer.name.clone();
                self.ranges = Some(Ranges { target, next, total, progress });
            }
            _ => progress.complete(place, sink),
        }
    }

    /// The line that tells a chunk's length, the empty line behind a chunk, a trailer's line.
    fn chunk_line<'a>(
        &mut self,
        side: Side,
        trailer: bool,
        bytes: &'a [u8],
        place: Place,
        sink: &mut TransferSink<'_>,
    ) -> &'a [u8] {
        let reading = self.sides.of_mut(side);
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(bytes.len(), |end| end.saturating_add(1));
        let (line, rest) = bytes.split_at_checked(taken).unwrap_or((bytes, &[]));
        reading.buffer.extend_from_slice(line);
        let too_long = reading.buffer.len() > limits::HTTP_HEAD;
        if end.is_none() && !too_long {
            return rest;
        }
        let line = core::mem::take(&mut reading.buffer);
        let line = line.trim_ascii();
        match (line.is_empty(), trailer) {
            _ if too_long => self.broken_chunks(side, place, sink),
            // The end of the bytes of a chunk.
            (true, false) => {}
            (true, true) => self.end_body(side, place, sink),
            (false, true) => {}
            (false, false) => match chunk_length(line) {
                None => self.broken_chunks(side, place, sink),
                Some(0) => reading.state = State::ChunkLine { trailer: true },
                Some(left) => reading.state = State::Chunk { left },
            },
        }
        rest
    }

    fn broken_chunks(&mut self, side: Side, place: Place, sink: &mut TransferSink<'_>) {
        self.lost |= side == Side::Server;
        let reading = self.sides.of_mut(side);
        reading.state = State::Done;
        if let Some(progress) = reading.progress.take() {
            progress.end(TransferStatus::Incomplete, place, sink);
        }
    }
}

impl Reading {
    fn body(&mut self, bytes: &[u8], sink: &mut TransferSink<'_>) {
        if let Some(progress) = &mut self.progress {
            progress.data(bytes, sink);
        }
    }
}

fn split(bytes: &[u8], length: u64) -> (&[u8], &[u8]) {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    bytes.split_at_checked(length).unwrap_or((bytes, &[]))
}

/// May these bytes begin a message? An answer begins with `HTTP/1.`, a request with a method of capital letters.
fn begins_message(side: Side, bytes: &[u8]) -> bool {
    const LONGEST_METHOD: usize = 20;
    if side == Side::Server {
        let length = bytes.len().min(VERSION.len());
        return bytes.get(..length) == VERSION.get(..length);
    }
    let method = bytes.split(|byte| *byte == b' ').next().unwrap_or_default();
    let letters = method.iter().all(|byte| byte.is_ascii_uppercase() || b"-_".contains(byte));
    letters && method.len() <= LONGEST_METHOD && (bytes.is_empty() || !method.is_empty())
}

/// Behind the empty line that ends a head.
fn end_of_head(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let newlines = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    for (at, _) in newlines {
        let behind = rest.get(at.saturating_add(1)..).unwrap_or_default();
        let length = match behind {
            [b'\n', ..] => 2,
            [b'\r', b'\n', ..] => 3,
            _ => continue,
        };
        return from.checked_add(at)?.checked_add(length);
    }
    None
}

/// What every version that is read begins with.
const VERSION: &[u8] = b"HTTP/1.";

/// The lines of a head.
struct Head<'a> {
    start: &'a [u8],
    /// Names and values, both trimmed.
    fields: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Head<'a> {
    /// `None` when it has more lines than real ones have. A line that goes on with the one before it, or is no field, is
    /// left out.
    fn read(head: &'a [u8]) -> Option<Self> {
        let mut lines = head.split(|byte| *byte == b'\n');
        let start = lines.next()?.trim_ascii_end();
        let mut fields = Vec::new();
        for line in lines {
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = line.split_at_checked(colon)?;
            if name.first().is_none_or(u8::is_ascii_whitespace) {
                continue;
            }
            if fields.len() >= limits::HTTP_HEADERS {
                return None;
            }
            let value = value.get(1..).unwrap_or_default();
            fields.push((name.trim_ascii_end(), value.trim_ascii()));
        }
        Some(Self { start, fields })
    }

    fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'a [u8]> + 'h {
        let named = self.fields.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name.as_bytes()));
        named.map(|(_, value)| *value)
    }

    fn field(&self, name: &str) -> Option<String> {
        self.all(name).next().map(shortened)
    }
}

/// What stands in front of the first space, and what behind it.
fn split_word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
    let (word, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    (word, rest.trim_ascii_start())
}

/// A file that phones fetch. Pages and pictures of the web cost time, memory and attention, and say nothing here.
fn is_for_phones(target: &str) -> bool {
    let name = base_name(target).as_bytes();
    let ends = |end: &[u8]| {
        let from = name.len().saturating_sub(end.len());
        name.get(from..).is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    phone_file(target) != PhoneFile::Other || ends(b".xml") || ends(b".sgn")
}

fn shortened(bytes: &[u8]) -> String {
    let bytes = bytes.get(..limits::TRANSFER_NAME).unwrap_or(bytes);
    String::from_utf8_lossy(bytes).into_owned()
}

/// `None`: contradicting lengths, behind which nobody knows where the next message begins.
fn announced_body(head: &Head<'_>) -> Option<Option<Body>> {
    if let Some(coding) = head.all("transfer-encoding").last() {
        let last = coding.rsplit(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
        return Some(Some(if last.eq_ignore_ascii_case(b"chunked") {
            Body::Chunked
        } else {
            Body::ToTheEnd
        }));
    }
    let mut lengths = head.all("content-length");
    let Some(first) = lengths.next() else { return Some(None) };
    if lengths.any(|other| other != first) || !first.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let length = core::str::from_utf8(first).ok()?.parse().ok()?;
    Some(Some(Body::Fixed(length)))
}

fn request_body(head: &Head<'_>) -> Option<Body> {
    Some(match announced_body(head)? {
        None | Some(Body::Fixed(0) | Body::ToTheEnd) => Body::None,
        Some(body) => body,
    })
}

fn answer_body(head: &Head<'_>) -> Option<Body> {
    Some(announced_body(head)?.unwrap_or(Body::ToTheEnd))
}

/// First byte, last byte and whole length of `Content-Range: bytes 0-99/1000`.
fn content_range(head: &Head<'_>) -> Option<(u64, u64, u64)> {
    let value = core::str::from_utf8(head.all("content-range").next()?).ok()?;
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let numbers = (start.parse().ok()?, end.parse().ok()?, total.parse().ok()?);
    (numbers.0 <= numbers.1 && numbers.1 < numbers.2).then_some(numbers)
}

/// The hexadecimal length in front of an extension (RFC 9112 section 7.1).
fn chunk_length(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    if digits.is_empty() || digits.len() > 15 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u64::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()
}
