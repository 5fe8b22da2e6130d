//! Cisco's CAs below which phones leave the factory, recognised by name and by key identifier (C3 to C5).
//!
//! Names, ends and key identifiers are those of the certificates that Cisco publishes under
//! `https://www.cisco.com/security/pki/`; what no source gives is left open.

use crate::time::UnixTime;
use crate::x509::{Certificate, Name};

/// One of Cisco's CAs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its common name.
    pub name: &'static str,
    /// Its subjectKeyIdentifier, where known.
    pub key_identifier: Option<[u8; 20]>,
    /// Its last second, where known.
    pub end: Option<UnixTime>,
    /// It signs phones, not only other CAs.
    pub signs_phones: bool,
}

/// How an authority is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recognised {
    /// By its key identifier.
    Key,
    /// By its name; the key identifier is not known, or not in the certificate.
    Name,
    /// The name is that of the authority, and the key identifier is not.
    Contradicts,
}

/// Every one that is known.
pub const AUTHORITIES: [Authority; 10] = [
    signs("CAP-RTP-001", None, Some(1_675_728_000)),
    signs("CAP-RTP-002", None, Some(1_696_896_000)),
    signs("Cisco Manufacturing CA", Some(CMCA), Some(1_873_484_742)),
    signs("Cisco Manufacturing CA SHA2", None, Some(2_141_643_617)),
    signs("Cisco Manufacturing CA III", None, None),
    signs("ACT2 SUDI CA", Some(ACT2_SUDI), Some(1_873_484_742)),
    signs("High Assurance SUDI CA", Some(HIGH_ASSURANCE_SUDI), Some(4_089_992_307)),
    root("Cisco Root CA 2048", ROOT_2048, 1_873_484_742),
    root("Cisco Root CA M2", ROOT_M2, 2_141_643_618),
    root("Cisco Root CA 2099", ROOT_2099, 4_089_992_308),
];

const CMCA: [u8; 20] =
    *b"\xd0\xc5\x22\x26\xab\x4f\x46\x60\xec\xae\x05\x91\xc7\xdc\x5a\xd1\xb0\x47\xf7\x6c";
const ACT2_SUDI: [u8; 20] =
    *b"\x48\xd8\xf1\xf1\xc2\x70\xd5\x5b\xbb\x7c\x73\x09\x93\xaf\xb8\xb8\x30\x03\xf8\x7f";
const HIGH_ASSURANCE_SUDI: [u8; 20] =
    *b"\xea\x6b\xa3\xb9\xc1\x13\x97\x7e\x1b\xfb\x3a\x8d\x68\x60\x07\x39\x5f\x87\x48\xfa";
const ROOT_2048: [u8; 20] =
    *b"\x27\xf3\xc8\x15\x1e\x6e\x9a\x02\x09\x16\xad\x2b\xa0\x89\x60\x5f\xda\x7b\x2f\xaa";
const ROOT_M2: [u8; 20] =
    *b"\xc9\x00\xf9\x1f\x8a\x1f\xc2\x66\xbd\xa5\xd2\x6d\x65\x0e\x22\x2e\x34\xc3\x05\xa0";
const ROOT_2099: [u8; 20] =
    *b"\x38\x95\x57\x0f\x34\x23\x4e\xf3\xa1\x26\x20\xba\x14\x91\xc7\x41\x88\x1d\xa3\x5b";

const fn signs(
    name: &'static str,
    key_identifier: Option<[u8; 20]>,
    end: Option<i64>,
) -> Authority {
    let end = match end {
        Some(end) => Some(UnixTime(end)),
        None => None,
    };
    Authority { name, key_identifier, end, signs_phones: true }
}

const fn root(name: &'static str, key_identifier: [u8; 20], end: i64) -> Authority {
    let (key_identifier, end) = (Some(key_identifier), Some(UnixTime(end)));
    Authority { name, key_identifier, end, signs_phones: false }
}

/// The authority that issued this certificate, by its issuer and authorityKeyIdentifier. The signature is not checked.
pub fn issuer(certificate: &Certificate) -> Option<(&'static Authority, Recognised)> {
    recognise(&certificate.issuer, certificate.authority_key_identifier.as_deref())
}

/// The authority that this certificate is, by its subject and subjectKeyIdentifier.
pub fn subject(certificate: &Certificate) -> Option<(&'static Authority, Recognised)> {
    recognise(&certificate.subject, certificate.subject_key_identifier.as_deref())
}

/// The authority that issued this certificate to a device: no CA, and no security token, which has the same issuer.
pub fn issuer_of_device(certificate: &Certificate) -> Option<(&'static Authority, Recognised)> {
    let is_token = certificate.subject.common_names().any(|name| name.starts_with("SAST-"));
    if certificate.self_issued() || certificate.ca || is_token {
        return None;
    }
    issuer(certificate).filter(|(authority, _)| authority.signs_phones)
}

fn recognise(
    name: &Name,
    key_identifier: Option<&[u8]>,
) -> Option<(&'static Authority, Recognised)> {
    let by_key = key_identifier.and_then(|key| {
        AUTHORITIES
            .iter()
            .find(|authority| authority.key_identifier.is_some_and(|known| known.as_slice() == key))
    });
    if let Some(authority) = by_key {
        return Some((authority, Recognised::Key));
    }
    let named = |name: &str| AUTHORITIES.iter().find(|authority| authority.name == name);
    let authority = name.common_names().find_map(named)?;
    let contradicts = authority.key_identifier.is_some() && key_identifier.is_some();
    Some((authority, if contradicts { Recognised::Contradicts } else { Recognised::Name }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::Attribute;

    fn named(name: &str) -> Name {
        let attribute = Attribute { name: "CN".to_owned(), value: name.to_owned(), joined: false };
        Name { attributes: vec![attribute], raw: Vec::new() }
    }

    #[test]
    fn keys_count_before_names() {
        let found = |name: &str, key: Option<&[u8]>| {
            recognise(&named(name), key).map(|(authority, by)| (authority.name, by))
        };
        let cmca = "Cisco Manufacturing CA";
        assert_eq!(found(cmca, Some(&CMCA)), Some((cmca, Recognised::Key)));
        assert_eq!(found("renamed", Some(&CMCA)), Some((cmca, Recognised::Key)));
        assert_eq!(found("CAP-RTP-001", Some(&CMCA)), Some((cmca, Recognised::Key)));
        assert_eq!(found(cmca, None), Some((cmca, Recognised::Name)));
        assert_eq!(found(cmca, Some(&[0; 20])), Some((cmca, Recognised::Contradicts)));
        assert_eq!(found("CAP-RTP-001", Some(&[0; 20])), Some(("CAP-RTP-001", Recognised::Name)));
        assert_eq!(found("Example CA", Some(&[0; 20])), None);
        assert_eq!(found("Example CA", None), None);
    }

    /// Two authorities never share a name or a key identifier.
    #[test]
    fn every_authority_is_told_apart() {
        for (index, authority) in AUTHORITIES.iter().enumerate() {
            for other in AUTHORITIES.iter().skip(index + 1) {
                assert_ne!(authority.name, other.name);
                let keys = (authority.key_identifier, other.key_identifier);
                assert!(keys.0.is_none() || keys.0 != keys.1, "{}", other.name);
            }
        }
    }
}
