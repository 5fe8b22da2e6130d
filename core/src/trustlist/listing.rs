//! The listing of a trust list in the form of CUCM's `show itl` and `show ctl`.
//!
//! The layout is CUCM's, so that an engineer can lay it beside the output of a node: `BYTEPOS` is printed as
//! CUCM prints it (the number is the tag), spelling included. Source: domain.md 2.1, formats.md section 3.

use core::fmt::Write as _;

use crate::bytes::hex;
use crate::digest::Digests;
use crate::report::model::TrustListType;
use crate::time::{DAY, UnixTime};
use crate::tlv::header::{SignedHeader, name_of, tag as header_tag};
use crate::trustlist::file::TrustList;
use crate::trustlist::record::{self, Record, tag};
use crate::trustlist::role::Role;
use crate::trustlist::verify::Outcome;

const RULE: &str = "BYTEPOS\tTAG\t\tLENGTH\tVALUE\n-------\t---\t\t------\t-----\n";

/// The listing as text, lines ended by `\n`.
pub fn listing(list: &TrustList, digests: &Digests, verification: &Outcome) -> String {
    let mut out = String::new();
    let kind = match list.kind {
        TrustListType::Ctl => "CTL",
        TrustListType::Itl => "ITL",
    };
    let _ = writeln!(out, "The checksum value of the {kind} file:");
    let _ = writeln!(out, "{}(MD5)", hex(&digests.md5));
    let _ = writeln!(out, "{}(SHA1)", hex(&digests.sha1));
    let _ = writeln!(out, "\n\nLength of {kind} file: {}", list.length);
    if let Some(timestamp) = list.header.timestamp {
        // CUCM prints the file's own date here; the header's TIMESTAMP is when the list was signed.
        let signed = dated(UnixTime(timestamp.into()));
        let _ = writeln!(out, "The {kind} File was last modified on {signed}");
    }
    let _ = writeln!(out, "\n\nParse {kind} File\n----------------\n");
    header(&mut out, &list.header);
    for record in &list.records {
        records(&mut out, kind, list, record);
    }
    for problem in list.header.problems.list.iter().chain(&list.problems.list) {
        let _ = writeln!(out, "{}", problem.error);
    }
    let end = match verification {
        Outcome::Verified(_) => format!("The {kind} file was verified successfully."),
        Outcome::Failed(_) if list.is_damaged() => format!("Error parsing the {kind} File."),
        Outcome::Failed(_) => format!("Verification of the {kind} file failed."),
        Outcome::Unverifiable(_) => format!("The {kind} file could not be verified."),
    };
    let _ = writeln!(out, "{end}");
    out
}

fn header(out: &mut String, header: &SignedHeader) {
    if let Some((major, minor)) = header.version {
        let _ = writeln!(out, "Version:\t{major}.{minor}");
    }
    if let Some(length) = header.header_length {
        let _ = writeln!(out, "HeaderLength:\t{length} (BYTES)");
    }
    let _ = write!(out, "\n{RULE}");
    for place in &header.elements {
        let value = match place.tag {
            header_tag::VERSION | header_tag::HEADER_LENGTH | header_tag::PADDING => continue,
            header_tag::SIGNER_ID
            | header_tag::SIGNATURE_INFO
            | header_tag::SIGNATURE_ALGORITHM_INFO => {
                // CUCM prints the size of the length field, then the length.
                row(out, place.tag, name_of(place.tag), 2, &place.length.to_string());
                continue;
            }
            header_tag::SIGNER_NAME => text(header.signer_name.as_ref()),
            header_tag::SERIAL_NUMBER => {
                colons(header.signer_serial.as_deref().unwrap_or_default())
            }
            header_tag::CA_NAME => text(header.signer_issuer.as_ref()),
            header_tag::SIGNATURE => {
                row(out, place.tag, name_of(place.tag), place.length, "");
                signature(out, header.signature.as_deref().unwrap_or_default());
                continue;
            }
            header_tag::FILENAME => text(header.filename.as_ref()),
            header_tag::TIMESTAMP => {
                header.timestamp.map(|seconds| dated(UnixTime(seconds.into()))).unwrap_or_default()
            }
            header_tag::SIGNER_VERSION => header
                .signer_version
                .map(|(major, minor)| format!("{major}.{minor}"))
                .unwrap_or_default(),
            header_tag::DIGEST_ALGORITHM => match header.digest_code {
                Some(1) => "SHA-1".to_owned(),
                Some(2) => "SHA-256".to_owned(),
                Some(3) => "SHA-512".to_owned(),
                Some(code) => code.to_string(),
                None => String::new(),
            },
            header_tag::SIGNATURE_ALGORITHM => {
                header.signature_algorithm_code.map(|code| code.to_string()).unwrap_or_default()
            }
            header_tag::SIGNATURE_MODULUS => {
                header.modulus_code.map(|code| code.to_string()).unwrap_or_default()
            }
            _ => String::new(),
        };
        row(out, place.tag, name_of(place.tag), place.length, &value);
    }
    let _ = writeln!(out);
}

fn records(out: &mut String, kind: &str, list: &TrustList, entry: &Record) {
    let _ = write!(out, "\t{kind} Record #:{}\n\t\t  ----\n{RULE}", entry.number);
    for place in &entry.elements {
        let value = match place.tag {
            tag::RECORD_LENGTH => entry.declared_length.to_string(),
            tag::DNS_NAME => text(entry.dns_name.as_ref()),
            tag::SUBJECT_NAME => entry.subject_text().to_owned(),
            tag::FUNCTION => entry.function(),
            tag::ISSUER_NAME => entry.issuer_text().to_owned(),
            tag::SERIAL_NUMBER => colons(entry.serial.as_deref().unwrap_or_default()),
            tag::CERTIFICATE => entry
                .certificate_sha1()
                .map(|hash| format!("{} (SHA1 Hash HEX)", spaced(&hash)))
                .unwrap_or_default(),
            tag::IP_ADDRESS => {
                entry.ip_address.map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}")).unwrap_or_default()
            }
            tag::CERT_HASH => spaced(entry.cert_hash.as_deref().unwrap_or_default()),
            tag::HASH_ALGORITHM => match entry.hash_algorithm {
                Some(1) => "SHA-1".to_owned(),
                Some(2) => "SHA-256".to_owned(),
                Some(3) => "SHA-512".to_owned(),
                _ => "null".to_owned(),
            },
            _ => String::new(),
        };
        row(out, place.tag, record::name_of(place.tag), place.length, &value);
    }
    if entry.role == Some(Role::SAST) {
        let signed = list.signing_record().is_some_and(|signer| signer.number == entry.number);
        let used = if signed { "was used" } else { "was not used" };
        let _ = writeln!(out, "This etoken {used} to sign the {kind} file.");
    }
    let _ = writeln!(out);
}

fn row(out: &mut String, tag: u8, name: &str, length: u64, value: &str) {
    let line = format!("{tag}\t{name:<22}\t{length}\t{value}");
    let _ = writeln!(out, "{}", line.trim_end());
}

/// `Wed Jul 27 14:16:24 UTC 2011`, as CUCM prints dates.
fn dated(time: UnixTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day, hour, minute, second) = time.parts();
    let weekday = usize::try_from(time.0.div_euclid(DAY).rem_euclid(7)).unwrap_or_default();
    let weekday = DAYS.get(weekday).copied().unwrap_or_default();
    let month = MONTHS.get(usize::from(month).saturating_sub(1)).copied().unwrap_or_default();
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} UTC {year}")
}

/// Eight bytes a line, hex without leading zeros, as CUCM prints them.
fn signature(out: &mut String, bytes: &[u8]) {
    for line in bytes.chunks(8) {
        let line: Vec<String> = line.iter().map(|byte| format!("{byte:x}")).collect();
        let _ = writeln!(out, "\t\t{}", line.join(" "));
    }
}

fn text(text: Option<&crate::tlv::field::Text>) -> String {
    let text = text.map(|text| text.text.as_str()).unwrap_or_default();
    text.chars()
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn colons(bytes: &[u8]) -> String {
    joined(bytes, ":")
}

fn spaced(bytes: &[u8]) -> String {
    joined(bytes, " ")
}

fn joined(bytes: &[u8], separator: &str) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_cucm() {
        assert_eq!(dated(UnixTime(1_311_776_184)), "Wed Jul 27 14:16:24 UTC 2011");
        assert_eq!(dated(UnixTime(0)), "Thu Jan 01 00:00:00 UTC 1970");
    }
}
