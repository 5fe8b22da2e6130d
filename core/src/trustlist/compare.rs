//! Would a phone that holds these lists accept that list or file?
//!
//! A phone believes a new list when its signer stands in the CTL or ITL that the phone holds (A36 to A39): as the
//! token that signs lists, or by TVS. Whether TVS would vouch cannot be read from files.

use crate::trustlist::file::TrustList;
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

/// The record of `held` by which a phone would believe the signer of `new`: same issuer and serial as the
/// header of `new` names, with a role that signs lists or files.
pub fn anchor<'a>(held: &'a TrustList, new: &TrustList) -> Option<&'a Record> {
    let header = &new.header;
    let fits = |record: &&Record| {
        record.serial.is_some()
            && record.serial == header.signer_serial
            && record.issuer.is_some()
            && record.issuer == header.signer_issuer
            && record.role.is_some_and(|role| role == Role::SAST || role.signs_files())
    };
    let signer = new.signing_record().and_then(Record::certificate_sha1);
    held.records
        .iter()
        .filter(fits)
        // Same names with another certificate is another key.
        .find(|record| signer.is_none() || record.certificate_sha1() == signer)
}

/// The same records, whatever their order: role and certificate.
pub fn same_content(one: &TrustList, other: &TrustList) -> bool {
    let content = |list: &TrustList| {
        let mut content: Vec<_> = list
            .records
            .iter()
            .map(|record| (record.role, record.certificate_sha1(), record.serial.clone()))
            .collect();
        content.sort();
        content
    };
    content(one) == content(other)
}
