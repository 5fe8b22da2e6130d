//! What a listing's own numbers say: it is complete, cut, or damaged, and where.
//!
//! Three sums hold in every listing (domain.md 0.1): RECORDLENGTH is 5 and, for each other row, 3 and its LENGTH;
//! SIGNERID is 9 and the LENGTH of its three rows; the length of the file is HeaderLength and all RECORDLENGTHs. They
//! show accidents. They are no proof against a forger, who can count.

use crate::text::listing::{Listing, RecordRows, Row, list, scan};
use crate::tlv::header::{self, tag as header_tag};
use crate::trustlist::record::{self, tag};

/// What the sums say of a listing as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Every sum holds, up to the length of the file.
    Complete,
    /// Nothing contradicts, but the length of the file or of the header is not there to be compared with.
    Excerpt,
    /// Rows or records are missing; what is there is sound.
    Cut,
    /// A number or value contradicts the others.
    Damaged,
    /// The node has no file, or one of 0 bytes.
    Empty,
}

/// One thing that does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its record; `None` for header and file.
    pub record: Option<u32>,
    /// The line of it.
    pub line: u64,
    /// What kind.
    pub what: What,
    /// The row's name, names of missing rows, or an empty text.
    pub field: String,
    /// What is announced: bytes, or the number of a record.
    pub stated: u64,
    /// What the rest adds up to.
    pub found: u64,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Rows of a record are missing.
    RowsMissing,
    /// A record is missing between two others, or in front of the first.
    RecordMissing,
    /// The file is longer than what stands here.
    EndMissing,
    /// RECORDLENGTH and the rows contradict each other, and nothing tells which is wrong.
    RecordSum,
    /// This row's LENGTH is wrong: RECORDLENGTH and its value, or what its kind asks for, agree on another.
    RowLength,
    /// RECORDLENGTH itself is wrong: the rows and the length of the file agree on another.
    RecordLength,
    /// A value has another number of bytes than its LENGTH says.
    Value,
    /// The rows of the header and its length contradict each other.
    HeaderSum,
    /// SIGNERID and the rows that it holds contradict each other.
    SignerSum,
    /// The length of the file is less than header and records.
    FileSum,
}

/// The verdict on a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// As a whole.
    pub shape: Shape,
    /// What does not add up: damage first, then what is missing; each in the order of the text.
    pub faults: Vec<Fault>,
    /// Bytes of records: the sum of RECORDLENGTH.
    pub records: u64,
}

impl What {
    fn is_damage(self) -> bool {
        !matches!(self, Self::RowsMissing | Self::RecordMissing | Self::EndMissing)
    }
}

/// Adds up what a listing says.
pub fn judge(listing: &Listing) -> Judgement {
    let mut faults = Vec::new();
    header_sums(listing, &mut faults);
    let records: u64 = listing
        .records
        .iter()
        .map(|record| record.stated_length().map_or(0, |(length, _)| length))
        .fold(0, u64::saturating_add);
    // What the records take by the length of the file, where both lengths are there.
    let announced = listing
        .stated_length
        .zip(listing.header_length)
        .map(|((length, _), (header, _))| length.saturating_sub(header));
    let mut number = 1;
    for record in &listing.records {
        if record.number > number && (number > 1 || listing.header_length.is_some()) {
            faults.push(Fault {
                record: Some(number),
                line: record.line,
                what: What::RecordMissing,
                field: String::new(),
                stated: u64::from(record.number),
                found: u64::from(number),
            });
        }
        number = record.number.saturating_add(1);
        record_sums(record, announced.map(|all| all.abs_diff(records)), &mut faults);
    }
    let is_sound = faults.is_empty();
    if let (Some((length, line)), Some((header, _))) =
        (listing.stated_length, listing.header_length)
    {
        let found = header.saturating_add(records);
        if found < length && (is_sound || listing.records.is_empty()) {
            faults.push(Fault {
                record: None,
                line: listing.records.last().map_or(line, |record| record.line),
                what: What::EndMissing,
                field: String::new(),
                stated: length,
                found,
            });
        } else if found > length && is_sound {
            faults.push(Fault {
                record: None,
                line,
                what: What::FileSum,
                field: String::new(),
                stated: length,
                found,
            });
        }
    }
    faults.sort_by_key(|fault| (!fault.what.is_damage(), fault.line));
    let is_empty = listing.records.is_empty()
        && listing.header.is_empty()
        && (listing.stated_length.is_some_and(|(length, _)| length == 0)
            || listing.end(super::End::NotFound).is_some());
    let shape = match faults.first() {
        _ if is_empty => Shape::Empty,
        Some(first) if first.what.is_damage() => Shape::Damaged,
        Some(_) => Shape::Cut,
        None if listing.stated_length.is_some()
            && listing.header_length.is_some()
            && !listing.records.is_empty() =>
        {
            Shape::Complete
        }
        None => Shape::Excerpt,
    };
    Judgement { shape, faults, records }
}

/// 3 for tag and length, and the value.
fn size(row: &Row) -> u64 {
    3_u64.saturating_add(row.length)
}

/// The number of bytes that a value shows, where it shows all: `None` for values that are not printed, and for those with
/// parts left out.
fn shown(row: &Row) -> Option<u64> {
    let bytes = match row.tag {
        tag::SERIAL_NUMBER => scan::hexadecimal(&row.value)?,
        tag::CERT_HASH => list::hash(row)?,
        _ => return None,
    };
    (!bytes.is_empty()).then_some(bytes.len() as u64)
}

/// `slack` is by how much the records together miss what the length of the file leaves for them.
fn record_sums(record: &RecordRows, slack: Option<u64>, faults: &mut Vec<Fault>) {
    let fault = |what, line, field: &str, stated, found| Fault {
        record: Some(record.number),
        line,
        what,
        field: field.to_owned(),
        stated,
        found,
    };
    let others = || record.rows.iter().filter(|row| row.tag != tag::RECORD_LENGTH);
    let sum = others().map(size).fold(5, u64::saturating_add);
    let Some((stated, line)) = record.stated_length() else {
        let what = What::RowsMissing;
        faults.push(fault(what, record.line, record::name_of(tag::RECORD_LENGTH), sum, sum));
        return;
    };
    let before = faults.len();
    for row in others() {
        let name = record::name_of(row.tag);
        if let Some(shown) = shown(row).filter(|shown| *shown != row.length) {
            // The value settles it: with its number of bytes the record adds up.
            let corrected = sum.saturating_sub(row.length).saturating_add(shown);
            let what =
                if corrected == stated && sum != stated { What::RowLength } else { What::Value };
            faults.push(fault(what, row.line, name, row.length, shown));
        } else if row.tag == tag::CERTIFICATE
            && let Some(hash) = list::hash(row).filter(|hash| hash.len() != 20)
        {
            faults.push(fault(What::Value, row.line, name, 20, hash.len() as u64));
        }
    }
    if sum == stated || faults.len() > before {
        return;
    }
    let missing = missing_rows(record);
    if sum < stated && !missing.is_empty() {
        faults.push(fault(What::RowsMissing, record.line, &missing, stated, sum));
    } else if let [(row, length)] = suspects(record, sum, stated).as_slice() {
        let name = record::name_of(row.tag);
        faults.push(fault(What::RowLength, row.line, name, row.length, *length));
    } else if slack == Some(sum.abs_diff(stated)) {
        let name = record::name_of(tag::RECORD_LENGTH);
        faults.push(fault(What::RecordLength, line, name, stated, sum));
    } else {
        faults.push(fault(What::RecordSum, line, "", stated, sum));
    }
}

/// Rows whose LENGTH, put right, would make the record add up: names whose value has another length, keys and signatures
/// of a length that no key or signature has. With the length that they should have.
fn suspects(record: &RecordRows, sum: u64, stated: u64) -> Vec<(&Row, u64)> {
    let resolves =
        |row: &Row, length: u64| sum.saturating_sub(row.length).saturating_add(length) == stated;
    let mut suspects = Vec::new();
    for row in &record.rows {
        // RSAPublicKey of 1024 to 4096 bits and points of three curves; signatures of the same RSA keys.
        let usual: &[u64] = match row.tag {
            tag::PUBLIC_KEY => &[140, 270, 398, 526, 65, 97, 133],
            tag::SIGNATURE => &[128, 256, 384, 512],
            tag::FUNCTION => &[2],
            tag::HASH_ALGORITHM => &[1],
            _ => &[],
        };
        let named = (row.value.len() as u64).saturating_add(1);
        let is_name = matches!(row.tag, tag::SUBJECT_NAME | tag::ISSUER_NAME);
        if is_name && named > 1 && named != row.length && resolves(row, named) {
            suspects.push((row, named));
        } else if !usual.contains(&row.length)
            && let Some(length) = usual.iter().find(|length| resolves(row, **length))
        {
            suspects.push((row, *length));
        }
    }
    suspects
}

/// The rows that a record of its kind has and this one has not, by name. Every record has at least DNSNAME and FUNCTION; one
/// that names a subject names a certificate.
fn missing_rows(record: &RecordRows) -> String {
    let has = |row: u8| record.row(row).is_some();
    let mut wanted = vec![tag::DNS_NAME, tag::FUNCTION];
    if !has(tag::IP_ADDRESS) || has(tag::SUBJECT_NAME) {
        wanted.extend([
            tag::SUBJECT_NAME,
            tag::ISSUER_NAME,
            tag::SERIAL_NUMBER,
            tag::PUBLIC_KEY,
            tag::SIGNATURE,
        ]);
        if !has(tag::CERTIFICATE) {
            wanted.extend([tag::CERT_HASH, tag::HASH_ALGORITHM]);
        }
    }
    wanted.sort_unstable();
    let names: Vec<&str> =
        wanted.into_iter().filter(|row| !has(*row)).map(record::name_of).collect();
    names.join(", ")
}

fn header_sums(listing: &Listing, faults: &mut Vec<Fault>) {
    let row = |tag: u8| listing.header.iter().find(|row| row.tag == tag);
    let fault = |what, row: &Row, stated, found| Fault {
        record: None,
        line: row.line,
        what,
        field: header::name_of(row.tag).to_owned(),
        stated,
        found,
    };
    let parts = [header_tag::SIGNER_NAME, header_tag::SERIAL_NUMBER, header_tag::CA_NAME].map(row);
    if let (Some(id), [Some(name), Some(serial), Some(issuer)]) =
        (row(header_tag::SIGNER_ID), parts)
    {
        let found = size(name).saturating_add(size(serial)).saturating_add(size(issuer));
        if let Some(stated) = scan::number(id.value.trim()).filter(|stated| *stated != found) {
            faults.push(fault(What::SignerSum, id, stated, found));
        }
        let shown = scan::hexadecimal(&serial.value).map(|bytes| bytes.len() as u64);
        if let Some(shown) = shown.filter(|shown| *shown > 0 && *shown != serial.length) {
            faults.push(fault(What::Value, serial, serial.length, shown));
        }
    }
    // All rows must be there to be added up; TIMESTAMP and SIGNERVERSION may be missing in the file.
    let needed = [
        header_tag::SIGNER_ID,
        header_tag::SIGNER_NAME,
        header_tag::SERIAL_NUMBER,
        header_tag::CA_NAME,
        header_tag::SIGNATURE_INFO,
        header_tag::DIGEST_ALGORITHM,
        header_tag::SIGNATURE_ALGORITHM_INFO,
        header_tag::SIGNATURE_ALGORITHM,
        header_tag::SIGNATURE_MODULUS,
        header_tag::SIGNATURE,
        header_tag::FILENAME,
    ];
    let Some((stated, line)) = listing.header_length else { return };
    if needed.iter().any(|tag| row(*tag).is_none()) {
        return;
    }
    let found = listing
        .header
        .iter()
        .map(|row| if list::is_container(row.tag) { 3 } else { size(row) })
        // VERSION and HEADERLENGTH.
        .fold(10, u64::saturating_add);
    // Padding is seven bytes or less in every list of CUCM, and phones take more; a parser that does not print TIMESTAMP
    // leaves out seven more.
    let room = 32;
    if !(found..=found.saturating_add(room)).contains(&stated) {
        faults.push(Fault {
            record: None,
            line,
            what: What::HeaderSum,
            field: String::new(),
            stated,
            found,
        });
    }
}
