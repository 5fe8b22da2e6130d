//! pcap files: a header of 24 bytes, then packets, each behind a header of 16 bytes. Both byte orders,
//! micro- and nanoseconds, and the older variant of Alexey Kuznetzov whose packet headers have 24 bytes.
//! Source: <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-06.html>.

use super::Timestamp;
use super::field::Order;
use super::file::{Format, Out, PacketSink, RawPacket, whole};
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::tlv::field::Weight;

/// Bytes of the file's header.
pub(super) const HEADER: usize = 24;

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;

const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;
const MODIFIED: u32 = 0xa1b2_cd34;

/// What the first four bytes say: byte order, nanoseconds for one unit of the fraction, bytes of a packet header.
pub(super) fn variant(magic: [u8; 4]) -> Option<(Order, u32, usize)> {
    [Order::Big, Order::Little].into_iter().find_map(|order| match order.u32(&magic, 0)? {
        MICROSECONDS => Some((order, 1_000, 16)),
        NANOSECONDS => Some((order, 1, 16)),
        MODIFIED => Some((order, 1_000, 24)),
        _ => None,
    })
}

#[derive(Debug)]
pub(super) struct Pcap {
    order: Order,
    /// Nanoseconds of one unit of a packet's fraction of a second.
    unit: u32,
    packet_header: usize,
    link: u32,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    File,
    PacketHeader,
    Packet(RawPacket),
}

impl Pcap {
    pub(super) fn new(order: Order, unit: u32, packet_header: usize) -> Self {
        Self { order, unit, packet_header, link: 0, state: State::File }
    }

    fn file_header(&mut self, item: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) {
        // The four bytes of the magic number have been taken.
        let major = self.order.u16(item, 0).unwrap_or_default();
        if major != 2 {
            out.problems.odd(offset, "version_major", format!("is {major}, not 2"));
        }
        // The upper half tells of frame check sequences, which the lengths of IP packets leave out anyway.
        self.link = self.order.u32(item, 16).unwrap_or_default() & 0xffff;
        out.interface(offset.saturating_add(16), self.link);
    }

    /// The packet that a header announces.
    fn packet_header(
        &self,
        item: &[u8],
        offset: u64,
        out: &mut Out<'_, impl PacketSink>,
    ) -> Option<RawPacket> {
        let field = |at| self.order.u32(item, at);
        let nanoseconds = u64::from(field(4)?) * u64::from(self.unit);
        let captured = field(8)?;
        if captured as usize > limits::CAPTURE_PACKET_BYTES {
            let limit = limits::CAPTURE_PACKET_BYTES as u64;
            out.problems.push(
                Weight::Oddity,
                ParseError::new(
                    offset.saturating_add(8),
                    "incl_len",
                    ErrorKind::TooLarge { limit },
                ),
            );
        }
        // A fraction beyond a second is carried over, as Wireshark does.
        let (carried, nanoseconds) = match nanoseconds {
            0..SECOND => (0, nanoseconds),
            _ => (nanoseconds / SECOND, nanoseconds % SECOND),
        };
        Some(RawPacket {
            time: Timestamp {
                seconds: i64::from(field(0)?).saturating_add_unsigned(carried),
                nanoseconds: u32::try_from(nanoseconds).unwrap_or(0),
            },
            link: Some(self.link),
            captured: u64::from(captured),
            original: u64::from(field(12)?),
        })
    }
}

impl Format for Pcap {
    fn need(&self) -> usize {
        match &self.state {
            State::File => HEADER - 4,
            State::PacketHeader => self.packet_header,
            State::Packet(packet) => packet.kept(),
        }
    }

    fn item(&mut self, item: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) -> u64 {
        match core::mem::replace(&mut self.state, State::PacketHeader) {
            State::File => {
                self.file_header(item, offset, out);
                0
            }
            State::PacketHeader => {
                if let Some(packet) = self.packet_header(item, offset, out) {
                    if packet.kept() == 0 {
                        out.packet(&packet, &[]);
                    } else {
                        self.state = State::Packet(packet);
                    }
                }
                0
            }
            State::Packet(packet) => {
                out.packet(&packet, item);
                packet.captured.saturating_sub(item.len() as u64)
            }
        }
    }

    /// A capture is little else than this: packets that lie whole in `bytes` are taken with their headers.
    fn items<'a>(
        &mut self,
        bytes: &'a [u8],
        offset: u64,
        out: &mut Out<'_, impl PacketSink>,
    ) -> (&'a [u8], u64) {
        let mut rest = bytes;
        let place = |rest: &[u8]| offset.saturating_add((bytes.len() - rest.len()) as u64);
        if matches!(self.state, State::PacketHeader) {
            while let Some((header, behind)) = rest.split_at_checked(self.packet_header)
                && let Some(captured) = self.order.u32(header, 8).map(|length| length as usize)
                && captured <= limits::CAPTURE_PACKET_BYTES
                && let Some((packet, behind)) = behind.split_at_checked(captured)
                && let Some(raw) = self.packet_header(header, place(rest), out)
            {
                out.packet(&raw, packet);
                rest = behind;
            }
        }
        whole(self, rest, place(rest), out)
    }

    fn end(&mut self, held: &[u8], offset: u64, out: &mut Out<'_, impl PacketSink>) {
        match &self.state {
            State::PacketHeader if held.is_empty() => {}
            State::Packet(packet) => {
                out.cut(offset, packet.captured, held.len());
                out.packet(packet, held);
            }
            State::File | State::PacketHeader => {
                out.cut(offset, self.need() as u64, held.len());
            }
        }
    }
}
