//! The text of `show itl` and `show ctl`: as a node prints it, flattened to one line, cut, mistyped.
//!
//! A listing is what somebody saw, never the file: it is observed, and its signature cannot be verified. But it
//! carries its own arithmetic ([`arithmetic`]), and its records name certificates by serial and hash. Source:
//! domain.md 0.1, 2.1, 2.2, C18, C22.

pub mod arithmetic;
mod list;
mod scan;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::report::model::TrustListType;
use crate::text::{Format, Line, Recognise, Signs, Text};
use crate::trustlist::file::TrustList;
use crate::trustlist::record::tag;

/// One listing in a text. Lines are those of the text, from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// `show itl` or `show ctl`.
    pub kind: TrustListType,
    /// The first line of it.
    pub line: u64,
    /// The last line of it.
    pub last_line: u64,
    /// "The checksum value": MD5 of the file.
    pub md5: Option<[u8; 16]>,
    /// "The checksum value": SHA-1 of the file.
    pub sha1: Option<[u8; 20]>,
    /// "Length of ITL file", with its line.
    pub stated_length: Option<(u64, u64)>,
    /// "was last modified on", as printed.
    pub modified: Option<String>,
    /// "HeaderLength", with its line.
    pub header_length: Option<(u64, u64)>,
    /// Rows of the header.
    pub header: Vec<Row>,
    /// The records, in the order of the text.
    pub records: Vec<RecordRows>,
    /// What the node says at the end, with the lines.
    pub ends: Vec<(End, u64)>,
    /// Somebody marked that parts were left out (`[...]`, "omitted").
    pub has_omissions: bool,
    /// What it says, in the form of a file that was read. Certificates are not in it: a CERTIFICATE is its length and
    /// SHA-1, which stands as the record's hash. Offsets are those of the file.
    pub list: TrustList,
}

/// One row: `3 SUBJECTNAME 76 CN=...`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Tag, by the name that is printed.
    pub tag: u8,
    /// The line it begins in.
    pub line: u64,
    /// LENGTH as printed.
    pub length: u64,
    /// VALUE; the lines of a value are joined. Letters O that stand for digits are corrected where only digits can be.
    pub value: String,
}

/// The rows of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRows {
    /// `ITL Record #:3`.
    pub number: u32,
    /// The line it begins in.
    pub line: u64,
    /// Its rows.
    pub rows: Vec<Row>,
    /// "This etoken was used to sign": yes or no, with the line.
    pub signed: Option<(bool, u64)>,
}

/// What the node says of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum End {
    /// "was verified successfully".
    Verified,
    /// "Verification of the ITL file failed".
    Failed,
    /// "Error parsing the ITL file".
    Unparsable,
    /// "ITL File not found".
    NotFound,
}

impl RecordRows {
    /// The row with `tag`.
    pub fn row(&self, tag: u8) -> Option<&Row> {
        self.rows.iter().find(|row| row.tag == tag)
    }

    /// RECORDLENGTH: the value, with its line.
    pub fn stated_length(&self) -> Option<(u64, u64)> {
        let row = self.row(tag::RECORD_LENGTH)?;
        Some((scan::number(&row.value)?, row.line))
    }
}

impl Listing {
    /// The node said this of the file: the line.
    pub fn end(&self, end: End) -> Option<u64> {
        self.ends.iter().find(|(said, _)| *said == end).map(|(_, line)| *line)
    }

    /// The node could not verify or parse its own file.
    pub fn is_refused(&self) -> bool {
        self.ends.iter().any(|(end, _)| matches!(end, End::Failed | End::Unparsable))
    }

    /// All records stand in it, and nothing in them contradicts itself: what is not in it is not in the file.
    pub fn has_all_records(&self) -> bool {
        use arithmetic::Shape;
        match arithmetic::judge(self).shape {
            Shape::Complete => true,
            Shape::Excerpt => self.first_to_last() && !self.ends.is_empty(),
            Shape::Cut | Shape::Damaged | Shape::Empty => false,
        }
    }

    /// All records stand in it, and the node does not say that its file is bad: what it says may be compared.
    pub fn can_be_judged(&self) -> bool {
        self.has_all_records() && !self.is_refused()
    }

    /// Records 1, 2, 3 and so on.
    pub(crate) fn first_to_last(&self) -> bool {
        !self.records.is_empty()
            && (1..).zip(&self.records).all(|(number, record)| record.number == number)
    }
}

/// Lines in a row that belong to nothing known, until a listing that began is taken to be over: people write a few
/// sentences between two records, and go on.
const STRANGE_LINES: u32 = 60;

/// Recognises listings.
#[derive(Debug, Default)]
pub(super) struct Listings {
    /// Lines that were taken and are not evaluated yet.
    lines: Vec<(u64, String)>,
    bytes: usize,
    /// The last sentence of a listing was there.
    ended: bool,
    /// The row before may go on with hexadecimal digits in the next line.
    hexadecimal: bool,
    /// What the row before leaves to the next line.
    owed: scan::Owed,
    strange: u32,
}

impl Recognise for Listings {
    fn format(&self) -> Format {
        Format::CucmListing
    }

    fn signs(&self) -> Signs {
        Signs {
            // The sentences of the end.
            beginnings: &["the", "verification", "error"],
            marks: &["TL file:", "TL File", "TL Record"],
            ..Signs::default()
        }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        if line.text.trim().is_empty() {
            return false;
        }
        let begins = scan::begins(line.text);
        let is_end = scan::is_end(line.text);
        let open = !self.lines.is_empty();
        let goes_on = || scan::goes_on(line.text, self.hexadecimal, self.owed);
        let taken = begins || is_end || (open && !self.ended && goes_on());
        if !taken {
            if open {
                self.strange = self.strange.saturating_add(1);
                if self.ended || self.strange > STRANGE_LINES {
                    self.flush(text);
                }
            }
            return false;
        }
        self.strange = 0;
        if self.ended && !is_end
            || self.bytes.saturating_add(line.text.len()) > limits::LISTING_BYTES
        {
            self.flush(text);
        }
        self.ended |= is_end || scan::holds_end(line.text);
        self.hexadecimal = scan::hexadecimal_follows(line.text, self.hexadecimal);
        self.owed = scan::owed(line.text, self.owed);
        self.bytes = self.bytes.saturating_add(line.text.len());
        self.lines.push((line.number, line.text.to_owned()));
        true
    }

    fn is_inside(&self) -> bool {
        !self.lines.is_empty()
    }

    fn end(&mut self, text: &mut Text) {
        self.flush(text);
    }
}

impl Listings {
    fn flush(&mut self, text: &mut Text) {
        let lines = core::mem::take(&mut self.lines);
        *self = Self::default();
        for listing in scan::read(&lines) {
            if text.listings.len() < limits::TEXT_LISTINGS {
                text.listings.push(listing);
            }
        }
    }
}
