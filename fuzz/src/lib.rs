//! What is fuzzed: one function for each parser of untrusted bytes. Each panics when the engine breaks a
//! promise: it never panics itself, says the same about the same bytes, stays bounded, and never calls
//! "verified" what was altered. The targets in `fuzz_targets/` are one line each.

mod archive;
mod capture;
mod chain;
pub mod dictionary;
mod filter;
pub mod mutate;
mod protocols;
pub mod random;
mod texts;

pub use filter::filter;
pub use protocols::{dtls, key_log, messages, tls, transfers};
pub use texts::{
    expressway_log, listing, packet_list, phone_log, registry, tvs_log, xconfiguration,
};

use tlvet_core::report::model::InputRole;
use tlvet_core::session::Session;
use tlvet_core::sgn::configuration::Configuration;
use tlvet_core::sgn::{SignedFile, decrypt, verify as sgn};
use tlvet_core::time::UnixTime;
use tlvet_core::tlv::header::looks_like_header;
use tlvet_core::trustlist::file::TrustList;
use tlvet_core::trustlist::verify as list;
use tlvet_core::x509::name_check::{
    HostFlags, openssl_email, openssl_host, openssl_host_flags, side_by_side,
};
use tlvet_core::x509::private_key::PrivateKey;
use tlvet_core::x509::signature::verify_issued;
use tlvet_core::x509::store_lint::lint;
use tlvet_core::x509::{
    Certificate, CertificateRequest, Extension, Form, ItemContent, Keyring, Password,
    RevocationList, container as pki,
};

/// A target, and the dictionary that knows its words.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Name of the target and of its folder in `corpus/`.
    pub name: &'static str,
    /// The function that is fuzzed.
    pub run: fn(&[u8]),
    /// File in `dictionaries/`.
    pub dictionary: &'static str,
}

/// Every target.
pub const TARGETS: [Target; 31] = [
    Target { name: "altered_chain", run: altered_chain, dictionary: "der.dict" },
    Target { name: "archive", run: archive, dictionary: "archive.dict" },
    Target { name: "capture", run: capture, dictionary: "capture.dict" },
    Target { name: "certificate", run: certificate, dictionary: "der.dict" },
    Target { name: "chain", run: chain, dictionary: "der.dict" },
    Target { name: "configuration", run: configuration, dictionary: "xml.dict" },
    Target { name: "container", run: container, dictionary: "pem.dict" },
    Target { name: "dtls", run: dtls, dictionary: "tls.dict" },
    Target { name: "exchange", run: exchange, dictionary: "tlv.dict" },
    Target { name: "expressway_log", run: expressway_log, dictionary: "expressway.dict" },
    Target { name: "filter", run: filter, dictionary: "tls.dict" },
    Target { name: "key_log", run: key_log, dictionary: "protocols.dict" },
    Target { name: "listing", run: listing, dictionary: "listing.dict" },
    Target { name: "messages", run: messages, dictionary: "protocols.dict" },
    Target { name: "names", run: names, dictionary: "der.dict" },
    Target { name: "packet_list", run: packet_list, dictionary: "packet_list.dict" },
    Target { name: "packets", run: packets, dictionary: "capture.dict" },
    Target { name: "phone_log", run: phone_log, dictionary: "phone.dict" },
    Target { name: "pkcs12", run: pkcs12, dictionary: "pkcs12.dict" },
    Target { name: "pkcs7", run: pkcs7, dictionary: "pkcs12.dict" },
    Target { name: "registry", run: registry, dictionary: "registry.dict" },
    Target { name: "request", run: request, dictionary: "der.dict" },
    Target { name: "revocation_list", run: revocation_list, dictionary: "der.dict" },
    Target { name: "session", run: session, dictionary: "tlv.dict" },
    Target { name: "signed_file", run: signed_file, dictionary: "tlv.dict" },
    Target { name: "tls", run: tls, dictionary: "tls.dict" },
    Target { name: "traffic", run: traffic, dictionary: "capture.dict" },
    Target { name: "transfers", run: transfers, dictionary: "protocols.dict" },
    Target { name: "trust_list", run: trust_list, dictionary: "tlv.dict" },
    Target { name: "tvs_log", run: tvs_log, dictionary: "phone.dict" },
    Target { name: "xconfiguration", run: xconfiguration, dictionary: "expressway.dict" },
];

/// 2026-11-20T00:00:00Z; the engine has no clock.
const NOW: UnixTime = UnixTime(1_795_132_800);

/// What `signed_file` and `session` have at hand beside the input: an ITL with the signer of the seeds, and
/// the private key of the phone that the encrypted seeds are for.
const ITL: &[u8] = include_bytes!("../corpus/trust_list/phone_itl.tlv");
const PHONE_KEY: &[u8] = include_bytes!("../corpus/container/phone.pem");

/// The certificate that `names` gives other names.
const NAMED: &[u8] = include_bytes!("../corpus/certificate/root.der");

/// An archive, up to the bytes of its members.
pub fn archive(data: &[u8]) {
    archive::file(data);
}

/// A capture file, up to the streams in it.
pub fn capture(data: &[u8]) {
    capture::file(data);
}

/// The packets of a capture: a link type, then packets behind their lengths.
pub fn packets(data: &[u8]) {
    capture::packets(data);
}

/// A set of certificates and how they are judged: bounded, and the same twice.
pub fn chain(data: &[u8]) {
    chain::set(data);
}

/// Edits of a sound chain: no mutation of it is ever accepted.
pub fn altered_chain(data: &[u8]) {
    chain::altered(data);
}

/// A capture file, up to certificates, files and names.
pub fn traffic(data: &[u8]) {
    capture::traffic(data);
}

/// A trust list: places lie inside the file, and one altered byte ends every "verified".
pub fn trust_list(data: &[u8]) {
    let read = TrustList::read(data);
    assert_eq!(read, TrustList::read(data));
    let mut end = 0;
    for record in &read.records {
        assert!(record.offset >= end, "record {} overlaps the one before", record.number);
        end = record.offset + record.length;
        assert!(end <= data.len() as u64, "record {} ends behind the file", record.number);
    }
    if let list::Outcome::Verified(_) = list::verify(&read) {
        assert!(!read.is_damaged());
        let altered = TrustList::read(&alter_last(data));
        assert!(
            !matches!(list::verify(&altered), list::Outcome::Verified(_)),
            "altered, yet verified"
        );
    }
}

/// A signed file: verified only by someone, and never once altered; decryption ends in bytes or a reason.
pub fn signed_file(data: &[u8]) {
    let read = SignedFile::read(data);
    let nobody = sgn::verify(&read, std::iter::empty());
    assert!(!is_verified(&nobody), "verified by nobody");
    let trusted = TrustList::read(ITL);
    let verdict = |data: &[u8]| sgn::verify(&SignedFile::read(data), sgn::records(0, &trusted));
    if is_verified(&verdict(data)) {
        assert!(!is_verified(&verdict(&alter_last(data))), "altered, yet verified");
    }
    if let Ok(key) = PrivateKey::parse(PHONE_KEY)
        && let Ok(decrypted) = decrypt(&read, &key)
    {
        assert!(decrypted.plain().len() <= data.len(), "plain text longer than the file");
        let _ = decrypted.masked();
    }
}

/// A certificate in DER: every field can be reported, its signature judged, and it as a trust store.
pub fn certificate(data: &[u8]) {
    if let Ok(read) = Certificate::parse(data, 0) {
        assert!(read.to_be_signed().len() <= data.len());
        let _ = read.to_report(Vec::new());
        let _ = verify_issued(&read, &read);
        let _ = lint(&[&read, &read], &[&read], NOW);
    }
}

/// The name rules: a line with the name asked for, then the value of the subjectAltName extension. The case of the name does not
/// matter, looking at the subject less often never finds more, and what comes close stays a handful.
pub fn names(data: &[u8]) {
    let (line, value) = match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &[][..]),
    };
    let asked = String::from_utf8_lossy(line);
    let mut certificate = Certificate::parse(NAMED, 0).expect("the seed is a certificate");
    let oid = "2.5.29.17".to_owned();
    certificate.extensions = vec![Extension { oid, critical: false, value: value.to_vec() }];
    let check = side_by_side(&certificate, &asked);
    assert_eq!(check, side_by_side(&certificate, &asked));
    assert!(check.near_misses.len() <= 8);
    assert!(check.matched_by.is_some() || !(check.openssl || check.browser));
    let lower = side_by_side(&certificate, &asked.to_ascii_lowercase());
    assert_eq!(
        (check.openssl, check.traffic_server, check.browser),
        (lower.openssl, lower.traffic_server, lower.browser),
        "the case of {asked:?} matters"
    );
    let host = |flags| openssl_host_flags(&certificate, &asked, flags);
    let plain = openssl_host(&certificate, &asked);
    assert!(plain || !host(HostFlags::NEVER_CHECK_SUBJECT));
    assert!(host(HostFlags::ALWAYS_CHECK_SUBJECT) || !plain);
    assert!(plain || !host(HostFlags::NO_PARTIAL_WILDCARDS));
    let _ = openssl_email(&certificate, &asked);
}

/// A container of certificates and keys: PEM, DER, PKCS#7.
pub fn container(data: &[u8]) {
    let Some(read) = pki::read(data) else { return };
    for item in &read.items {
        assert!(item.offset < data.len() as u64, "an item behind the input");
    }
    for (_, certificate) in read.certificates() {
        let _ = certificate.to_report(Vec::new());
    }
    let _ = PrivateKey::parse(data);
}

/// PKCS#12 with the password of the seeds: while it is locked nothing of it is shown, and the work is bounded.
pub fn pkcs12(data: &[u8]) {
    let passwords: Vec<Password> = Password::new("changeit").into_iter().collect();
    let read = || pki::read_with(data, &mut Keyring::new(&passwords, 20_000));
    let Some(container) = read() else { return };
    assert_eq!(read().as_ref(), Some(&container));
    let mut locked = None;
    for item in &container.items {
        assert!(item.offset < data.len() as u64, "an item behind the input");
        match &item.content {
            ItemContent::Pkcs12(store) => {
                assert!(!(store.mac_verified && store.protection.is_locked()));
                locked = store.protection.is_locked().then_some(item.offset);
            }
            _ => assert_ne!(locked, Some(item.offset), "a locked store shows what is in it"),
        }
    }
}

/// PKCS#7 in DER and BER: what is found stands in the input, byte for byte, where it is said to stand.
pub fn pkcs7(data: &[u8]) {
    let Some(read) = pki::read(data) else { return };
    if read.form != Form::Pkcs7 {
        return;
    }
    for item in &read.items {
        let der = match &item.content {
            ItemContent::Certificate(certificate) => &certificate.der,
            ItemContent::RevocationList(list) => &list.der,
            _ => continue,
        };
        let place = usize::try_from(item.offset).expect("an offset in the input");
        assert!(data.get(place..).is_some_and(|rest| rest.starts_with(der)), "not at {place}");
    }
}

/// A certificate request in DER: reported, and never right with an altered signature.
pub fn request(data: &[u8]) {
    let Ok(read) = CertificateRequest::parse(data, 0) else { return };
    let _ = read.to_report(0, 0, Vec::new());
    if read.verify().is_ok() && read.der().len() == data.len() {
        let altered = CertificateRequest::parse(&alter_last(data), 0);
        assert!(altered.is_ok_and(|read| read.verify().is_err()), "altered, yet verified");
    }
}

/// A certificate revocation list in DER.
pub fn revocation_list(data: &[u8]) {
    if let Ok(read) = RevocationList::parse(data, 0) {
        assert!(read.to_be_signed().len() <= data.len());
        assert!(read.revoked.len() <= data.len() / 4, "more entries than there is room for");
        let _ = read.to_report(0, 0);
    }
}

/// A phone configuration in XML.
pub fn configuration(data: &[u8]) {
    if let Ok(read) = Configuration::read(data, 0) {
        let _ = read.to_report(0);
        let _ = read.has_secret();
    }
}

/// The whole way from bytes to report: the chunks do not matter, every finding has evidence that lies in an
/// input, and the report stays in proportion to what it is about.
pub fn session(data: &[u8]) {
    let whole = judged(data, data.len());
    let report = whole.report(NOW);
    for finding in &report.findings {
        assert!(!finding.evidence.is_empty(), "{} without evidence", finding.code);
        for evidence in &finding.evidence {
            let input =
                report.inputs.get(evidence.input as usize).expect("evidence names an input");
            assert!(
                evidence.offset.is_none_or(|at| at <= input.bytes),
                "{} behind the input",
                finding.code
            );
        }
    }
    let json = whole.report_json(NOW);
    assert_eq!(json, judged(data, data.len() / 3).report_json(NOW), "chunks changed the report");
    let cap = 256 * 1024 + 64 * data.len();
    assert!(json.len() <= cap, "{} bytes of report on {} bytes of input", json.len(), data.len());
}

/// The exchange between instances: what was exported and imported gives the same report; what was damaged on
/// the way is refused or at least reported on.
pub fn exchange(data: &[u8]) {
    survives(data);
    let mut reader = Session::new();
    let Ok(id) = reader.open("input", InputRole::Observed) else { return };
    reader.push(id, data);
    reader.close(id);
    let direct = reader.report_json(NOW);
    let exported = reader.export(id).expect("a closed input can be exported");
    let mut judge = Session::new();
    judge.import(&exported).expect("what was exported can be imported");
    assert_eq!(judge.report_json(NOW), direct);

    // The input itself says where to damage it, so that a case can be kept.
    let mut damaged = exported;
    let place = data.iter().fold(7_usize, |sum, byte| sum.wrapping_mul(31) ^ usize::from(*byte));
    let at = place % damaged.len().max(1);
    if let Some(byte) = damaged.get_mut(at) {
        *byte ^= 1 << (place % 7);
        survives(&damaged);
        survives(damaged.get(..at).unwrap_or_default());
    }
}

/// Imports bytes that may be no export; whatever comes of it can be reported on.
fn survives(exported: &[u8]) {
    let mut session = Session::new();
    if let Ok(id) = session.import(exported) {
        let _ = session.listing(id);
        let _ = session.report_json(NOW);
    }
}

/// A session with `data`, pushed in two chunks, the phone's list and, for a signed file, the phone's key. Reading
/// a private key takes longer than all the rest, so it is there only where it is of use.
fn judged(data: &[u8], first_chunk: usize) -> Session {
    let mut session = Session::new();
    let key = if looks_like_header(data) { PHONE_KEY } else { b"" };
    for (name, role, data) in [
        ("input", InputRole::Observed, data),
        ("ITLSEP001122334455.tlv", InputRole::Phone, ITL),
        ("phone.pem", InputRole::Key, key),
    ] {
        let id = session.open(name, role).expect("room for three inputs");
        let (head, tail) = data.split_at(first_chunk.min(data.len()));
        session.push(id, head);
        session.push(id, tail);
        session.close(id);
    }
    session
}

fn is_verified(verdict: &sgn::Verdict) -> bool {
    matches!(verdict.outcome, sgn::Outcome::Verified { .. })
}

/// The same bytes, one bit of the last one flipped: signed in every format.
fn alter_last(data: &[u8]) -> Vec<u8> {
    let mut altered = data.to_vec();
    if let Some(last) = altered.last_mut() {
        *last ^= 1;
    }
    altered
}
