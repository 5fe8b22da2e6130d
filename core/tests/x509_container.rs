//! Containers as openssl writes them, and as people damage them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use tlvet_core::x509::container::{self, Form, ItemContent};
use tlvet_core::x509::{PrivateKey, PrivateKeyFacts, Protection, PublicKey};

const ROOT: &[u8] = include_bytes!("data/x509/authority.der");
const ISSUED: &[u8] = include_bytes!("data/x509/issued.der");
const BUNDLE: &[u8] = include_bytes!("data/x509/container/bundle.pem");
const PKCS7: &[u8] = include_bytes!("data/x509/container/pkcs7.der");

fn certificates(bytes: &[u8]) -> (Form, Vec<(u64, Vec<u8>)>, usize) {
    let container = container::read(bytes).expect("a container");
    let found =
        container.certificates().map(|(offset, found)| (offset, found.der.clone())).collect();
    (container.form, found, container.problems.len())
}

fn both(first: u64, second: u64) -> Vec<(u64, Vec<u8>)> {
    vec![(first, ROOT.to_vec()), (second, ISSUED.to_vec())]
}

fn offset_of(bytes: &[u8], needle: &[u8], nth: usize) -> u64 {
    let mut found = bytes.windows(needle.len()).enumerate().filter(|(_, window)| *window == needle);
    found.nth(nth).unwrap().0 as u64
}

#[test]
fn pem_with_text_around() {
    let second = offset_of(BUNDLE, b"-----BEGIN", 1);
    assert_eq!(certificates(BUNDLE), (Form::Pem, both(20, second), 0));
}

#[test]
fn trust_settings_behind_a_certificate_are_no_problem() {
    let trusted = include_bytes!("data/x509/container/trusted.pem");
    assert!(trusted.starts_with(b"-----BEGIN TRUSTED CERTIFICATE-----"));
    assert_eq!(certificates(trusted), (Form::Pem, vec![(0, ROOT.to_vec())], 0));
    let container = container::read(trusted).unwrap();
    assert_eq!(container.items[1].content, ItemContent::TrustSettings);
}

#[test]
fn der_alone_and_in_a_row() {
    assert_eq!(certificates(ROOT), (Form::Der, vec![(0, ROOT.to_vec())], 0));
    let row = [ROOT, ISSUED].concat();
    assert_eq!(certificates(&row), (Form::Der, both(0, ROOT.len() as u64), 0));
    let trailing = [ROOT, b"\r\n"].concat();
    let container = container::read(&trailing).unwrap();
    assert_eq!(container.certificates().count(), 1);
    assert_eq!(container.problems[0].at, ROOT.len() as u64);
}

#[test]
fn pkcs7_in_both_forms() {
    let first = offset_of(PKCS7, ROOT, 0);
    let second = offset_of(PKCS7, ISSUED, 0);
    assert_eq!(certificates(PKCS7), (Form::Pkcs7, both(first, second), 0));
    let pem = include_str!("data/x509/container/pkcs7.pem");
    assert_eq!(certificates(pem.as_bytes()), (Form::Pem, both(0, 0), 0));
    let windows = pem.replace("PKCS7", "CERTIFICATE");
    assert_eq!(certificates(windows.as_bytes()), (Form::Pem, both(0, 0), 0));
}

#[test]
fn a_damaged_block_hides_no_other() {
    let mut text = BUNDLE.to_vec();
    text[100] = b'?';
    let container = container::read(&text).unwrap();
    assert_eq!(container.certificates().count(), 1);
    assert_eq!(container.problems.len(), 1);
    assert_eq!(container.problems[0].at, 100);
    let second = offset_of(BUNDLE, b"-----BEGIN", 1);
    assert_eq!(container.items[0].offset, second);

    // Cut in the middle of the second.
    let container = container::read(&BUNDLE[..BUNDLE.len() - 100]).unwrap();
    assert_eq!(container.certificates().count(), 1);
    assert_eq!(container.problems[0].at, second);
}

#[test]
fn indented_and_on_one_line() {
    let text = String::from_utf8(BUNDLE.to_vec()).unwrap();
    let indented = text.replace('\n', " \n   ");
    assert_eq!(certificates(indented.as_bytes()).1.len(), 2);
    let one_line = text.replace(['\r', '\n'], " ");
    assert_eq!(certificates(one_line.as_bytes()).1.len(), 2);
}

/// The only item of a container, which is a private key.
fn key(bytes: &[u8]) -> PrivateKeyFacts {
    let container = container::read(bytes).unwrap();
    assert_eq!(container.problems, []);
    match container.items.as_slice() {
        [item] => match &item.content {
            ItemContent::PrivateKey(facts) => facts.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn private_keys_are_recognised_and_not_kept() {
    for (bytes, kind, bits, encrypted) in [
        (&include_bytes!("data/x509/container/key-pkcs8.pem")[..], "rsa", 1024, false),
        (include_bytes!("data/x509/container/key-pkcs8.der"), "rsa", 1024, false),
        (include_bytes!("data/x509/container/key-pkcs1.pem"), "rsa", 1024, false),
        (include_bytes!("data/x509/container/key-pkcs1.der"), "rsa", 1024, false),
        (include_bytes!("data/x509/container/key-512.pem"), "rsa", 512, false),
        (include_bytes!("data/x509/container/key-encrypted.pem"), "unknown", 0, true),
        (include_bytes!("data/x509/container/key-encrypted.der"), "unknown", 0, true),
        (include_bytes!("data/x509/container/key-pkcs1-encrypted.pem"), "rsa", 0, true),
        (include_bytes!("data/x509/container/key-ec.pem"), "ec", 384, false),
        (include_bytes!("data/x509/container/key-ec.der"), "ec", 384, false),
        (include_bytes!("data/x509/container/key-ec-pkcs8.pem"), "ec", 256, false),
    ] {
        let facts = key(bytes);
        assert_eq!((facts.kind.as_str(), facts.bits), (kind, bits));
        assert_eq!(facts.protection == Protection::NeedsPassword, encrypted);
        assert_eq!(facts.protection == Protection::Clear, !encrypted);
        let public =
            facts.public_key.as_ref().map_or(0, |key| postcard::to_allocvec(key).unwrap().len());
        let container = container::read(bytes).unwrap();
        let kept = postcard::to_allocvec(&container).unwrap().len();
        assert!(kept < public + 32, "{kept}: no room for a key beside the public one");
    }
}

#[test]
fn other_things_are_recognised() {
    let parameters = b"-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n";
    let container = container::read(parameters).unwrap();
    assert_eq!(container.items.len(), 1);
    assert_eq!(container.items[0].content, ItemContent::Other("DH PARAMETERS".to_owned()));
    let container = container::read(include_bytes!("data/x509/container/store.p12")).unwrap();
    assert_eq!(container.items.len(), 1);
    let ItemContent::Pkcs12(facts) = &container.items[0].content else {
        panic!("{:?}", container.items)
    };
    assert_eq!(facts.protection, Protection::NeedsPassword);
}

#[test]
fn other_bytes_are_no_container() {
    for bytes in
        [&b""[..], b"0", b"hello", &[1, 0, 2, 1, 2], &[0x30, 0x80], &[0x30, 0x00], b"-----BEGIN"]
    {
        assert_eq!(container::read(bytes), None, "{bytes:02x?}");
    }
}

/// A cut file is recognised or not, and never a panic; a whole certificate of it is never lost.
#[test]
fn every_length_of_every_container_is_read() {
    let key = &include_bytes!("data/x509/container/key-pkcs8.der")[..];
    for whole in [ROOT, PKCS7, BUNDLE.trim_ascii_end(), key] {
        for length in 0..whole.len() {
            let Some(container) = container::read(&whole[..length]) else { continue };
            let (items, problems) = (container.items.len(), container.problems.len());
            // Between the two certificates of the bundle nothing is cut.
            assert!(problems == 1 || (items, problems) == (1, 0), "{length}: {items} {problems}");
        }
    }
    let cut = container::read(&ROOT[..ROOT.len() - 1]).unwrap();
    assert_eq!((cut.items.len(), cut.problems.len()), (0, 1));
}

#[test]
fn private_keys_unwrap() {
    let expected: Vec<u8> = (0..16).collect();
    let wrapped = include_bytes!("data/x509/container/wrapped-1024.bin");
    for bytes in [
        &include_bytes!("data/x509/container/key-pkcs8.pem")[..],
        include_bytes!("data/x509/container/key-pkcs8.der"),
        include_bytes!("data/x509/container/key-pkcs1.pem"),
        include_bytes!("data/x509/container/key-pkcs1.der"),
    ] {
        let key = PrivateKey::parse(bytes).unwrap();
        assert_eq!(key.unwrap_pkcs1v15(wrapped).unwrap(), expected);
        assert_eq!(key.public_key().bits(), 1024);
        assert_eq!(format!("{key:?}"), "PrivateKey(1024 bits)");
        assert!(key.unwrap_pkcs1v15(&wrapped[1..]).is_err());
        let PublicKey::Rsa { exponent, .. } = key.public_key() else { panic!("an RSA key") };
        assert_eq!(exponent, [1, 0, 1]);
    }
    let small = PrivateKey::parse(include_bytes!("data/x509/container/key-512.pem")).unwrap();
    let wrapped = include_bytes!("data/x509/container/wrapped-512.bin");
    assert_eq!(small.unwrap_pkcs1v15(wrapped).unwrap(), expected);
}

#[test]
fn keys_that_cannot_unwrap_say_why() {
    let message = |bytes: &[u8]| PrivateKey::parse(bytes).unwrap_err().to_string();
    assert_eq!(
        message(include_bytes!("data/x509/container/key-encrypted.pem")),
        "private key at offset 0: the key is encrypted with a password"
    );
    assert_eq!(
        message(include_bytes!("data/x509/container/key-pkcs1-encrypted.pem")),
        "private key at offset 0: the key is encrypted with a password"
    );
    assert_eq!(
        message(include_bytes!("data/x509/container/key-ec.pem")),
        "private key at offset 0: it is no RSA key"
    );
    assert_eq!(message(BUNDLE), "private key at offset 0: is missing");
    assert_eq!(message(ROOT), "private key at offset 0: it is no private key");
}

/// A key whose numbers are wrong or cut is refused, and never a panic.
#[test]
fn damaged_private_keys_are_errors() {
    let good = include_bytes!("data/x509/container/key-pkcs1.der");
    for length in 0..good.len() {
        assert!(PrivateKey::parse(&good[..length]).is_err(), "{length}");
    }
    for index in (20..good.len()).step_by(7) {
        let mut der = good.to_vec();
        der[index] ^= 4;
        if let Ok(key) = PrivateKey::parse(&der) {
            let wrapped = include_bytes!("data/x509/container/wrapped-1024.bin");
            let unwrapped = key.unwrap_pkcs1v15(wrapped);
            assert_eq!(
                unwrapped,
                Ok((0..16).collect()),
                "only numbers that are recomputed may differ"
            );
        }
    }
}
