//! Containers through the whole engine: what they are called, what the report says of them, and what it never holds.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use tlvet_core::bytes::hex;
use tlvet_core::limits;
use tlvet_core::report::model::{
    InputKind, InputRole, Protection, Report, Verdict, VerificationStatus,
};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;

const NOW: UnixTime = UnixTime(1_795_132_800);

/// The file `name` of the containers.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        fn data(name: &str) -> &'static [u8] {
            match name {
                $($name => include_bytes!(concat!("data/x509/containers/", $name)),)*
                other => panic!("{other} is not listed"),
            }
        }
    };
}

files!(
    "chain-crl-ber.p7b",
    "java-trust.p12",
    "list.crl",
    "list.crl.der",
    "modern-ber.p12",
    "modern.p12",
    "pbes2-aes256.key.pem",
    "plain.p12",
    "server-ec.csr",
    "server-ec.key.pem",
    "server-sec1-no-public.key.der",
    "server-sec1.key.pem",
    "server.csr",
    "server.csr.der",
    "server.der",
    "server.key.pem",
    "trusted.pem",
);

fn session(names: &[&str], passwords: &[&str]) -> Session {
    let mut session = Session::new();
    for password in passwords {
        session.password(password).unwrap();
    }
    for name in names {
        let id = session.open(name, InputRole::Observed).unwrap();
        session.push(id, data(name));
        session.close(id);
    }
    session
}

fn report(names: &[&str], passwords: &[&str]) -> Report {
    session(names, passwords).report(NOW)
}

#[test]
fn every_kind_is_told_by_its_content() {
    for (name, kind) in [
        ("server.der", InputKind::Certificate),
        ("trusted.pem", InputKind::Certificate),
        ("chain-crl-ber.p7b", InputKind::Certificate),
        ("server.csr", InputKind::CertificateRequest),
        ("server.csr.der", InputKind::CertificateRequest),
        ("list.crl", InputKind::Crl),
        ("list.crl.der", InputKind::Crl),
        ("server.key.pem", InputKind::PrivateKey),
        ("pbes2-aes256.key.pem", InputKind::PrivateKey),
        ("modern.p12", InputKind::Pkcs12),
        ("modern-ber.p12", InputKind::Pkcs12),
        ("java-trust.p12", InputKind::Pkcs12),
    ] {
        for passwords in [&[][..], &["changeit"]] {
            assert_eq!(report(&[name], passwords).inputs[0].kind, kind, "{name}");
        }
    }
}

#[test]
fn the_report_joins_keys_requests_and_certificates() {
    let names = ["modern.p12", "server-ec.csr", "server-ec.key.pem", "list.crl", "server.key.pem"];
    let report = report(&names, &["changeit"]);
    let certificate = report
        .certificates
        .iter()
        .find(|certificate| certificate.serial == "0a02")
        .expect("the certificate of the EC key");
    let store = &report.stores[0];
    assert_eq!((store.input, store.offset, store.certificates, store.keys), (0, 0, 2, 1));
    assert_eq!(store.protection, Protection::Opened);
    assert_eq!(store.verification.status, VerificationStatus::Verified);
    let request = &report.certificate_requests[0];
    assert_eq!(request.certificates, [certificate.sha256.as_str()]);
    assert_eq!(request.verification.status, VerificationStatus::Verified);
    let keys: Vec<_> = report
        .private_keys
        .iter()
        .map(|key| {
            (key.input, key.r#type.as_str(), key.bits, key.protection, key.certificates.len())
        })
        .collect();
    assert_eq!(
        keys,
        [
            (0, "ec", 256, Protection::Opened, 1),
            (2, "ec", 256, Protection::Clear, 1),
            (4, "rsa", 1024, Protection::Clear, 0),
        ]
    );
    let list = &report.revocation_lists[0];
    assert_eq!((list.input, list.number.as_deref(), list.revoked), (3, Some("2a"), 1));
}

#[test]
fn a_locked_store_is_inconclusive_and_says_why() {
    for (passwords, protection) in
        [(&[][..], Protection::NeedsPassword), (&["wrong"], Protection::WrongPassword)]
    {
        let report = report(&["modern.p12"], passwords);
        assert_eq!(report.summary.verdict, Verdict::Inconclusive);
        assert_eq!(report.stores[0].protection, protection);
        assert_eq!(report.stores[0].verification.status, VerificationStatus::Unverifiable);
        assert_eq!((report.certificates.len(), report.private_keys.len()), (0, 0));
    }
}

/// Neither a report nor what one instance hands to another holds a private key or a password.
#[test]
fn secrets_stay_where_they_are() {
    let scalar = &data("server-sec1-no-public.key.der")[7..39];
    let hex = hex(scalar);
    let names = ["modern.p12", "plain.p12", "pbes2-aes256.key.pem", "server-sec1.key.pem"];
    let mut session = session(&names, &["changeit"]);
    let json = session.report_json(NOW);
    for secret in [hex.as_str(), "changeit"] {
        assert!(!json.contains(secret), "{secret}");
    }
    let mut other = Session::new();
    for index in 0..names.len() {
        let id = tlvet_core::session::InputId(u32::try_from(index).unwrap());
        let exported = session.export(id).unwrap();
        assert!(!exported.windows(32).any(|window| window == scalar), "{index}");
        assert!(!exported.windows(8).any(|window| window == b"changeit"), "{index}");
        other.import(&exported).unwrap();
    }
    assert_eq!(other.report_json(NOW), json);
}

#[test]
fn passwords_are_counted_and_measured() {
    let mut session = Session::new();
    assert!(session.password(&"x".repeat(limits::PASSWORD_BYTES + 1)).is_err());
    for _ in 0..limits::PASSWORDS {
        session.password("x").unwrap();
    }
    let error = session.password("x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "password at offset 0: is larger than the limit of 8; the rest was not read"
    );
    assert!(!format!("{session:?}").contains("\"x\""));
}

/// A password is for what is closed after it; what was closed before stays as it was read.
#[test]
fn a_later_password_changes_nothing() {
    let mut session = session(&["modern.p12"], &[]);
    session.password("changeit").unwrap();
    assert_eq!(session.report(NOW).stores[0].protection, Protection::NeedsPassword);
}
