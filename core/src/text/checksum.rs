//! Checksums of trust lists: what a phone shows on its Trust List screen (Settings > Security Configuration), typed off, and the
//! output of `md5sum` and its like (A66, A67).
//!
//! `ITL Signature: B6:19:10:BB:…`, `CTL File MD5 b61910bb…`, `b61910bb… ITLSEP0011215A1AE3.tlv`. The screen of a phone calls the MD5 or
//! SHA-1 of the file its signature; the length tells which it is.

use serde::{Deserialize, Serialize};

use super::{Event, Format, Line, Recognise, Signs, Text, What};
use crate::report::model::TrustListType;

/// A checksum of a trust list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    /// ITL or CTL.
    pub kind: TrustListType,
    /// The file that was summed up; `None` for what a phone shows of its own list.
    pub file: Option<String>,
    /// 16 bytes are MD5, 20 SHA-1, 32 SHA-256.
    pub sum: Vec<u8>,
}

/// Bytes of a line: longer ones are something else.
const LONGEST: usize = 300;

/// Reads checksums.
#[derive(Debug, Default)]
pub struct Checksums;

impl Recognise for Checksums {
    fn format(&self) -> Format {
        Format::Checksum
    }

    fn signs(&self) -> Signs {
        // A label of the screen, or a file name behind the sum.
        Signs { beginnings: &["ct", "it"], endings: b"vV", ..Signs::default() }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let own = line.text.trim_matches([' ', '\t', '>', '`', '|', '\u{a0}']);
        if own.len() > LONGEST || own.len() < 32 {
            return false;
        }
        let Some(checksum) = shown(own).or_else(|| summed(own)) else { return false };
        text.event(Event::new(line.number, None, own, What::Checksum(checksum)));
        true
    }
}

/// `ITL Signature: b6 19 …`: a label that names the list and a sum.
fn shown(text: &str) -> Option<Checksum> {
    const LABELS: [&str; 6] = ["checksum", "hash", "md5", "sha-1", "sha1", "signature"];
    let kind = if text.get(..3)?.eq_ignore_ascii_case("itl") {
        TrustListType::Itl
    } else if text.get(..3)?.eq_ignore_ascii_case("ctl") {
        TrustListType::Ctl
    } else {
        return None;
    };
    let lower = text.to_ascii_lowercase();
    // Behind the last label: `ITL Signature (MD5): …`.
    let end = LABELS.iter().filter_map(|label| Some(lower.find(label)? + label.len())).max()?;
    let before = lower.get(3..end)?;
    // Words of a label only: a sentence that mentions a sum is none.
    let is_label = before
        .split(|character: char| !character.is_ascii_alphanumeric() && character != '-')
        .filter(|word| !word.is_empty())
        .all(|word| LABELS.contains(&word) || word == "file");
    let sum = sum(text.get(end..)?.trim_start_matches([')', ':', '=', ' ', '\t']))?;
    is_label.then_some(Checksum { kind, file: None, sum })
}

/// `b61910bb01d8d3a1c1b36526cc9f2ddc  ITLSEP0011215A1AE3.tlv`, with a star in front of the name for binary mode.
fn summed(text: &str) -> Option<Checksum> {
    // Cheap: nearly every line of every log is asked.
    let end = text.find(char::is_whitespace).filter(|end| matches!(end, 32 | 40 | 64))?;
    let (digits, file) = text.split_at_checked(end)?;
    let file = file.trim().trim_start_matches('*');
    let file = file.rsplit(['/', '\\']).next()?;
    let upper = file.to_ascii_uppercase();
    let kind = match (upper.starts_with("ITL"), upper.starts_with("CTL")) {
        (true, _) => TrustListType::Itl,
        (_, true) => TrustListType::Ctl,
        _ => return None,
    };
    let is_name = upper.ends_with(".TLV") && !file.contains(char::is_whitespace);
    is_name.then_some(())?;
    Some(Checksum { kind, file: Some(file.to_owned()), sum: sum(digits)? })
}

/// 16, 20 or 32 bytes in hexadecimal, with blanks, colons or hyphens between them or without.
fn sum(text: &str) -> Option<Vec<u8>> {
    let is_between = |character: &char| matches!(character, ':' | ' ' | '-');
    let digits: String = text.trim().chars().filter(|character| !is_between(character)).collect();
    if !matches!(digits.len(), 32 | 40 | 64) {
        return None;
    }
    digits
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: [u8; 16] = [
        0xb6, 0x19, 0x10, 0xbb, 0x01, 0xd8, 0xd3, 0xa1, 0xc1, 0xb3, 0x65, 0x26, 0xcc, 0x9f, 0x2d,
        0xdc,
    ];

    #[test]
    fn sums_are_read_however_they_are_typed() {
        let of_phone = Some(Checksum { kind: TrustListType::Itl, file: None, sum: MD5.to_vec() });
        for text in [
            "ITL Signature: b61910bb01d8d3a1c1b36526cc9f2ddc",
            "ITL signature B6:19:10:BB:01:D8:D3:A1:C1:B3:65:26:CC:9F:2D:DC",
            "ITL File MD5 = b6 19 10 bb 01 d8 d3 a1 c1 b3 65 26 cc 9f 2d dc",
            "ITL Signature (MD5): b61910bb01d8d3a1c1b36526cc9f2ddc",
        ] {
            assert_eq!(shown(text), of_phone, "{text}");
        }
        let of_file = Checksum {
            kind: TrustListType::Itl,
            file: Some("ITLSEP0011215A1AE3.tlv".to_owned()),
            sum: MD5.to_vec(),
        };
        for text in [
            "b61910bb01d8d3a1c1b36526cc9f2ddc ITLSEP0011215A1AE3.tlv",
            "b61910bb01d8d3a1c1b36526cc9f2ddc *certs/ITLSEP0011215A1AE3.tlv",
        ] {
            assert_eq!(summed(text).as_ref(), Some(&of_file), "{text}");
        }
    }

    #[test]
    fn what_is_no_sum_of_a_list_is_left_alone() {
        for text in [
            "ITL Signature: b61910bb01d8d3a1c1b36526cc9f2d",
            "ITL file differs, its MD5 is b61910bb01d8d3a1c1b36526cc9f2ddc",
            "ITL Signature: not installed, and nothing more to say",
            "b61910bb01d8d3a1c1b36526cc9f2ddc(MD5)                     ",
            "b61910bb01d8d3a1c1b36526cc9f2ddc SEP0011215A1AE3.cnf.xml",
        ] {
            assert_eq!(shown(text).or_else(|| summed(text)), None, "{text}");
        }
    }
}
