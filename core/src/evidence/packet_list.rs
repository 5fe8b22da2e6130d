//! Connections in pasted packet lists, as far as a list shows them (D19 to D25, B39, B40). Lists of one capture that were
//! pasted in pieces, in whatever order, are one list.

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::limits;
use crate::report::model::Evidence;
use crate::text::packet_list::{Detail, Packet, Said, Shown};

/// A connection.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Who opened it.
    pub client: SocketAddr,
    /// Whom.
    pub server: SocketAddr,
    /// A SYN was shown.
    pub asked: bool,
    /// SYN and the answer to it were shown.
    pub opened: bool,
    /// Its first packet that is shown.
    pub first: Seen,
    /// The ClientHello.
    pub hello: Option<Seen>,
    /// Its versions, where the details of the packet were pasted.
    pub versions: Option<Versions>,
    /// The ServerHello.
    pub server_hello: Option<Seen>,
    /// The first fatal alert in clear: its description, and whether the client sent it.
    pub alert: Option<(Seen, String, bool)>,
    /// The first FIN or RST, whether it is an RST, and whether the client sent it.
    pub end: Option<(Seen, bool, bool)>,
    /// `GET /tcs/systemunit.xml`: TMS looks for an endpoint over HTTP (D24).
    pub probe: Option<Seen>,
    /// The status of the first HTTP answer.
    pub status: Option<u16>,
}

/// A packet: its number and where its line stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// Number in the capture.
    pub number: u64,
    /// The line.
    pub at: Evidence,
}

/// Versions of a ClientHello, as far as they were pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Of the record.
    pub record: Option<u16>,
    /// Of the message.
    pub offered: Option<u16>,
    /// The highest of supported_versions.
    pub supported: Option<u16>,
    /// Where the details begin.
    pub at: Evidence,
}

impl Versions {
    /// The highest version that the client offers, where what decides it was pasted: a record may have a lower one
    /// (RFC 8446 section 5.1).
    pub fn highest(&self) -> Option<u16> {
        self.supported.max(self.offered)
    }
}

impl Conversation {
    fn new(client: SocketAddr, server: SocketAddr, first: Seen) -> Self {
        Self {
            client,
            server,
            asked: false,
            opened: false,
            first,
            hello: None,
            versions: None,
            server_hello: None,
            alert: None,
            end: None,
            probe: None,
            status: None,
        }
    }

    /// The server, or a firewall in its name, reset it instead of opening it.
    pub fn is_refused(&self) -> bool {
        self.asked && !self.opened && matches!(&self.end, Some((_, true, false)))
    }

    /// The server, not the client, left before it said a word of TLS.
    pub fn is_turned_away(&self) -> bool {
        self.hello.is_some()
            && self.server_hello.is_none()
            && matches!(
                (&self.alert, &self.end),
                (None, Some((_, _, false))) | (Some((_, _, false)), _)
            )
    }

    /// The best that is known of the version: what the message offers, else what its record says.
    pub fn version(&self) -> Option<u16> {
        let versions = self.versions.as_ref()?;
        versions.highest().or(versions.record)
    }
}

/// Connections of all pasted lists, in the order of their first packet.
pub fn conversations(facts: &Facts<'_>) -> Vec<Conversation> {
    let mut packets: Vec<(&Packet, u32)> = facts
        .texts
        .iter()
        .flat_map(|text| text.text.packets.iter().map(|packet| (packet, text.input)))
        .collect();
    packets.sort_by_key(|(packet, input)| (packet.number, *input, packet.line));
    let mut lists = Lists::default();
    for (packet, input) in packets {
        lists.add(packet, input);
    }
    for text in &facts.texts {
        for detail in &text.text.details {
            lists.detail(detail, text.input);
        }
    }
    lists.conversations
}

#[derive(Default)]
struct Lists {
    conversations: Vec<Conversation>,
    by_ends: BTreeMap<(SocketAddr, SocketAddr), usize>,
    /// Connections between two addresses that are open, for lines that show no ports.
    open: BTreeMap<(IpAddr, IpAddr), Vec<usize>>,
}

impl Lists {
    fn add(&mut self, packet: &Packet, input: u32) {
        let at = Evidence { input, line: Some(packet.line), ..Evidence::default() };
        let seen = Seen { number: packet.number, at };
        let Some((index, from_client)) = self.find(packet, &seen) else { return };
        let Some(conversation) = self.conversations.get_mut(index) else { return };
        match &packet.said {
            Said::Syn => conversation.asked = true,
            Said::SynAck => conversation.opened = true,
            Said::ClientHello if conversation.hello.is_none() => conversation.hello = Some(seen),
            Said::ServerHello if conversation.server_hello.is_none() => {
                conversation.server_hello = Some(seen);
            }
            Said::Alert(true, description) if conversation.alert.is_none() => {
                conversation.alert = Some((seen, description.clone(), from_client));
            }
            Said::Get(path) if path == "/tcs/systemunit.xml" && conversation.probe.is_none() => {
                conversation.probe = Some(seen);
            }
            Said::Status(status) => {
                conversation.status = conversation.status.or(Some(*status));
            }
            Said::Fin | Said::Rst => {
                if conversation.end.is_none() {
                    conversation.end = Some((seen, packet.said == Said::Rst, from_client));
                }
                let pair = pair(packet);
                if let Some(open) = self.open.get_mut(&pair) {
                    open.retain(|one| *one != index);
                }
            }
            _ => {}
        }
    }

    /// The connection of a packet, and whether the client sent it. Lines without ports belong to the one connection that is
    /// open between the two addresses; where several are, to none.
    fn find(&mut self, packet: &Packet, seen: &Seen) -> Option<(usize, bool)> {
        let Some((source, destination)) = packet.ports else {
            let [index] = self.open.get(&pair(packet))?.as_slice() else { return None };
            let conversation = self.conversations.get(*index)?;
            return Some((*index, conversation.client.ip() == packet.source));
        };
        let (source, destination) = (
            SocketAddr::new(packet.source, source),
            SocketAddr::new(packet.destination, destination),
        );
        if packet.said != Said::Syn {
            if let Some(index) = self.by_ends.get(&(source, destination)) {
                return Some((*index, true));
            }
            if let Some(index) = self.by_ends.get(&(destination, source)) {
                return Some((*index, false));
            }
        } else if let Some(index) = self.by_ends.get(&(source, destination))
            && self.conversations.get(*index).is_some_and(|one| one.end.is_none())
        {
            // Sent again.
            return Some((*index, true));
        }
        // Without a SYN, the lower port is the server's.
        let from_client = match packet.said {
            Said::Syn | Said::ClientHello => true,
            Said::SynAck | Said::ServerHello => false,
            _ => source.port() > destination.port(),
        };
        let ends = if from_client { (source, destination) } else { (destination, source) };
        if self.conversations.len() >= limits::TEXT_PACKETS {
            return None;
        }
        let index = self.conversations.len();
        self.conversations.push(Conversation::new(ends.0, ends.1, seen.clone()));
        self.by_ends.insert(ends, index);
        let open = self.open.entry(pair(packet)).or_default();
        // Two are as undecided as a thousand.
        if open.len() < 8 {
            open.push(index);
        }
        Some((index, from_client))
    }

    /// Versions of a ClientHello whose details were pasted; a connection of its own where the list was not.
    fn detail(&mut self, detail: &Detail, input: u32) {
        let Shown::ClientHello { record, offered, supported } = detail.shown else { return };
        let at = Evidence { input, line: Some(detail.line), ..Evidence::default() };
        let Some(((source, destination), (from, to))) = detail.addresses.zip(detail.ports) else {
            return;
        };
        let ends = (SocketAddr::new(source, from), SocketAddr::new(destination, to));
        let seen = Seen { number: detail.number.unwrap_or_default(), at: at.clone() };
        let index = match self.by_ends.get(&ends) {
            Some(index) => *index,
            None if self.conversations.len() < limits::TEXT_PACKETS => {
                let index = self.conversations.len();
                self.conversations.push(Conversation::new(ends.0, ends.1, seen.clone()));
                self.by_ends.insert(ends, index);
                index
            }
            None => return,
        };
        if let Some(conversation) = self.conversations.get_mut(index)
            && conversation.versions.is_none()
        {
            conversation.hello = conversation.hello.take().or(Some(seen));
            conversation.versions = Some(Versions { record, offered, supported, at });
        }
    }
}

fn pair(packet: &Packet) -> (IpAddr, IpAddr) {
    let (one, other) = (packet.source, packet.destination);
    if one <= other { (one, other) } else { (other, one) }
}

/// Probes of TMS, by client and server.
#[derive(Clone, Debug, Default)]
pub struct Probes<'c>(BTreeMap<(IpAddr, IpAddr), Vec<(u64, &'c Conversation)>>);

impl<'c> Probes<'c> {
    /// All of them.
    pub fn of(conversations: &'c [Conversation]) -> Self {
        let mut probes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in conversations {
            if let Some(probe) = &one.probe {
                let ends = (one.client.ip(), one.server.ip());
                probes.entry(ends).or_default().push((probe.number, one));
            }
        }
        for list in probes.values_mut() {
            list.sort_by_key(|(number, _)| *number);
        }
        Self(probes)
    }

    /// The first one from the client of `conversation` to its server that follows it.
    pub fn after(&self, conversation: &Conversation) -> Option<&'c Conversation> {
        let list = self.0.get(&(conversation.client.ip(), conversation.server.ip()))?;
        let next = list.partition_point(|(number, _)| *number <= conversation.first.number);
        list.get(next).map(|(_, one)| *one)
    }
}

/// A serial as Wireshark printed it, as the end of a serial in lower-case hex: old versions print the last 32 bits as
/// a signed number.
pub fn serial_end(text: &str) -> Option<String> {
    if let Some(hex) = text.strip_prefix("0x") {
        return Some(hex.to_ascii_lowercase());
    }
    match text.parse::<i64>().ok()? {
        number if number < 0 => {
            let low = i32::try_from(number).ok()?;
            Some(format!("{:08x}", low.cast_unsigned()))
        }
        number => Some(format!("{number:x}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_serials_are_the_last_32_bits_with_a_sign() {
        assert_eq!(serial_end("-626635388").as_deref(), Some("daa64d84"));
        assert_eq!(serial_end("0x2E3E1A7BDAA64D84").as_deref(), Some("2e3e1a7bdaa64d84"));
        assert_eq!(serial_end("255").as_deref(), Some("ff"));
        assert_eq!(serial_end("-99999999999"), None);
        assert_eq!(serial_end(""), None);
    }
}
