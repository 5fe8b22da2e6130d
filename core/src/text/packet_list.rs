//! Packet lists and details that people paste from Wireshark and tshark: columns in several orders, old and new arrows,
//! names of ports, marks of optical character recognition (D19 to D25, B39).

use core::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::text::stamp::digits;
use crate::text::{Format, Line, Recognise, Signs, Stamp, Text};

/// One line of a packet list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// The line, from 1.
    pub line: u64,
    /// Number of the packet in its capture.
    pub number: u64,
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// Source and destination port, where they are shown.
    pub ports: Option<(u16, u16)>,
    /// When, where the column shows a time of day.
    pub stamp: Option<Stamp>,
    /// What the info column says.
    pub said: Said,
}

/// What the info column says, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// TCP SYN.
    Syn,
    /// TCP SYN and ACK.
    SynAck,
    /// TCP FIN.
    Fin,
    /// TCP RST.
    Rst,
    /// TLS ClientHello.
    ClientHello,
    /// TLS ServerHello, whatever follows it.
    ServerHello,
    /// A TLS alert in clear: fatal or not, and its description in the words of Wireshark.
    Alert(bool, String),
    /// `GET`, with its path.
    Get(String),
    /// The status of an HTTP answer.
    Status(u16),
    /// Application data, or anything else that is said by TLS.
    Tls,
    /// Anything else.
    Other,
}

/// What the details of one packet say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The first line, from 1.
    pub line: u64,
    /// Number of the packet, where its first line was pasted.
    pub number: Option<u64>,
    /// Source and destination, where they were pasted.
    pub addresses: Option<(IpAddr, IpAddr)>,
    /// Ports, where they were pasted.
    pub ports: Option<(u16, u16)>,
    /// What it is.
    pub shown: Shown,
}

/// A detail that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// A ClientHello.
    ClientHello {
        /// Version of the record.
        record: Option<u16>,
        /// Version of the message.
        offered: Option<u16>,
        /// The highest of supported_versions.
        supported: Option<u16>,
    },
    /// `serialNumber` of a certificate, as it was printed: `0x…`, or a signed decimal number (old versions).
    Serial(String),
}

/// Reads lists and details.
#[derive(Debug, Default)]
pub struct PacketList {
    number: Option<u64>,
    addresses: Option<(IpAddr, IpAddr)>,
    ports: Option<(u16, u16)>,
    /// Inside a ClientHello: its record, or the message in it.
    inside: Inside,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Record,
    Message,
}

/// The end of a line above a ClientHello.
const CLIENT_HELLO: &str = "Record Layer: Handshake Protocol: Client Hello";

impl Recognise for PacketList {
    fn format(&self) -> Format {
        Format::PacketList
    }

    fn signs(&self) -> Signs {
        Signs {
            beginnings: &[
                "0",
                "frame",
                "ethernet",
                "internet",
                "transmission",
                "serialnumber",
                "v ",
            ],
            marks: &[CLIENT_HELLO],
            ..Signs::default()
        }
    }

    fn is_listening(&self) -> bool {
        self.inside != Inside::Nothing
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        if let Some(packet) = packet(line) {
            if text.packets.len() < limits::TEXT_PACKETS {
                text.packets.push(packet);
            }
            return true;
        }
        self.detail(line, text)
    }
}

impl PacketList {
    fn detail(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        // Signs that open and close a branch of the tree; `4` and `v` are what recognition makes of them.
        let content =
            line.text.trim_start_matches([' ', '\t', '>', '-', '+', '[', ']', '\u{25b8}']);
        let content = ["4 ", "v ", "> "]
            .iter()
            .find_map(|mark| content.strip_prefix(mark))
            .unwrap_or(content)
            .trim();
        if let Some(rest) = content.strip_prefix("Frame ")
            && let Some((number, rest)) = rest.split_once(": ")
            && rest.contains(" bytes on wire")
        {
            *self = Self { number: number.parse().ok(), ..Self::default() };
            return true;
        }
        if content.starts_with("Ethernet II, Src: ") {
            return true;
        }
        let address = |text: &str| address(text.split([' ', ',']).next().unwrap_or_default());
        if let Some(rest) = content.strip_prefix("Internet Protocol Version ")
            && let Some((source, destination)) = between(rest, "Src: ", ", Dst: ")
        {
            self.addresses = address(source).zip(address(destination));
            return self.addresses.is_some();
        }
        if let Some(rest) = content.strip_prefix("Transmission Control Protocol, ")
            && let Some((source, destination)) = between(rest, "Src Port: ", ", Dst Port: ")
        {
            self.ports = port(source).zip(port(destination));
            return self.ports.is_some();
        }
        if let Some(serial) = content.strip_prefix("serialNumber").map(str::trim_start)
            && let Some(serial) = serial.strip_prefix(':').map(str::trim)
            && is_number(serial)
        {
            self.add(line.number, Shown::Serial(serial.to_owned()), text);
            return true;
        }
        if content.ends_with(CLIENT_HELLO) {
            self.inside = Inside::Record;
            let (record, offered, supported) = (None, None, None);
            self.add(line.number, Shown::ClientHello { record, offered, supported }, text);
            return true;
        }
        self.hello(content, text)
    }

    /// A line below a ClientHello.
    fn hello(&mut self, content: &str, text: &mut Text) -> bool {
        if self.inside == Inside::Nothing {
            return false;
        }
        let Some(Detail { shown: Shown::ClientHello { record, offered, supported }, .. }) =
            text.details.last_mut()
        else {
            return false;
        };
        if content == "Handshake Protocol: Client Hello" {
            self.inside = Inside::Message;
            return true;
        }
        if let Some(version) = content.strip_prefix("Supported Version: ").and_then(code) {
            *supported = (*supported).max(Some(version));
            return true;
        }
        if let Some(version) = content.strip_prefix("Version: ").and_then(code) {
            match self.inside {
                Inside::Message => *offered = (*offered).or(Some(version)),
                _ => *record = (*record).or(Some(version)),
            }
            return true;
        }
        ["Content Type: Handshake (22)", "Handshake Type: Client Hello (1)", "Length: "]
            .iter()
            .any(|known| content.starts_with(known))
    }

    fn add(&self, line: u64, shown: Shown, text: &mut Text) {
        if text.details.len() < limits::TEXT_PACKETS {
            let Self { number, addresses, ports, .. } = *self;
            text.details.push(Detail { line, number, addresses, ports, shown });
        }
    }
}

/// A line of the list: number, time, source, destination, protocol, perhaps length, info; perhaps with columns for the
/// ports and the DSCP.
fn packet(line: &Line<'_>) -> Option<Packet> {
    let text = line.text.trim();
    // Most lines of most texts end here.
    if !text.starts_with(|first: char| first.is_ascii_digit() || first == '"') {
        return None;
    }
    let text = text.get(..text.len().min(limits::TEXT_PACKET_LINE)).unwrap_or(text);
    let plain = text.strip_prefix('"').map(|text| text.replace("\",\"", "\t").replace('"', ""));
    let mut words = plain.as_deref().unwrap_or(text).split_whitespace().peekable();
    let number = words.next()?.parse().ok()?;
    let stamp = time(&mut words)?;
    let source = address(words.next()?)?;
    let source_port = words.next_if(is_port).and_then(port);
    words.next_if(|word| matches!(*word, "\u{2192}" | "->" | ">"));
    let destination = address(words.next()?)?;
    let destination_port = words.next_if(is_port).and_then(port);
    let protocol = words.next()?;
    if !protocol.starts_with(|first: char| first.is_ascii_uppercase()) || protocol.len() > 16 {
        return None;
    }
    // DSCP: `CS0`.
    words.next_if(|word| word.len() == 3 && word.starts_with(['C', 'c']));
    // Length; the info of TCP begins with a port, followed by an arrow or a second port.
    let info: Vec<&str> = words.collect();
    let info = match info.split_first() {
        Some((length, rest))
            if length.bytes().all(|byte| byte.is_ascii_digit())
                && !rest.first().is_some_and(|next| is_arrow(next)) =>
        {
            rest.join(" ")
        }
        _ => info.join(" "),
    };
    let ports = source_port.zip(destination_port).or_else(|| {
        let head = info.split('[').next().unwrap_or_default();
        if protocol.eq_ignore_ascii_case("TCP") { two_ports(head) } else { None }
    });
    let said = said(protocol, &info);
    Some(Packet { line: line.number, number, source, destination, ports, stamp, said })
}

/// The time column: seconds, a time of day, or date and time.
fn time<'a>(
    words: &mut core::iter::Peekable<impl Iterator<Item = &'a str>>,
) -> Option<Option<Stamp>> {
    let word = words.next()?;
    if let Some((year, rest)) = digits(word, 4)
        && let Some(rest) = rest.strip_prefix('-')
    {
        let (month, rest) = digits(rest, 2)?;
        let (day, _) = digits(rest.strip_prefix('-')?, 2)?;
        let (stamp, _) = Stamp::clock(words.next()?)?;
        let date = Some((u8::try_from(month).ok()?, u8::try_from(day).ok()?));
        return Some(Some(Stamp { year: i32::try_from(year).ok(), date, ..stamp }));
    }
    if let Some((stamp, "")) = Stamp::clock(word) {
        return Some(Some(stamp));
    }
    let (whole, fraction) = word.split_once(['.', ','])?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_digits(whole) && is_digits(fraction)).then_some(None)
}

/// An address; recognition makes commas of points.
fn address(word: &str) -> Option<IpAddr> {
    let word = word.trim_end_matches(',');
    match word.parse() {
        Ok(address) => Some(address),
        Err(_) if word.contains(',') => word.replace(',', ".").parse().ok(),
        Err(_) => None,
    }
}

fn is_port(word: &&str) -> bool {
    word.parse::<u16>().is_ok()
}

fn is_arrow(word: &str) -> bool {
    matches!(word, "\u{2192}" | "->" | ">" | "+" | "-")
}

/// The port at the beginning: a number, or a name that Wireshark shows for it.
fn port(text: &str) -> Option<u16> {
    const NAMES: [(&str, u16); 5] =
        [("cisco-tvs", 2445), ("https", 443), ("http", 80), ("pcsync-https", 8443), ("tftp", 69)];
    let word = text.trim().split([' ', ',', '(']).next()?;
    match word.parse() {
        Ok(port) => Some(port),
        Err(_) => NAMES.iter().find(|(name, _)| *name == word).map(|(_, port)| *port),
    }
}

/// `58930 → 443`, `51221 > cisco-tvs`, `57380-443`, `31576 + 6972`.
fn two_ports(head: &str) -> Option<(u16, u16)> {
    let mut words = head.split_whitespace();
    let (first, second) = (words.next()?, words.next());
    match second {
        Some(arrow) if is_arrow(arrow) => port(first).zip(words.next().and_then(port)),
        _ => {
            let (source, destination) = first.split_once('-')?;
            source.parse().ok().zip(destination.parse().ok())
        }
    }
}

fn said(protocol: &str, info: &str) -> Said {
    let upper = protocol.to_ascii_uppercase();
    if upper == "TCP" {
        let flags = info.split_once('[').and_then(|(_, rest)| rest.split(']').next());
        let has = |flag: &str| flags.is_some_and(|flags| flags.split(", ").any(|one| one == flag));
        return match (has("SYN"), has("ACK"), has("RST"), has("FIN")) {
            (true, true, ..) => Said::SynAck,
            (true, false, ..) => Said::Syn,
            (_, _, true, _) => Said::Rst,
            (_, _, _, true) => Said::Fin,
            _ => Said::Other,
        };
    }
    if upper.starts_with("TLS") || upper.starts_with("SSL") {
        if let Some((level, description)) = between(info, "Alert (Level: ", ", Description: ") {
            let description = description.split(')').next().unwrap_or_default().trim();
            return Said::Alert(level == "Fatal", description.chars().take(64).collect());
        }
        return match info {
            info if info.starts_with("Client Hello") => Said::ClientHello,
            info if info.starts_with("Server Hello") => Said::ServerHello,
            _ => Said::Tls,
        };
    }
    if upper.starts_with("HTTP") {
        if let Some(path) = info.strip_prefix("GET ") {
            let path = path.split(' ').next().unwrap_or_default();
            // A query may hold what must not be kept.
            let path = path.split('?').next().unwrap_or_default();
            return Said::Get(path.chars().take(limits::TEXT_EXCERPT).collect());
        }
        if let Some((_, rest)) = info.strip_prefix("HTTP/1.").and_then(|rest| rest.split_once(' '))
            && let Some((status, _)) = digits(rest, 3)
        {
            return u16::try_from(status).map_or(Said::Other, Said::Status);
        }
    }
    Said::Other
}

/// What stands between two markers, and behind the second.
fn between<'a>(text: &'a str, first: &str, second: &str) -> Option<(&'a str, &'a str)> {
    let (_, rest) = text.split_once(first)?;
    rest.split_once(second)
}

/// `TLS 1.2 (0x0303)`.
fn code(text: &str) -> Option<u16> {
    let (_, hex) = text.split_once("(0x")?;
    u16::from_str_radix(hex.split(')').next()?, 16).ok()
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    match digits.strip_prefix("0x") {
        Some(hex) => {
            !hex.is_empty() && hex.len() <= 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
        None => {
            !digits.is_empty()
                && digits.len() <= 64
                && digits.bytes().all(|byte| byte.is_ascii_digit())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Reader;

    fn read(text: &str) -> Text {
        let mut reader = Reader::default();
        reader.push(text.as_bytes());
        reader.end()
    }

    fn one(text: &str) -> Packet {
        let mut packets = read(text).packets;
        assert_eq!(packets.len(), 1, "{text}");
        packets.remove(0)
    }

    #[test]
    fn every_way_of_writing_two_ports_is_read() {
        for (line, ports, said) in [
            (
                "784\t19.841819\t10.48.36.26\t10.10.245.131\tTCP\t66 58930 \u{2192} 443 [SYN, ECN, CWR] Seq=0",
                (58_930, 443),
                Said::Syn,
            ),
            (
                "  784  19.841819  10.48.36.26 \u{2192} 10.10.245.131 TCP 66 58930 \u{2192} 443 [SYN, ACK] Seq=0",
                (58_930, 443),
                Said::SynAck,
            ),
            (
                "1292 12.0035480 10.10.0.53 10.48.79.117 TCP 60 443-57380 [RST, ACK] Seq=1",
                (443, 57_380),
                Said::Rst,
            ),
            (
                "1649 15:21:01.715094 14,48,44,202 14.48.44.80 TCP 51221 > cisco-tvs [SYN] Seq=1",
                (51_221, 2445),
                Said::Syn,
            ),
            (
                "4739 2022-07-11 16:55:26.016821\t10.48.36.46\t31578 10.48.36.215\t6972 TCP\tC50\t74 31578 + 6972 [FIN, ACK] Seq",
                (31_578, 6972),
                Said::Fin,
            ),
            (
                "\"7\",\"0.1\",\"10.0.0.1\",\"10.0.0.2\",\"TCP\",\"66\",\"1000  >  443 [ACK] Seq=1\"",
                (1000, 443),
                Said::Other,
            ),
        ] {
            let packet = one(line);
            assert_eq!((packet.ports, packet.said), (Some(ports), said), "{line}");
        }
    }

    #[test]
    fn what_the_info_column_says_is_read() {
        for (line, said) in [
            ("1290 12.0013900 10.48.79.117 10.10.0.53 SSL 157 Client Hello", Said::ClientHello),
            (
                "4734 2022-07-11 16:55:26.016350 10.48.36.215 6972 10.48.36.46 31576 TLSv1.2 CS0 1512 Server Hello, Certificate",
                Said::ServerHello,
            ),
            (
                "4738 2022-07-11 16:55:26.016703 10.48.36.46 31576 10.48.36.215 6972 TLSv1.2 cse 73 Alert (Level: Fatal, Description: Unknown CA)",
                Said::Alert(true, "Unknown CA".to_owned()),
            ),
            (
                "1297 12.0084980 10.48.79.117 10.10.0.53 HTTP 217 GET /tcs/systemunit.xml?password=x HTTP/1.1",
                Said::Get("/tcs/systemunit.xml".to_owned()),
            ),
            (
                "1299 12.0104210 10.10.0.53 10.48.79.117 HTTP 444 HTTP/1.1 301 Moved Permanently",
                Said::Status(301),
            ),
            ("4711 1.5 10.48.36.46 10.48.36.215 TLSv1.2 97 Encrypted Alert", Said::Tls),
        ] {
            assert_eq!(one(line).said, said, "{line}");
        }
        let packet = one(
            "4738 2022-07-11 16:55:26,016703 10.48.36.46 31576 10.48.36.215 6972 TLSv1.2 cse 73 Alert",
        );
        assert_eq!(packet.ports, Some((31_576, 6972)));
        let stamp = packet.stamp.unwrap();
        assert_eq!((stamp.year, stamp.date, stamp.seconds), (Some(2022), Some((7, 11)), 60_926));
    }

    #[test]
    fn details_say_which_version_stands_where() {
        let text = read(
            "> Frame 787: 351 bytes on wire (2808 bits), 351 bytes captured\n> Ethernet II, Src: Vmware_99:59:f1 (00:50:56:99:59:f1)\n> Internet Protocol Version 4, Src: 10.48.36.26, Dst: 10.10.245.131\n> Transmission Control Protocol, Src Port: 58930 (58930), Dst Port: 443 (443), Seq: 1\n4 Secure Sockets Layer\n  4 TLSv1.2 Record Layer: Handshake Protocol: Client Hello\n    Content Type: Handshake (22)\n    Version: TLS 1.0 (0x0301)\n    Length: 292\n  > Handshake Protocol: Client Hello\n    Version: TLS 1.2 (0x0303)\n    Supported Version: TLS 1.3 (0x0304)\n    Supported Version: TLS 1.2 (0x0303)\nserialNumber: -626635388\n",
        );
        let addresses = Some(("10.48.36.26".parse().unwrap(), "10.10.245.131".parse().unwrap()));
        let (number, ports) = (Some(787), Some((58_930, 443)));
        let shown = Shown::ClientHello {
            record: Some(0x0301),
            offered: Some(0x0303),
            supported: Some(0x0304),
        };
        let serial = Shown::Serial("-626635388".to_owned());
        assert_eq!(
            text.details,
            [
                Detail { line: 6, number, addresses, ports, shown },
                Detail { line: 14, number, addresses, ports, shown: serial },
            ]
        );
        assert_eq!(text.recognised.get(&Format::PacketList), Some(&13));
    }

    #[test]
    fn prose_is_no_packet() {
        for prose in [
            "3 hours ago 10.0.0.1 answered 10.0.0.2",
            "1 2.5 10.0.0.1 is the server",
            "Version: TLS 1.2 (0x0303)",
            "Length: 292",
            "serialNumber: unknown",
            "Frame 12 is odd",
        ] {
            assert_eq!(read(prose).understood(), 0, "{prose}");
        }
    }
}
