//! What findings ask of one trust list among the inputs.

use crate::artifact::Content;
use crate::error::ErrorKind;
use crate::error::ParseError;
use crate::evidence::facts::ListFacts;
use crate::order;
use crate::report::model::Evidence;
use crate::text::listing::{End, Listing};
use crate::tlv::field::Weight;
use crate::trustlist::compare;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;
use crate::trustlist::verify::Outcome;
use crate::x509::PublicKey;

/// What became of a damaged file, as far as the bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The file ends before what it announces.
    Cut,
    /// Something inside contradicts the structure.
    Damaged,
    /// Bytes follow that belong to no record.
    Trailing,
}

impl ListFacts<'_> {
    /// Evidence that points at an element of the header, or at the header.
    pub fn header_evidence(&self, tag: u8) -> Evidence {
        if let Some(listing) = self.listing {
            let row = listing.header.iter().find(|row| row.tag == tag);
            return Evidence { line: row.map(|row| row.line), ..self.evidence() };
        }
        let place = self.list.header.elements.iter().find(|place| place.tag == tag);
        Evidence { offset: Some(place.map_or(0, |place| place.offset)), ..self.evidence() }
    }

    /// Problems of header and records with this weight, in the order in which they were met.
    pub fn problems(&self, weight: Weight) -> impl Iterator<Item = &ParseError> {
        let all = self.list.header.problems.list.iter().chain(&self.list.problems.list);
        all.filter(move |problem| problem.weight == weight).map(|problem| &problem.error)
    }

    /// Evidence that points at a problem, with the record that it stands in.
    pub fn problem_evidence(&self, error: &ParseError) -> Evidence {
        let inside = |record: &&Record| {
            record.offset <= error.at && error.at < record.offset.saturating_add(record.length)
        };
        Evidence {
            offset: Some(error.at.min(self.list.length)),
            record: self.list.records.iter().find(inside).map(|record| record.number),
            ..self.evidence()
        }
    }

    /// What became of a damaged list; `None` for a sound one.
    pub fn shape(&self) -> Option<Shape> {
        let first = self.problems(Weight::Damage).next()?;
        let length = self.list.length;
        let beyond = |needed: u64| {
            // HEADERLENGTH counts from the start of the file, the others from where they stand.
            let from = if first.field == "HEADERLENGTH" { 0 } else { first.at };
            from.saturating_add(needed) > length
        };
        let trailing = self.problems(Weight::Damage).find_map(|error| match error.kind {
            ErrorKind::Trailing { .. } => Some(error.at),
            _ => None,
        });
        // What begins like RECORDLENGTH (tag 1) is a record that was cut.
        let is_record = first.field == "element with tag 1";
        Some(match first.kind {
            _ if trailing.is_some_and(|at| first.at >= at) && !is_record => Shape::Trailing,
            ErrorKind::Truncated { needed: bytes, .. }
            | ErrorKind::Overrun { declared: bytes, .. }
                if beyond(bytes) =>
            {
                Shape::Cut
            }
            _ => Shape::Damaged,
        })
    }

    /// Its own signature was checked and does not hold: no phone takes it, so what it would mean to a phone is not
    /// worth a word.
    pub fn has_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }

    /// Its own signature holds; or it is a listing, and the node that printed it says so of the file. Enough to foretell
    /// with, never to call anything verified.
    pub fn is_credible(&self) -> bool {
        let is_said = |listing: &Listing| listing.end(End::Verified).is_some();
        self.is_verified() || self.listing.is_some_and(is_said)
    }

    /// MD5 and SHA-1 of the file, where they are known: of a listing, when the node printed them.
    pub fn sums(&self) -> (Option<[u8; 16]>, Option<[u8; 20]>) {
        match (self.listing, &self.artifact.digests) {
            (Some(listing), _) => (listing.md5, listing.sha1),
            (None, Some(digests)) => (Some(digests.md5), Some(digests.sha1)),
            (None, None) => (None, None),
        }
    }

    /// Both are the same file: by their sums, else, where one is a listing without, by length, signer and every record.
    pub fn is_same_file(&self, other: &Self) -> bool {
        if self.list.kind != other.list.kind {
            return false;
        }
        if self.listing.is_none() && other.listing.is_none() {
            return self.artifact.digests.is_some()
                && self.artifact.digests == other.artifact.digests;
        }
        let ((md5, sha1), (other_md5, other_sha1)) = (self.sums(), other.sums());
        if let Some((one, other)) = sha1.zip(other_sha1) {
            return one == other;
        }
        if let Some((one, other)) = md5.zip(other_md5) {
            return one == other;
        }
        let lengths = (self.list.length, other.list.length);
        let (one, two) = (&self.list.records, &other.list.records);
        (lengths.0 == lengths.1 || lengths.0 == 0 || lengths.1 == 0)
            && self.list.header.signer_serial == other.list.header.signer_serial
            && one.len() == two.len()
            && one.iter().zip(two).all(|(one, two)| {
                one.declared_length == two.declared_length
                    && one.role == two.role
                    && one.serial == two.serial
                    && one.certificate_sha1() == two.certificate_sha1()
            })
    }

    /// Name of the input; of one listing of several in a text, with its line.
    pub fn name(&self) -> String {
        match (self.listing, &self.artifact.content) {
            (Some(listing), Content::Text(content)) if content.text.listings.len() > 1 => {
                format!("{} (line {})", self.artifact.name, listing.line)
            }
            _ => self.artifact.name.clone(),
        }
    }

    /// SIGNERNAME of the header, or an empty text.
    pub fn signer_name(&self) -> &str {
        self.list.header.signer_name.as_ref().map_or("", |text| text.text.as_str())
    }

    /// The record whose certificate made the list's own signature, when that signature holds, or the node that listed the
    /// file says so.
    pub fn verified_signer(&self) -> Option<&Record> {
        self.is_credible().then(|| self.list.signing_record())?
    }

    /// The signer's certificate is also the one that signs the files which phones fetch: the list is signed by
    /// CallManager.
    pub fn is_signed_by_file_signer(&self) -> bool {
        self.verified_signer().is_some_and(|signer| {
            self.list.file_signers().any(|record| compare::same_certificate(record, signer))
        })
    }

    /// How many different certificates the records with `role` name.
    pub fn distinct(&self, role: Role) -> usize {
        let records = self.list.with_role(role);
        order::set(records.filter_map(|record| compare::identities(record).first().copied())).len()
    }
}

/// RSA bits of a record's key, from PUBLICKEY or the certificate; `None` for other keys and none.
pub fn rsa_bits(record: &Record) -> Option<u32> {
    let own = record.key();
    let key = own.as_ref().or(record.certificate.as_deref().map(|own| &own.public_key))?;
    matches!(key, PublicKey::Rsa { .. }).then(|| key.bits())
}
