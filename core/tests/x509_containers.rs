//! Requests, revocation lists, PKCS#7 as a stream, and public halves of private keys, as openssl writes them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use tlvet_core::x509::container::{self, Container, Form, ItemContent};
use tlvet_core::x509::signature::SignatureError;
use tlvet_core::x509::{Certificate, CertificateRequest, PrivateKeyFacts, RevocationList};

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("data/x509/containers/", $name)).as_slice()
    };
}

const AUTHORITY: &[u8] = data!("authority.der");
const SERVER: &[u8] = data!("server.der");
const STREAM: &[u8] = data!("chain-crl-ber.p7b");

fn read(bytes: &[u8]) -> Container {
    let container = container::read(bytes).expect("a container");
    assert_eq!(container.problems, []);
    container
}

fn request(bytes: &[u8]) -> CertificateRequest {
    match read(bytes).items.remove(0).content {
        ItemContent::CertificateRequest(request) => *request,
        other => panic!("{other:?}"),
    }
}

fn list(bytes: &[u8]) -> RevocationList {
    match read(bytes).items.remove(0).content {
        ItemContent::RevocationList(list) => *list,
        other => panic!("{other:?}"),
    }
}

fn key(bytes: &[u8]) -> PrivateKeyFacts {
    match read(bytes).items.remove(0).content {
        ItemContent::PrivateKey(facts) => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_is_read_like_a_certificate() {
    for bytes in [data!("server.csr"), data!("server.csr.der")] {
        let request = request(bytes);
        assert_eq!(request.subject().to_string(), "O=Example, CN=cucm-pub.example.com");
        assert_eq!(request.subject_alt_names().dns, ["cucm-pub.example.com", "example.com"]);
        assert_eq!(request.extended_key_usage(), ["serverAuth", "clientAuth"]);
        assert_eq!(request.problems(), []);
        assert_eq!(request.der(), data!("server.csr.der"));
        assert_eq!(request.verify(), Ok(()));
        assert!(!request.challenge);
        let certificate = Certificate::parse(SERVER, 0).unwrap();
        assert_eq!(request.public_key(), &certificate.public_key);
        let report = request.to_report(3, 4, vec![]);
        assert_eq!(report.key_usage, ["digitalSignature"]);
        assert_eq!(report.signature, "sha256WithRSAEncryption");
    }
    assert_eq!(request(data!("server-ec.csr")).verify(), Ok(()));
}

#[test]
fn a_challenge_password_is_told_and_not_kept() {
    let request = request(data!("challenge.csr"));
    assert!(request.challenge);
    assert_eq!(request.verify(), Ok(()));
    let json = format!("{:?}", request.to_report(0, 0, vec![]));
    assert!(!json.contains("hunter2"), "{json}");
}

/// No byte of what is signed can be changed.
#[test]
fn a_changed_request_does_not_verify() {
    let good = data!("server.csr.der");
    // SEQUENCE { SEQUENCE certificationRequestInfo, algorithm, signature }, both with long lengths.
    let info = 8 + usize::from(good[6]) * 256 + usize::from(good[7]);
    for index in (4..info).chain(good.len() - 128..good.len()) {
        for bit in [0, 3, 7] {
            let mut der = good.to_vec();
            der[index] ^= 1 << bit;
            if let Ok(request) = CertificateRequest::parse(&der, 0) {
                assert!(request.verify().is_err(), "byte {index} bit {bit}");
            }
        }
    }
}

#[test]
fn a_revocation_list_is_read() {
    for bytes in [data!("list.crl"), data!("list.crl.der")] {
        let list = list(bytes);
        assert_eq!(list.issuer.to_string(), "O=Example, CN=Container Root");
        assert_eq!((list.version, list.number.as_deref()), (2, Some(&[0x2a][..])));
        assert_eq!(list.this_update.to_string(), "2026-02-01T00:00:00Z");
        assert_eq!(list.next_update.as_ref().unwrap().to_string(), "2026-03-01T00:00:00Z");
        let [revoked] = list.revoked.as_slice() else { panic!("{:?}", list.revoked) };
        assert_eq!(revoked.serial, [0x0a, 0x02]);
        assert_eq!(revoked.extensions[0].oid, "2.5.29.21");
        assert_eq!(revoked.extensions[0].value, [0x0a, 1, 1], "keyCompromise");
        let authority = Certificate::parse(AUTHORITY, 0).unwrap();
        assert_eq!(list.authority_key_identifier, authority.subject_key_identifier);
        assert_eq!(list.verify(&authority.public_key), Ok(()));
        let server = Certificate::parse(SERVER, 0).unwrap();
        assert_eq!(list.verify(&server.public_key), Err(SignatureError::Mismatch));
        let mut changed = list.clone();
        changed.signature_algorithms_agree = false;
        assert_eq!(changed.verify(&authority.public_key), Err(SignatureError::Mismatch));
    }
}

/// What PKCS#7 holds, with the offset of each.
fn members(bytes: &[u8]) -> Vec<(u64, &'static str, Vec<u8>)> {
    let container = read(bytes);
    assert_eq!(container.form, Form::Pkcs7);
    container
        .items
        .into_iter()
        .map(|item| match item.content {
            ItemContent::Certificate(certificate) => {
                (item.offset, "certificate", certificate.der.clone())
            }
            ItemContent::RevocationList(list) => (item.offset, "list", list.der.clone()),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn place(bytes: &[u8], part: &[u8]) -> u64 {
    bytes.windows(part.len()).position(|window| window == part).expect("the part") as u64
}

#[test]
fn pkcs7_with_a_revocation_list_in_der_and_as_a_stream() {
    let revocations = data!("list.crl.der");
    for bytes in [data!("chain-crl.p7b"), STREAM] {
        let expected = [
            (place(bytes, SERVER), "certificate", SERVER.to_vec()),
            (place(bytes, AUTHORITY), "certificate", AUTHORITY.to_vec()),
            (place(bytes, revocations), "list", revocations.to_vec()),
        ];
        assert_eq!(members(bytes), expected);
    }
    let signed = data!("signed-stream.p7b");
    let kinds: Vec<_> = members(signed).into_iter().map(|(_, kind, der)| (kind, der)).collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.contains(&("certificate", SERVER.to_vec())));
}

/// A stream that is cut gives the certificates that are whole, or nothing, and says where it ends.
#[test]
fn every_length_of_a_stream_is_read() {
    for length in 20..STREAM.len() {
        let cut = &STREAM[..length];
        let container = container::read(cut).expect("it still begins as PKCS#7");
        assert_eq!(container.items, [], "{length}");
        assert_eq!(container.problems.len(), 1, "{length}");
        assert!(container.problems[0].at <= length as u64, "{length}");
    }
}

/// No bit of PKCS#7 gives a certificate that its issuer did not sign, other than the ones inside.
#[test]
fn a_changed_stream_gives_no_other_certificate() {
    let authority = Certificate::parse(AUTHORITY, 0).unwrap();
    for index in 0..STREAM.len() {
        let mut changed = STREAM.to_vec();
        changed[index] ^= 1 << (index % 8);
        let Some(container) = container::read(&changed) else { continue };
        for (offset, certificate) in container.certificates() {
            assert!(offset < changed.len() as u64);
            let known = certificate.der == SERVER || certificate.der == AUTHORITY;
            let signed =
                tlvet_core::x509::signature::verify_certificate(certificate, &authority.public_key);
            assert!(known || signed.is_err(), "byte {index}");
        }
    }
}

#[test]
fn the_public_half_of_a_key_is_that_of_its_certificate() {
    let server_ec = data!("server-ec.der");
    for (bytes, certificate) in [
        (data!("server.key.pem"), SERVER),
        (data!("server-pkcs1.key.pem"), SERVER),
        (data!("server-ec.key.pem"), server_ec),
        (data!("server-sec1.key.pem"), server_ec),
        (data!("server-sec1-no-public.key.der"), server_ec),
        (data!("secp384r1.key.pem"), data!("secp384r1.der")),
        (data!("secp521r1.key.pem"), data!("secp521r1.der")),
        (data!("ed25519.key.pem"), data!("ed25519.der")),
    ] {
        let facts = key(bytes);
        let certificate = Certificate::parse(certificate, 0).unwrap();
        assert_eq!(facts.public_key.as_ref(), Some(&certificate.public_key));
        assert_eq!(facts.public_key.unwrap().identity(), certificate.public_key.identity());
        assert_eq!(facts.bits, certificate.public_key.bits());
    }
}
