//! pcapng files: sections of blocks, each `type (4) | length (4) | body | length (4)`, the numbers in the byte order
//! that the section's header tells. Packets name their interface, which has a link type and a clock of its own.
//! Source: <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-04.html>.
//!
//! Read are Section Header, Interface Description, Enhanced Packet, Simple Packet, the obsolete Packet Block, and
//! Decryption Secrets; every other block is stepped over.

use super::Timestamp;
use super::field::{Order, array};
use super::file::{ENDLESS, Format, Out, PacketSink, RawPacket};
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::tlv::field::Weight;

/// First four bytes of every pcapng file; the same in both byte orders.
pub(super) const SECTION: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];
const BYTE_ORDER: u32 = 0x1a2b_3c4d;

const INTERFACE: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const SECRETS: u32 = 10;

/// Type, length and the closing length.
const FRAME: u64 = 12;

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u32,
    /// The longest packet that it captures; 0 means no limit.
    longest: u32,
    clock: Clock,
}

/// How an interface counts time (options if_tsresol and if_tsoffset).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Clock {
    /// Units of a second.
    units: u128,
    /// Seconds to add.
    offset: i64,
}

impl Default for Clock {
    fn default() -> Self {
        Self { units: 1_000_000, offset: 0 }
    }
}

impl Clock {
    fn at(self, high: u32, low: u32) -> Timestamp {
        let ticks = (u128::from(high) << 32) | u128::from(low);
        // Below 2^64 * 10^9, far from the end of the type.
        let nanoseconds = (ticks % self.units) * 1_000_000_000 / self.units;
        Timestamp {
            seconds: i64::try_from(ticks / self.units)
                .unwrap_or(i64::MAX)
                .saturating_add(self.offset),
            nanoseconds: u32::try_from(nanoseconds).unwrap_or(0),
        }
    }

    /// The first bit tells the base, 10 or 2, the others its negative power. `None` for units that no clock
    /// counts and that would not fit.
    fn units(resolution: u8) -> Option<u128> {
        let power = u32::from(resolution & 0x7f);
        if resolution & 0x80 == 0 { 10_u128.checked_pow(power) } else { 2_u128.checked_pow(power) }
    }
}

#[derive(Debug)]
pub(super) struct PcapNg {
    order: Order,
    interfaces: Vec<Interface>,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Behind the type of the first block, which told the format: at its length.
    FirstLength,
    /// At the head of a block: type and length.
    Block,
    /// In a section's header, at its byte-order mark; the length as it stood.
    Section([u8; 4]),
    /// In the fixed part of a packet; bytes of the body.
    PacketHeader { kind: u32, body: u64 },
    /// In the bytes of a packet; bytes that follow them up to the end of the block.
    Packet { packet: RawPacket, after: u64 },
    /// In a block that is read as a whole, up to a cap.
    Body { kind: u32, length: usize, after: u64 },
    /// No block can be found any more.
    Lost,
}

impl PcapNg {
    /// Behind the type of the first block.
    pub(super) fn new() -> Self {
        Self { order: Order::Little, interfaces: Vec::new(), state: State::FirstLength }
    }

    fn block(&mut self, item: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) -> u64 {
        if item.starts_with(&SECTION) {
            self.state = State::Section(array(item, 4).unwrap_or_default());
            return 0;
        }
        let kind = self.order.u32(item, 0).unwrap_or_default();
        let length = self.order.u32(item, 4).unwrap_or_default();
        let Some(body) = self.body(length, offset, out) else { return 0 };
        let fixed = match kind {
            ENHANCED_PACKET | PACKET => 20,
            SIMPLE_PACKET => 4,
            INTERFACE | SECRETS if body >= 8 => {
                let length =
                    usize::try_from(body).unwrap_or(usize::MAX).min(limits::CAPTURE_BLOCK_BYTES);
                let after = body.saturating_sub(length as u64).saturating_add(4);
                self.state = State::Body { kind, length, after };
                return 0;
            }
            _ => return body.saturating_add(4),
        };
        if body < fixed {
            let kind = ErrorKind::BadValue { message: "is too short for a packet".to_owned() };
            out.problems.damage(ParseError::new(offset.saturating_add(4), "block length", kind));
            return body.saturating_add(4);
        }
        self.state = State::PacketHeader { kind, body };
        0
    }

    /// Bytes between the two lengths of a block; `None` when the length cannot be one, and then nothing behind it
    /// can be found.
    fn body(
        &mut self,
        length: u32,
        offset: u64,
        out: &mut Out<'_, impl PacketSink>,
    ) -> Option<u64> {
        let at = offset.saturating_add(4);
        let rounded = u64::from(length).next_multiple_of(4);
        let Some(body) = rounded.checked_sub(FRAME) else {
            let message = format!("is {length}, below the 12 bytes that every block has");
            let kind = ErrorKind::BadValue { message };
            out.problems.damage(ParseError::new(at, "block length", kind));
            self.state = State::Lost;
            return None;
        };
        if !length.is_multiple_of(4) {
            out.problems.odd(at, "block length", format!("is {length}, no multiple of 4"));
        }
        Some(body)
    }

    /// A section's byte-order mark; what interfaces there were belong to the section before.
    fn section(
        &mut self,
        length: [u8; 4],
        item: &[u8],
        offset: u64,
        out: &mut Out<'_, impl PacketSink>,
    ) -> u64 {
        let orders = [Order::Big, Order::Little];
        let found = orders.into_iter().find(|order| order.u32(item, 0) == Some(BYTE_ORDER));
        let Some(order) = found else {
            let message = "is none of the two byte-order marks".to_owned();
            let kind = ErrorKind::BadValue { message };
            out.problems.damage(ParseError::new(offset, "byte-order magic", kind));
            self.state = State::Lost;
            return 0;
        };
        self.order = order;
        self.interfaces.clear();
        let length = order.u32(&length, 0).unwrap_or_default();
        let body = self.body(length, offset.saturating_sub(8), out).unwrap_or_default();
        // The mark has been taken.
        body.saturating_sub(4).saturating_add(4)
    }

    fn packet_header(
        &self,
        kind: u32,
        body: u64,
        item: &[u8],
        offset: u64,
        out: &mut Out<'_, impl PacketSink>,
    ) -> Option<(RawPacket, u64)> {
        let order = self.order;
        let field = |at| order.u32(item, at);
        let room = body.saturating_sub(item.len() as u64);
        let (interface, captured, original, stamp) = if kind == SIMPLE_PACKET {
            let original = field(0)?;
            let longest = self.interfaces.first().map_or(0, |interface| interface.longest);
            let captured = if longest == 0 { original } else { original.min(longest) };
            (0, captured, original, None)
        } else {
            let interface = match kind {
                // The obsolete block has a count of lost packets beside a shorter number.
                PACKET => u32::from(order.u16(item, 0)?),
                _ => field(0)?,
            };
            (interface, field(12)?, field(16)?, Some((field(4)?, field(8)?)))
        };
        let known = usize::try_from(interface).ok().and_then(|n| self.interfaces.get(n)).copied();
        if known.is_none() {
            out.problems.odd(offset, "interface", format!("{interface} was not described"));
        }
        let mut captured = u64::from(captured);
        if captured > room {
            let error = ErrorKind::Overrun { declared: captured, available: room };
            out.problems.damage(ParseError::new(offset, "captured packet length", error));
            captured = room;
        }
        // A simple packet has no time: the one before tells at least the order.
        let time = match (known, stamp) {
            (Some(interface), Some((high, low))) => interface.clock.at(high, low),
            (None, Some((high, low))) => Clock::default().at(high, low),
            (_, None) => out.last_time(),
        };
        let packet = RawPacket {
            time,
            link: known.map(|interface| interface.link),
            captured,
            original: u64::from(original),
        };
        Some((packet, room.saturating_sub(captured).saturating_add(4)))
    }

    fn interface(&mut self, body: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) {
        let link = u32::from(self.order.u16(body, 0).unwrap_or_default());
        let longest = self.order.u32(body, 4).unwrap_or_default();
        let mut clock = Clock::default();
        let mut rest = body.get(8..).unwrap_or_default();
        // Every step takes at least four bytes.
        while let (Some(code), Some(length)) = (self.order.u16(rest, 0), self.order.u16(rest, 2)) {
            let length = usize::from(length);
            let Some(value) = rest.get(4..4 + length) else { break };
            match (code, value) {
                (0, _) => break,
                (9, [resolution, ..]) => match Clock::units(*resolution) {
                    Some(units) => clock.units = units,
                    None => out.problems.odd(offset, "if_tsresol", format!("is {resolution}")),
                },
                (14, value) => {
                    let seconds = self.order.u64(value, 0).unwrap_or_default();
                    clock.offset = seconds.cast_signed();
                }
                _ => {}
            }
            rest = rest.get(4 + length.next_multiple_of(4)..).unwrap_or_default();
        }
        if self.interfaces.len() < limits::CAPTURE_INTERFACES {
            self.interfaces.push(Interface { link, longest, clock });
            out.interface(offset, link);
        } else {
            let limit = limits::CAPTURE_INTERFACES as u64;
            out.problems.push(
                Weight::Oddity,
                ParseError::new(offset, "interfaces", ErrorKind::TooLarge { limit }),
            );
        }
    }

    fn secrets(&self, body: &[u8], after: u64, offset: u64, out: &mut Out<'_, impl PacketSink>) {
        let Some(kind) = self.order.u32(body, 0) else { return };
        let length = self.order.u32(body, 4).unwrap_or_default() as usize;
        let data = body.get(8..).unwrap_or_default();
        if after > 4 {
            let limit = limits::CAPTURE_BLOCK_BYTES as u64;
            out.problems.push(
                Weight::Oddity,
                ParseError::new(offset, "secrets", ErrorKind::TooLarge { limit }),
            );
        }
        out.sink.secrets(kind, data.get(..length.min(data.len())).unwrap_or_default());
    }
}

impl Format for PcapNg {
    fn need(&self) -> usize {
        match &self.state {
            State::Block => 8,
            State::FirstLength | State::Section(_) => 4,
            State::PacketHeader { kind: SIMPLE_PACKET, .. } => 4,
            State::PacketHeader { .. } => 20,
            State::Packet { packet, .. } => packet.kept(),
            State::Body { length, .. } => *length,
            State::Lost => 1,
        }
    }

    fn item(&mut self, item: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) -> u64 {
        match core::mem::replace(&mut self.state, State::Block) {
            State::FirstLength => {
                self.state = State::Section(array(item, 0).unwrap_or_default());
                0
            }
            State::Block => self.block(item, offset, out),
            State::Section(length) => self.section(length, item, offset, out),
            State::PacketHeader { kind, body } => {
                let Some((packet, after)) = self.packet_header(kind, body, item, offset, out)
                else {
                    return 0;
                };
                if packet.kept() == 0 {
                    out.packet(&packet, &[]);
                    return packet.captured.saturating_add(after);
                }
                self.state = State::Packet { packet, after };
                0
            }
            State::Packet { packet, after } => {
                out.packet(&packet, item);
                packet.captured.saturating_sub(item.len() as u64).saturating_add(after)
            }
            State::Body { kind, after, .. } => {
                match kind {
                    SECRETS => self.secrets(item, after, offset, out),
                    _ => self.interface(item, offset, out),
                }
                after
            }
            State::Lost => {
                self.state = State::Lost;
                ENDLESS
            }
        }
    }

    fn end(&mut self, held: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) {
        match &self.state {
            State::Block if held.is_empty() => {}
            State::Packet { packet, .. } => {
                out.cut(offset, packet.captured, held.len());
                out.packet(packet, held);
            }
            State::Lost => {}
            _ => out.cut(offset, self.need() as u64, held.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_of_every_resolution_tell_the_same_time() {
        let stamp = |units: u128, ticks: u64| {
            let [a, b, c, d, e, f, g, h] = ticks.to_be_bytes();
            let (high, low) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
            Clock { units, offset: 0 }.at(high, low)
        };
        let expected = Timestamp { seconds: 1_789_999_999, nanoseconds: 500_000_000 };
        for resolution in [1, 3, 6, 9] {
            let units = Clock::units(resolution).unwrap();
            let ticks = u64::try_from(u128::from(1_789_999_999_u64) * units + units / 2).unwrap();
            assert_eq!(stamp(units, ticks), expected, "10^-{resolution}");
        }
        let binary = Clock::units(0x80 | 20).unwrap();
        assert_eq!(stamp(binary, (1_789_999_999 << 20) + (1 << 19)), expected);
        assert_eq!(Clock::units(0), Some(1));
        assert_eq!(Clock::units(0x7f), None);
        assert_eq!(stamp(Clock::units(38).unwrap(), u64::MAX).seconds, 0);
        let early = Clock { units: 1, offset: -5 }.at(0, 3);
        assert_eq!(early.seconds, -2);
        assert_eq!(Clock { units: 1, offset: i64::MAX }.at(u32::MAX, 0).seconds, i64::MAX);
    }
}
