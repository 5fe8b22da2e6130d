//! What is wrong with a trust store, whoever uses it (B5, B6, B8, CSCwa12905).
//!
//! A pure function over certificates; no chain is built and no signature checked, so the work is in proportion to the number
//! of certificates. Names are compared without regard to case, to blanks around and doubled blanks, and to string types, as
//! RFC 5280 section 7.1 asks.

use std::collections::{BTreeMap, BTreeSet};

use super::certificate::Certificate;
use super::key::PublicKey;
use super::name::Name;
use crate::limits;
use crate::time::UnixTime;

/// RSA keys below this many bits are weak in a CA that is to be trusted for years (NIST SP 800-131A).
const RSA_BITS: u32 = 2048;

/// A fault of a store. Numbers are places in the store, ascending.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The same bytes, several times.
    Duplicate {
        /// All of them.
        certificates: Vec<usize>,
    },
    /// One subject and one key, different certificates: a CA that was renewed.
    Reissued {
        /// All of them.
        certificates: Vec<usize>,
    },
    /// One common name, different keys or subjects: Expressway cannot hold them side by side (CSCwa12905).
    SameCommonName {
        /// The name as the first of them writes it.
        common_name: String,
        /// All of them, byte-identical ones left out.
        certificates: Vec<usize>,
        /// The subjects are the same too.
        same_subject: bool,
    },
    /// notAfter has come.
    Expired {
        /// The certificate.
        certificate: usize,
        /// One of the same subject that is valid.
        successor: Option<usize>,
    },
    /// notBefore is still to come.
    NotYetValid {
        /// The certificate.
        certificate: usize,
    },
    /// It is no CA, so that nothing below it is trusted. A self-issued one still is trusted itself.
    NotCa {
        /// The certificate.
        certificate: usize,
        /// What makes it no CA.
        reason: NotCa,
        /// It is self-issued.
        self_issued: bool,
        /// Another certificate names it as its issuer.
        named_as_issuer: bool,
    },
    /// Its key is short.
    WeakKey {
        /// The certificate.
        certificate: usize,
        /// Bits of the key.
        bits: u32,
    },
    /// MD5, SHA-1 or older signs it, and it is not self-issued: nobody checks the signature of a root.
    WeakSignature {
        /// The certificate.
        certificate: usize,
    },
    /// One subjectKeyIdentifier, different keys.
    KeyIdentifierShared {
        /// The identifier.
        identifier: Vec<u8>,
        /// One certificate of the store for each key, or each certificate.
        certificates: Vec<usize>,
    },
    /// A certificate names one CA of the store as its issuer, and the key identifier of another.
    KeyIdentifierOfAnother {
        /// The certificate that does.
        child: Place,
        /// The one it names.
        named: usize,
        /// The one whose key identifier it gives.
        identified: usize,
    },
    /// It is a CA below another one, and no path leads from it to a self-issued certificate of the store. OpenSSL trusts
    /// nothing through it unless it is told that partial chains will do (X509_V_FLAG_PARTIAL_CHAIN).
    RootMissing {
        /// The certificate.
        certificate: usize,
    },
    /// None of the certificates that were given for comparison leads to it.
    Unused {
        /// The certificate.
        certificate: usize,
    },
}

/// Why a certificate is no CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotCa {
    /// basicConstraints says so.
    BasicConstraints,
    /// There are no basicConstraints, and it is not a root of version 1.
    NoBasicConstraints,
    /// keyUsage is there and lacks keyCertSign.
    KeyUsage,
}

/// Which certificate is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// This one of the store.
    Store(usize),
    /// This one of those below it.
    Below(usize),
}

/// The faults of `store` at `now`, ordered by kind and place. `below` are the certificates that are to be trusted through
/// the store, and those between; without any, nothing is called unused.
pub fn lint(store: &[&Certificate], below: &[&Certificate], now: UnixTime) -> Vec<Fault> {
    let store: Vec<Entry<'_>> = store.iter().map(|certificate| Entry::new(certificate)).collect();
    let below: Vec<Entry<'_>> = below.iter().map(|certificate| Entry::new(certificate)).collect();
    let index = Index::new(&store);
    let mut faults = index.duplicates();
    faults.extend(same_names(&store, &index));
    faults.extend(validity(&store, &index, now));
    let issuers: BTreeSet<&str> = store
        .iter()
        .chain(&below)
        .filter(|entry| !entry.certificate.self_issued())
        .map(|entry| entry.issuer.as_str())
        .collect();
    for (number, entry) in store.iter().enumerate() {
        let certificate = entry.certificate;
        let self_issued = certificate.self_issued();
        if let Some(reason) = not_ca(certificate) {
            let named_as_issuer = issuers.contains(entry.subject.as_str());
            faults.push(Fault::NotCa { certificate: number, reason, self_issued, named_as_issuer });
        }
        let bits = certificate.public_key.bits();
        if matches!(certificate.public_key, PublicKey::Rsa { .. }) && bits < RSA_BITS {
            faults.push(Fault::WeakKey { certificate: number, bits });
        }
        let algorithm = certificate.signature_algorithm.name.to_ascii_lowercase();
        if !self_issued && ["md2", "md4", "md5", "sha1"].iter().any(|weak| algorithm.contains(weak))
        {
            faults.push(Fault::WeakSignature { certificate: number });
        }
    }
    faults.extend(index.shared_identifiers());
    faults.extend(identifiers_of_others(&store, &below, &index));
    faults.extend(roots_missing(&store));
    if !below.is_empty() {
        faults.extend(unused(&store, &below, &index));
    }
    faults.sort();
    faults
}

/// A certificate with what it is compared by.
struct Entry<'a> {
    certificate: &'a Certificate,
    subject: String,
    issuer: String,
}

impl<'a> Entry<'a> {
    fn new(certificate: &'a Certificate) -> Self {
        let (subject, issuer) = (folded(&certificate.subject), folded(&certificate.issuer));
        Self { certificate, subject, issuer }
    }
}

/// The store by what certificates are looked up by. The first of several with the same bytes stands for all.
struct Index<'a> {
    by_digest: BTreeMap<&'a [u8; 32], Vec<usize>>,
    by_subject: BTreeMap<&'a str, Vec<usize>>,
    by_key: BTreeMap<(&'a str, Key<'a>), Vec<usize>>,
    by_identifier: BTreeMap<&'a [u8], Vec<(usize, Key<'a>)>>,
}

/// What makes two public keys the same. `None`, and the digest, where the key could not be read.
type Key<'a> = (Option<&'a [u8]>, Option<&'a [u8; 32]>);

impl<'a> Index<'a> {
    fn new(store: &'a [Entry<'a>]) -> Self {
        let mut index = Self {
            by_digest: BTreeMap::new(),
            by_subject: BTreeMap::new(),
            by_key: BTreeMap::new(),
            by_identifier: BTreeMap::new(),
        };
        for (number, entry) in store.iter().enumerate() {
            let same = index.by_digest.entry(&entry.certificate.digests.sha256).or_default();
            same.push(number);
            if same.len() > 1 {
                continue;
            }
            let key = key(entry.certificate);
            index.by_subject.entry(&entry.subject).or_default().push(number);
            index.by_key.entry((&entry.subject, key)).or_default().push(number);
            if let Some(identifier) = &entry.certificate.subject_key_identifier {
                index.by_identifier.entry(identifier).or_default().push((number, key));
            }
        }
        index
    }

    fn of_subject(&self, subject: &str) -> &[usize] {
        self.by_subject.get(subject).map(Vec::as_slice).unwrap_or_default()
    }

    fn duplicates(&self) -> Vec<Fault> {
        let several = |certificates: &&Vec<usize>| certificates.len() > 1;
        let same = self.by_digest.values().filter(several);
        let renewed = self.by_key.values().filter(several);
        same.map(|certificates| Fault::Duplicate { certificates: certificates.clone() })
            .chain(
                renewed.map(|certificates| Fault::Reissued { certificates: certificates.clone() }),
            )
            .collect()
    }

    fn shared_identifiers(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (identifier, holders) in &self.by_identifier {
            let keys: BTreeSet<&Key<'_>> = holders.iter().map(|(_, key)| key).collect();
            if keys.len() > 1 {
                let certificates = holders.iter().map(|(number, _)| *number).collect();
                let identifier = identifier.to_vec();
                faults.push(Fault::KeyIdentifierShared { identifier, certificates });
            }
        }
        faults
    }
}

/// Certificates with one common name whose keys or subjects differ.
fn same_names(store: &[Entry<'_>], index: &Index<'_>) -> Vec<Fault> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for number in index.by_digest.values().filter_map(|same| same.first()) {
        let Some(entry) = store.get(*number) else { continue };
        // The last one is the most specific, and the one that is shown.
        if let Some(name) = entry.certificate.subject.common_names().last() {
            by_name.entry(fold(name)).or_default().push(*number);
        }
    }
    let mut faults = Vec::new();
    for mut certificates in by_name.into_values() {
        certificates.sort_unstable();
        let entries = || certificates.iter().filter_map(|number| store.get(*number));
        let subjects: BTreeSet<&str> = entries().map(|entry| entry.subject.as_str()).collect();
        let keys: BTreeSet<Key<'_>> = entries().map(|entry| key(entry.certificate)).collect();
        if subjects.len() > 1 || keys.len() > 1 {
            let common_name = entries()
                .find_map(|entry| entry.certificate.subject.common_names().last())
                .unwrap_or_default()
                .to_owned();
            let same_subject = subjects.len() == 1;
            faults.push(Fault::SameCommonName { common_name, certificates, same_subject });
        }
    }
    faults
}

fn validity(store: &[Entry<'_>], index: &Index<'_>, now: UnixTime) -> Vec<Fault> {
    let ended =
        |certificate: &Certificate| certificate.not_after.at().is_some_and(|end| end <= now);
    let begun =
        |certificate: &Certificate| certificate.not_before.at().is_none_or(|start| start <= now);
    // The first valid one of each subject: looking for it anew each time would take the square of the store.
    let mut valid: BTreeMap<&str, usize> = BTreeMap::new();
    for (subject, certificates) in &index.by_subject {
        let found = certificates.iter().copied().find(|number| {
            store.get(*number).is_some_and(|entry| {
                let end = entry.certificate.not_after.at();
                end.is_some_and(|end| end > now) && begun(entry.certificate)
            })
        });
        valid.extend(found.map(|number| (*subject, number)));
    }
    let mut faults = Vec::new();
    for (certificate, entry) in store.iter().enumerate() {
        if ended(entry.certificate) {
            let successor = valid.get(entry.subject.as_str()).copied();
            faults.push(Fault::Expired { certificate, successor });
        } else if !begun(entry.certificate) {
            faults.push(Fault::NotYetValid { certificate });
        }
    }
    faults
}

/// Why OpenSSL would not take a certificate for a CA (`X509_check_ca`); a root of version 1 is one.
fn not_ca(certificate: &Certificate) -> Option<NotCa> {
    const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    const KEY_USAGE: &str = "2.5.29.15";
    let has = |oid: &str| certificate.extensions.iter().any(|extension| extension.oid == oid);
    if has(BASIC_CONSTRAINTS) && !certificate.ca {
        return Some(NotCa::BasicConstraints);
    }
    if has(KEY_USAGE) && !certificate.key_usage.iter().any(|usage| usage == "keyCertSign") {
        return Some(NotCa::KeyUsage);
    }
    let old_root = certificate.version == 1 && certificate.self_issued();
    (!certificate.ca && !old_root).then_some(NotCa::NoBasicConstraints)
}

/// Certificates whose issuer by name and issuer by key identifier are two different ones of the store (B4).
fn identifiers_of_others(
    store: &[Entry<'_>],
    below: &[Entry<'_>],
    index: &Index<'_>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let all = store.iter().enumerate().map(|(number, entry)| (Place::Store(number), entry));
    let all =
        all.chain(below.iter().enumerate().map(|(number, entry)| (Place::Below(number), entry)));
    for (child, entry) in all {
        let Some(wanted) = entry.certificate.authority_key_identifier.as_deref() else { continue };
        let by_name = index.of_subject(&entry.issuer);
        let fits = |number: &usize| {
            store.get(*number).is_some_and(|issuer| may_identify(issuer.certificate, wanted))
        };
        let candidates = by_name.iter().take(limits::SIGNER_CANDIDATES);
        let (Some(named), false) = (by_name.first(), candidates.clone().any(fits)) else {
            continue;
        };
        let holders = index.by_identifier.get(wanted).map(Vec::as_slice).unwrap_or_default();
        if let Some((identified, _)) = holders.first() {
            let (named, identified) = (*named, *identified);
            faults.push(Fault::KeyIdentifierOfAnother { child, named, identified });
        }
    }
    faults
}

/// CAs of the store without a path to a self-issued certificate of it, by names and key identifiers.
fn roots_missing(store: &[Entry<'_>]) -> Vec<Fault> {
    // Children by issuer and wanted key identifier: a group is taken out as a whole, so each is looked at once.
    let mut children: BTreeMap<(&str, Option<&[u8]>), Vec<usize>> = BTreeMap::new();
    let mut open = Vec::new();
    for (number, entry) in store.iter().enumerate() {
        if entry.certificate.self_issued() {
            open.push(number);
        } else {
            let wanted = entry.certificate.authority_key_identifier.as_deref();
            children.entry((&entry.issuer, wanted)).or_default().push(number);
        }
    }
    while let Some(entry) = open.pop().and_then(|number| store.get(number)) {
        let subject = entry.subject.as_str();
        let mut groups = vec![(subject, None)];
        match entry.certificate.subject_key_identifier.as_deref() {
            Some(identifier) => groups.push((subject, Some(identifier))),
            None => {
                let of_subject = children.range((subject, None)..);
                groups.extend(
                    of_subject
                        .map(|(group, _)| *group)
                        .take_while(|(issuer, _)| *issuer == subject),
                );
            }
        }
        for group in groups {
            open.extend(children.remove(&group).unwrap_or_default());
        }
    }
    let orphans = children.into_values().flatten();
    let is_ca = |number: &usize| {
        store.get(*number).is_some_and(|entry| not_ca(entry.certificate).is_none())
    };
    orphans.filter(is_ca).map(|certificate| Fault::RootMissing { certificate }).collect()
}

/// Certificates of the store to which no path leads from `below`, by names and key identifiers.
fn unused(store: &[Entry<'_>], below: &[Entry<'_>], index: &Index<'_>) -> Vec<Fault> {
    let mut between: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, entry) in below.iter().enumerate() {
        between.entry(&entry.subject).or_default().push(number);
    }
    let mut used = vec![false; store.len()];
    let mut seen = vec![false; below.len()];
    let mut open: Vec<Place> = (0..below.len()).map(Place::Below).collect();
    while let Some(place) = open.pop() {
        let (entry, done) = match place {
            Place::Store(number) => (store.get(number), used.get_mut(number)),
            Place::Below(number) => (below.get(number), seen.get_mut(number)),
        };
        let (Some(entry), Some(done)) = (entry, done) else { continue };
        if core::mem::replace(done, true) {
            continue;
        }
        let certificate = entry.certificate;
        // A certificate that stands in the store itself is trusted there.
        if let Some(same) = index.by_digest.get(&certificate.digests.sha256) {
            open.extend(same.iter().copied().map(Place::Store));
        }
        if certificate.self_issued() {
            continue;
        }
        let wanted = certificate.authority_key_identifier.as_deref();
        let fits = |issuer: Option<&Entry<'_>>| {
            issuer.is_some_and(|issuer| {
                wanted.is_none_or(|wanted| may_identify(issuer.certificate, wanted))
            })
        };
        let trusted = index.of_subject(&entry.issuer).iter().take(limits::SIGNER_CANDIDATES);
        open.extend(trusted.copied().filter(|number| fits(store.get(*number))).map(Place::Store));
        let sent = between.get(entry.issuer.as_str()).map(Vec::as_slice).unwrap_or_default();
        let sent = sent.iter().take(limits::SIGNER_CANDIDATES);
        open.extend(sent.copied().filter(|number| fits(below.get(*number))).map(Place::Below));
    }
    let unused = used.iter().enumerate().filter(|(_, used)| !**used);
    unused.map(|(certificate, _)| Fault::Unused { certificate }).collect()
}

/// A certificate without subjectKeyIdentifier may have any.
fn may_identify(issuer: &Certificate, wanted: &[u8]) -> bool {
    issuer.subject_key_identifier.as_deref().is_none_or(|identifier| identifier == wanted)
}

fn key(certificate: &Certificate) -> Key<'_> {
    match &certificate.public_key {
        PublicKey::Rsa { modulus, .. } => (Some(modulus), None),
        PublicKey::Ec { point, .. } | PublicKey::Ed25519(point) => (Some(point), None),
        PublicKey::Other { .. } => (None, Some(&certificate.digests.sha256)),
    }
}

/// A name for comparison.
fn folded(name: &Name) -> String {
    let mut text = String::new();
    for attribute in &name.attributes {
        // Control characters separate, so that no value can look like two attributes.
        text.push(if attribute.joined { '\u{1}' } else { '\u{2}' });
        text.push_str(&attribute.name);
        text.push('\u{3}');
        text.push_str(&fold(&attribute.value));
    }
    text
}

fn fold(value: &str) -> String {
    let words: Vec<&str> = value.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digests;
    use crate::x509::{Attribute, Time};

    const NOW: UnixTime = UnixTime(1_795_000_000);

    fn name(common: &str) -> Name {
        let attribute =
            Attribute { name: "CN".to_owned(), value: common.to_owned(), joined: false };
        Name { attributes: vec![attribute], raw: common.as_bytes().to_vec() }
    }

    /// A CA of Ed25519 that ends a day after [`NOW`]; `key` is its key and its key identifier.
    fn made(subject: &str, key: u8, issuer: &str, issuer_key: u8) -> Certificate {
        let der = include_bytes!("../../tests/data/x509/authority.der");
        let mut certificate = Certificate::parse(der, 0).unwrap();
        certificate.subject = name(subject);
        certificate.issuer = name(issuer);
        certificate.public_key = PublicKey::Ed25519(vec![key; 32]);
        certificate.subject_key_identifier = Some(vec![key; 20]);
        certificate.authority_key_identifier = Some(vec![issuer_key; 20]);
        certificate.not_before = Time::At(UnixTime(0));
        certificate.not_after = Time::At(NOW.plus(1));
        let identity = format!("{subject} {key} {issuer} {issuer_key}");
        certificate.digests = Digests::of(identity.as_bytes());
        certificate
    }

    fn root(subject: &str, key: u8) -> Certificate {
        made(subject, key, subject, key)
    }

    fn faults(store: &[Certificate], below: &[Certificate]) -> Vec<Fault> {
        let store: Vec<&Certificate> = store.iter().collect();
        let below: Vec<&Certificate> = below.iter().collect();
        lint(&store, &below, NOW)
    }

    #[test]
    fn a_sound_store_has_no_faults() {
        let store = [root("Root", 1), made("Issuing", 2, "Root", 1), root("Other", 3)];
        let below = [made("host", 9, "Issuing", 2), made("node", 8, "Other", 3)];
        assert_eq!(faults(&store, &below), []);
        assert_eq!(faults(&store, &[]), []);
        assert_eq!(faults(&[], &below), []);
    }

    #[test]
    fn copies_and_renewals() {
        let mut renewed = root("Root", 1);
        renewed.digests = Digests::of(b"renewed");
        let store = [root("Root", 1), renewed, root("Root", 1)];
        assert_eq!(
            faults(&store, &[]),
            [
                Fault::Duplicate { certificates: vec![0, 2] },
                Fault::Reissued { certificates: vec![0, 1] },
            ]
        );
    }

    /// CSCwa12905: the common name counts, whatever stands around it.
    #[test]
    fn one_common_name_for_two() {
        let mut elsewhere = root("CUCM-pub", 3);
        elsewhere.subject.attributes.insert(
            0,
            Attribute { name: "O".to_owned(), value: "Example".to_owned(), joined: false },
        );
        elsewhere.issuer = elsewhere.subject.clone();
        let same = |certificates: &[usize], same_subject| Fault::SameCommonName {
            common_name: "cucm-pub".to_owned(),
            certificates: certificates.to_vec(),
            same_subject,
        };
        let store = [root("cucm-pub", 1), root("Root", 5), root("CUCM-pub", 2)];
        assert_eq!(faults(&store, &[]), [same(&[0, 2], true)]);
        let store = [root("cucm-pub", 1), elsewhere, root("cucm-pub", 1)];
        let copies = Fault::Duplicate { certificates: vec![0, 2] };
        assert_eq!(faults(&store, &[]), [copies, same(&[0, 1], false)]);
    }

    /// As OpenSSL: the second of notAfter is over, that of notBefore has begun.
    #[test]
    fn validity_to_the_second() {
        let between = |start: i64, end: i64| {
            let mut certificate = root("Root", 1);
            certificate.not_before = Time::At(NOW.plus(start));
            certificate.not_after = Time::At(NOW.plus(end));
            certificate
        };
        assert_eq!(faults(&[between(0, 1)], &[]), []);
        let expired = Fault::Expired { certificate: 0, successor: None };
        assert_eq!(faults(&[between(-1, 0)], &[]), [expired]);
        assert_eq!(faults(&[between(1, 2)], &[]), [Fault::NotYetValid { certificate: 0 }]);

        let mut successor = between(-1, 1);
        successor.digests = Digests::of(b"successor");
        assert_eq!(
            faults(&[between(-2, -1), successor], &[]),
            [
                Fault::Reissued { certificates: vec![0, 1] },
                Fault::Expired { certificate: 0, successor: Some(1) },
            ]
        );
    }

    #[test]
    fn who_is_no_ca() {
        let not_ca = |reason, self_issued, named_as_issuer| Fault::NotCa {
            certificate: 0,
            reason,
            self_issued,
            named_as_issuer,
        };
        let mut own = root("host", 1);
        own.ca = false;
        let by_constraints = not_ca(NotCa::BasicConstraints, true, false);
        assert_eq!(faults(&[own.clone()], &[]), [by_constraints]);
        let named = not_ca(NotCa::BasicConstraints, true, true);
        assert_eq!(faults(&[own.clone()], &[made("leaf", 9, "HOST", 1)]), [named]);

        own.extensions.retain(|extension| extension.oid == "2.5.29.14");
        assert_eq!(faults(&[own.clone()], &[]), [not_ca(NotCa::NoBasicConstraints, true, false)]);
        own.version = 1;
        assert_eq!(faults(&[own], &[]), []);

        let mut signs_nothing = made("Issuing", 2, "Root", 1);
        signs_nothing.key_usage.retain(|usage| usage != "keyCertSign");
        assert_eq!(faults(&[signs_nothing], &[]), [not_ca(NotCa::KeyUsage, false, false)]);
    }

    #[test]
    fn weak_keys_and_signatures() {
        let rsa = |bytes| PublicKey::Rsa { modulus: vec![0xff; bytes], exponent: vec![1, 0, 1] };
        let mut weak = made("Issuing", 2, "Root", 1);
        weak.public_key = rsa(255);
        weak.signature_algorithm.name = "ecdsa-with-SHA1".to_owned();
        assert_eq!(
            faults(&[weak, root("Root", 1)], &[]),
            [
                Fault::WeakKey { certificate: 0, bits: 2040 },
                Fault::WeakSignature { certificate: 0 },
            ]
        );
        let mut old_root = root("Root", 1);
        old_root.public_key = rsa(256);
        old_root.signature_algorithm.name = "md5WithRSAEncryption".to_owned();
        assert_eq!(faults(&[old_root], &[]), []);
    }

    #[test]
    fn key_identifiers_in_conflict() {
        let mut copycat = root("Other", 7);
        copycat.subject_key_identifier = Some(vec![1; 20]);
        assert_eq!(
            faults(&[root("Root", 1), copycat], &[]),
            [Fault::KeyIdentifierShared { identifier: vec![1; 20], certificates: vec![0, 1] }]
        );
        // Named: Root. Identified: Other. And what nobody has is missing, not in conflict.
        let store = [root("Root", 1), root("Other", 2)];
        let below = [made("a", 9, "Root", 1), made("b", 8, "Root", 2), made("c", 7, "Root", 3)];
        let child = Place::Below(1);
        assert_eq!(
            faults(&store, &below),
            [
                Fault::KeyIdentifierOfAnother { child, named: 0, identified: 1 },
                Fault::Unused { certificate: 1 },
            ]
        );
    }

    #[test]
    fn unused_is_what_no_path_leads_to() {
        let store =
            [root("Root", 1), made("Issuing", 2, "Root", 1), root("Idle", 3), root("own", 4)];
        let below = [made("host", 9, "Sent", 5), made("Sent", 5, "Issuing", 2), root("own", 4)];
        assert_eq!(faults(&store, &below), [Fault::Unused { certificate: 2 }]);
        // The second root of that name has another key.
        let store = [root("Root", 1), root("Root", 6)];
        let below = [made("host", 9, "Root", 6)];
        assert_eq!(
            faults(&store, &below),
            [
                Fault::SameCommonName {
                    common_name: "Root".to_owned(),
                    certificates: vec![0, 1],
                    same_subject: true,
                },
                Fault::Unused { certificate: 0 },
            ]
        );
    }

    #[test]
    fn a_ca_needs_its_root() {
        let below_root = made("Issuing", 2, "Root", 1);
        let deeper = made("Deeper", 3, "Issuing", 2);
        let missing = |certificate| Fault::RootMissing { certificate };
        let store = [deeper.clone(), below_root.clone()];
        assert_eq!(faults(&store, &[]), [missing(0), missing(1)]);
        // The root of that name has another key.
        let store = [deeper.clone(), below_root.clone(), root("Root", 7)];
        assert_eq!(faults(&store, &[]), [missing(0), missing(1)]);
        let mut unnumbered = root("Root", 7);
        unnumbered.subject_key_identifier = None;
        for root in [root("Root", 1), unnumbered] {
            assert_eq!(faults(&[deeper.clone(), below_root.clone(), root], &[]), []);
        }
        let mut unasked = below_root.clone();
        unasked.authority_key_identifier = None;
        assert_eq!(faults(&[unasked, root("Root", 7)], &[]), []);
        // Two that signed each other lead nowhere.
        let circle = [made("A", 1, "B", 2), made("B", 2, "A", 1)];
        assert_eq!(faults(&circle, &[]), [missing(0), missing(1)]);
    }

    /// Ten thousand certificates of one name, and as many below them: the work stays in proportion.
    #[test]
    fn hostile_stores_end() {
        let der = include_bytes!("../../tests/data/x509/authority.der");
        let certificate = Certificate::parse(der, 0).unwrap();
        let many: Vec<Certificate> = (0..10_000_u32)
            .map(|number| {
                let mut certificate = certificate.clone();
                certificate.digests = Digests::of(&number.to_be_bytes());
                certificate.public_key = PublicKey::Ed25519(number.to_be_bytes().repeat(8));
                certificate.authority_key_identifier = Some(number.to_be_bytes().to_vec());
                certificate
            })
            .collect();
        let below: Vec<&Certificate> = many.iter().collect();
        let found = lint(&below, &below, NOW);
        assert!(found.len() < 40_002, "{}", found.len());
    }
}
