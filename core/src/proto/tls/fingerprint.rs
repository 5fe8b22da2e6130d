//! JA3, JA3S and JA4: short names for what a client offers and a server chooses, as the field computes them.
//!
//! JA3: MD5 of `version,suites,extensions,groups,formats` in decimal, GREASE left out, in the order of the message
//! (github.com/salesforce/ja3). JA4: a readable part and two truncated SHA-256 of sorted lists
//! (github.com/FoxIO-LLC/ja4, technical_details/JA4.md; the TLS client part is under BSD-3-Clause).

use core::fmt::Write as _;

use md5::Digest as _;

use super::handshake::{ClientHello, extension};
use crate::bytes::hex;
use crate::digest::sha256;

/// RFC 8701: values that clients send to keep servers tolerant.
pub(super) fn is_grease(value: u16) -> bool {
    let [high, low] = value.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

/// The complete lists of a ClientHello, of which a report keeps a part.
#[derive(Clone, Debug, Default)]
pub(super) struct Offer {
    pub(super) cipher_suites: Vec<u16>,
    pub(super) extensions: Vec<u16>,
    pub(super) groups: Vec<u16>,
    pub(super) signature_algorithms: Vec<u16>,
    pub(super) first_protocol: Option<Vec<u8>>,
    pub(super) point_formats: Vec<u8>,
}

impl Offer {
    /// JA3 in hex.
    pub(super) fn ja3(&self, version: u16) -> String {
        let formats: Vec<u16> =
            self.point_formats.iter().map(|format| u16::from(*format)).collect();
        let text = format!(
            "{version},{},{},{},{}",
            decimal(&self.cipher_suites),
            decimal(&self.extensions),
            decimal(&self.groups),
            decimal(&formats)
        );
        md5_hex(&text)
    }

    /// JA4.
    pub(super) fn ja4(&self, hello: &ClientHello, datagram: bool) -> String {
        let known = |values: &[u16]| -> Vec<u16> {
            values.iter().copied().filter(|value| !is_grease(*value)).collect()
        };
        let mut suites = known(&self.cipher_suites);
        let all_extensions = known(&self.extensions);
        let mut extensions: Vec<u16> = all_extensions
            .iter()
            .copied()
            .filter(|kind| ![extension::SERVER_NAME, extension::ALPN].contains(kind))
            .collect();
        let server_name = all_extensions.contains(&extension::SERVER_NAME);
        let first = format!(
            "{}{}{}{:02}{:02}{}",
            if datagram { 'd' } else { 't' },
            version_code(hello.highest_version()),
            if server_name { 'd' } else { 'i' },
            suites.len().min(99),
            all_extensions.len().min(99),
            protocol_code(self.first_protocol.as_deref()),
        );
        suites.sort_unstable();
        extensions.sort_unstable();
        let mut third = hexadecimal(&extensions);
        let schemes = known(&self.signature_algorithms);
        if !schemes.is_empty() {
            third.push('_');
            third.push_str(&hexadecimal(&schemes));
        }
        format!(
            "{first}_{}_{}",
            truncated(&suites, &hexadecimal(&suites)),
            truncated(&extensions, &third)
        )
    }
}

/// JA3S in hex: version, suite and extensions of a ServerHello.
pub(super) fn ja3s(version: u16, cipher_suite: u16, extensions: &[u16]) -> String {
    md5_hex(&format!("{version},{cipher_suite},{}", decimal(extensions)))
}

fn truncated(list: &[u16], text: &str) -> String {
    if list.is_empty() {
        return "0".repeat(12);
    }
    let digest = sha256(text.as_bytes());
    hex(digest.get(..6).unwrap_or_default())
}

fn version_code(version: u16) -> &'static str {
    match version {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        0xfeff => "d1",
        0xfefd => "d2",
        0xfefc => "d3",
        _ => "00",
    }
}

/// First and last character of the first protocol; hex digits of them where they are no letters or digits.
fn protocol_code(protocol: Option<&[u8]>) -> String {
    let (Some(first), Some(last)) =
        (protocol.and_then(<[u8]>::first), protocol.and_then(<[u8]>::last))
    else {
        return "00".to_owned();
    };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [char::from(*first), char::from(*last)].iter().collect();
    }
    let digits = (hex(&[*first]), hex(&[*last]));
    digits.0.chars().take(1).chain(digits.1.chars().skip(1)).collect()
}

fn decimal(values: &[u16]) -> String {
    let mut text = String::new();
    for value in values.iter().filter(|value| !is_grease(**value)) {
        if !text.is_empty() {
            text.push('-');
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "{value}");
    }
    text
}

fn hexadecimal(values: &[u16]) -> String {
    let mut text = String::new();
    for value in values {
        if !text.is_empty() {
            text.push(',');
        }
        let _ = write!(text, "{value:04x}");
    }
    text
}

fn md5_hex(text: &str) -> String {
    hex(&md5::Md5::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of FoxIO's technical details, its lists given out of order.
    #[test]
    fn the_published_example_of_ja4() {
        let offer = Offer {
            cipher_suites: vec![
                0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
                0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
            ],
            extensions: vec![
                0xfafa, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005,
                0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0x3a3a,
            ],
            signature_algorithms: vec![
                0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601,
            ],
            first_protocol: Some(b"h2".to_vec()),
            ..Offer::default()
        };
        let hello = ClientHello {
            version: 0x0303,
            supported_versions: vec![0x7a7a, 0x0304, 0x0303],
            ..ClientHello::default()
        };
        assert_eq!(offer.ja4(&hello, false), "t13d1516h2_8daaf6152771_e5627efa2ab1");
    }

    #[test]
    fn nothing_offered_has_zeros() {
        let offer = Offer::default();
        let hello = ClientHello { version: 0xfefd, ..ClientHello::default() };
        assert_eq!(offer.ja4(&hello, true), "dd2i000000_000000000000_000000000000");
    }

    #[test]
    fn protocols_that_are_no_text_are_shown_in_hex() {
        assert_eq!(protocol_code(Some(b"http/1.1")), "h1");
        assert_eq!(protocol_code(Some(&[0xab, 0xcd])), "ad");
        assert_eq!(protocol_code(Some(&[])), "00");
    }
}
