//! What two trust lists have in common: the same certificate, the same content, a record that anchors.
//!
//! A phone believes a new list when its signer stands in the CTL or ITL that the phone holds (A36 to A39): as the
//! token that signs lists, or as a signer of files. Whether TVS would vouch for another signer cannot be read from
//! files.

use std::collections::BTreeSet;

use crate::names::dn;
use crate::order;
use crate::trustlist::file::TrustList;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

/// The hashes by which a record can be found: of the certificate that it carries (SHA-1 and SHA-256), or
/// CERTHASH as stored. Empty for records that name no certificate.
pub fn identities(record: &Record) -> Vec<&[u8]> {
    match &record.certificate {
        Some(certificate) => {
            vec![certificate.digests.sha1.as_slice(), certificate.digests.sha256.as_slice()]
        }
        None => {
            record.cert_hash.iter().map(Vec::as_slice).filter(|hash| !hash.is_empty()).collect()
        }
    }
}

/// Both records stand for the same certificate.
pub fn same_certificate(one: &Record, other: &Record) -> bool {
    let other = identities(other);
    identities(one).iter().any(|hash| other.contains(hash))
}

/// The record of `held` by which a phone would believe the signer of `new`: issuer and serial that the header
/// of `new` names, the same certificate as the record that signed `new`, and a role that signs lists or files.
pub fn anchor<'a>(held: &'a TrustList, new: &TrustList) -> Option<&'a Record> {
    let signer = new.signing_record()?;
    held.records.iter().find(|record| {
        record.role.is_some_and(|role| role == Role::SAST || role.signs_files())
            && record.serial.is_some()
            && record.serial == signer.serial
            && record.issuer.is_some()
            && record.issuer == signer.issuer
            // Same names with another certificate is another key.
            && same_certificate(record, signer)
    })
}

/// What a list says, whatever the order of its records and whoever signed it: role, certificate and serial of
/// each record.
pub fn content(list: &TrustList) -> BTreeSet<(Option<Role>, Vec<u8>, Vec<u8>)> {
    let key = |record: &Record| {
        let identity = identities(record).first().map(|hash| hash.to_vec()).unwrap_or_default();
        (record.role, identity, record.serial.clone().unwrap_or_default())
    };
    order::set(list.records.iter().map(key))
}

/// Is this the recovery certificate of a cluster (`ITLRECOVERY_<publisher>`)? Only its name tells.
pub fn is_recovery(record: &Record) -> bool {
    dn::common_name(record.subject_text())
        .is_some_and(|name| name.to_ascii_uppercase().starts_with("ITLRECOVERY"))
}
