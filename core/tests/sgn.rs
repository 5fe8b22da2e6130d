//! Signed files: independent vectors (`tests/data/sgn`, `tests/data/enc`), damage at every place, roles of the signer,
//! decryption. The vectors' JSON files tell the truth about them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tlvet_core::error::ErrorKind;
use tlvet_core::report::model::SignedContent;
use tlvet_core::sgn::verify::{Candidate, Missing, Outcome, Place, Reason, Verdict};
use tlvet_core::sgn::{DecryptFailure, SignedFile, decrypt, verify};
use tlvet_core::tlv::field::Text;
use tlvet_core::trustlist::record::Record;
use tlvet_core::trustlist::role::Role;
use tlvet_core::trustlist::verify::Failure;
use tlvet_core::x509::Certificate;
use tlvet_core::x509::private_key::PrivateKey;

fn data(path: &str) -> Vec<u8> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path);
    fs::read(&file).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every vector of a folder: name, what is true about it, its bytes.
fn vectors(folder: &str) -> Vec<(String, Value, Vec<u8>)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    let mut names: Vec<String> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let truth: Value = serde_json::from_slice(&data(&format!("{folder}/{name}"))).unwrap();
            let bytes = data(&format!("{folder}/{}", truth["file"].as_str().unwrap()));
            (name.trim_end_matches(".json").to_owned(), truth, bytes)
        })
        .collect()
}

fn certificate(name: &str) -> Certificate {
    Certificate::parse(&data(&format!("keys/{name}.der")), 0).unwrap()
}

fn key(name: &str) -> PrivateKey {
    PrivateKey::parse(&data(&format!("keys/{name}.pem"))).unwrap()
}

/// The certificate that a vector names as its signer's.
fn signer(truth: &Value) -> Certificate {
    let path = truth["signer_certificate"].as_str().unwrap();
    certificate(path.trim_start_matches("keys/").trim_end_matches(".crt"))
}

fn verified_by(bytes: &[u8], certificate: &Certificate) -> Verdict {
    verify(&SignedFile::read(bytes), [Candidate::Observed(certificate)].into_iter())
}

fn is_verified(verdict: &Verdict) -> bool {
    matches!(verdict.outcome, Outcome::Verified { .. })
}

/// Checks that an accepted vector is verified by its signer's certificate, and nothing else.
fn assert_accepted(name: &str, bytes: &[u8], certificate: &Certificate) {
    let verdict = verified_by(bytes, certificate);
    assert_eq!(verdict.outcome, Outcome::Verified { role: None }, "{name}");
    let made_by = verdict.made_by.expect(name);
    assert_eq!(made_by.value().certificate, certificate.digests.sha256, "{name}");
    assert_eq!(verdict.places, vec![Place::Observed], "{name}");
}

fn assert_header(name: &str, file: &SignedFile, truth: &Value) {
    let header = &file.header;
    let Some(expected) = truth.get("header") else { return };
    let (major, minor) = header.version.unwrap();
    assert_eq!(expected["version"], format!("{major}.{minor}"), "{name}");
    assert_eq!(expected["header_length"], header.header_length.unwrap(), "{name}");
    assert_eq!(expected["header_length"], file.body_offset, "{name}");
    assert_eq!(expected["signer_name"], header.signer_name.as_ref().unwrap().text, "{name}");
    assert_eq!(expected["signer_issuer"], header.signer_issuer.as_ref().unwrap().text, "{name}");
    let serial = tlvet_core::bytes::hex(header.signer_serial.as_ref().unwrap());
    assert_eq!(expected["signer_serial"], serial, "{name}");
    assert_eq!(expected["hash_code"], header.digest_code.unwrap(), "{name}");
    assert_eq!(expected["modulus_code"], header.modulus_code.unwrap(), "{name}");
    assert_eq!(expected["padding_bytes"], header.padding, "{name}");
    assert_eq!(expected["filename"], file.filename(), "{name}");
    let tags: Vec<u8> = header.elements.iter().map(|place| place.tag).collect();
    assert_eq!(expected["tags_in_order"], serde_json::json!(tags), "{name}");
}

#[test]
fn signed_vectors_get_their_verdict() {
    let vectors = vectors("sgn");
    assert_eq!(vectors.len(), 26);
    for (name, truth, bytes) in vectors {
        let file = SignedFile::read(&bytes);
        assert_header(&name, &file, &truth);
        if name == "good_cisco_01_firmware_header_layout" {
            // Firmware is shown, never claimed verified: its signing rule is not public (formats.md section 7).
            assert_eq!(file.content, SignedContent::Firmware);
            let verdict = verified_by(&bytes, &signer(&truth));
            assert_eq!(verdict.outcome, Outcome::Unverifiable(Missing::FirmwareRule));
            assert_eq!(verdict.made_by, None);
            continue;
        }
        match truth["expected"].as_str().unwrap() {
            "accept" => {
                assert_accepted(&name, &bytes, &signer(&truth));
                assert!(file.header.problems.list.is_empty(), "{name}: {:?}", file.header.problems);
                if let Some(body) = truth["body_file"].as_str() {
                    let body = data(&format!("sgn/{body}"));
                    let start = usize::try_from(file.body_offset).unwrap();
                    assert_eq!(bytes[start..], body, "{name}");
                    assert_eq!(file.body_length, body.len() as u64, "{name}");
                }
            }
            "reject" => {
                let verdict = verified_by(&bytes, &signer(&truth));
                assert!(!is_verified(&verdict), "{name}: {verdict:?}");
                assert_eq!(verdict.made_by, None, "{name}");
            }
            other => panic!("{name}: {other}"),
        }
    }
}

#[test]
fn rejected_vectors_are_rejected_for_their_own_reason() {
    let outcome = |name: &str| {
        let bytes = data(&format!("sgn/{name}.cnf.xml.sgn"));
        verified_by(&bytes, &certificate("tftp")).outcome
    };
    let mismatch =
        Outcome::Failed(Reason::Signature(Failure::SignatureMismatch { key_bits: 2048 }));
    for name in [
        "bad_body_of_other_file",
        "bad_flip_body_1012",
        "bad_flip_tag12_at143",
        "bad_trailing_newline",
        "bad_wrong_key",
    ] {
        assert_eq!(outcome(name), mismatch, "{name}");
    }
    // The flipped bit makes `CN` a `BN`: no common name is left to compare, so the signature decides.
    assert_eq!(outcome("bad_flip_tag04_at16"), mismatch);
    let mut renamed = data("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn");
    renamed[19] ^= 1;
    assert_eq!(
        verified_by(&renamed, &certificate("tftp")).outcome,
        Outcome::Failed(Reason::SubjectDiffers)
    );
    assert_eq!(outcome("bad_flip_tag05_at102"), Outcome::Unverifiable(Missing::Signer));
    assert_eq!(
        outcome("bad_flip_tag10_at135"),
        Outcome::Failed(Reason::Signature(Failure::AlgorithmUnknown(1)))
    );
    for name in
        ["bad_header_length_into_body", "bad_flip_tag02_at8", "bad_trunc_00439", "bad_unsigned_xml"]
    {
        assert!(matches!(outcome(name), Outcome::Failed(Reason::Damaged(_))), "{name}");
    }
    let other = certificate("other");
    let bytes = data("sgn/bad_wrong_signer_cert.cnf.xml.sgn");
    assert_eq!(verified_by(&bytes, &other).outcome, Outcome::Unverifiable(Missing::Signer));
}

#[test]
fn content_is_told_by_header_and_body() {
    let content = |path: &str| SignedFile::read(&data(path)).content;
    assert_eq!(content("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn"), SignedContent::Configuration);
    assert_eq!(content("sgn/good_cu_08_binary_100k.cnf.xml.sgn"), SignedContent::Other);
    assert_eq!(content("enc/good_cu_02_rsa2048_sha512.cnf.xml.enc.sgn"), SignedContent::Encrypted);
    // A body of its own kind behind a good header: the content follows the body.
    let good = data("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn");
    for (body, expected) in [
        (&b"CNU_File_Archive_3.0"[..], SignedContent::Firmware),
        (b"TiZp....", SignedContent::Firmware),
        (b"\r\n<device>", SignedContent::Configuration),
        (b"\xef\xbb\xbf<?xml version=\"1.0\"?><!-- x --><Default/>", SignedContent::Configuration),
        (b"<?xml version=\"1.0\"?><DIALTEMPLATE/>", SignedContent::Other),
        (b"", SignedContent::Other),
    ] {
        let bytes = [&good[..440], body].concat();
        let file = SignedFile::read(&bytes);
        assert_eq!(file.content, expected, "{}", String::from_utf8_lossy(body));
        assert_eq!((file.body_offset, file.body_length), (440, body.len() as u64));
    }
}

#[test]
fn configuration_of_a_signed_file() {
    let file = SignedFile::read(&data("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn"));
    let configuration = file.configuration.unwrap();
    assert_eq!(configuration.device.as_deref(), Some("SEP001122334455"), "from FILENAME");
    assert_eq!(configuration.load.as_deref(), Some("sip88xx.14-2-1-0001-14"));
    assert_eq!(configuration.encrypted_config, Some(false));
    assert_eq!(configuration.capf_auth_mode.as_deref(), Some("0"));
    assert_eq!(configuration.call_managers.len(), 1);
    assert_eq!(configuration.call_managers[0].name, "10.0.0.1");
    assert_eq!(configuration.capf_servers[0].port, Some(3804));
    assert_eq!(configuration.certificate_hash, None, "an empty element says nothing");
    assert!(configuration.credentials.is_empty());
}

/// A record as `role` for `certificate`, written like the good vectors' headers.
fn record(number: u32, role: Role, certificate: &Certificate) -> Record {
    let name = Text::read(b"CN=tftp.example.test,O=Example,OU=Voice\0").0;
    Record {
        number,
        role: Some(role),
        subject: Some(name.clone()),
        issuer: Some(name),
        serial: Some(certificate.serial.clone()),
        certificate: Some(Box::new(certificate.clone())),
        ..Record::default()
    }
}

#[test]
fn the_role_decides_beside_the_signature() {
    let file = SignedFile::read(&data("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn"));
    let tftp = certificate("tftp");
    let check = |roles: &[Role]| {
        let records: Vec<Record> =
            roles.iter().zip(1..).map(|(role, number)| record(number, *role, &tftp)).collect();
        verify(&file, records.iter().map(|record| Candidate::Record { list: 7, record }))
    };
    for role in [Role::TFTP, Role::CCM_TFTP] {
        let verdict = check(&[Role::SAST, role]);
        assert_eq!(verdict.outcome, Outcome::Verified { role: Some(role) });
        let places = vec![
            Place::Record { list: 7, record: 2, role: Some(role) },
            Place::Record { list: 7, record: 1, role: Some(Role::SAST) },
        ];
        assert_eq!(verdict.places, places);
    }
    for role in [Role::SAST, Role::CAPF, Role::TVS, Role::CCM] {
        let verdict = check(&[role]);
        assert_eq!(verdict.outcome, Outcome::Failed(Reason::RoleUnfit(vec![role])));
        let made_by = verdict.made_by.expect("the signature is right, whatever the role");
        assert_eq!(made_by.value().certificate, tftp.digests.sha256);
    }
    // A list that knows the signer in another role outweighs the user's trust.
    let sast = record(1, Role::SAST, &tftp);
    let candidates = [Candidate::Trusted(&tftp), Candidate::Record { list: 0, record: &sast }];
    assert_eq!(
        verify(&file, candidates.into_iter()).outcome,
        Outcome::Failed(Reason::RoleUnfit(vec![Role::SAST]))
    );
    let trusted = verify(&file, [Candidate::Trusted(&tftp)].into_iter());
    assert_eq!(trusted.outcome, Outcome::Verified { role: None });
    assert_eq!(trusted.places, vec![Place::Trusted]);
    assert_eq!(
        verify(&file, std::iter::empty()).outcome,
        Outcome::Unverifiable(Missing::Signer),
        "without any certificate"
    );
}

#[test]
fn an_impostor_with_issuer_serial_and_subject_of_the_signer_is_no_signer() {
    let file = SignedFile::read(&data("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn"));
    let tftp = certificate("tftp");
    let impostor = Certificate::parse(&data("sgn/impostor.der"), 0).unwrap();
    assert_eq!(impostor.serial, tftp.serial);
    assert_ne!(impostor.public_key, tftp.public_key);
    let mismatch =
        Outcome::Failed(Reason::Signature(Failure::SignatureMismatch { key_bits: 2048 }));
    assert_eq!(verify(&file, [Candidate::Observed(&impostor)].into_iter()).outcome, mismatch);
    // The list's own signer record wins over a certificate that was merely seen, whichever made the signature.
    let listed = record(1, Role::TFTP, &impostor);
    let candidates = [Candidate::Observed(&tftp), Candidate::Record { list: 0, record: &listed }];
    let verdict = verify(&file, candidates.into_iter());
    assert_eq!(verdict.outcome, mismatch);
    assert_eq!(verdict.places, vec![Place::Record { list: 0, record: 1, role: Some(Role::TFTP) }]);
    // Two records claim the signer: the key decides.
    let true_one = record(2, Role::CCM_TFTP, &tftp);
    let both = [&listed, &true_one].map(|record| Candidate::Record { list: 0, record });
    assert_eq!(
        verify(&file, both.into_iter()).outcome,
        Outcome::Verified { role: Some(Role::CCM_TFTP) }
    );
    // A record whose fields contradict its certificate vouches for nothing.
    let mut forged = record(3, Role::TFTP, &tftp);
    forged.serial = Some(vec![1, 2, 3]);
    let verdict = verify(&file, [Candidate::Record { list: 0, record: &forged }].into_iter());
    assert_eq!(verdict.outcome, Outcome::Unverifiable(Missing::Signer));
}

#[test]
fn a_record_by_hash_needs_the_certificate() {
    let file = SignedFile::read(&data("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn"));
    let tftp = certificate("tftp");
    let impostor = Certificate::parse(&data("sgn/impostor.der"), 0).unwrap();
    let mut by_hash = record(4, Role::TFTP, &tftp);
    by_hash.certificate = None;
    by_hash.cert_hash = Some(tftp.digests.sha1.to_vec());
    let listed = Candidate::Record { list: 2, record: &by_hash };
    let missing = Outcome::Unverifiable(Missing::SignerCertificate { list: 2, record: 4 });
    assert_eq!(verify(&file, [listed].into_iter()).outcome, missing);
    let other = [listed, Candidate::Observed(&impostor)];
    assert_eq!(verify(&file, other.into_iter()).outcome, missing, "another certificate is no help");
    let right = [Candidate::Observed(&tftp), listed];
    assert_eq!(
        verify(&file, right.into_iter()).outcome,
        Outcome::Verified { role: Some(Role::TFTP) }
    );
}

#[test]
fn serials_may_be_stored_reversed() {
    let mut reversed = certificate("tftp");
    reversed.serial.reverse();
    let file = SignedFile::read(&data("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn"));
    let verdict = verify(&file, [Candidate::Observed(&reversed)].into_iter());
    assert_eq!(verdict.outcome, Outcome::Verified { role: None });
}

#[test]
fn many_certificates_with_the_signers_serial_cost_bounded_work() {
    let file = SignedFile::read(&data("sgn/bad_wrong_key.cnf.xml.sgn"));
    let tftp = certificate("tftp");
    let many: Vec<Certificate> = (0..5_000u32)
        .map(|number| {
            let mut copy = tftp.clone();
            copy.digests.sha256[..4].copy_from_slice(&number.to_be_bytes());
            copy
        })
        .collect();
    let verdict = verify(&file, many.iter().map(Candidate::Observed));
    assert_eq!(verdict.outcome, Outcome::Unverifiable(Missing::TooManyCandidates));
    assert_eq!(verdict.made_by, None);
}

#[test]
fn truncation_at_every_length_is_never_verified() {
    let tftp = certificate("tftp");
    for path in
        ["sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn", "enc/good_cu_02_rsa2048_sha512.cnf.xml.enc.sgn"]
    {
        let good = data(path);
        for length in 0..good.len() {
            let file = SignedFile::read(&good[..length]);
            let verdict = verify(&file, [Candidate::Observed(&tftp)].into_iter());
            assert!(!is_verified(&verdict), "{path}: the first {length} bytes");
            assert!(file.body_offset + file.body_length <= length as u64);
        }
        assert!(is_verified(&verified_by(&good, &tftp)), "{path}");
    }
}

#[test]
fn a_flipped_bit_in_every_header_byte_is_never_verified() {
    let tftp = certificate("tftp");
    for path in
        ["sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn", "enc/good_cu_02_rsa2048_sha512.cnf.xml.enc.sgn"]
    {
        let good = data(path);
        let header = usize::from(SignedFile::read(&good).header.header_length.unwrap());
        for at in 0..header {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << (at % 8);
            let verdict = verified_by(&bytes, &tftp);
            assert!(!is_verified(&verdict), "{path}: byte {at}: {verdict:?}");
            assert_eq!(verdict.made_by, None, "{path}: byte {at}");
        }
    }
}

#[test]
fn encrypted_vectors_get_their_verdict() {
    let vectors = vectors("enc");
    assert_eq!(vectors.len(), 12);
    for (name, truth, bytes) in vectors {
        let file = SignedFile::read(&bytes);
        assert_header(&name, &file, &truth);
        let device_key = truth["device_key"].as_str().unwrap();
        let key = key(device_key.trim_start_matches("keys/").trim_end_matches(".pem"));
        let decrypted = decrypt(&file, &key);
        match truth["expected"].as_str().unwrap() {
            "accept" => {
                assert_eq!(file.content, SignedContent::Encrypted, "{name}");
                assert!(file.problems.list.is_empty(), "{name}");
                assert_accepted(&name, &bytes, &signer(&truth));
                let plain = data(&format!("enc/{}", truth["plain_file"].as_str().unwrap()));
                let decrypted = decrypted.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(decrypted.plain(), plain, "{name}");
                let configuration = decrypted.configuration.unwrap();
                assert_eq!(configuration.device.as_deref(), Some("SEP001122334455"), "{name}");
                let companion = data(&format!("enc/{}", truth["companion"].as_str().unwrap()));
                assert_accepted(&format!("companion of {name}"), &companion, &signer(&truth));
            }
            "reject" => {
                assert!(!is_verified(&verified_by(&bytes, &signer(&truth))), "{name}");
                assert!(decrypted.is_err(), "{name}");
            }
            // Right signatures over content that does not decrypt: the signature is called verified, because it is,
            // and the decryption failed, because it did.
            "policy" => {
                assert_accepted(&name, &bytes, &signer(&truth));
                assert!(decrypted.is_err(), "{name}");
            }
            other => panic!("{name}: {other}"),
        }
    }
}

#[test]
fn decryption_fails_for_its_own_reason() {
    let failure = |path: &str, device: &str| {
        decrypt(&SignedFile::read(&data(path)), &key(device)).expect_err(path)
    };
    let parameter = |message: &str| DecryptFailure::Parameter(message.to_owned());
    assert_eq!(
        failure("enc/odd_signed_pad_count_0.cnf.xml.enc.sgn", "phone"),
        parameter("a pad count of 0; 1 to 16 are legal")
    );
    assert_eq!(
        failure("enc/odd_signed_wrong_iv.cnf.xml.enc.sgn", "phone"),
        DecryptFailure::DigestDiffers
    );
    assert_eq!(DecryptFailure::DigestDiffers.to_string(), "digest differs");
    for (tag, message) in [
        (22, "wrap algorithm 1 is unknown; only 0 is known"),
        (24, "key algorithm 0 is unknown; only 1 is known"),
    ] {
        let path = format!("enc/bad_flip_tag{tag}.cnf.xml.enc.sgn");
        assert_eq!(failure(&path, "phone"), parameter(message));
    }
    assert_eq!(
        failure("enc/bad_flip_last_cipher_byte.cnf.xml.enc.sgn", "phone"),
        DecryptFailure::DigestDiffers
    );
    let good = "enc/good_cu_02_rsa2048_sha512.cnf.xml.enc.sgn";
    assert_eq!(failure(good, "other"), DecryptFailure::WrongKey, "a key of the same size");
    assert_eq!(failure(good, "phone1024"), DecryptFailure::WrongKey, "a key of another size");
    assert_eq!(
        failure("sgn/good_cu_01_rsa2048_sha1.cnf.xml.sgn", "phone"),
        DecryptFailure::NotEncrypted
    );
    let mut cut = data(good);
    cut.pop();
    assert_eq!(
        decrypt(&SignedFile::read(&cut), &key("phone")),
        Err(parameter("575 encrypted bytes are no whole number of 16-byte blocks"))
    );
    let file = SignedFile::read(&cut);
    assert_eq!(file.problems.list.len(), 1);
    assert_eq!(file.problems.list[0].error.at, 824);
    assert!(matches!(file.problems.list[0].error.kind, ErrorKind::BadValue { .. }));
}

#[test]
fn flipped_bits_never_decrypt_to_something_else() {
    let key = key("phone1024");
    let good = data("enc/good_cu_04_rsa1024_device.cnf.xml.enc.sgn");
    let plain = data("enc/good_cu_04_rsa1024_device.plain.xml");
    let mut same = 0;
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        // Bytes that only the signature covers (names, times) leave the plain text as it is.
        if let Ok(decrypted) = decrypt(&SignedFile::read(&bytes), &key) {
            assert_eq!(decrypted.plain(), plain, "byte {at}");
            same += 1;
        }
    }
    assert!(same > 0 && same < 500, "{same}");
}

#[test]
fn nothing_secret_in_what_is_shown() {
    let file = SignedFile::read(&data("enc/good_cu_02_rsa2048_sha512.cnf.xml.enc.sgn"));
    let decrypted = decrypt(&file, &key("phone")).unwrap();
    assert_eq!(format!("{decrypted:?}"), "Decrypted(573 bytes)");
    let plain = data("enc/good_cu_02_rsa2048_sha512.plain.xml");
    assert_eq!(decrypted.masked().as_bytes(), plain, "nothing to mask in this one");
}
