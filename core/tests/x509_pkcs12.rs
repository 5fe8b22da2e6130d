//! PKCS#12 and private keys under a password, as openssl and keytool write them, and as they are damaged.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use tlvet_core::limits;
use tlvet_core::x509::container::{self, Container, Form, ItemContent};
use tlvet_core::x509::{Certificate, Keyring, Password, Pkcs12Facts, PrivateKeyFacts, Protection};

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("data/x509/containers/", $name)).as_slice()
    };
}

const AUTHORITY: &[u8] = data!("authority.der");
const SERVER: &[u8] = data!("server.der");
const SERVER_EC: &[u8] = data!("server-ec.der");
const SMALL: &[u8] = data!("one-round.p12");
const SMALL_LEGACY: &[u8] = data!("one-round-legacy.p12");

fn open(bytes: &[u8], passwords: &[&str]) -> Option<Container> {
    let passwords: Vec<Password> =
        passwords.iter().map(|text| Password::new(text).unwrap()).collect();
    container::read_with(bytes, &mut Keyring::new(&passwords, limits::PASSWORD_ROUNDS))
}

fn store(container: &Container) -> &Pkcs12Facts {
    match &container.items[0].content {
        ItemContent::Pkcs12(facts) => facts,
        other => panic!("{other:?}"),
    }
}

fn keys(container: &Container) -> Vec<&PrivateKeyFacts> {
    let keys = container.items.iter().filter_map(|item| match &item.content {
        ItemContent::PrivateKey(facts) => Some(facts),
        _ => None,
    });
    keys.collect()
}

fn certificates(container: &Container) -> Vec<Vec<u8>> {
    container.certificates().map(|(_, certificate)| certificate.der.clone()).collect()
}

/// It holds the EC key, its certificate and the authority's.
fn assert_whole(name: &str, container: &Container) {
    assert_eq!(container.problems, [], "{name}");
    assert_eq!(container.form, Form::Pkcs12, "{name}");
    assert_eq!(certificates(container), [SERVER_EC, AUTHORITY], "{name}");
    let keys = keys(container);
    assert_eq!((keys.len(), keys[0].kind.as_str(), keys[0].bits), (1, "ec", 256), "{name}");
    let certificate = Certificate::parse(SERVER_EC, 0).unwrap();
    assert_eq!(keys[0].public_key.as_ref(), Some(&certificate.public_key), "{name}");
    assert!(container.items.iter().all(|item| item.offset == 0), "{name}");
}

#[test]
fn stores_of_openssl_open_with_their_password() {
    let old = "pbeWithSHA1And40BitRC2-CBC";
    let triple = "pbeWithSHA1And3-KeyTripleDES-CBC";
    let aes = "PBES2, PBKDF2 with hmacWithSHA256, AES-256-CBC";
    for (name, bytes, mac, encryption, legacy) in [
        ("modern", data!("modern.p12"), "HMAC with sha256", &[aes][..], false),
        ("legacy", data!("legacy.p12"), "HMAC with sha1", &[old, triple], true),
        ("triple-des", data!("triple-des.p12"), "HMAC with sha1", &[triple], false),
        (
            "rc2-128",
            data!("rc2-128.p12"),
            "HMAC with sha1",
            &["pbeWithSHA1And128BitRC2-CBC", "pbeWithSHA1And2-KeyTripleDES-CBC"],
            true,
        ),
        (
            "aes-128-sha512",
            data!("aes-128-sha512.p12"),
            "HMAC with sha512",
            &[
                "PBES2, PBKDF2 with hmacWithSHA256, AES-192-CBC",
                "PBES2, PBKDF2 with hmacWithSHA256, AES-128-CBC",
            ],
            false,
        ),
        ("ber", data!("modern-ber.p12"), "HMAC with sha256", &[aes], false),
        ("many", data!("many-rounds.p12"), "HMAC with sha256", &[aes], false),
        (
            "pbmac1",
            data!("pbmac1.p12"),
            "PBMAC1, PBKDF2 with hmacWithSHA256, hmacWithSHA256",
            &[aes],
            false,
        ),
    ] {
        let container = open(bytes, &["another", "changeit"]).unwrap();
        assert_whole(name, &container);
        assert_eq!(keys(&container)[0].protection, Protection::Opened, "{name}");
        let expected = Pkcs12Facts {
            protection: Protection::Opened,
            mac: Some(mac.to_owned()),
            mac_verified: true,
            encryption: encryption.iter().map(|name| (*name).to_owned()).collect(),
            legacy,
            unread: Vec::new(),
        };
        assert_eq!(store(&container), &expected, "{name}");
    }
}

#[test]
fn stores_of_java_open_with_their_password() {
    for (bytes, legacy) in [(data!("java.p12"), false), (data!("java-legacy.p12"), true)] {
        let container = open(bytes, &["changeit"]).unwrap();
        assert_eq!(container.problems, []);
        assert_eq!(certificates(&container), [SERVER, AUTHORITY]);
        let certificate = Certificate::parse(SERVER, 0).unwrap();
        assert_eq!(keys(&container)[0].public_key.as_ref(), Some(&certificate.public_key));
        assert_eq!((store(&container).mac_verified, store(&container).legacy), (true, legacy));
    }
    let trust = open(data!("java-trust.p12"), &["changeit"]).unwrap();
    assert_eq!((certificates(&trust), trust.problems.len()), (vec![AUTHORITY.to_vec()], 0));
    assert_eq!(keys(&trust).len(), 0);
}

#[test]
fn without_the_password_nothing_is_shown() {
    for bytes in [
        data!("modern.p12"),
        data!("legacy.p12"),
        data!("no-mac-encrypted.p12"),
        data!("java-trust.p12"),
    ] {
        for (passwords, protection) in [
            (&[][..], Protection::NeedsPassword),
            (&["changeit "][..], Protection::WrongPassword),
            (&["", "Changeit"][..], Protection::WrongPassword),
        ] {
            let container = open(bytes, passwords).unwrap();
            assert_eq!(store(&container).protection, protection, "{passwords:?}");
            assert!(!store(&container).mac_verified);
            assert_eq!((container.items.len(), container.problems.len()), (1, 0));
        }
    }
}

#[test]
fn an_empty_password_protects_nothing() {
    for passwords in [&[][..], &["wrong"], &[""]] {
        let container = open(data!("empty-password.p12"), passwords).unwrap();
        assert_whole("empty", &container);
        assert_eq!(store(&container).protection, Protection::Clear);
        assert!(store(&container).mac_verified);
        assert_eq!(keys(&container)[0].protection, Protection::Clear);
    }
}

#[test]
fn letters_beyond_ascii_are_written_as_others_write_them() {
    let container = open(data!("umlaut-password.p12"), &["pässwörd🔑"]).unwrap();
    assert_whole("umlaut", &container);
    let container = open(data!("umlaut-password.p12"), &["password"]).unwrap();
    assert_eq!(store(&container).protection, Protection::WrongPassword);
}

#[test]
fn a_store_without_a_mac_says_so() {
    for bytes in [data!("no-mac.p12"), data!("no-mac-encrypted.p12")] {
        let container = open(bytes, &["changeit"]).unwrap();
        assert_whole("no mac", &container);
        let facts = store(&container);
        assert_eq!((facts.mac.as_deref(), facts.mac_verified), (None, false));
        assert_eq!(facts.protection, Protection::Opened);
    }
}

/// openssl leaves the certificates in clear where it writes no MAC.
#[test]
fn certificates_in_clear_are_shown_while_the_key_stays_locked() {
    for (passwords, protection) in
        [(&[][..], Protection::NeedsPassword), (&["x"], Protection::WrongPassword)]
    {
        let container = open(data!("no-mac.p12"), passwords).unwrap();
        assert_eq!(certificates(&container), [SERVER_EC, AUTHORITY]);
        assert_eq!(store(&container).protection, Protection::Clear);
        assert_eq!(keys(&container)[0].protection, protection);
    }
}

#[test]
fn a_key_in_clear_under_a_good_mac_is_in_clear() {
    let container = open(data!("plain.p12"), &["changeit"]).unwrap();
    assert_whole("plain", &container);
    assert_eq!(store(&container).encryption, [""; 0]);
    assert_eq!(store(&container).protection, Protection::Opened);
    assert_eq!(keys(&container)[0].protection, Protection::Clear);
}

#[test]
fn what_cannot_be_decrypted_is_named() {
    let container = open(data!("rc4.p12"), &["changeit"]).unwrap();
    assert!(store(&container).mac_verified);
    assert_eq!(store(&container).unread, ["the encryption pbeWithSHA1And128BitRC4"]);
    assert_eq!(container.problems, []);
    assert_eq!((certificates(&container).len(), keys(&container).len()), (0, 1));
}

#[test]
fn endless_work_is_refused_before_it_begins() {
    let many = data!("many-rounds.p12");
    let (head, rounds) = many.split_at(many.len() - 5);
    assert_eq!(rounds, [2, 3, 1, 0x86, 0xa0], "100,000 rounds of the MAC end the file");
    let endless = [head, &[2, 3, 0x7f, 0xff, 0xff]].concat();
    assert_eq!(
        store(&open(&endless, &["changeit"]).unwrap()).protection,
        Protection::Unsupported(
            "8388607 rounds of key derivation, beyond the limit of 5000000 for one input"
                .to_owned()
        )
    );
    let mut keyring = Keyring::new(&[Password::new("changeit").unwrap()], 5000);
    let container = container::read_with(data!("modern.p12"), &mut keyring).unwrap();
    assert!(store(&container).mac_verified, "2048 rounds are left for the MAC");
    assert_eq!(certificates(&container).len(), 1 + 1, "and for the certificates");
    let Protection::Unsupported(why) = &keys(&container)[0].protection else {
        panic!("{:?}", keys(&container))
    };
    assert!(why.starts_with("2048 rounds of key derivation"), "{why}");
}

/// A cut store is a problem or locked; never a panic, never a certificate.
#[test]
fn every_length_of_a_store_is_read() {
    for whole in [SMALL, SMALL_LEGACY, data!("modern-ber.p12"), data!("no-mac.p12")] {
        for length in 0..whole.len() {
            let Some(container) = open(&whole[..length], &["changeit"]) else { continue };
            assert_eq!(certificates(&container), Vec::<Vec<u8>>::new(), "{length}");
            assert!(!container.problems.is_empty(), "{length}");
        }
    }
}

/// Every bit of a store with a MAC: what opens holds nothing but what was put in.
#[test]
fn a_changed_store_gives_no_other_certificate() {
    for (whole, authority) in [(SMALL, true), (SMALL_LEGACY, false)] {
        let mut opened = 0;
        for index in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.to_vec();
                changed[index] ^= 1 << bit;
                let Some(container) = open(&changed, &["changeit"]) else { continue };
                let found = certificates(&container);
                assert!(
                    found.iter().all(|der| der == SERVER_EC || (authority && der == AUTHORITY))
                );
                opened += usize::from(!found.is_empty());
            }
        }
        // The version, and bytes around the content that say nothing.
        assert!(opened <= 40, "{opened} changes were not noticed");
    }
}

/// Without a MAC a changed certificate may come out; its own signature then does not hold.
#[test]
fn a_changed_store_without_a_mac_never_panics() {
    let whole = data!("plain.p12");
    for index in 0..whole.len() {
        let mut changed = whole.to_vec();
        changed[index] ^= 1 << (index % 8);
        let _ = open(&changed, &["changeit"]);
    }
}

#[test]
fn private_keys_under_a_password() {
    let certificate = Certificate::parse(SERVER_EC, 0).unwrap();
    for bytes in [
        data!("pbes2-aes256.key.pem"),
        data!("pbes2-aes128-sha1.key.pem"),
        data!("pbes2-3des.key.pem"),
        data!("pbes1-md5-des.key.pem"),
        data!("pbes1-sha1-rc2.key.pem"),
        data!("pkcs12-3des.key.pem"),
        data!("pkcs12-rc2-40.key.pem"),
    ] {
        let container = open(bytes, &["wrong", "changeit"]).unwrap();
        let facts = keys(&container)[0];
        assert_eq!((facts.kind.as_str(), facts.bits), ("ec", 256));
        assert_eq!(facts.protection, Protection::Opened);
        assert_eq!(facts.public_key.as_ref(), Some(&certificate.public_key));
        for (passwords, protection) in
            [(&[][..], Protection::NeedsPassword), (&["x"], Protection::WrongPassword)]
        {
            let container = open(bytes, passwords).unwrap();
            assert_eq!(keys(&container)[0].protection, protection);
            assert_eq!(keys(&container)[0].public_key, None);
        }
    }
    let rsa = Certificate::parse(SERVER, 0).unwrap();
    for bytes in [data!("openssl-aes256.key.pem"), data!("openssl-des3.key.pem")] {
        let container = open(bytes, &["changeit"]).unwrap();
        assert_eq!(keys(&container)[0].protection, Protection::Opened);
        assert_eq!(keys(&container)[0].public_key.as_ref(), Some(&rsa.public_key));
        let container = open(bytes, &["x"]).unwrap();
        assert_eq!(keys(&container)[0].kind, "rsa");
        assert_eq!(keys(&container)[0].protection, Protection::WrongPassword);
    }
    let container = open(data!("scrypt.key.pem"), &["changeit"]).unwrap();
    let why = Protection::Unsupported("key derivation with scrypt".to_owned());
    assert_eq!(keys(&container)[0].protection, why);
}

/// What is kept of a container has no room for a key, whatever opened it.
#[test]
fn no_private_key_is_kept() {
    let key = data!("server-sec1-no-public.key.der");
    // SEQUENCE { INTEGER 1, OCTET STRING of 32 bytes, ... }
    let scalar = &key[7..39];
    for bytes in [data!("modern.p12"), data!("plain.p12"), data!("pbes2-aes256.key.pem"), key] {
        let container = open(bytes, &["changeit"]).unwrap();
        assert_eq!(keys(&container).len(), 1);
        let kept = postcard::to_allocvec(&container).unwrap();
        assert!(!kept.windows(32).any(|window| window == scalar));
    }
}

#[test]
fn the_first_key_is_handed_over_when_it_is_asked_for() {
    let passwords = [Password::new("changeit").unwrap()];
    for bytes in [data!("modern-rsa.p12"), data!("openssl-des3.key.pem")] {
        let mut keyring = Keyring::new(&passwords, limits::PASSWORD_ROUNDS).keeping_key();
        let _ = container::read_with(bytes, &mut keyring);
        let key = keyring.into_key().unwrap();
        let rsa = Certificate::parse(SERVER, 0).unwrap();
        let key = tlvet_core::x509::PrivateKey::parse(&key).unwrap();
        assert_eq!(key.public_key(), rsa.public_key);
    }
    let mut keyring = Keyring::new(&passwords, limits::PASSWORD_ROUNDS);
    let _ = container::read_with(data!("modern.p12"), &mut keyring);
    assert_eq!(keyring.into_key(), None);
}
