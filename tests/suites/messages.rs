//! TVS and CAPF messages against the independent vectors: what is accepted is read exactly, what is rejected is
//! rejected at the right byte.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tlvet_core::bytes::hex;
use tlvet_core::error::{ErrorKind, ParseError};
use tlvet_core::proto::{Place, capf, tvs};
use tlvet_core::x509::container;

fn folder() -> PathBuf {
    tlvet_tests::folder().join("vectors")
}

struct Vector {
    name: String,
    bytes: Vec<u8>,
    truth: Value,
}

fn vectors(family: &str) -> Vec<Vector> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder().join(family))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let truth: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            let bytes = fs::read(path.with_extension("bin")).unwrap();
            Vector { name: truth["name"].as_str().unwrap().to_owned(), bytes, truth }
        })
        .collect()
}

fn one(family: &str, name: &str) -> Vec<u8> {
    fs::read(folder().join(family).join(name).with_extension("bin")).unwrap()
}

/// The certificate of a vector, in DER.
fn certificate(truth: &Value) -> Option<Vec<u8>> {
    Some(der(truth["certificate"].as_str()?))
}

fn der(file: &str) -> Vec<u8> {
    let pem = fs::read(folder().join(file)).unwrap();
    let read = container::read(&pem).unwrap();
    let (_, certificate) = read.certificates().next().unwrap();
    certificate.der.clone()
}

fn text<'a>(truth: &'a Value, key: &str) -> Option<&'a str> {
    truth[key].as_str()
}

#[test]
fn tvs_vectors_are_accepted_with_their_values_or_rejected() {
    let all = vectors("tvs");
    assert!(all.len() >= 18, "{} vectors", all.len());
    for Vector { name, bytes, truth } in all {
        let read = tvs::parse(&bytes, 0);
        if truth["expected"] == "reject" {
            assert!(read.is_err(), "{name}: {read:?}");
            continue;
        }
        let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(u64::from(read.message_type.code()), truth["message_type"], "{name}");
        assert_eq!(u64::from(read.session), truth["session"], "{name}");
        assert_eq!(read.device.as_deref(), text(&truth, "device"), "{name}");
        assert_eq!(read.subject.as_deref(), text(&truth, "subject"), "{name}");
        assert_eq!(read.issuer.as_deref(), text(&truth, "issuer"), "{name}");
        assert_eq!(read.serial.as_deref(), text(&truth, "serial"), "{name}");
        assert_eq!(read.status.map(u64::from), truth["status"].as_u64(), "{name}");
        assert_eq!(read.time_to_live.map(u64::from), truth["ttl"].as_u64(), "{name}");
        assert_eq!(read.certificate, certificate(&truth), "{name}");
        let roles: Vec<u64> = truth["roles"]
            .as_array()
            .map(|roles| roles.iter().map(|role| role.as_u64().unwrap()).collect())
            .unwrap_or_default();
        assert_eq!(read.roles.iter().map(|role| u64::from(*role)).collect::<Vec<_>>(), roles);
    }
}

#[test]
fn tvs_rejections_name_the_byte() {
    let cases = [
        ("bad_discriminator", 0, "discriminator"),
        ("bad_version", 1, "version"),
        ("bad_message_type_9", 2, "message type"),
        ("bad_header_only_9", 8, "length"),
        ("bad_length_long", 8, "length"),
        ("bad_truncated", 8, "length"),
        ("bad_element_overrun", 13, "element with tag 1"),
        ("bad_length_short", 40, "element with tag 2"),
        ("bad_unknown_element", 10, "element"),
        ("bad_trailing", 905, "message"),
        ("bad_empty", 0, "discriminator"),
        ("seed004_query_response_first50", 8, "length"),
    ];
    for (name, at, field) in cases {
        let error = tvs::parse(&one("tvs", name), 0).unwrap_err();
        assert_eq!((error.at, error.field.as_str()), (at, field), "{name}: {error}");
        let error = tvs::parse(&one("tvs", name), 1_000).unwrap_err();
        assert_eq!(error.at, at + 1_000, "{name}: offsets count from the start of the input");
    }
}

/// What a log's dump of 50 bytes still tells (domain item E29).
#[test]
fn a_cut_tvs_message_is_read_as_far_as_it_goes() {
    let request = tvs::inspect(&one("tvs", "seed004_query_request_first50"), 0);
    let message = request.message.unwrap();
    assert_eq!(message.message_type, tvs::MessageType::QueryRequest);
    assert_eq!(message.session, 1001);
    assert_eq!(message.device.as_deref(), Some("CP-8861-SEPB000B4BA0AEE"));
    assert!(request.problems.is_damaged());
    let response = tvs::inspect(&one("tvs", "seed004_query_response_first50"), 0);
    assert_eq!(response.message.unwrap().status, Some(0));
}

#[test]
fn tvs_elements_of_wrong_length_or_number_are_rejected() {
    let message = |body: &[u8]| {
        let mut bytes = vec![0x57, 1, 2, 0, 0, 0, 0, 9, 0, u8::try_from(body.len()).unwrap()];
        bytes.extend_from_slice(body);
        tvs::parse(&bytes, 0)
    };
    assert_eq!(message(&[7, 0, 1, 1]).unwrap().status, Some(1));
    let refused: [(&[u8], u64, &str); 5] = [
        (&[], 10, "status"),
        (&[7, 0, 2, 0, 0], 10, "status"),
        (&[7, 0, 1, 0, 9, 0, 3, 0, 0, 1], 14, "time to live"),
        (&[7, 0, 1, 0, 7, 0, 1, 1], 14, "status"),
        (&[7, 0, 1, 0, 2, 0, 0], 14, "certificate"),
    ];
    for (body, at, field) in refused {
        let error = message(body).unwrap_err();
        assert_eq!((error.at, error.field.as_str()), (at, field), "{body:?}");
    }
}

#[test]
fn capf_vectors_are_accepted_with_their_values() {
    use capf::MessageType::{
        AuthenticationRequest, AuthenticationResponse, EndSession, InProgress,
        KeyGenerationRequest, KeyGenerationResponse, StoreRequest, StoreResponse,
    };
    let all = vectors("capf");
    assert!(all.len() >= 15, "{} vectors", all.len());
    for Vector { name, bytes, truth } in &all {
        assert_eq!(truth["expected"], "accept");
        let read = capf::parse(bytes, 0).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(u64::from(read.session), truth["session"], "{name}");
    }
    let read = |name: &str| capf::parse(&one("capf", name), 0).unwrap();
    let message = read("good_01_auth_request");
    assert_eq!(message.message_type, AuthenticationRequest);
    assert_eq!((message.protocol_version, message.authentication), (Some(3), Some(0)));
    let message = read("good_02_auth_response");
    assert_eq!(message.message_type, AuthenticationResponse);
    assert_eq!((message.reason, message.password_length), (Some(1), Some(0)));
    assert_eq!(message.device.as_deref(), Some("SEP001122334455"));
    let message = read("good_03_keygen_request_rsa");
    assert_eq!(message.message_type, KeyGenerationRequest);
    assert_eq!((message.key_type, message.key_size), (Some(0), Some(2048)));
    let message = read("good_04_keygen_request_ec");
    assert_eq!((message.key_type, message.curve, message.key_size), (Some(1), Some(1), None));
    assert_eq!(read("good_05_in_progress").message_type, InProgress);
    let message = read("good_06_keygen_response");
    assert_eq!(message.message_type, KeyGenerationResponse);
    let key = message.public_key.unwrap();
    assert_eq!((key.len(), hex(&key[..4])), (294, "30820122".to_owned()));
    let message = read("good_07_store_request");
    assert_eq!(message.message_type, StoreRequest);
    assert_eq!(message.certificate_type, Some(1));
    let packed = message.certificate.unwrap();
    assert_eq!(packed.kind, 1);
    assert_eq!(packed.der, der("keys/tftp.crt"));
    assert_eq!(read("good_08_store_response").message_type, StoreResponse);
    assert_eq!(read("good_09_end_session").message_type, EndSession);
    let message = read("good_10_end_unknown_device");
    assert_eq!(message.reason_meaning(), Some("unknown device"));
    let message = read("good_jabber_2_phone_name");
    assert_eq!((message.protocol_version, message.device.as_deref()), (Some(2), Some("CSF123")));
}

#[test]
fn capf_rejections_name_the_byte() {
    let store = one("capf", "good_07_store_request");
    let altered = |at: usize, value: u8| {
        let mut bytes = store.clone();
        bytes[at] = value;
        bytes
    };
    let refused = |bytes: &[u8]| -> ParseError { capf::parse(bytes, 0).unwrap_err() };
    let error = refused(&altered(0, 0x57));
    assert_eq!((error.at, error.field.as_str()), (0, "discriminator"));
    let error = refused(&altered(1, 24));
    assert_eq!((error.at, error.field.as_str()), (1, "message type"));
    let error = refused(&altered(7, 0x6e));
    assert_eq!((error.at, error.kind), (6, ErrorKind::Overrun { declared: 878, available: 877 }));
    // One byte less: the certificate is cut, and one byte belongs to nothing.
    let error = refused(&altered(7, 0x6c));
    assert_eq!((error.at, error.field.as_str()), (15, "element with tag 4"));
    let error = refused(&altered(8, 99));
    assert_eq!((error.at, error.field.as_str()), (8, "element"));
    let error = refused(&altered(12, 3));
    assert_eq!((error.at, error.kind), (12, ErrorKind::Duplicate));
    // The package inside: its kind, its length, its first byte.
    assert_eq!(refused(&altered(15, 2)).at, 15);
    assert_eq!(
        refused(&altered(17, 0x64)).kind,
        ErrorKind::Truncated { needed: 868, available: 867 }
    );
    assert_eq!(refused(&altered(17, 0x62)).kind, ErrorKind::Trailing { bytes: 1 });
    assert_eq!(refused(&altered(18, 1)).at, 18);
    let mut longer = store.clone();
    longer.push(0);
    assert_eq!(refused(&longer).kind, ErrorKind::Trailing { bytes: 1 });
    assert_eq!(refused(&store[..7]).at, 6);
}

#[test]
fn a_password_is_measured_and_not_kept() {
    let bytes = [0x55, 2, 0, 0, 0, 1, 0, 9, 11, 0, 6, b's', b'e', b'c', b'r', b't', 0];
    let message = capf::parse(&bytes, 0).unwrap();
    assert_eq!(message.password_length, Some(5));
    assert!(!format!("{message:?}").contains("115, 101"), "no byte of it");
}

/// Two messages in a row, in pieces of every size, say what they say in one piece; cut anywhere, the rest is told.
#[test]
fn streams_do_not_depend_on_the_pieces() {
    let mut bytes = one("tvs", "good_verify_request");
    bytes.extend(one("tvs", "seed004_query_request_completed"));
    let collect = |size: usize, bytes: &[u8]| {
        let mut stream = tvs::Stream::default();
        let mut found = Vec::new();
        for (number, piece) in bytes.chunks(size).enumerate() {
            let place = Place { frame: (number * size + piece.len()) as u64, ..Place::default() };
            stream.push(piece, place, |message, place| found.push((message, place.frame)));
        }
        (found, stream.end())
    };
    let (whole, rest) = collect(1, &bytes);
    assert_eq!(whole.iter().map(|(_, end)| *end).collect::<Vec<_>>(), [905, 1058]);
    assert!(whole.iter().all(|(found, _)| !found.problems.is_damaged()));
    assert_eq!(rest, None);
    for size in 2..=bytes.len() {
        let (found, rest) = collect(size, &bytes);
        assert!(found.iter().map(|(message, _)| message).eq(whole.iter().map(|(one, _)| one)));
        assert_eq!(rest, None, "pieces of {size}");
    }
    for end in 0..bytes.len() {
        let (found, rest) = collect(64, &bytes[..end]);
        assert_eq!(found.len(), usize::from(end >= 905), "cut at {end}");
        assert_eq!(rest.is_some(), end != 0 && end != 905, "cut at {end}");
    }
}

#[test]
fn a_stream_of_something_else_ends_at_once() {
    let mut stream = capf::Stream::default();
    let mut found = Vec::new();
    let noise = vec![0x47; 1_000_000];
    stream.push(&noise, Place::default(), |message, _| found.push(message));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, None);
    assert_eq!(stream.held(), 0);
    // Behind a gap a message may begin.
    stream.gap(1_000_000);
    let after = one("capf", "good_05_in_progress");
    stream.push(&after, Place::default(), |message, _| found.push(message));
    assert_eq!(found[1].message.as_ref().unwrap().session, 7);
}

#[test]
fn no_flipped_bit_or_cut_panics() {
    for family in ["tvs", "capf"] {
        for Vector { bytes, truth, .. } in vectors(family) {
            for at in 0..bytes.len() {
                let mut flipped = bytes.clone();
                for bit in [0x01, 0x80, 0xff] {
                    flipped[at] = bytes[at] ^ bit;
                    let _ = (tvs::parse(&flipped, 0), capf::parse(&flipped, 0));
                }
                let cut = &bytes[..at];
                let accepted = tvs::parse(cut, 0).is_ok() || capf::parse(cut, 0).is_ok();
                assert!(!accepted || truth["expected"] == "reject", "cut at {at}");
            }
        }
    }
}
