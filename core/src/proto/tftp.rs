//! TFTP: how phones fetch trust lists and configurations (RFC 1350, options of RFC 2347 to 2349 and 7440).
//!
//! A request goes to the server's port 69; the server answers from a port of its own, which is the other end from then
//! on. Blocks count from 1 and wrap to 0 (or, by some servers, to 1). A block shorter than the block size is the last.
//! Domain items A31 to A34.

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeMap;

use super::transfer::{Operation, Progress, Protocol, Transfer, TransferSink, TransferStatus};
use super::{Place, u16_at};
use crate::limits;

/// The port that requests go to.
pub const PORT: u16 = 69;

const READ: u16 = 1;
const WRITE: u16 = 2;
const DATA: u16 = 3;
const ERROR: u16 = 5;
const OPTIONS: u16 = 6;

/// A datagram.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// The payload.
    pub bytes: &'a [u8],
    /// Bytes at its end that were not captured.
    pub missing: u64,
    /// The packet of the capture.
    pub place: Place,
}

/// The client's end, and the server's address: its port changes.
type Key = (SocketAddr, IpAddr);

/// Puts files back together from all datagrams of a capture.
#[derive(Debug, Default)]
pub struct Tftp {
    transfers: BTreeMap<Key, Running>,
    /// From the oldest transfer to the youngest.
    order: BTreeMap<u64, Key>,
    next_id: u64,
    /// Bytes of blocks that wait for one before them.
    held: usize,
}

#[derive(Debug)]
struct Running {
    id: u64,
    progress: Option<Progress>,
    operation: Operation,
    name: String,
    /// The port the server answers from.
    server_port: Option<u16>,
    block_size: usize,
    /// The size that the client asked for, should the server's answer be missing.
    wanted_size: Option<usize>,
    /// Number of the block that comes next, not wrapped.
    next: u64,
    /// Blocks that the server left out by wrapping to 1.
    left_out: u64,
    /// Blocks that came before their turn, by their number.
    ahead: BTreeMap<u64, Vec<u8>>,
    last_place: Place,
}

impl Tftp {
    /// A datagram; says whether it belongs to a transfer.
    pub fn datagram(&mut self, packet: &Packet<'_>, sink: &mut TransferSink<'_>) -> bool {
        let Some(operation) = u16_at(packet.bytes, 0) else { return false };
        if matches!(operation, READ | WRITE)
            && let Some(request) = Request::read(packet.bytes)
        {
            self.request(packet, operation, &request, sink);
            return true;
        }
        let from_server = (packet.destination, packet.source.ip());
        let from_client = (packet.source, packet.destination.ip());
        let (key, server_port, sender) = if self.transfers.contains_key(&from_server) {
            (from_server, packet.source.port(), Operation::Read)
        } else if self.transfers.contains_key(&from_client) {
            (from_client, packet.destination.port(), Operation::Write)
        } else {
            return false;
        };
        let Some(running) = self.transfers.get_mut(&key) else { return false };
        if *running.server_port.get_or_insert(server_port) != server_port {
            // The answer to a repeated request: the client drops it, too.
            return false;
        }
        running.last_place = packet.place;
        let finished = operation == DATA
            && running.operation == sender
            && running.data(packet, &mut self.held, sink);
        match operation {
            DATA if finished => self.finish(key, packet.place, sink),
            OPTIONS => running.options(packet.bytes.get(2..).unwrap_or_default()),
            ERROR => {
                let code = u16_at(packet.bytes, 2).unwrap_or_default();
                let message = text(packet.bytes.get(4..).unwrap_or_default());
                if let Some(progress) = running.progress.take() {
                    progress.end(TransferStatus::Error { code, message }, packet.place, sink);
                }
                self.remove(key);
            }
            _ => {}
        }
        true
    }

    /// The capture is over: what runs is incomplete.
    pub fn end(&mut self, sink: &mut TransferSink<'_>) {
        let order = core::mem::take(&mut self.order);
        for key in order.into_values() {
            self.give_up(key, sink);
        }
    }

    /// Bytes held, roughly.
    pub fn held(&self) -> usize {
        const EACH: usize = 512;
        self.transfers.len().saturating_mul(EACH).saturating_add(self.held)
    }

    fn request(
        &mut self,
        packet: &Packet<'_>,
        operation: u16,
        request: &Request,
        sink: &mut TransferSink<'_>,
    ) {
        let operation = if operation == READ { Operation::Read } else { Operation::Write };
        let key = (packet.source, packet.destination.ip());
        if let Some(running) = self.transfers.get(&key) {
            let repeated = running.name == request.name
                && running.operation == operation
                && running.next == 1
                && running.progress.is_some();
            if repeated {
                return;
            }
            self.give_up(key, sink);
        }
        if self.transfers.len() >= limits::TFTP_TRANSFERS
            && let Some(oldest) = self.order.values().next().copied()
        {
            self.give_up(oldest, sink);
        }
        let id = self.next_id;
        self.next_id = self.next_id.saturating_add(1);
        let transfer = Transfer {
            protocol: Protocol::Tftp,
            operation,
            name: request.name.clone(),
            client: Some(packet.source),
            server: Some(packet.destination),
            status: TransferStatus::Incomplete,
            bytes: 0,
            announced: request.size.filter(|_| operation == Operation::Write),
            sha256: None,
            begins: packet.place,
            ends: packet.place,
        };
        self.order.insert(id, key);
        self.transfers.insert(
            key,
            Running {
                id,
                progress: Some(Progress::new(id, transfer)),
                operation,
                name: request.name.clone(),
                server_port: None,
                block_size: 512,
                wanted_size: request.block_size,
                next: 1,
                left_out: 0,
                ahead: BTreeMap::new(),
                last_place: packet.place,
            },
        );
    }

    /// The last block is there. The entry stays until its client asks again, so that repeated blocks are known.
    fn finish(&mut self, key: Key, place: Place, sink: &mut TransferSink<'_>) {
        if let Some(running) = self.transfers.get_mut(&key)
            && let Some(progress) = running.progress.take()
        {
            progress.complete(place, sink);
        }
    }

    fn give_up(&mut self, key: Key, sink: &mut TransferSink<'_>) {
        if let Some(running) = self.remove(key)
            && let Some(progress) = running.progress
        {
            progress.end(TransferStatus::Incomplete, running.last_place, sink);
        }
    }

    fn remove(&mut self, key: Key) -> Option<Running> {
        let running = self.transfers.remove(&key)?;
        self.order.remove(&running.id);
        let ahead: usize = running.ahead.values().map(Vec::len).sum();
        self.held = self.held.saturating_sub(ahead);
        Some(running)
    }
}

impl Running {
    /// A block; true when it was the last that was missing.
    fn data(&mut self, packet: &Packet<'_>, held: &mut usize, sink: &mut TransferSink<'_>) -> bool {
        let Some(progress) = &mut self.progress else { return false };
        let (Some(number), Some(block)) = (u16_at(packet.bytes, 2), packet.bytes.get(4..)) else {
            return false;
        };
        let whole = (block.len() as u64).saturating_add(packet.missing);
        if whole > self.block_size as u64 {
            match self.wanted_size {
                Some(size) if self.next == 1 && whole <= size as u64 => self.block_size = size,
                _ => progress.holed = true,
            }
        }
        let Some(number) = self.unwrapped(number) else { return false };
        let Some(progress) = &mut self.progress else { return false };
        if number > self.next {
            // In step with its acknowledgements a transfer has no gaps, so a block is missing in the capture, or will
            // come: windows of several blocks may be out of order.
            let room = limits::TFTP_AHEAD.saturating_sub(*held);
            if self.ahead.len() < limits::TFTP_BLOCKS_AHEAD
                && block.len() <= room
                && packet.missing == 0
                && !self.ahead.contains_key(&number)
            {
                *held = held.saturating_add(block.len());
                self.ahead.insert(number, block.to_vec());
                return false;
            }
            if self.ahead.contains_key(&number) {
                return false;
            }
            // Too far: what is missing will not come any more.
            progress.holed = true;
            let waiting: usize = self.ahead.values().map(Vec::len).sum();
            *held = held.saturating_sub(waiting);
            self.ahead.clear();
            self.next = number;
        }
        if packet.missing > 0 {
            progress.holed = true;
        }
        progress.data(block, sink);
        self.next = self.next.saturating_add(1);
        let mut last = whole < self.block_size as u64;
        while !last && let Some(block) = self.ahead.remove(&self.next) {
            *held = held.saturating_sub(block.len());
            progress.data(&block, sink);
            self.next = self.next.saturating_add(1);
            last = block.len() < self.block_size;
        }
        last
    }

    /// The block's number without wrapping; `None` for one that was read.
    fn unwrapped(&mut self, number: u16) -> Option<u64> {
        const HALF: u16 = 0x8000;
        let on_the_wire = self.next.saturating_add(self.left_out);
        let expected = u16::try_from(on_the_wire & 0xffff).unwrap_or_default();
        // Behind 65,535 some servers go on with 1 instead of 0.
        if expected == 0 && number == 1 && self.ahead.is_empty() {
            self.left_out = self.left_out.saturating_add(1);
            return Some(self.next);
        }
        let ahead = number.wrapping_sub(expected);
        (ahead < HALF).then(|| self.next.saturating_add(u64::from(ahead)))
    }

    /// The server's answer to options (RFC 2347).
    fn options(&mut self, bytes: &[u8]) {
        for (name, value) in pairs(bytes) {
            let Ok(value) = value.parse::<u64>() else { continue };
            if name.eq_ignore_ascii_case("blksize") {
                if let Some(size) = block_size(value)
                    && self.next == 1
                {
                    self.block_size = size;
                }
            } else if name.eq_ignore_ascii_case("tsize")
                && let Some(progress) = &mut self.progress
                && self.operation == Operation::Read
            {
                progress.transfer.announced = Some(value);
            }
        }
    }
}

/// A request to read or write.
struct Request {
    name: String,
    size: Option<u64>,
    block_size: Option<usize>,
}

impl Request {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut words = bytes.get(2..)?.split(|byte| *byte == 0);
        let (name, mode) = (words.next()?, words.next()?);
        let known = [&b"octet"[..], b"netascii", b"mail"]
            .iter()
            .any(|known| mode.eq_ignore_ascii_case(known));
        // The NUL behind the mode makes a third word, empty when there are no options.
        words.next()?;
        if name.is_empty() || name.len() > limits::TRANSFER_NAME || !known {
            return None;
        }
        let head = name.len().checked_add(mode.len())?.checked_add(4)?;
        let mut request =
            Self { name: String::from_utf8_lossy(name).into_owned(), size: None, block_size: None };
        for (name, value) in pairs(bytes.get(head..).unwrap_or_default()) {
            if name.eq_ignore_ascii_case("tsize") {
                request.size = value.parse().ok();
            } else if name.eq_ignore_ascii_case("blksize") {
                request.block_size = value.parse().ok().and_then(block_size);
            }
        }
        Some(request)
    }
}

/// A legal block size (RFC 2348).
fn block_size(value: u64) -> Option<usize> {
    (8..=65_464).contains(&value).then(|| usize::try_from(value).ok()).flatten()
}

/// Options: name and value, each ended by NUL.
fn pairs(bytes: &[u8]) -> impl Iterator<Item = (String, String)> {
    let mut words = bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec).take(limits::TFTP_OPTIONS);
    core::iter::from_fn(move || {
        let (name, value) = (words.next()?, words.next()?);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (!name.is_empty()).then(|| (text(&name), text(&value)))
    })
}

fn text(bytes: &[u8]) -> String {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let bytes = bytes.get(..limits::TRANSFER_NAME).unwrap_or(bytes);
    String::from_utf8_lossy(bytes).into_owned()
}
