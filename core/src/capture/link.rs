//! Link layers: from the bytes of a packet to the IPv4 or IPv6 packet in it.
//!
//! Numbers are those of <https://www.ietf.org/archive/id/draft-ietf-opsawg-pcaplinktype-12.html>; all fields are
//! big-endian unless said otherwise. What is inside a VLAN tag, an MPLS label stack or a PPPoE session is found
//! however deep it stands, up to [`limits::CAPTURE_LAYERS`].

use super::field::{Order, be16, be32};
use crate::limits;

/// Link types that are read.
pub mod link_type {
    /// BSD loopback: address family in the byte order of the capturing machine.
    pub const NULL: u32 = 0;
    /// Ethernet.
    pub const ETHERNET: u32 = 1;
    /// PPP, with or without its two HDLC bytes.
    pub const PPP: u32 = 9;
    /// Raw IP as some systems number it.
    pub const RAW_12: u32 = 12;
    /// Raw IP as OpenBSD numbers it.
    pub const RAW_14: u32 = 14;
    /// PPP in HDLC framing.
    pub const PPP_HDLC: u32 = 50;
    /// PPPoE session packets without Ethernet.
    pub const PPP_ETHER: u32 = 51;
    /// Raw IP; the version nibble tells which.
    pub const RAW: u32 = 101;
    /// Cisco HDLC.
    pub const CISCO_HDLC: u32 = 104;
    /// OpenBSD loopback: address family in network order.
    pub const LOOP: u32 = 108;
    /// Linux cooked capture, version 1.
    pub const LINUX_SLL: u32 = 113;
    /// PPP behind a byte that tells the direction.
    pub const PPP_WITH_DIRECTION: u32 = 204;
    /// Raw IPv4.
    pub const IPV4: u32 = 228;
    /// Raw IPv6.
    pub const IPV6: u32 = 229;
    /// Linux netfilter log.
    pub const NFLOG: u32 = 239;
    /// What macOS puts in front of packets of several interfaces: a header that tells their link type.
    pub const PKTAP: u32 = 258;
    /// Linux cooked capture, version 2.
    pub const LINUX_SLL2: u32 = 276;
}

/// EtherTypes, also used by GRE, Linux cooked captures and Geneve.
pub(super) mod ether_type {
    pub(in crate::capture) const IPV4: u16 = 0x0800;
    pub(in crate::capture) const TRANSPARENT_ETHERNET: u16 = 0x6558;
    pub(in crate::capture) const VLAN: u16 = 0x8100;
    pub(in crate::capture) const IPV6: u16 = 0x86dd;
    pub(in crate::capture) const MPLS: u16 = 0x8847;
    pub(in crate::capture) const MPLS_MULTICAST: u16 = 0x8848;
    pub(in crate::capture) const PPP: u16 = 0x880b;
    pub(in crate::capture) const PPPOE_SESSION: u16 = 0x8864;
    pub(in crate::capture) const SERVICE_VLAN: u16 = 0x88a8;
    pub(in crate::capture) const CISCO_METADATA: u16 = 0x8909;
    pub(in crate::capture) const CISCO_VN_TAG: u16 = 0x8926;
    pub(in crate::capture) const OLD_SERVICE_VLANS: [u16; 3] = [0x9100, 0x9200, 0x9300];
}

/// What the bytes at hand are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// What a link type of the capture says.
    Link(u32),
    /// What an EtherType says.
    EtherType(u16),
    /// An IP packet of either version: its first nibble tells which.
    Ip,
}

/// Whether packets of this link type are looked into.
pub fn is_known(link: u32) -> bool {
    use link_type as l;
    matches!(
        link,
        l::NULL
            | l::ETHERNET
            | l::PPP
            | l::RAW_12
            | l::RAW_14
            | l::PPP_HDLC
            | l::PPP_ETHER
            | l::RAW
            | l::CISCO_HDLC
            | l::LOOP
            | l::LINUX_SLL
            | l::PPP_WITH_DIRECTION
            | l::IPV4
            | l::IPV6
            | l::NFLOG
            | l::PKTAP
            | l::LINUX_SLL2
    )
}

/// The IP packet in `bytes`; `None` when there is none, as in ARP.
pub(super) fn network(mut layer: Layer, mut bytes: &[u8]) -> Option<&[u8]> {
    // What nearly all packets are: IP behind the two addresses of an Ethernet frame.
    if layer == Layer::Link(link_type::ETHERNET)
        && let Some(ether_type::IPV4 | ether_type::IPV6) = be16(bytes, 12)
    {
        return bytes.get(14..);
    }
    for _ in 0..limits::CAPTURE_LAYERS {
        (layer, bytes) = match layer {
            Layer::Ip => return Some(bytes),
            Layer::Link(link) => below(link, bytes)?,
            Layer::EtherType(ether_type) => inside(ether_type, bytes)?,
        };
    }
    None
}

/// One step down from a link type.
fn below(link: u32, bytes: &[u8]) -> Option<(Layer, &[u8])> {
    use link_type as l;
    match link {
        l::ETHERNET => ethernet(bytes),
        l::RAW | l::RAW_12 | l::RAW_14 | l::IPV4 | l::IPV6 => Some((Layer::Ip, bytes)),
        l::NULL | l::LOOP => loopback(bytes),
        l::PPP | l::PPP_HDLC => ppp(bytes),
        l::PPP_WITH_DIRECTION => ppp(bytes.get(1..)?),
        l::PPP_ETHER => inside(ether_type::PPPOE_SESSION, bytes),
        // Address, control, EtherType.
        l::CISCO_HDLC => Some((Layer::EtherType(be16(bytes, 2)?), bytes.get(4..)?)),
        l::LINUX_SLL => Some((cooked(be16(bytes, 14)?), bytes.get(16..)?)),
        l::LINUX_SLL2 => Some((cooked(be16(bytes, 0)?), bytes.get(20..)?)),
        l::NFLOG => netfilter(bytes),
        l::PKTAP => {
            // Length of the header, kind of the record, link type; in the byte order of the capturing machine.
            let field = |at| Order::Little.u32(bytes, at);
            let rest = bytes.get(usize::try_from(field(0)?).ok()?..)?;
            Some((Layer::Link(field(8)?), rest))
        }
        _ => None,
    }
}

/// One step down from an EtherType.
fn inside(kind: u16, bytes: &[u8]) -> Option<(Layer, &[u8])> {
    use ether_type as e;
    match kind {
        e::IPV4 | e::IPV6 => Some((Layer::Ip, bytes)),
        e::VLAN | e::SERVICE_VLAN => tagged(bytes),
        kind if e::OLD_SERVICE_VLANS.contains(&kind) => tagged(bytes),
        // The tag of a fabric extender's port: six bytes with the EtherType behind.
        e::CISCO_VN_TAG => typed(be16(bytes, 4)?, bytes.get(6..)?),
        // The security group's tag of TrustSec: version, length, then option, value, and the EtherType behind.
        e::CISCO_METADATA => {
            let options = 4 * usize::from(*bytes.get(1)?);
            typed(be16(bytes, 2 + options)?, bytes.get(4 + options..)?)
        }
        e::MPLS | e::MPLS_MULTICAST => label_switched(bytes),
        // Version and type, code, session, length; then PPP without HDLC bytes.
        e::PPPOE_SESSION => ppp(bytes.get(6..)?),
        e::PPP => ppp(bytes),
        e::TRANSPARENT_ETHERNET => Some((Layer::Link(link_type::ETHERNET), bytes)),
        _ => None,
    }
}

/// Destination, source, then an EtherType, or a length and an IEEE 802.2 header with an EtherType (SNAP).
fn ethernet(bytes: &[u8]) -> Option<(Layer, &[u8])> {
    typed(be16(bytes, 12)?, bytes.get(14..)?)
}

/// Priority and VLAN number, then as behind the addresses of an Ethernet frame.
fn tagged(bytes: &[u8]) -> Option<(Layer, &[u8])> {
    typed(be16(bytes, 2)?, bytes.get(4..)?)
}

/// Values below 1536 are lengths (IEEE 802.3).
fn typed(kind: u16, bytes: &[u8]) -> Option<(Layer, &[u8])> {
    if kind >= 0x0600 {
        return Some((Layer::EtherType(kind), bytes));
    }
    let snap = bytes.strip_prefix(&[0xaa, 0xaa, 0x03])?;
    // Three bytes of organisation, then the EtherType.
    Some((Layer::EtherType(be16(snap, 3)?), snap.get(5..)?))
}

/// A Linux cooked header's protocol: an EtherType, or one of Linux' numbers for frames without one, of which 1 is
/// Novell's and 4 is IEEE 802.2: no IP in either.
fn cooked(protocol: u16) -> Layer {
    Layer::EtherType(protocol)
}

/// Four bytes of address family. 2 is IPv4 everywhere, IPv6 is 10, 24, 28 or 30, in either byte order.
fn loopback(bytes: &[u8]) -> Option<(Layer, &[u8])> {
    let family = [Order::Big, Order::Little].map(|order| order.u32(bytes, 0));
    let known = |family: Option<u32>| matches!(family, Some(2 | 10 | 24 | 28 | 30));
    let [big, little] = family;
    (known(big) || known(little)).then_some((Layer::Ip, bytes.get(4..)?))
}

/// PPP: `FF 03` may stand first; the protocol takes one byte when that byte is odd (RFC 1661 sections 2 and 6.5).
fn ppp(bytes: &[u8]) -> Option<(Layer, &[u8])> {
    let bytes = bytes.strip_prefix(&[0xff, 0x03]).unwrap_or(bytes);
    let first = *bytes.first()?;
    let (protocol, rest) = if first & 1 == 1 {
        (u16::from(first), bytes.get(1..)?)
    } else {
        (be16(bytes, 0)?, bytes.get(2..)?)
    };
    match protocol {
        0x0021 | 0x0057 => Some((Layer::Ip, rest)),
        0x0281 => Some((Layer::EtherType(ether_type::MPLS), rest)),
        _ => None,
    }
}

/// MPLS labels until the bottom of the stack (RFC 3032), then IP, or Ethernet with or without the control word of
/// a pseudowire, whose first nibble is 0 (RFC 4385).
fn label_switched(mut bytes: &[u8]) -> Option<(Layer, &[u8])> {
    for _ in 0..limits::CAPTURE_LAYERS {
        let label = be32(bytes, 0)?;
        bytes = bytes.get(4..)?;
        if label & 0x100 == 0 {
            continue;
        }
        return match bytes.first()? >> 4 {
            4 | 6 => Some((Layer::Ip, bytes)),
            0 => Some((Layer::Link(link_type::ETHERNET), bytes.get(4..)?)),
            _ => Some((Layer::Link(link_type::ETHERNET), bytes)),
        };
    }
    None
}

/// Linux netfilter log: family, version, resource; then elements of length, type (both in the byte order of the
/// capturing machine) and value, padded to four bytes. Type 9 is the packet.
fn netfilter(bytes: &[u8]) -> Option<(Layer, &[u8])> {
    const PAYLOAD: u16 = 9;
    let mut rest = bytes.get(4..)?;
    // Little-endian unless the first length only makes sense the other way round.
    let order = match Order::Little.u16(rest, 0)? {
        length if usize::from(length) <= rest.len() => Order::Little,
        _ => Order::Big,
    };
    for _ in 0..limits::CAPTURE_NFLOG_ELEMENTS {
        let length = usize::from(order.u16(rest, 0)?);
        let kind = order.u16(rest, 2)?;
        if kind & 0x7fff == PAYLOAD {
            // A packet cut by the capture's length limit ends before its element does.
            let end = length.min(rest.len());
            return Some((Layer::Ip, rest.get(4..end)?));
        }
        let step = length.max(4).next_multiple_of(4);
        rest = rest.get(step..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const IP: &[u8] = &[0x45, 0, 0, 20];

    fn found(layer: Layer, head: &[u8]) {
        let packet = [head, IP].concat();
        assert_eq!(network(layer, &packet), Some(IP), "{layer:?}");
        for length in 0..head.len() {
            assert_ne!(network(layer, &packet[..length]), Some(IP), "cut at {length}");
        }
    }

    #[test]
    fn every_link_type_leads_to_the_packet() {
        use link_type as l;
        let addresses = [0x11_u8; 12];
        let ethernet = |rest: &[u8]| [&addresses[..], rest].concat();
        found(Layer::Link(l::ETHERNET), &ethernet(&[8, 0]));
        found(Layer::Link(l::ETHERNET), &ethernet(&[0x81, 0, 0, 7, 8, 0]));
        found(Layer::Link(l::ETHERNET), &ethernet(&[0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 8, 0]));
        found(Layer::Link(l::ETHERNET), &ethernet(&[0, 9, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]));
        found(Layer::Link(l::ETHERNET), &ethernet(&[0x89, 0x26, 0x80, 2, 0, 1, 8, 0]));
        found(Layer::Link(l::ETHERNET), &ethernet(&[0x89, 9, 1, 1, 0, 1, 0, 5, 8, 0]));
        found(Layer::Link(l::ETHERNET), &ethernet(&[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64]));
        found(Layer::Link(l::ETHERNET), &ethernet(&[0x88, 0x64, 0x11, 0, 0, 1, 0, 6, 0x00, 0x21]));
        let pseudowire = [&[0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 0][..], &addresses, &[8, 0]].concat();
        found(Layer::Link(l::ETHERNET), &ethernet(&pseudowire));
        found(Layer::Link(l::NULL), &[2, 0, 0, 0]);
        found(Layer::Link(l::NULL), &[0, 0, 0, 2]);
        found(Layer::Link(l::LOOP), &[0, 0, 0, 24]);
        found(Layer::Link(l::PPP), &[0xff, 3, 0, 0x21]);
        found(Layer::Link(l::PPP), &[0x21]);
        found(Layer::Link(l::PPP_HDLC), &[0, 0x21]);
        found(Layer::Link(l::PPP_WITH_DIRECTION), &[1, 0xff, 3, 0, 0x21]);
        found(Layer::Link(l::PPP_ETHER), &[0x11, 0, 0, 1, 0, 6, 0, 0x21]);
        found(Layer::Link(l::CISCO_HDLC), &[0x0f, 0, 8, 0]);
        let mut cooked = [0_u8; 16];
        cooked[14] = 8;
        found(Layer::Link(l::LINUX_SLL), &cooked);
        let mut cooked = [0_u8; 20];
        cooked[0] = 8;
        found(Layer::Link(l::LINUX_SLL2), &cooked);
        assert_eq!(network(Layer::Link(l::RAW), IP), Some(IP));
        let tap = [&[12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], &addresses[..], &[8, 0], IP].concat();
        assert_eq!(network(Layer::Link(l::PKTAP), &tap), Some(IP));
        // A mark of 4 bytes, then the packet: 4 + 4.
        let log = [2, 0, 0, 0, 8, 0, 3, 0, 1, 2, 3, 4, 8, 0, 9, 0, 0x45, 0, 0, 20];
        assert_eq!(network(Layer::Link(l::NFLOG), &log), Some(IP));
        let log = [2, 0, 0, 0, 0, 8, 0, 3, 1, 2, 3, 4, 0, 8, 0, 9, 0x45, 0, 0, 20];
        assert_eq!(network(Layer::Link(l::NFLOG), &log), Some(IP));
    }

    #[test]
    fn what_is_no_ip_is_not_taken_for_it() {
        let mut arp = [0_u8; 42];
        arp[12..14].copy_from_slice(&[8, 6]);
        assert_eq!(network(Layer::Link(link_type::ETHERNET), &arp), None);
        // Tags without end.
        let tags = [0x81, 0, 0, 1].repeat(1000);
        assert_eq!(network(Layer::EtherType(ether_type::VLAN), &tags), None);
        let labels = [0, 0, 0, 0].repeat(1000);
        assert_eq!(network(Layer::EtherType(ether_type::MPLS), &labels), None);
    }
}
