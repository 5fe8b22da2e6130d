//! Packets made byte by byte: Ethernet, VLAN tags, IPv4 and IPv6 with fragments, TCP and UDP.
#![allow(clippy::indexing_slicing, clippy::expect_used, reason = "headers have fixed places")]

use std::net::{IpAddr, SocketAddr};

/// TCP flags.
pub mod flag {
    /// No more data.
    pub const FIN: u8 = 0x01;
    /// Begin.
    pub const SYN: u8 = 0x02;
    /// Refused or broken off.
    pub const RST: u8 = 0x04;
    /// Hand on at once.
    pub const PSH: u8 = 0x08;
    /// The acknowledgment counts.
    pub const ACK: u8 = 0x10;
}

/// A TCP segment without its checksum, which no reader of captures can rely on.
#[derive(Clone, Debug)]
pub struct Tcp {
    /// Sender.
    pub from: SocketAddr,
    /// Receiver.
    pub to: SocketAddr,
    /// Sequence number.
    pub sequence: u32,
    /// Acknowledgment number.
    pub acknowledgment: u32,
    /// See [`flag`].
    pub flags: u8,
    /// Data.
    pub payload: Vec<u8>,
}

impl Tcp {
    /// The IP packet.
    pub fn packet(&self) -> Vec<u8> {
        let mut segment = Vec::with_capacity(32 + self.payload.len());
        segment.extend(self.from.port().to_be_bytes());
        segment.extend(self.to.port().to_be_bytes());
        segment.extend(self.sequence.to_be_bytes());
        segment.extend(self.acknowledgment.to_be_bytes());
        // Eight words of header: twelve bytes of options, a time stamp.
        segment.extend([0x80, self.flags, 0xff, 0xff, 0, 0, 0, 0]);
        segment.extend([1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1]);
        segment.extend(&self.payload);
        ip(self.from.ip(), self.to.ip(), 6, &segment)
    }
}

/// A UDP datagram in an IP packet.
pub fn udp(from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Vec<u8> {
    ip(from.ip(), to.ip(), 17, &udp_header(from, to, payload))
}

fn udp_header(from: SocketAddr, to: SocketAddr, payload: &[u8]) -> Vec<u8> {
    let mut datagram = Vec::with_capacity(8 + payload.len());
    datagram.extend(from.port().to_be_bytes());
    datagram.extend(to.port().to_be_bytes());
    datagram.extend(length(8 + payload.len()).to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(payload);
    datagram
}

/// A UDP datagram in fragments of at most `size` bytes, a multiple of 8.
pub fn udp_fragments(
    from: SocketAddr,
    to: SocketAddr,
    payload: &[u8],
    identification: u32,
    size: usize,
) -> Vec<Vec<u8>> {
    let datagram = udp_header(from, to, payload);
    let pieces = datagram.chunks(size);
    let last = pieces.len() - 1;
    pieces
        .enumerate()
        .map(|(number, piece)| {
            fragment(from.ip(), to.ip(), 17, piece, identification, number * size, number < last)
        })
        .collect()
}

/// An IP packet of the version of its addresses.
pub fn ip(from: IpAddr, to: IpAddr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            version_4(from.octets(), to.octets(), protocol, payload, 0, 0x4000)
        }
        _ => version_6(from, to, protocol, payload),
    }
}

fn fragment(
    from: IpAddr,
    to: IpAddr,
    protocol: u8,
    payload: &[u8],
    identification: u32,
    offset: usize,
    more: bool,
) -> Vec<u8> {
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let flags = length(offset / 8) | if more { 0x2000 } else { 0 };
            let [_, _, high, low] = identification.to_be_bytes();
            let identification = u16::from_be_bytes([high, low]);
            version_4(from.octets(), to.octets(), protocol, payload, identification, flags)
        }
        _ => {
            let mut header = vec![protocol, 0];
            header.extend((length(offset) | u16::from(more)).to_be_bytes());
            header.extend(identification.to_be_bytes());
            header.extend(payload);
            version_6(from, to, 44, &header)
        }
    }
}

fn version_4(
    from: [u8; 4],
    to: [u8; 4],
    protocol: u8,
    payload: &[u8],
    identification: u16,
    flags: u16,
) -> Vec<u8> {
    let mut packet = vec![0x45, 0];
    packet.extend(length(20 + payload.len()).to_be_bytes());
    packet.extend(identification.to_be_bytes());
    packet.extend(flags.to_be_bytes());
    packet.extend([64, protocol, 0, 0]);
    packet.extend(from);
    packet.extend(to);
    let sum = checksum(&packet);
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    packet.extend(payload);
    packet
}

fn version_6(from: IpAddr, to: IpAddr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let octets = |address: IpAddr| match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    };
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend(length(payload.len()).to_be_bytes());
    packet.extend([protocol, 64]);
    packet.extend(octets(from));
    packet.extend(octets(to));
    packet.extend(payload);
    packet
}

/// An Ethernet frame around an IP packet, in these VLANs, the outermost first.
pub fn ethernet(packet: &[u8], vlans: &[u16]) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
    for (depth, vlan) in vlans.iter().enumerate() {
        let outer = depth + 1 < vlans.len();
        frame.extend(if outer { [0x88, 0xa8] } else { [0x81, 0x00] });
        frame.extend(vlan.to_be_bytes());
    }
    frame.extend(match packet.first() {
        Some(first) if first >> 4 == 6 => [0x86, 0xdd],
        _ => [0x08, 0x00],
    });
    frame.extend(packet);
    frame
}

fn checksum(header: &[u8]) -> u16 {
    let words = header.chunks(2).map(|word| u32::from(word[0]) << 8 | u32::from(word[1]));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !length(sum as usize)
}

/// A length as it stands in two bytes; the packets made here stay below 64 KiB.
fn length(value: usize) -> u16 {
    u16::try_from(value).expect("packets made for tests are below 64 KiB")
}
