//! A whole trust list: header, records, digest of what is signed.

use serde::{Deserialize, Serialize};

use crate::bytes::Reader;
use crate::error::{ErrorKind, ParseError};
use crate::limits;
use crate::report::model::TrustListType;
use crate::tlv::field::{Problems, Text};
use crate::tlv::header::SignedHeader;
use crate::trustlist::record::{Record, tag};
use crate::trustlist::role::Role;
use crate::trustlist::verify;

/// A trust list as read; says nothing about trust (see [`crate::trustlist::verify`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustList {
    /// ITL or CTL.
    pub kind: TrustListType,
    /// The signed header.
    pub header: SignedHeader,
    /// The records in file order.
    pub records: Vec<Record>,
    /// Length of the file.
    pub length: u64,
    /// Digest of the signed bytes by the header's algorithm; `None` when either is not known.
    #[serde(with = "serde_bytes")]
    pub signed_digest: Option<Vec<u8>>,
    /// What could not be read, or is odd, in the records; the header has its own list.
    pub problems: Problems,
}

impl TrustList {
    /// Reads as much of a trust list as there is. Never fails: what is wrong stands in the problem
    /// lists of header and records.
    pub fn read(bytes: &[u8]) -> Self {
        let header = SignedHeader::read(bytes);
        let mut problems = Problems::default();
        let start = header
            .body_offset()
            .unwrap_or_else(|| usize::try_from(header.end).unwrap_or(usize::MAX));
        let records = match bytes.get(start..) {
            Some(rest) => read_records(rest, start as u64, &mut problems),
            None => Vec::new(),
        };
        if records.is_empty() {
            problems.damage(ParseError::new(
                start.min(bytes.len()) as u64,
                "records",
                ErrorKind::Missing,
            ));
        }
        let signed_digest = header
            .digest_code
            .and_then(verify::digest_algorithm)
            .zip(header.signed_pieces(bytes))
            .map(|(hash, pieces)| hash.digest(&pieces));
        let kind = kind_of(&header, &records);
        Self { kind, header, records, length: bytes.len() as u64, signed_digest, problems }
    }

    /// Header or records are damaged: nothing in the file can be called verified.
    pub fn is_damaged(&self) -> bool {
        self.header.problems.is_damaged() || self.problems.is_damaged()
    }

    /// Records with this role.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.role == Some(role))
    }

    /// Records that may sign files which phones fetch.
    pub fn file_signers(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.role.is_some_and(Role::signs_files))
    }

    /// The records whose issuer and serial are those of the header's signer.
    pub fn signer_records(&self) -> impl Iterator<Item = &Record> {
        let header = &self.header;
        self.records.iter().filter(move |record| {
            record.serial.is_some()
                && record.serial == header.signer_serial
                && same_text(record.issuer.as_ref(), header.signer_issuer.as_ref())
        })
    }

    /// The record that signed this file: issuer, serial and role SAST. `None` when there is none.
    pub fn signing_record(&self) -> Option<&Record> {
        self.signer_records().find(|record| record.role == Some(Role::SAST))
    }

    /// A signed list without usable TFTP, TVS and CAPF entries: what CUCM makes when "Prepare Cluster
    /// for Rollback to pre 8.0" is on (A96).
    pub fn is_rollback(&self) -> bool {
        !self.records.is_empty()
            && !self.records.iter().any(|record| {
                record.role.is_some_and(|role| {
                    role.signs_files() || role == Role::TVS || role == Role::CAPF
                }) && record.is_usable()
            })
    }
}

impl Record {
    /// Names a certificate, so that a phone can match something against it.
    pub fn is_usable(&self) -> bool {
        self.certificate_length.is_some_and(|length| length > 0)
            || self.cert_hash.as_ref().is_some_and(|hash| !hash.is_empty())
    }
}

fn read_records(bytes: &[u8], offset: u64, problems: &mut Problems) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut reader = Reader::at(bytes, offset);
    while !reader.is_empty() {
        let at = reader.offset();
        let number = u32::try_from(records.len()).unwrap_or(u32::MAX).saturating_add(1);
        if records.len() >= limits::TRUST_LIST_RECORDS {
            let limit = limits::TRUST_LIST_RECORDS as u64;
            problems.damage(ParseError::new(at, "records", ErrorKind::TooLarge { limit }));
            break;
        }
        let mut head = reader.clone();
        let declared = crate::tlv::field::Element::read(&mut head).and_then(|element| {
            if element.tag != tag::RECORD_LENGTH {
                return Err(ParseError::new(
                    at,
                    format!("record {number} RECORDLENGTH"),
                    ErrorKind::Missing,
                ));
            }
            crate::tlv::field::number_u16(&element, "RECORDLENGTH")
        });
        let declared = match declared {
            Ok(declared) => usize::from(declared),
            Err(error) => {
                problems.damage(error);
                let bytes = reader.remaining() as u64;
                problems.damage(ParseError::new(at, "records", ErrorKind::Trailing { bytes }));
                break;
            }
        };
        // A record of no more than its own length says nothing; 5 is the shortest that can be stepped over.
        let record = if declared > 5 && declared <= reader.remaining() {
            let Ok(mut part) = reader.sub(declared, "RECORDLENGTH") else { break };
            let mut record = Record::read(number, &mut part, false, problems);
            record.length = declared as u64;
            record
        } else {
            problems.damage(ParseError::new(
                at,
                format!("record {number} RECORDLENGTH"),
                ErrorKind::Overrun {
                    declared: declared as u64,
                    available: reader.remaining() as u64,
                },
            ));
            Record::read(number, &mut reader, true, problems)
        };
        if record.length == 0 {
            break;
        }
        records.push(record);
    }
    records
}

/// Both are there and say the same; a missing final NUL makes no difference.
pub(super) fn same_text(one: Option<&Text>, other: Option<&Text>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.text == other.text)
}

/// ITL or CTL: by the name in the header, else by roles and addresses that only one of them has.
fn kind_of(header: &SignedHeader, records: &[Record]) -> TrustListType {
    let name =
        header.filename.as_ref().map(|text| text.text.to_ascii_uppercase()).unwrap_or_default();
    if name.contains("CTL") && !name.contains("ITL") {
        return TrustListType::Ctl;
    }
    if name.contains("ITL") {
        return TrustListType::Itl;
    }
    let has_tvs = records.iter().any(|record| record.role == Some(Role::TVS));
    let has_address = records.iter().any(|record| record.ip_address.is_some());
    if has_address && !has_tvs { TrustListType::Ctl } else { TrustListType::Itl }
}
