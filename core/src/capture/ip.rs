//! IPv4 (RFC 791) and IPv6 (RFC 8200): headers, extension headers, and fragments put together again.

use std::collections::{BTreeMap, VecDeque};

use core::net::{IpAddr, Ipv6Addr};

use super::Moment;
use super::field::{array, be16, be32};
use crate::limits;

/// Numbers of the protocol field.
pub(super) mod protocol {
    pub(in crate::capture) const ICMP: u8 = 1;
    pub(in crate::capture) const IPV4: u8 = 4;
    pub(in crate::capture) const TCP: u8 = 6;
    pub(in crate::capture) const UDP: u8 = 17;
    pub(in crate::capture) const IPV6: u8 = 41;
    pub(in crate::capture) const GRE: u8 = 47;
    pub(in crate::capture) const AUTHENTICATION: u8 = 51;
    pub(in crate::capture) const ICMPV6: u8 = 58;
    pub(in crate::capture) const MPLS: u8 = 137;
}

/// An address as packets have it: two words of its bytes, so that the path of every packet moves and compares no single bytes.
/// IPv4 stands in the mapped form (RFC 4291 section 2.5.5.2). The order is one of the words, not of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    low: u64,
    high: u64,
}

impl Address {
    #[inline(always)]
    fn version_4(bytes: [u8; 4]) -> Self {
        Self { high: 0, low: (u64::from(u32::from_le_bytes(bytes)) << 32) | 0xffff_0000 }
    }

    #[inline(always)]
    fn version_6(bytes: &[u8], at: usize) -> Option<Self> {
        let word = |at| array::<8>(bytes, at).map(u64::from_le_bytes);
        Some(Self { high: word(at)?, low: word(at + 8)? })
    }

    /// The address as it is shown.
    pub(super) fn ip(self) -> IpAddr {
        let bits = (u128::from(self.low) << 64) | u128::from(self.high);
        let address = Ipv6Addr::from(bits.to_le_bytes());
        address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4)
    }

    /// A number that spreads.
    #[inline(always)]
    pub(super) fn mixed(self) -> u64 {
        self.low ^ self.high.rotate_left(32)
    }
}

/// An IP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet<'a> {
    pub(super) source: Address,
    pub(super) destination: Address,
    pub(super) protocol: u8,
    /// What follows the headers, as far as it was captured and the header says that it is there.
    pub(super) payload: &'a [u8],
    /// Bytes of the payload that were not captured.
    pub(super) missing: usize,
    pub(super) fragment: Option<Fragment>,
}

/// The place of a fragment in its packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    identification: u32,
    /// In bytes.
    offset: usize,
    more: bool,
}

impl<'a> Packet<'a> {
    /// Reads the headers; `None` when these are no IP headers.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        match bytes.first()? >> 4 {
            4 => Self::version_4(bytes),
            6 => Self::version_6(bytes),
            _ => None,
        }
    }

    fn version_4(bytes: &'a [u8]) -> Option<Self> {
        let header = usize::from(bytes.first()? & 0x0f) * 4;
        if header < 20 {
            return None;
        }
        let source = Address::version_4(array(bytes, 12)?);
        let destination = Address::version_4(array(bytes, 16)?);
        let protocol = *bytes.get(9)?;
        // 0 where the network card cuts segments itself and the capture stands before it.
        let total = match usize::from(be16(bytes, 2)?) {
            0 => bytes.len(),
            total => total,
        };
        let (payload, missing) = payload(bytes, header, total)?;
        let flags = be16(bytes, 6)?;
        let more = flags & 0x2000 != 0;
        let offset = usize::from(flags & 0x1fff) * 8;
        let fragment = (more || offset != 0).then_some(Fragment {
            identification: u32::from(be16(bytes, 4)?),
            offset,
            more,
        });
        Some(Self { source, destination, protocol, payload, missing, fragment })
    }

    fn version_6(bytes: &'a [u8]) -> Option<Self> {
        const HEADER: usize = 40;
        let source = Address::version_6(bytes, 8)?;
        let destination = Address::version_6(bytes, 24)?;
        // 0 where the network card cuts segments itself, and in jumbograms.
        let total = match usize::from(be16(bytes, 4)?) {
            0 => bytes.len(),
            length => HEADER + length,
        };
        let mut next = *bytes.get(6)?;
        let mut header = HEADER;
        let mut fragment = None;
        for _ in 0..limits::CAPTURE_LAYERS {
            let length = match next {
                // Hop-by-hop options, routing, destination options, mobility, host identity, shim6.
                0 | 43 | 60 | 135 | 139 | 140 => (usize::from(*bytes.get(header + 1)?) + 1) * 8,
                // Authentication header: its length counts words of four bytes, less two.
                51 => (usize::from(*bytes.get(header + 1)?) + 2) * 4,
                44 => {
                    let flags = be16(bytes, header + 2)?;
                    let offset = usize::from(flags & 0xfff8);
                    let more = flags & 1 != 0;
                    let identification = be32(bytes, header + 4)?;
                    // A packet in one fragment ("atomic", RFC 6946) is whole.
                    if more || offset != 0 {
                        fragment = Some(Fragment { identification, offset, more });
                    }
                    8
                }
                _ => break,
            };
            next = *bytes.get(header)?;
            header += length;
            if fragment.is_some() {
                break;
            }
        }
        let (payload, missing) = payload(bytes, header, total)?;
        Some(Self { source, destination, protocol: next, payload, missing, fragment })
    }
}

/// What stands between the headers and the end of the packet, and how much of it was not captured.
fn payload(bytes: &[u8], header: usize, total: usize) -> Option<(&[u8], usize)> {
    let wanted = total.checked_sub(header)?;
    let captured = bytes.get(header..bytes.len().min(total)).unwrap_or_default();
    Some((captured, wanted - captured.len()))
}

/// Which fragments belong together: RFC 791 section 3.2, RFC 8200 section 4.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    source: Address,
    destination: Address,
    identification: u32,
    protocol: u8,
}

/// A packet of which some fragments are there.
#[derive(Debug, Default)]
struct Partial {
    /// By offset; they do not overlap.
    pieces: BTreeMap<usize, Vec<u8>>,
    /// Bytes in `pieces`.
    held: usize,
    /// Length of the whole, once the last fragment is there.
    total: Option<usize>,
    /// When the first of them came.
    since: Moment,
    /// Tells one use of a key from the next.
    number: u64,
}

/// Puts fragments together. What overlaps keeps what came first.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    partial: BTreeMap<Key, Partial>,
    /// In the order in which they began; entries whose packet is complete stay until they are met.
    order: VecDeque<(Key, u64)>,
    held: usize,
    begun: u64,
    /// Packets that never became whole.
    pub(super) incomplete: u64,
}

/// Fragments of one packet come within this time (RFC 8200 section 4.5).
const PATIENCE: i64 = 60;

/// What a piece costs beside its bytes.
const PIECE: usize = 64;

impl Fragments {
    /// Adds a fragment; the whole payload when it was the last missing one.
    pub(super) fn add(
        &mut self,
        packet: &Packet<'_>,
        fragment: Fragment,
        at: Moment,
    ) -> Option<Vec<u8>> {
        let end = fragment.offset.checked_add(packet.payload.len())?;
        let cut = packet.missing > 0;
        let uneven = fragment.more && !packet.payload.len().is_multiple_of(8);
        if packet.payload.is_empty() || cut || uneven || end > limits::CAPTURE_IP_PACKET {
            self.incomplete += u64::from(cut);
            return None;
        }
        let key = Key {
            source: packet.source,
            destination: packet.destination,
            identification: fragment.identification,
            protocol: packet.protocol,
        };
        let late = |partial: &Partial| {
            at.time.seconds.saturating_sub(partial.since.time.seconds).abs() > PATIENCE
        };
        if self.partial.get(&key).is_some_and(late) {
            self.give_up(&key);
        }
        self.make_room();
        if !self.partial.contains_key(&key) {
            self.begun += 1;
            self.order.push_back((key, self.begun));
        }
        let number = self.begun;
        let partial = self.partial.entry(key).or_insert_with(|| Partial {
            since: at,
            number,
            ..Partial::default()
        });
        if !fragment.more {
            partial.total.get_or_insert(end);
        }
        let before = partial.held;
        partial.insert(fragment.offset, packet.payload);
        self.held += partial.held - before;
        if partial.pieces.len() > limits::CAPTURE_FRAGMENTS {
            self.give_up(&key);
            return None;
        }
        if !partial.is_whole() {
            return None;
        }
        let whole = self.partial.remove(&key)?;
        self.held = self.held.saturating_sub(whole.held);
        let mut payload = Vec::with_capacity(whole.total.unwrap_or_default());
        for piece in whole.pieces.values() {
            payload.extend_from_slice(piece);
        }
        Some(payload)
    }

    /// Packets of which fragments are missing now.
    pub(super) fn waiting(&self) -> u64 {
        self.partial.len() as u64
    }

    /// Gives up the oldest until a fragment fits.
    fn make_room(&mut self) {
        while self.held > limits::CAPTURE_FRAGMENT_BYTES
            || self.partial.len() >= limits::CAPTURE_FRAGMENTED_PACKETS
            || self.order.len() > 2 * limits::CAPTURE_FRAGMENTED_PACKETS
        {
            let Some((key, number)) = self.order.pop_front() else { return };
            if self.partial.get(&key).is_some_and(|partial| partial.number == number) {
                self.give_up(&key);
            }
        }
    }

    fn give_up(&mut self, key: &Key) {
        if let Some(partial) = self.partial.remove(key) {
            self.held = self.held.saturating_sub(partial.held);
            self.incomplete += 1;
        }
    }
}

impl Partial {
    /// Keeps what no earlier fragment covers.
    fn insert(&mut self, mut offset: usize, mut bytes: &[u8]) {
        if let Some((start, piece)) = self.pieces.range(..=offset).next_back() {
            let known = (start + piece.len()).saturating_sub(offset).min(bytes.len());
            bytes = bytes.get(known..).unwrap_or_default();
            offset += known;
        }
        while !bytes.is_empty() {
            let (room, known) = match self.pieces.range(offset..).next() {
                Some((start, piece)) => ((start - offset).min(bytes.len()), piece.len()),
                None => (bytes.len(), 0),
            };
            let (piece, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            if !piece.is_empty() {
                self.pieces.insert(offset, piece.to_vec());
                self.held += piece.len() + PIECE;
            }
            bytes = rest.get(known..).unwrap_or_default();
            offset += room + known;
        }
    }

    fn is_whole(&self) -> bool {
        let Some(total) = self.total else { return false };
        let mut end = 0;
        for (start, piece) in &self.pieces {
            if *start != end {
                return false;
            }
            end += piece.len();
        }
        end == total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version_4(flags: u16, identification: u16, payload: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x45, 0];
        packet.extend((20 + u16::try_from(payload.len()).unwrap()).to_be_bytes());
        packet.extend(identification.to_be_bytes());
        packet.extend(flags.to_be_bytes());
        packet.extend([64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        packet.extend(payload);
        packet
    }

    fn version_6(extensions: &[u8], first: u8, payload: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x60, 0, 0, 0];
        packet.extend(u16::try_from(extensions.len() + payload.len()).unwrap().to_be_bytes());
        packet.extend([first, 64]);
        packet.extend([1; 16]);
        packet.extend([2; 16]);
        packet.extend(extensions);
        packet.extend(payload);
        packet
    }

    fn add(fragments: &mut Fragments, bytes: &[u8], seconds: i64) -> Option<Vec<u8>> {
        let packet = Packet::read(bytes).unwrap();
        let at = Moment { frame: 1, time: super::super::Timestamp { seconds, nanoseconds: 0 } };
        fragments.add(&packet, packet.fragment.unwrap(), at)
    }

    #[test]
    fn padding_is_cut_and_missing_bytes_are_counted() {
        let mut padded = version_4(0, 1, b"payload");
        padded.extend([0; 20]);
        let packet = Packet::read(&padded).unwrap();
        assert_eq!((packet.payload, packet.missing, packet.fragment), (&b"payload"[..], 0, None));
        assert_eq!(packet.source.ip(), IpAddr::from([10, 0, 0, 1]));
        let cut = Packet::read(&padded[..22]).unwrap();
        assert_eq!((cut.payload, cut.missing), (&b"pa"[..], 5));
        let mut segmented_by_the_card = padded.clone();
        segmented_by_the_card[2..4].copy_from_slice(&[0, 0]);
        assert_eq!(Packet::read(&segmented_by_the_card).unwrap().payload.len(), 27);
        for length in 0..20 {
            assert_eq!(Packet::read(&padded[..length]), None, "{length}");
        }
    }

    #[test]
    fn extension_headers_are_stepped_over() {
        let extensions = [
            &[60, 0, 1, 4, 0, 0, 0, 0][..],       // hop-by-hop
            &[51, 1, 0, 0, 0, 0, 0, 0].repeat(2), // destination options, 16 bytes
            &[6, 4, 0, 0, 0, 0, 0, 0].repeat(3),  // authentication, 24 bytes
        ]
        .concat();
        let bytes = version_6(&extensions, 0, b"segment");
        let packet = Packet::read(&bytes).unwrap();
        assert_eq!((packet.protocol, packet.payload), (protocol::TCP, &b"segment"[..]));
        assert_eq!(packet.destination.ip(), IpAddr::from([2; 16]));
        // Extension headers that point to each other without end.
        let endless = version_6(&[0; 4096], 0, b"");
        assert_eq!(Packet::read(&endless).unwrap().protocol, 0);
    }

    #[test]
    fn fragments_in_any_order_make_the_payload() {
        let pieces = [
            version_4(0x2000, 7, &[1; 16]),
            version_4(0x2002, 7, &[2; 8]),
            version_4(0x0003, 7, &[3; 5]),
        ];
        let whole = [&[1; 16][..], &[2; 8], &[3; 5]].concat();
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]] {
            let mut fragments = Fragments::default();
            assert_eq!(add(&mut fragments, &pieces[order[0]], 0), None);
            assert_eq!(add(&mut fragments, &pieces[order[1]], 0), None);
            assert_eq!(add(&mut fragments, &pieces[order[2]], 0), Some(whole.clone()), "{order:?}");
            assert_eq!((fragments.held, fragments.waiting()), (0, 0));
        }
    }

    #[test]
    fn overlaps_keep_what_came_first() {
        let mut fragments = Fragments::default();
        assert_eq!(add(&mut fragments, &version_4(0x2001, 7, &[2; 8]), 0), None);
        assert_eq!(add(&mut fragments, &version_4(0x2000, 7, &[1; 24]), 0), None);
        assert_eq!(add(&mut fragments, &version_4(0x2000, 7, &[9; 24]), 0), None);
        let whole = add(&mut fragments, &version_4(0x0003, 7, &[3; 1]), 0).unwrap();
        assert_eq!(whole, [&[1; 8][..], &[2; 8], &[1; 8], &[3]].concat());
    }

    #[test]
    fn an_old_identification_begins_anew() {
        let mut fragments = Fragments::default();
        assert_eq!(add(&mut fragments, &version_4(0x2000, 7, &[1; 8]), 0), None);
        assert_eq!(add(&mut fragments, &version_4(0x0001, 7, &[2; 8]), 61), None);
        assert_eq!(fragments.incomplete, 1);
        assert_eq!(add(&mut fragments, &version_4(0x2000, 7, &[3; 8]), 62).unwrap()[..8], [3; 8]);
    }

    #[test]
    fn version_6_fragments_stand_behind_their_header() {
        let head = [17, 0, 0, 1, 0, 0, 0, 9];
        let tail = [17, 0, 0, 8, 0, 0, 0, 9];
        let mut fragments = Fragments::default();
        assert_eq!(add(&mut fragments, &version_6(&head, 44, &[1; 8]), 0), None);
        let whole = add(&mut fragments, &version_6(&tail, 44, &[2; 3]), 0).unwrap();
        assert_eq!(whole, [&[1; 8][..], &[2; 3]].concat());
        let atomic = version_6(&[17, 0, 0, 0, 0, 0, 0, 9], 44, &[1; 8]);
        assert_eq!(Packet::read(&atomic).unwrap().fragment, None);
        assert_eq!(Packet::read(&atomic).unwrap().protocol, protocol::UDP);
    }

    #[test]
    fn memory_for_fragments_is_capped() {
        let mut fragments = Fragments::default();
        for number in 0..20_000_u32 {
            let [_, _, high, low] = number.to_be_bytes();
            let id = u16::from_be_bytes([high, low]);
            add(&mut fragments, &version_4(0x2000, id, &[1; 1024]), 0);
            assert!(fragments.held <= limits::CAPTURE_FRAGMENT_BYTES + 2048);
            assert!(fragments.partial.len() <= limits::CAPTURE_FRAGMENTED_PACKETS);
            assert!(fragments.order.len() <= 2 * limits::CAPTURE_FRAGMENTED_PACKETS + 1);
        }
        let mut fragments = Fragments::default();
        // Every second piece of 8 bytes: never whole.
        for offset in (0..8000_u16).step_by(2) {
            add(&mut fragments, &version_4(0x2000 | offset, 1, &[1; 8]), 0);
        }
        assert!(fragments.held <= (limits::CAPTURE_FRAGMENTS + 1) * (8 + PIECE));
    }
}
