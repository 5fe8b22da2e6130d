//! Rows to a trust list, so that whatever asks lists can ask listings.

use crate::report::model::TrustListType;
use crate::text::listing::{Listing, RecordRows, Row, scan};
use crate::tlv::field::{ELEMENT_HEAD, Problems, Text};
use crate::tlv::header::{Place, SignedHeader, tag as header_tag};
use crate::trustlist::file::TrustList;
use crate::trustlist::record::{Record, tag};
use crate::trustlist::role::Role;

/// A list without anything in it.
pub(super) fn empty(kind: TrustListType) -> TrustList {
    TrustList {
        kind,
        header: SignedHeader::default(),
        records: Vec::new(),
        length: 0,
        signed_digest: None,
        problems: Problems::default(),
    }
}

/// Does a row hold a distinguished name?
pub(super) fn is_name(row: u8, in_record: bool) -> bool {
    if in_record {
        matches!(row, tag::SUBJECT_NAME | tag::ISSUER_NAME)
    } else {
        matches!(row, header_tag::SIGNER_NAME | header_tag::CA_NAME)
    }
}

/// A name as it stands in the file, as far as the listing tells: without what line ends and scanners did to it. LENGTH
/// counts the final NUL.
pub(super) fn name(value: &str, length: u64) -> String {
    let fits = |value: &str| value.len() as u64 + 1 == length;
    // A scanner reads the O of an attribute as a zero: no attribute is called 0.
    let mut value = value.replace(";0=", ";O=");
    if let Some(rest) = value.strip_prefix("0=") {
        value = format!("O={rest}");
    }
    if fits(&value) {
        return value;
    }
    // A blank where the line ended.
    let joined = value.replace("; ", ";");
    // Numbers of the next rows, where the table came apart.
    let mut trimmed = joined.as_str();
    while trimmed.len() as u64 + 1 > length {
        match trimmed.rsplit_once(' ') {
            Some((before, last)) if scan::number(last).is_some() => trimmed = before,
            _ => break,
        }
    }
    if fits(trimmed) { trimmed.to_owned() } else { joined }
}

/// The role that FUNCTION names, in the words of every parser.
pub(super) fn role_of(function: &str) -> Option<Role> {
    Some(match function.trim() {
        "System Administrator Security Token" | "Security Token" | "SAST" => Role::SAST,
        "CCM" => Role::CCM,
        "CCM+TFTP" => Role::CCM_TFTP,
        "TFTP" => Role::TFTP,
        "CAPF" => Role::CAPF,
        "SRST" => Role::SRST,
        "HTTPS" => Role::HTTPS,
        "TVS" => Role::TVS,
        _ => return None,
    })
}

/// Makes the list from the rows.
pub(super) fn fill(listing: &mut Listing) {
    let mut list = empty(listing.kind);
    list.header = header(listing);
    list.length = listing.stated_length.map_or(0, |(length, _)| length);
    let mut offset = listing.header_length.map_or(0, |(length, _)| length);
    for rows in &listing.records {
        let record = record(rows, offset);
        offset = offset.saturating_add(record.length);
        list.records.push(record);
    }
    // The node names the signer in two ways; where a header is not there or was misread, the sentence settles it.
    let marked =
        listing.records.iter().position(|rows| rows.signed.is_some_and(|(signed, _)| signed));
    if let Some(signer) = marked.and_then(|index| list.records.get(index)) {
        list.header.signer_name = signer.subject.clone();
        list.header.signer_serial = signer.serial.clone();
        list.header.signer_issuer = signer.issuer.clone();
    }
    listing.list = list;
}

fn text(value: &str) -> Text {
    let mut raw = value.as_bytes().to_vec();
    raw.push(0);
    Text { text: value.to_owned(), raw }
}

fn header(listing: &Listing) -> SignedHeader {
    let mut header = SignedHeader {
        version: listing.list.header.version,
        header_length: listing.header_length.and_then(|(length, _)| u16::try_from(length).ok()),
        ..SignedHeader::default()
    };
    // VERSION and HEADERLENGTH stand in front of the rows, five bytes each.
    let mut offset = 10_u64;
    for row in &listing.header {
        let is_container = is_container(row.tag);
        header.elements.push(Place { tag: row.tag, offset, length: row.length });
        let length = if is_container { 0 } else { row.length };
        offset = offset.saturating_add(ELEMENT_HEAD).saturating_add(length);
        match row.tag {
            header_tag::SIGNER_NAME => header.signer_name = Some(text(&row.value)),
            header_tag::SERIAL_NUMBER => header.signer_serial = serial(row),
            header_tag::CA_NAME => header.signer_issuer = Some(text(&row.value)),
            header_tag::DIGEST_ALGORITHM => {
                header.digest_code = match row.value.trim() {
                    "SHA-1" | "SHA1" => Some(1),
                    "SHA-256" | "SHA256" => Some(2),
                    "SHA-512" | "SHA512" => Some(3),
                    other => other.parse().ok(),
                }
            }
            header_tag::FILENAME if !row.value.is_empty() => {
                header.filename = Some(text(&row.value));
            }
            _ => {}
        }
    }
    header.end = offset;
    header
}

/// Rows whose LENGTH is that of the length field, and whose VALUE is the length of what they hold.
pub(super) fn is_container(row: u8) -> bool {
    matches!(
        row,
        header_tag::SIGNER_ID | header_tag::SIGNATURE_INFO | header_tag::SIGNATURE_ALGORITHM_INFO
    )
}

fn serial(row: &Row) -> Option<Vec<u8>> {
    let bytes = scan::hexadecimal(&row.value)?;
    (!bytes.is_empty()).then_some(bytes)
}

fn record(rows: &RecordRows, offset: u64) -> Record {
    let stated = rows.stated_length().map_or(0, |(length, _)| length);
    let mut record = Record {
        number: rows.number,
        offset,
        declared_length: u16::try_from(stated).unwrap_or(u16::MAX),
        length: stated,
        ..Record::default()
    };
    let mut at = offset;
    for row in &rows.rows {
        record.elements.push(Place { tag: row.tag, offset: at, length: row.length });
        at = at.saturating_add(ELEMENT_HEAD).saturating_add(row.length);
        match row.tag {
            tag::DNS_NAME => record.dns_name = Some(text(&row.value)),
            tag::SUBJECT_NAME => record.subject = Some(text(&row.value)),
            tag::FUNCTION => {
                record.role =
                    role_of(&row.value).or_else(|| row.value.trim().parse().ok().map(Role));
            }
            tag::ISSUER_NAME => record.issuer = Some(text(&row.value)),
            tag::SERIAL_NUMBER => record.serial = serial(row),
            tag::CERTIFICATE => {
                record.certificate_length = Some(row.length);
                // The listing prints the SHA-1 in place of the certificate.
                if let Some(hash) = hash(row).filter(|hash| hash.len() == 20) {
                    record.cert_hash = Some(hash);
                }
            }
            tag::CERT_HASH => {
                record.cert_hash = hash(row).filter(|hash| matches!(hash.len(), 20 | 32 | 64));
            }
            tag::HASH_ALGORITHM => {
                // `null` says nothing: the length of the hash does (C18).
                record.hash_algorithm = match row.value.trim() {
                    "SHA-1" | "SHA1" => Some(1),
                    "SHA-256" | "SHA256" => Some(2),
                    "SHA-512" | "SHA512" => Some(3),
                    other => other.parse().ok(),
                };
            }
            tag::IP_ADDRESS => {
                record.ip_address = row
                    .value
                    .trim()
                    .parse::<std::net::Ipv4Addr>()
                    .ok()
                    .map(|address| address.octets());
            }
            _ => {}
        }
    }
    record
}

/// The hash in a value of CERTIFICATE or CERTHASH.
pub(super) fn hash(row: &Row) -> Option<Vec<u8>> {
    scan::hexadecimal(&row.value).filter(|hash| !hash.is_empty())
}
