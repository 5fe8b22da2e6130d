//! From packets to streams and datagrams: link layers, tunnels, IP, TCP and UDP.
//!
//! What is in a tunnel (IP in IP, GRE, ERSPAN, VXLAN, Geneve) is read as if it stood alone: the connections in the
//! report are those of the phones, not those of the network's equipment.

use core::net::SocketAddr;

use super::field::{be16, be32};
use super::file::{Packet, PacketSink};
use super::flow::{FlowFacts, Flows};
use super::ip::{self, Address, Fragments, protocol};
use super::link::{Layer, ether_type, link_type, network};
use super::tcp::Segment;
use super::{Datagram, FlowHandler, Moment, Undelivered};
use crate::limits;

/// Takes the packets of a capture apart and hands what is in them to a [`FlowHandler`].
#[derive(Debug)]
pub struct Dissector<H: FlowHandler> {
    handler: H,
    flows: Flows<H::Stream>,
    fragments: Fragments,
    facts: NetworkFacts,
}

/// What was met in the packets, beside what was handed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkFacts {
    /// Packets without an IP packet, or with one that cannot be read.
    pub other_packets: u64,
    /// IP packets whose fragments are not all there.
    pub incomplete_packets: u64,
    /// Packets in more layers than are looked into.
    pub too_deep: u64,
    /// TCP connections.
    pub flows: FlowFacts,
}

impl<H: FlowHandler> Dissector<H> {
    /// A dissector that has seen nothing.
    pub fn new(handler: H) -> Self {
        Self {
            handler,
            flows: Flows::default(),
            fragments: Fragments::default(),
            facts: NetworkFacts::default(),
        }
    }

    /// What takes the streams.
    pub fn handler(&self) -> &H {
        &self.handler
    }

    /// What takes the streams, to be asked for what it has.
    pub fn handler_mut(&mut self) -> &mut H {
        &mut self.handler
    }

    /// No more packets follow: connections that are open are closed as they stand.
    pub fn end(mut self) -> (H, NetworkFacts) {
        self.flows.end(&mut self.handler);
        let facts = self.facts();
        (self.handler, facts)
    }

    /// What was met so far.
    pub fn facts(&self) -> NetworkFacts {
        NetworkFacts {
            incomplete_packets: self.fragments.incomplete.saturating_add(self.fragments.waiting()),
            flows: self.flows.facts,
            ..self.facts
        }
    }

    fn layer(&mut self, layer: Layer, bytes: &[u8], at: Moment, depth: usize) {
        if depth >= limits::CAPTURE_LAYERS {
            self.facts.too_deep += 1;
            return;
        }
        let packet = network(layer, bytes).and_then(ip::Packet::read);
        let Some(packet) = packet else {
            self.facts.other_packets += 1;
            return;
        };
        let Some(fragment) = packet.fragment else {
            self.transport(&packet, at, depth);
            return;
        };
        if let Some(payload) = self.fragments.add(&packet, fragment, at) {
            let whole = ip::Packet { payload: &payload, missing: 0, fragment: None, ..packet };
            self.transport(&whole, at, depth);
        }
    }

    fn transport(&mut self, packet: &ip::Packet<'_>, at: Moment, depth: usize) {
        let payload = packet.payload;
        match packet.protocol {
            protocol::TCP => {
                if let Some(segment) = Segment::read(payload, packet.missing) {
                    let (source, destination) = (packet.source, packet.destination);
                    self.flows.segment(source, destination, &segment, at, &mut self.handler);
                }
            }
            protocol::UDP => self.udp(packet, at, depth),
            protocol::IPV4 | protocol::IPV6 => self.layer(Layer::Ip, payload, at, depth + 1),
            protocol::GRE => {
                if let Some((layer, inner)) = generic_encapsulation(payload) {
                    self.layer(layer, inner, at, depth + 1);
                }
            }
            protocol::AUTHENTICATION => {
                // Next protocol, and the length in words of four bytes, less two (RFC 4302). IPv6 steps over it by itself.
                if let [next, words, ..] = *payload
                    && let Some(payload) = payload.get((usize::from(words) + 2) * 4..)
                    && next != protocol::AUTHENTICATION
                {
                    self.transport(&ip::Packet { protocol: next, payload, ..*packet }, at, depth);
                }
            }
            protocol::MPLS => {
                self.layer(Layer::EtherType(ether_type::MPLS), payload, at, depth + 1);
            }
            protocol::ICMP | protocol::ICMPV6 => {
                if let Some(message) = undelivered(packet, at) {
                    self.handler.undelivered(&message);
                }
            }
            _ => {}
        }
    }

    /// UDP (RFC 768), and the tunnels in it.
    fn udp(&mut self, packet: &ip::Packet<'_>, at: Moment, depth: usize) {
        const HEADER: usize = 8;
        let field = |at| be16(packet.payload, at);
        let (Some(source), Some(destination), Some(length)) = (field(0), field(2), field(4)) else {
            return;
        };
        let Some(captured) = packet.payload.get(HEADER..) else { return };
        // The length says less than IP does when a network card cut the datagram, or in jumbograms.
        let room = captured.len() + packet.missing;
        let length = match usize::from(length).checked_sub(HEADER) {
            Some(length) => length.min(room),
            None => room,
        };
        let bytes = captured.get(..length).unwrap_or(captured);
        if let Some((layer, inner)) = tunnel(destination, bytes) {
            self.layer(layer, inner, at, depth + 1);
            return;
        }
        self.handler.datagram(&Datagram {
            source: SocketAddr::new(packet.source.ip(), source),
            destination: SocketAddr::new(packet.destination.ip(), destination),
            bytes,
            missing: (length - bytes.len()) as u64,
            at,
        });
    }
}

impl<H: FlowHandler> PacketSink for Dissector<H> {
    fn packet(&mut self, packet: &Packet<'_>) {
        if let Some(link) = packet.link {
            self.layer(Layer::Link(link), packet.bytes, packet.at, 0);
        }
    }

    fn secrets(&mut self, kind: u32, bytes: &[u8]) {
        self.handler.secrets(kind, bytes);
    }
}

/// VXLAN (RFC 7348; 8472 is Linux' older port), with a group's policy (draft-smith-vxlan-group-policy, what Cisco's fabrics
/// speak) and for several protocols (draft-ietf-nvo3-vxlan-gpe), and Geneve (RFC 8926), if the first bytes are those of a header.
fn tunnel(port: u16, bytes: &[u8]) -> Option<(Layer, &[u8])> {
    match port {
        4789 | 8472 => {
            // Flags, of which one must be set, three reserved bytes, network, reserved. With the first flag the reserved bytes
            // hold flags of policy and the group.
            let ([0x08, 0, 0, 0, _, _, _, 0] | [0x88, 0 | 0x08 | 0x40 | 0x48, _, _, _, _, _, 0]) =
                bytes.first_chunk::<8>()?
            else {
                return None;
            };
            Some((Layer::Link(link_type::ETHERNET), bytes.get(8..)?))
        }
        4790 => {
            // Flags: a network and a protocol are told.
            let [0x0c, 0, 0, protocol, _, _, _, 0] = bytes.first_chunk::<8>()? else {
                return None;
            };
            let layer = match protocol {
                1 | 2 => Layer::Ip,
                3 => Layer::Link(link_type::ETHERNET),
                _ => return None,
            };
            Some((layer, bytes.get(8..)?))
        }
        6081 => {
            let [first, flags] = be16(bytes, 0)?.to_be_bytes();
            // Version 0; the reserved flags are 0.
            if first & 0xc0 != 0 || flags & 0x3f != 0 {
                return None;
            }
            let options = usize::from(first & 0x3f) * 4;
            Some((Layer::EtherType(be16(bytes, 2)?), bytes.get(8 + options..)?))
        }
        _ => None,
    }
}

/// GRE (RFC 2784, RFC 2890; version 1 in PPTP, RFC 2637) and what it carries, ERSPAN included
/// (draft-foschiano-erspan).
fn generic_encapsulation(bytes: &[u8]) -> Option<(Layer, &[u8])> {
    const CHECKSUM: u16 = 0x8000;
    const KEY: u16 = 0x2000;
    const SEQUENCE: u16 = 0x1000;
    const ACKNOWLEDGMENT: u16 = 0x0080;
    const ROUTING: u16 = 0x4000;
    const ERSPAN: u16 = 0x88be;
    const ERSPAN_3: u16 = 0x22eb;
    let flags = be16(bytes, 0)?;
    let kind = be16(bytes, 2)?;
    let version = flags & 0x0007;
    if version > 1 || flags & ROUTING != 0 {
        return None;
    }
    let mut header = 4;
    for flag in [CHECKSUM, KEY, SEQUENCE] {
        header += if flags & flag != 0 { 4 } else { 0 };
    }
    if version == 1 && flags & ACKNOWLEDGMENT != 0 {
        header += 4;
    }
    let inner = bytes.get(header..)?;
    match kind {
        // Type I has no header of its own and, unlike type II, no sequence number.
        ERSPAN if flags & SEQUENCE == 0 => Some((Layer::Link(link_type::ETHERNET), inner)),
        ERSPAN => Some((Layer::Link(link_type::ETHERNET), inner.get(8..)?)),
        ERSPAN_3 => {
            // The last bit of the header tells of eight more bytes.
            let more = if be32(inner, 8)? & 1 == 1 { 8 } else { 0 };
            Some((Layer::Link(link_type::ETHERNET), inner.get(12 + more..)?))
        }
        kind => Some((Layer::EtherType(kind), inner)),
    }
}

/// ICMP (RFC 792) and ICMPv6 (RFC 4443) errors with the beginning of the packet that they are about.
fn undelivered(packet: &ip::Packet<'_>, at: Moment) -> Option<Undelivered> {
    let [kind, code, ..] = *packet.payload else { return None };
    let is_error = match packet.protocol {
        // Destination unreachable, time exceeded, parameter problem.
        protocol::ICMP => matches!(kind, 3 | 11 | 12),
        _ => kind < 128,
    };
    let inner = ip::Packet::read(packet.payload.get(8..)?).filter(|_| is_error)?;
    if !matches!(inner.protocol, protocol::TCP | protocol::UDP) {
        return None;
    }
    let endpoint =
        |address: Address, at| Some(SocketAddr::new(address.ip(), be16(inner.payload, at)?));
    Some(Undelivered {
        reporter: packet.source.ip(),
        kind,
        code,
        source: endpoint(inner.source, 0)?,
        destination: endpoint(inner.destination, 2)?,
        protocol: inner.protocol,
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_vxlan_is_known_by_its_head() {
        let ethernet = Some((Layer::Link(link_type::ETHERNET), &b"inner"[..]));
        let known = |port: u16, head: [u8; 8]| {
            let bytes = [&head[..], b"inner"].concat();
            tunnel(port, &bytes).map(|(layer, inner)| (layer, inner.to_vec()))
        };
        let expected = ethernet.map(|(layer, inner)| (layer, inner.to_vec()));
        for port in [4789, 8472] {
            assert_eq!(known(port, [8, 0, 0, 0, 0, 0, 77, 0]), expected);
            // Group 17, and that its policy was applied.
            assert_eq!(known(port, [0x88, 0, 0, 17, 0, 0, 77, 0]), expected);
            assert_eq!(known(port, [0x88, 0x08, 0, 17, 0, 0, 77, 0]), expected);
            // No network; reserved bits.
            assert_eq!(known(port, [0, 0, 0, 0, 0, 0, 77, 0]), None);
            assert_eq!(known(port, [8, 0, 0, 17, 0, 0, 77, 0]), None);
            assert_eq!(known(port, [0x88, 1, 0, 17, 0, 0, 77, 0]), None);
        }
        assert_eq!(known(4790, [0x0c, 0, 0, 3, 0, 0, 77, 0]), expected);
        assert_eq!(known(4790, [0x0c, 0, 0, 1, 0, 0, 77, 0]).unwrap().0, Layer::Ip);
        assert_eq!(known(4790, [0x0c, 0, 0, 9, 0, 0, 77, 0]), None);
    }
}
