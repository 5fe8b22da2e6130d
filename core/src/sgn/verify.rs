//! Who signed a signed file, and may they?
//!
//! Two questions, kept apart: which certificate's key made the signature, and whether a trust list gives that
//! certificate a role that signs files (CCM+TFTP or TFTP). The signer is found by the header's issuer **and** serial,
//! and its subject must be the header's signer name. A verified signature says that the content is not changed and
//! comes from the named signer, nothing more (A10). Source: formats.md 2.1, 2.2 and 5; A7, A8.

use serde::{Deserialize, Serialize};

use crate::error::ParseError;
use crate::limits;
use crate::names::dn;
use crate::order;
use crate::report::model::SignedContent;
use crate::sgn::file::SignedFile;
use crate::trustlist::file::TrustList;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;
use crate::trustlist::verify::{
    Failure, SignedBy, Verified, contradiction, serial_fits, verify_signature,
};
use crate::x509::Certificate;

/// A certificate that may be the signer's, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub enum Candidate<'a> {
    /// A certificate that was merely seen in an input.
    Observed(&'a Certificate),
    /// A record of a trust list; its certificate may be absent (a hash only).
    Record {
        /// The caller's number for the list, for example its input.
        list: u32,
        /// The record.
        record: &'a Record,
    },
    /// A certificate that the user names as trusted.
    Trusted(&'a Certificate),
}

/// The records of a trust list as candidates; `list` is the caller's number for it.
pub fn records(list: u32, trust_list: &TrustList) -> impl Iterator<Item = Candidate<'_>> {
    trust_list.records.iter().map(move |record| Candidate::Record { list, record })
}

/// Where a signer's certificate was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Among the certificates that were merely seen.
    Observed,
    /// In a trust list.
    Record {
        /// The caller's number for the list.
        list: u32,
        /// Number of the record, from 1.
        record: u32,
        /// FUNCTION.
        role: Option<Role>,
    },
    /// Among the certificates that the user trusts.
    Trusted,
}

impl Place {
    /// The place is a record whose role signs files.
    pub fn signs_files(&self) -> bool {
        matches!(self, Self::Record { role: Some(role), .. } if role.signs_files())
    }

    /// The place is a record of a trust list.
    pub fn is_record(&self) -> bool {
        matches!(self, Self::Record { .. })
    }
}

/// All that is known of a file's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// The certificate whose key made the signature, whatever its role; `None` when none was found that did.
    pub made_by: Option<Verified<SignedBy>>,
    /// Where the signer's certificate was found, or a record that names it by hash; records first.
    pub places: Vec<Place>,
}

/// May the file be believed?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Checked, and does not hold.
    Failed(Reason),
    /// Could not be checked.
    Unverifiable(Missing),
    /// The signature holds, and the signer may sign files as far as the inputs tell.
    Verified {
        /// The role that signs files; `None` when no trust list names the certificate.
        role: Option<Role>,
    },
}

/// Why a file must not be believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The structure is damaged.
    Damaged(ParseError),
    /// The signature is right, but no record gives its signer a role that signs files.
    RoleUnfit(Vec<Role>),
    /// The signature does not hold by the signer's certificate.
    Signature(Failure),
    /// A certificate has the header's issuer and serial, but its subject is not the header's signer name.
    SubjectDiffers,
}

/// What a check would need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// The signing rule of firmware is not public (formats.md section 7).
    FirmwareRule,
    /// No list and no certificate given names the signer: a phone would have to ask TVS (A8).
    Signer,
    /// A record names the signer by hash only: the certificate itself is needed.
    SignerCertificate {
        /// The caller's number for the list.
        list: u32,
        /// Number of the record, from 1.
        record: u32,
    },
    /// More different certificates claim the signer's issuer and serial than are tried.
    TooManyCandidates,
}

/// A certificate that fits the header, and its places.
struct Match<'a> {
    certificate: &'a Certificate,
    places: Vec<Place>,
}

/// Everything in the candidates that fits the header.
#[derive(Default)]
struct Matches<'a> {
    certificates: Vec<Match<'a>>,
    by_hash: Vec<(u32, &'a Record)>,
    subject_differs: bool,
    overflow: bool,
}

/// Checks the file's signature against the candidates.
///
/// Certificates that trust lists or the user vouch for go first; one that was merely seen is tried only when neither
/// knows the signer, so that a certificate with a copied issuer and serial cannot take the signer's place. Work is
/// bounded by [`limits::SIGNER_CANDIDATES`].
pub fn verify<'a>(file: &SignedFile, candidates: impl Iterator<Item = Candidate<'a>>) -> Verdict {
    let none = |outcome| Verdict { outcome, made_by: None, places: Vec::new() };
    if file.content == SignedContent::Firmware {
        return none(Outcome::Unverifiable(Missing::FirmwareRule));
    }
    if let Some(error) = file.first_damage() {
        return none(Outcome::Failed(Reason::Damaged(error.clone())));
    }
    let mut matches = collect(file, candidates);
    // A stable sort: records that sign files, other records, the user's trust, then what was merely seen.
    order::sort_by_key(&mut matches.certificates, |found| found.places.iter().map(rank).min());
    if let Some(first) =
        matches.certificates.first().and_then(|found| found.places.iter().map(rank).min())
        && first < OBSERVED
    {
        matches
            .certificates
            .retain(|found| found.places.iter().any(|place| rank(place) < OBSERVED));
    } else if !matches.by_hash.is_empty() {
        // The lists name the signer by hash, and no certificate with that hash is there: another one is no signer.
        matches.certificates.clear();
    }
    let mut failure: Option<(Failure, Vec<Place>)> = None;
    for found in &matches.certificates {
        let places = sorted(&found.places);
        match verify_signature(&file.header, file.signed_digest.as_deref(), found.certificate) {
            Ok(made_by) => {
                let outcome = judge(&places);
                return Verdict { outcome, made_by: Some(made_by), places };
            }
            Err(reason) => {
                failure.get_or_insert((reason, places));
            }
        }
    }
    if matches.overflow {
        return none(Outcome::Unverifiable(Missing::TooManyCandidates));
    }
    if let Some((reason, places)) = failure {
        return Verdict {
            outcome: Outcome::Failed(Reason::Signature(reason)),
            made_by: None,
            places,
        };
    }
    if let Some((list, record)) = matches.by_hash.first() {
        let missing = Missing::SignerCertificate { list: *list, record: record.number };
        let places = matches.by_hash.iter().map(|(list, record)| place_of(*list, record)).collect();
        return Verdict { outcome: Outcome::Unverifiable(missing), made_by: None, places };
    }
    if matches.subject_differs {
        return none(Outcome::Failed(Reason::SubjectDiffers));
    }
    none(Outcome::Unverifiable(Missing::Signer))
}

/// The signature is right: may its maker sign files?
fn judge(places: &[Place]) -> Outcome {
    let roles: Vec<Role> = places
        .iter()
        .filter_map(|place| match place {
            Place::Record { role, .. } => *role,
            Place::Observed | Place::Trusted => None,
        })
        .collect();
    if let Some(role) = roles.iter().copied().find(|role| role.signs_files()) {
        return Outcome::Verified { role: Some(role) };
    }
    if places.iter().any(Place::is_record) {
        return Outcome::Failed(Reason::RoleUnfit(roles));
    }
    Outcome::Verified { role: None }
}

fn collect<'a>(file: &SignedFile, candidates: impl Iterator<Item = Candidate<'a>>) -> Matches<'a> {
    let mut matches = Matches::default();
    for candidate in candidates {
        match candidate {
            Candidate::Observed(certificate) => {
                matches.add(file, certificate, Place::Observed);
            }
            Candidate::Trusted(certificate) => {
                matches.add(file, certificate, Place::Trusted);
            }
            Candidate::Record { list, record } => match record.certificate.as_deref() {
                // A record that contradicts its own certificate vouches for nothing.
                Some(certificate) if contradiction(record, certificate).is_none() => {
                    matches.add(file, certificate, place_of(list, record));
                }
                Some(_) => {}
                None => {
                    if names_signer(file, record) {
                        if matches.by_hash.len() < limits::SIGNER_CANDIDATES {
                            matches.by_hash.push((list, record));
                        } else {
                            matches.overflow = true;
                        }
                    }
                }
            },
        }
    }
    // A certificate that a record names by hash stands in that record's place.
    let Matches { certificates, by_hash, .. } = &mut matches;
    for found in certificates.iter_mut() {
        for (list, record) in by_hash.iter() {
            if record.names(found.certificate) && contradiction(record, found.certificate).is_none()
            {
                found.push(place_of(*list, record));
            }
        }
    }
    matches
}

impl<'a> Matches<'a> {
    fn add(&mut self, file: &SignedFile, certificate: &'a Certificate, place: Place) {
        let header = &file.header;
        let Some(serial) = header.signer_serial.as_deref() else { return };
        if !serial_fits(serial, certificate) {
            return;
        }
        let issuer = header.signer_issuer.as_ref().map_or("", |text| text.text.as_str());
        if !dn::fits(issuer, certificate.issuer.common_names()) {
            return;
        }
        let name = header.signer_name.as_ref().map_or("", |text| text.text.as_str());
        if !dn::fits(name, certificate.subject.common_names()) {
            self.subject_differs = true;
            return;
        }
        let same =
            |found: &&mut Match<'_>| found.certificate.digests.sha256 == certificate.digests.sha256;
        if let Some(found) = self.certificates.iter_mut().find(same) {
            found.push(place);
        } else if self.certificates.len() < limits::SIGNER_CANDIDATES {
            self.certificates.push(Match { certificate, places: vec![place] });
        } else {
            self.overflow = true;
        }
    }
}

impl Match<'_> {
    fn push(&mut self, place: Place) {
        if self.places.len() < limits::EVIDENCE_PER_FINDING && !self.places.contains(&place) {
            self.places.push(place);
        }
    }
}

/// Does a record without certificate name the header's signer? Its names are written by the same hand as the
/// header's, so they are compared as stored.
fn names_signer(file: &SignedFile, record: &Record) -> bool {
    let header = &file.header;
    record.serial.is_some()
        && record.serial == header.signer_serial
        && record.issuer.as_ref().map(|text| &text.text)
            == header.signer_issuer.as_ref().map(|text| &text.text)
        && record.subject.as_ref().map(|text| &text.text)
            == header.signer_name.as_ref().map(|text| &text.text)
}

fn place_of(list: u32, record: &Record) -> Place {
    Place::Record { list, record: record.number, role: record.role }
}

/// Rank of [`Place::Observed`]; smaller ones are vouched for.
const OBSERVED: u8 = 3;

fn rank(place: &Place) -> u8 {
    match place {
        Place::Record { .. } if place.signs_files() => 0,
        Place::Record { .. } => 1,
        Place::Trusted => 2,
        Place::Observed => OBSERVED,
    }
}

fn sorted(places: &[Place]) -> Vec<Place> {
    let mut places = places.to_vec();
    order::sort_by_key(&mut places, rank);
    places
}
