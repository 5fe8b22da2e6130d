//! Names and addresses in running text: hosts, IP addresses, MAC addresses, devices, users.
//!
//! Source: RFC 1123 section 2.1 (host names), RFC 4291 section 2.2 (IPv6 text), formats.md section 10 (device names). The
//! scan is linear; whatever is no name by its form alone (a single word) is not found here.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::Range;

/// A name or address in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// An IPv4 or IPv6 address.
    Address(IpAddr),
    /// `SEP001122334455`, upper case; also `ATA` and the software clients that stand before `.cnf.xml`.
    Device(String),
    /// A host name with a dot, lower case, without a dot at the end.
    Host(String),
    /// A MAC address: twelve hex digits, upper case.
    Mac(String),
    /// What stands before the `@` of an address of a person; the host behind it is a token of its own.
    User(String),
}

/// Endings of files: a name that ends so is a file, not a host.
const FILE_ENDINGS: &[&str] = &[
    "bin", "cap", "cer", "cfg", "cmd", "cnf", "conf", "cop", "crl", "crt", "csr", "css", "csv",
    "db", "der", "doc", "docx", "enc", "evtx", "exe", "gz", "htm", "html", "ini", "jar", "jks",
    "jpg", "js", "json", "jsonl", "key", "keys", "loads", "log", "logs", "md", "old", "out", "p12",
    "p7b", "p7c", "pcap", "pcapng", "pdf", "pem", "pfx", "php", "png", "py", "raw", "reg", "rs",
    "rtf", "sarif", "sbn", "sgn", "sh", "so", "sql", "svg", "tar", "tgz", "tlv", "toml", "txt",
    "wasm", "xls", "xlsx", "xml", "xz", "zip", "zz",
];

/// Is this the ending of a file name, rather than the last label of a host name?
pub fn is_file_ending(ending: &str) -> bool {
    FILE_ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// Every token of `text` with its place in bytes, in order, never overlapping.
pub fn tokens(text: &str) -> Vec<(Range<usize>, Token)> {
    let mut found = Vec::new();
    if !may_hold(text) {
        return found;
    }
    let mut start = None;
    for (at, character) in text.char_indices() {
        match (is_word(character), start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                word(text, begin..at, &mut found);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(begin) = start {
        word(text, begin..text.len(), &mut found);
    }
    found
}

/// Every token has a dot, a colon or an at sign, or as many hex digits as a MAC address. Most values of messages have none of it.
fn may_hold(text: &str) -> bool {
    let mut digits = 0;
    text.bytes().any(|byte| {
        digits += usize::from(byte.is_ascii_hexdigit());
        matches!(byte, b'.' | b':' | b'@') || digits >= MAC_DIGITS
    })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '_' | ':' | '-' | '*' | '@')
}

type Found = Vec<(Range<usize>, Token)>;

/// Tokens of a word: letters, digits and `._:-*@` without a gap.
fn word(text: &str, range: Range<usize>, found: &mut Found) {
    let range = trimmed(text, range);
    let Some(word) = text.get(range.clone()) else { return };
    if word.len() < 4 {
        return;
    }
    if let Some(at) = word.find('@') {
        let end = range.start + at;
        let begin = word.get(..at).and_then(|user| user.rfind(':')).map_or(0, |colon| colon + 1);
        let user = trimmed(text, range.start + begin..end);
        if let Some(name) = text.get(user.clone()).filter(|name| !name.is_empty()) {
            found.push((user, Token::User(name.to_ascii_lowercase())));
        }
        self::word(text, end + 1..range.end, found);
        return;
    }
    if let Some(mac) = mac(word) {
        found.push((range, Token::Mac(mac)));
        return;
    }
    if word.contains(':') {
        if let Ok(address) = word.parse::<Ipv6Addr>() {
            found.push((range, Token::Address(address.into())));
            return;
        }
        let mut start = range.start;
        for part in word.split(':') {
            let end = start + part.len();
            part_of_word(text, trimmed(text, start..end), found);
            start = end + 1;
        }
        return;
    }
    part_of_word(text, range, found);
}

/// Bytes of `SEP001122334455`; a MAC address with hyphens has more, one with dots has dots.
const SHORTEST_WITHOUT_DOT: usize = 15;

/// Hex digits of a MAC address, behind `SEP` too.
const MAC_DIGITS: usize = 12;

/// Tokens of a word without colons.
fn part_of_word(text: &str, range: Range<usize>, found: &mut Found) {
    let Some(part) = text.get(range.clone()) else { return };
    // Most words are no name.
    if part.len() < 4 || (part.len() < SHORTEST_WITHOUT_DOT && !part.contains('.')) {
        return;
    }
    if let Ok(address) = part.parse::<Ipv4Addr>() {
        found.push((range, Token::Address(address.into())));
    } else if let Some(mac) = mac(part) {
        found.push((range, Token::Mac(mac)));
    } else if let Some((within, device)) = device(part) {
        let place = range.start + within.start..range.start + within.end;
        found.push((place.clone(), Token::Device(device)));
        // What stands behind a device may name its domain.
        part_of_word(text, trimmed(text, place.end..range.end), found);
    } else if let Some(length) = host(part) {
        let name = part.get(..length).unwrap_or_default();
        found.push((range.start..range.start + length, Token::Host(name.to_ascii_lowercase())));
    } else if let Some((within, address)) = address_within(part) {
        found.push((
            range.start + within.start..range.start + within.end,
            Token::Address(address.into()),
        ));
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(word) = text.get(range.clone()) else { return range };
    let edge = |character: char| matches!(character, '.' | ':' | '-' | '@' | '_');
    // `::1` begins with what it means.
    let front = if word.starts_with("::") { word } else { word.trim_start_matches(edge) };
    let start = range.start + (word.len() - front.len());
    let back = front.trim_end_matches(edge);
    start..start + back.len()
}

/// `00:11:22:33:44:55`, `00-11-22-33-44-55`, `0011.2233.4455`.
fn mac(word: &str) -> Option<String> {
    if !(14..=17).contains(&word.len()) {
        return None;
    }
    let separator = word.chars().find(|character| !character.is_ascii_hexdigit())?;
    let size = match (separator, word.len()) {
        (':' | '-', 17) => 2,
        ('.', 14) => 4,
        _ => return None,
    };
    let hex = |part: &str| part.len() == size && part.chars().all(|c| c.is_ascii_hexdigit());
    let parts = word.split(separator);
    parts.clone().all(hex).then(|| parts.collect::<String>().to_ascii_uppercase())
}

/// `SEP001122334455` anywhere in a word, or a software client before `.cnf.xml`.
fn device(part: &str) -> Option<(Range<usize>, String)> {
    // The digits are counted first: looking for four prefixes costs more, and most words are hosts.
    if part.bytes().filter(u8::is_ascii_hexdigit).count() < MAC_DIGITS {
        return software_client(part);
    }
    for prefix in ["SEP", "ATA", "sep", "ata"] {
        for (at, _) in part.match_indices(prefix) {
            let hex = part.get(at + 3..at + 15);
            let whole = hex.is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()));
            let ends = part.get(at + 15..).is_some_and(|rest| {
                !rest.starts_with(|character: char| character.is_ascii_alphanumeric())
            });
            if whole && ends {
                let device = part.get(at..at + 15).unwrap_or_default().to_ascii_uppercase();
                return Some((at..at + 15, device));
            }
        }
    }
    software_client(part)
}

/// What stands before `.cnf.xml`.
fn software_client(part: &str) -> Option<(Range<usize>, String)> {
    let behind = |at: usize| part.get(at..).is_some_and(|rest| rest.starts_with(".cnf.xml"));
    let (stem, _) = part.match_indices('.').find(|(at, _)| behind(*at))?;
    let name = part.get(..stem)?;
    crate::names::device::is_device(name).then(|| (0..stem, name.to_ascii_uppercase()))
}

/// How much of a word is a host name with a dot; file endings behind it do not belong to it.
fn host(part: &str) -> Option<usize> {
    let mut name = part;
    while let Some((before, ending)) = name.rsplit_once('.') {
        if !is_file_ending(ending) {
            break;
        }
        name = before;
    }
    let (before, last) = name.rsplit_once('.')?;
    let top = last.len() >= 2
        && (last.chars().all(char::is_alphabetic) || last.to_ascii_lowercase().starts_with("xn--"));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '*'))
    };
    // A version (`9.2.x`) is no host, nor is an abbreviation (`e.g`).
    let letters =
        before.split('.').any(|label| label.len() > 1 && label.contains(char::is_alphabetic));
    (top && letters && name.len() <= 253 && before.split('.').all(label)).then_some(name.len())
}

/// A dotted IPv4 address among other labels: `ca_10.48.36.215.pem`, `ip-10.48.36.215.example`.
fn address_within(part: &str) -> Option<(Range<usize>, Ipv4Addr)> {
    let mut start = 0;
    for run in part.split(|character: char| !(character.is_ascii_digit() || character == '.')) {
        let dots = run.trim_matches('.');
        let offset = run.len() - run.trim_start_matches('.').len();
        if let Ok(address) = dots.parse::<Ipv4Addr>() {
            let begin = start + offset;
            return Some((begin..begin + dots.len(), address));
        }
        start += run.len();
        start += part.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(&str, String)> {
        tokens(text)
            .into_iter()
            .map(|(range, token)| (&text[range], format!("{token:?}")))
            .collect()
    }

    #[test]
    fn hosts_and_addresses() {
        assert_eq!(
            seen(
                "Phone 10.48.36.77:51000 asked cucm.Steven.lab:2445. It (2001:db8::1) waited, e.g. 9.2.x."
            ),
            [
                ("10.48.36.77", "Address(10.48.36.77)".to_owned()),
                ("cucm.Steven.lab", "Host(\"cucm.steven.lab\")".to_owned()),
                ("2001:db8::1", "Address(2001:db8::1)".to_owned()),
            ]
        );
        assert_eq!(
            seen("[2001:db8::1]:443 *.steven.lab, ::1"),
            [
                ("2001:db8::1", "Address(2001:db8::1)".to_owned()),
                ("*.steven.lab", "Host(\"*.steven.lab\")".to_owned()),
            ]
        );
    }

    #[test]
    fn devices_macs_and_users() {
        assert_eq!(
            seen(
                "ITLSEP001122334455.tlv CP-8861-SEPB000B4BA0AEE /CSFsteven.cnf.xml 00:11:22:33:44:55 0011.2233.4455 sip:jane.doe@steven.lab"
            ),
            [
                ("SEP001122334455", "Device(\"SEP001122334455\")".to_owned()),
                ("SEPB000B4BA0AEE", "Device(\"SEPB000B4BA0AEE\")".to_owned()),
                ("CSFsteven", "Device(\"CSFSTEVEN\")".to_owned()),
                ("00:11:22:33:44:55", "Mac(\"001122334455\")".to_owned()),
                ("0011.2233.4455", "Mac(\"001122334455\")".to_owned()),
                ("jane.doe", "User(\"jane.doe\")".to_owned()),
                ("steven.lab", "Host(\"steven.lab\")".to_owned()),
            ]
        );
    }

    #[test]
    fn files_are_no_hosts_but_may_hold_some() {
        assert_eq!(seen("server.tlv SEP0011223344556.log incident.pcapng X14.2 README.md"), []);
        assert_eq!(
            seen("cucm.steven.lab.pem ca_10.48.36.215.pem"),
            [
                ("cucm.steven.lab", "Host(\"cucm.steven.lab\")".to_owned()),
                ("10.48.36.215", "Address(10.48.36.215)".to_owned()),
            ]
        );
    }
}
