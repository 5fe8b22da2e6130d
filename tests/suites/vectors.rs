//! Independent vectors (`tests/vectors`) and our own (`tests/vectors_own`): every `accept` is verified, every `reject`
//! is not, and every `policy` is decided in [`DECISIONS`].
//!
//! Divergences stand in `tests/exceptions.json`, each with its reason; one that is no longer needed fails too.
#![allow(clippy::indexing_slicing, reason = "indexes JSON values: a missing key gives null")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tlvet_core::bytes::hex;
use tlvet_core::report::model::{
    DecryptionStatus, InputKind, InputRole, Report, Severity, VerificationStatus,
};
use tlvet_core::session::Session;
use tlvet_core::sgn::{SignedFile, decrypt::decrypt};
use tlvet_core::time::UnixTime;
use tlvet_core::tlv::header::SignedHeader;
use tlvet_core::trustlist::file::TrustList;
use tlvet_core::trustlist::record::tag;
use tlvet_core::x509::private_key::PrivateKey;
use tlvet_tests::exceptions::Exceptions;
use tlvet_tests::{Failure, rules};

type Result<T> = std::result::Result<T, Failure>;

/// What was decided for a vector whose signature is right and whose content is questionable.
struct Decision {
    /// Family and name.
    vector: &'static str,
    /// What the report says of the signature.
    status: VerificationStatus,
    /// What the report says of the encrypted body.
    decryption: Option<DecryptionStatus>,
    /// A finding that tells of it.
    finding: &'static str,
    /// Why.
    reason: &'static str,
}

use DecryptionStatus::Failed as NotDecrypted;
use VerificationStatus::{Failed, Unverifiable, Verified};

const DECISIONS: &[Decision] = &[
    Decision {
        vector: "itl/odd_02_serial_tlv_differs_from_cert",
        status: Verified,
        decryption: None,
        finding: "record_contradicts_certificate",
        reason: "the signature covers the record as it is; the record is not the signer's, so the contradiction is a \
                 warning of its own",
    },
    Decision {
        vector: "itl/odd_04_unknown_role_99",
        status: Verified,
        decryption: None,
        finding: "record_role_unknown",
        reason: "phones skip roles that they do not know; the number is shown",
    },
    Decision {
        vector: "itl/odd_05_three_sast",
        status: Verified,
        decryption: None,
        finding: "trust_list_tokens_too_many",
        reason: "phones take two tokens only: a warning; the signature holds by the first",
    },
    Decision {
        vector: "itl/odd_08_name_without_nul",
        status: Verified,
        decryption: None,
        finding: "trust_list_oddity",
        reason: "the length bounds the text, the NUL carries nothing: an oddity",
    },
    Decision {
        vector: "itl/odd_11_signer_by_hash_only",
        status: Unverifiable,
        decryption: None,
        finding: "",
        reason: "PUBLICKEY beside a hash is bound to no certificate that could be looked at: the report asks for the \
                 certificate, and verifies with it",
    },
    Decision {
        vector: "itl/odd_13_modulus_code_wrong",
        status: Failed,
        decryption: None,
        finding: "trust_list_algorithm_unknown",
        reason: "a header that contradicts its own signature length is not well formed, and what decides trust is strict",
    },
    Decision {
        vector: "enc/odd_signed_pad_count_0",
        status: Verified,
        decryption: Some(NotDecrypted),
        finding: "signed_file_key_mismatch",
        reason: "the signature holds; 1 to 16 pad bytes are always there, so nothing is called decrypted",
    },
    Decision {
        vector: "enc/odd_signed_wrong_iv",
        status: Verified,
        decryption: Some(NotDecrypted),
        finding: "signed_file_key_mismatch",
        reason: "the signature holds; the digest of the plain text does not, so nothing is called decrypted",
    },
    Decision {
        vector: "itl/odd_certhash_and_certificate",
        status: Verified,
        decryption: None,
        finding: "record_contradicts_certificate",
        reason: "the record is not the signer's: a hash beside another certificate is a contradiction to warn of",
    },
    Decision {
        vector: "itl/odd_subject_of_other",
        status: Verified,
        decryption: None,
        finding: "record_contradicts_certificate",
        reason: "the record is not the signer's; the certificate counts, the name beside it is warned of",
    },
    Decision {
        vector: "itl/odd_key_of_other",
        status: Verified,
        decryption: None,
        finding: "record_contradicts_certificate",
        reason: "the record is not the signer's; phones that read PUBLICKEY see another key: a warning",
    },
    Decision {
        vector: "itl/odd_signature_first",
        status: Verified,
        decryption: None,
        finding: "trust_list_oddity",
        reason: "the signature does not cover its own position: a whole element moved is odd, the content is the same",
    },
    Decision {
        vector: "itl/odd_signature_last",
        status: Verified,
        decryption: None,
        finding: "trust_list_oddity",
        reason: "the signature does not cover its own position: a whole element moved is odd, the content is the same",
    },
    Decision {
        vector: "itl/odd_unknown_record_element",
        status: Verified,
        decryption: None,
        finding: "trust_list_oddity",
        reason: "newer writers may add elements; kept, shown and skipped",
    },
    Decision {
        vector: "itl/odd_certificate_with_tail",
        status: Verified,
        decryption: None,
        finding: "",
        reason: "the record is not the signer's, and its DER is whole; bytes behind it are no part of it",
    },
    Decision {
        vector: "itl/odd_signer_record_twice",
        status: Verified,
        decryption: None,
        finding: "",
        reason: "both records hold the same certificate, so there is no doubt who signed",
    },
    Decision {
        vector: "sgn/odd_filename_of_other_phone",
        status: Verified,
        decryption: None,
        finding: "",
        reason: "the signature holds for the name in the header; it is compared with a device only where an input names one",
    },
    Decision {
        vector: "sgn/odd_signature_last",
        status: Verified,
        decryption: None,
        finding: "signed_file_oddity",
        reason: "the signature does not cover its own position: a whole element moved is odd, the content is the same",
    },
    Decision {
        vector: "enc/odd_pad_count_17",
        status: Verified,
        decryption: Some(NotDecrypted),
        finding: "signed_file_key_mismatch",
        reason: "the signature holds; 1 to 16 pad bytes are possible, so nothing is called decrypted",
    },
    Decision {
        vector: "enc/odd_digest_of_other",
        status: Verified,
        decryption: Some(NotDecrypted),
        finding: "signed_file_key_mismatch",
        reason: "the signature holds; the digest of the plain text does not, so nothing is called decrypted",
    },
    Decision {
        vector: "enc/odd_wrapped_bits",
        status: Verified,
        decryption: Some(NotDecrypted),
        finding: "signed_file_key_mismatch",
        reason: "a header that contradicts the length of its wrapped key is not believed",
    },
    Decision {
        vector: "enc/odd_key_of_other_phone",
        status: Verified,
        decryption: Some(NotDecrypted),
        finding: "signed_file_key_mismatch",
        reason: "the file is for another phone: its key does not open it",
    },
];

/// A vector and its truth.
struct Vector {
    /// Family and name.
    key: String,
    folder: PathBuf,
    truth: Value,
    bytes: Vec<u8>,
}

fn vectors(family: &str) -> anyhow::Result<Vec<Vector>> {
    let mut found = Vec::new();
    for set in ["vectors", "vectors_own"] {
        let root = tlvet_tests::folder().join(set);
        if !root.join(family).is_dir() {
            continue;
        }
        for path in tlvet_tests::files_below(&root.join(family))? {
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let truth: Value = serde_json::from_slice(&fs::read(&path)?)?;
            let file = truth["file"].as_str().context("file")?;
            let bytes = fs::read(path.with_file_name(file))?;
            let name = truth["name"].as_str().context("name")?;
            found.push(Vector {
                key: format!("{family}/{name}"),
                folder: root.clone(),
                truth,
                bytes,
            });
        }
    }
    ensure!(!found.is_empty(), "no vectors of {family}");
    Ok(found)
}

impl Vector {
    fn text(&self, key: &str) -> &str {
        self.truth[key].as_str().unwrap_or_default()
    }

    /// A file that the truth names, relative to the set.
    fn file(&self, key: &str) -> anyhow::Result<Vec<u8>> {
        let path = self.folder.join(self.text(key));
        fs::read(&path).with_context(|| format!("{}: {}", self.key, path.display()))
    }

    /// A file beside the vector.
    fn beside(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        let family = self.key.split('/').next().unwrap_or_default();
        let path = self.folder.join(family).join(name);
        fs::read(&path).with_context(|| format!("{}: {}", self.key, path.display()))
    }

    /// The report on the vector and other inputs; the vector is input 0.
    fn report(&self, others: &[(&str, InputRole, &[u8])]) -> anyhow::Result<Report> {
        let mut session = Session::new();
        for (name, role, bytes) in
            std::iter::once(&(self.text("file"), InputRole::Observed, self.bytes.as_slice()))
                .chain(others)
        {
            let id = session.open(name, *role).map_err(|error| anyhow::anyhow!("{error}"))?;
            session.push(id, bytes);
            session.close(id);
        }
        let now = UnixTime::parse("2026-11-20T12:00:00Z").context("now")?;
        Ok(session.report(now))
    }

    fn decision(&self) -> Option<&'static Decision> {
        DECISIONS.iter().find(|decision| decision.vector == self.key)
    }
}

/// Runs `check` on every vector of a family; it answers with what is wrong.
fn run(
    family: &str,
    check: impl Fn(&Vector, &mut Vec<String>) -> anyhow::Result<()>,
) -> Result<()> {
    let mut exceptions = Exceptions::load(&format!("{family}/"))?;
    let mut failures = Vec::new();
    for vector in vectors(family)? {
        let mut wrong = Vec::new();
        if let Err(error) = check(&vector, &mut wrong) {
            wrong.push(format!("{error:#}"));
        }
        exceptions.excuse_lines(&vector.key, &mut wrong);
        if !wrong.is_empty() && !exceptions.excuses(&vector.key) {
            let lines: String = wrong.iter().map(|line| format!("\n  - {line}")).collect();
            failures.push(format!(
                "{} ({}): {}{lines}",
                vector.key,
                vector.text("expected"),
                vector.text("why")
            ));
        }
    }
    for key in exceptions.stale() {
        failures.push(format!("{key} does what it expects: its exception is no longer needed"));
    }
    Failure::unless_empty(&failures, "vectors that fail")
}

#[test]
fn itl() -> Result<()> {
    run("itl", trust_list)
}

#[test]
fn ctl() -> Result<()> {
    run("ctl", trust_list)
}

#[test]
fn sgn() -> Result<()> {
    run("sgn", signed_file)
}

#[test]
fn enc() -> Result<()> {
    run("enc", encrypted_file)
}

#[test]
fn every_policy_vector_is_decided_with_a_reason() -> Result<()> {
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for family in ["itl", "ctl", "sgn", "enc"] {
        for vector in vectors(family)? {
            known.insert(vector.key.clone());
            if vector.text("expected") == "policy" && vector.decision().is_none() {
                wrong.push(format!("{}: no decision", vector.key));
            }
        }
    }
    for decision in DECISIONS {
        if !known.contains(decision.vector) {
            wrong.push(format!("{}: there is no such vector", decision.vector));
        }
        if decision.reason.len() < 20 {
            wrong.push(format!("{}: no reason", decision.vector));
        }
    }
    Failure::unless_empty(&wrong, "decisions")
}

#[test]
fn a_signer_by_hash_is_verified_once_its_certificate_is_there() -> Result<()> {
    let all = vectors("itl")?;
    let vector = all
        .iter()
        .find(|vector| vector.key == "itl/odd_11_signer_by_hash_only")
        .context("the vector is there")?;
    let certificate = vector.file("signer_certificate")?;
    let report = vector.report(&[("signer.crt", InputRole::Observed, &certificate)])?;
    let other = fs::read(vector.folder.join("keys/other.crt"))?;
    let still = vector.report(&[("other.crt", InputRole::Observed, &other)])?;
    let mut wrong = Vec::new();
    expect_list(&report, Verified, &mut wrong);
    expect_list(&still, Unverifiable, &mut wrong);
    Failure::unless_empty(&wrong, "signer by hash")
}

fn expect_list(report: &Report, expected: VerificationStatus, wrong: &mut Vec<String>) {
    match report.trust_lists.first() {
        Some(list) if list.verification.status == expected => {}
        Some(list) => wrong.push(format!("expected {expected:?}, got {:?}", list.verification)),
        None => wrong
            .push(format!("no trust list: taken for {:?}", report.inputs.first().map(|i| i.kind))),
    }
}

fn trust_list(vector: &Vector, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let report = vector.report(&[])?;
    wrong.extend(rules::broken(&report));
    match vector.text("expected") {
        "accept" => {
            expect_list(&report, Verified, wrong);
            for finding in
                report.findings.iter().filter(|finding| finding.severity == Severity::Error)
            {
                // What a list lacks is another matter than whether it is well formed and signed.
                if finding.code.starts_with("trust_list_") {
                    wrong.push(format!("{}: {}", finding.code, finding.title));
                }
            }
        }
        "reject" => {
            if rules::claims_verified(&report) {
                wrong.push("is called verified".to_owned());
            }
            // A configuration in clear claims no signature: it is shown as what it is.
            let kind = report.inputs.first().map(|input| input.kind);
            let silent = report.summary.errors + report.summary.warnings == 0;
            if silent && kind != Some(InputKind::Configuration) {
                wrong.push("there is neither an error nor a warning".to_owned());
            }
        }
        _ => {
            if let Some(decision) = vector.decision() {
                expect_list(&report, decision.status, wrong);
                expect_finding(&report, decision.finding, wrong);
            }
        }
    }
    if !vector.truth["header"].is_null() {
        let list = TrustList::read(&vector.bytes);
        compare_header(&vector.truth["header"], &list.header, wrong);
        compare_records(&vector.truth["records"], &list, wrong);
        compare_report(&vector.truth, &report, wrong);
    }
    Ok(())
}

fn expect_finding(report: &Report, code: &str, wrong: &mut Vec<String>) {
    if !code.is_empty() && !report.findings.iter().any(|finding| finding.code == code) {
        wrong.push(format!("no finding {code}"));
    }
}

fn signed_file(vector: &Vector, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let certificate = vector.file("signer_certificate")?;
    for role in [InputRole::Observed, InputRole::Trust] {
        let report = vector.report(&[("signer.crt", role, &certificate)])?;
        wrong.extend(rules::broken(&report));
        judge_signed(vector, &report, wrong);
    }
    // Without any certificate nothing can be verified.
    if rules::claims_verified(&vector.report(&[])?) {
        wrong.push("is called verified without a certificate".to_owned());
    }
    let file = SignedFile::read(&vector.bytes);
    if !vector.truth["header"].is_null() {
        compare_header(&vector.truth["header"], &file.header, wrong);
    }
    if let Some(name) = vector.truth["body_file"].as_str() {
        let body = vector.beside(name)?;
        let start = usize::try_from(file.body_offset)?;
        if vector.bytes.get(start..) != Some(body.as_slice()) {
            wrong.push("the body is another".to_owned());
        }
    }
    Ok(())
}

fn judge_signed(vector: &Vector, report: &Report, wrong: &mut Vec<String>) {
    let status = report.signed_files.first().map(|file| file.verification.status);
    let claims = rules::claims_verified(report);
    match vector.text("expected") {
        "accept" if status != Some(Verified) => {
            let reason = report.signed_files.first().map(|file| file.verification.reason.as_str());
            wrong.push(format!("expected Verified, got {status:?}: {reason:?}"));
        }
        "accept" => {
            let by = report.signed_files.first().and_then(|file| file.verification.by.clone());
            if by.is_none() {
                wrong.push("does not say by which certificate".to_owned());
            }
        }
        "reject" if claims => wrong.push("is called verified".to_owned()),
        "reject" => {}
        _ => {
            if let Some(decision) = vector.decision() {
                if status != Some(decision.status) {
                    wrong.push(format!("expected {:?}, got {status:?}", decision.status));
                }
                expect_finding(report, decision.finding, wrong);
            }
        }
    }
}

fn encrypted_file(vector: &Vector, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let certificate = vector.file("signer_certificate")?;
    let key = vector.file("device_key")?;
    let report = vector.report(&[
        ("signer.crt", InputRole::Observed, &certificate),
        ("phone.pem", InputRole::Key, &key),
    ])?;
    wrong.extend(rules::broken(&report));
    judge_signed(vector, &report, wrong);
    let file = SignedFile::read(&vector.bytes);
    let private = PrivateKey::parse(&key).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let decrypted = decrypt(&file, &private);
    let status = report
        .signed_files
        .first()
        .and_then(|file| file.decryption.as_ref())
        .map(|decryption| decryption.status);
    match vector.text("expected") {
        "accept" => {
            let plain = vector.beside(vector.text("plain_file"))?;
            match &decrypted {
                Ok(decrypted) if decrypted.plain() == plain => {}
                Ok(_) => wrong.push("decrypts to another text".to_owned()),
                Err(error) => wrong.push(format!("does not decrypt: {error}")),
            }
            if status != Some(DecryptionStatus::Decrypted) {
                wrong.push(format!("the report says {status:?}"));
            }
            companion(vector, &certificate, wrong)?;
            let stranger = fs::read(vector.folder.join("keys/other.pem"))?;
            let stranger =
                PrivateKey::parse(&stranger).map_err(|error| anyhow::anyhow!("{error:?}"))?;
            if decrypt(&file, &stranger).is_ok() {
                wrong.push("decrypts with another key".to_owned());
            }
        }
        "policy" => {
            let expected = vector.decision().and_then(|decision| decision.decryption);
            if status != expected {
                wrong.push(format!("decryption: expected {expected:?}, got {status:?}"));
            }
        }
        _ => {}
    }
    if !vector.truth["header"].is_null() {
        compare_header(&vector.truth["header"], &file.header, wrong);
        compare_encryption(&vector.truth["header"]["encryption"], &file.header, wrong);
    }
    Ok(())
}

/// The short signed file beside an encrypted one: verified, and it names the phone's certificate.
fn companion(vector: &Vector, certificate: &[u8], wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let Some(name) = vector.truth["companion"].as_str() else { return Ok(()) };
    let bytes = vector.beside(name)?;
    let other = Vector {
        key: vector.key.clone(),
        folder: vector.folder.clone(),
        truth: serde_json::json!({ "file": name, "expected": "accept" }),
        bytes,
    };
    let report = other.report(&[("signer.crt", InputRole::Observed, certificate)])?;
    judge_signed(&other, &report, wrong);
    let configuration =
        report.configurations.first().context("the companion is a configuration")?;
    let got = configuration.certificate_hash.clone().unwrap_or_default().to_lowercase();
    compare("certHash of the companion", &vector.truth["device_certificate_md5"], &got, wrong);
    if configuration.full_config != Some(false) || configuration.encrypted_config != Some(true) {
        wrong.push(format!(
            "companion: {:?} {:?}",
            configuration.full_config, configuration.encrypted_config
        ));
    }
    Ok(())
}

/// One field against the truth; numbers and texts are compared as text, a field that the truth lacks is not.
fn compare(what: &str, truth: &Value, got: &str, wrong: &mut Vec<String>) {
    let expected = match truth {
        Value::Null => return,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if expected != got {
        wrong.push(format!("{what}: expected {expected}, got {got}"));
    }
}

fn compare_header(truth: &Value, header: &SignedHeader, wrong: &mut Vec<String>) {
    let version =
        |version: Option<(u8, u8)>| version.map_or(String::new(), |(a, b)| format!("{a}.{b}"));
    let text = |text: &Option<tlvet_core::tlv::field::Text>| {
        text.as_ref().map_or(String::new(), |t| t.text.clone())
    };
    let number =
        |number: Option<u64>| number.map_or("none".to_owned(), |number| number.to_string());
    let serial = header.signer_serial.as_deref().map(hex).unwrap_or_default();
    let length = header.signature.as_ref().map(|signature| signature.len() as u64);
    let tags: Vec<u8> = header.elements.iter().map(|place| place.tag).collect();
    compare(
        "header_length",
        &truth["header_length"],
        &number(header.header_length.map(u64::from)),
        wrong,
    );
    compare("version", &truth["version"], &version(header.version), wrong);
    compare("signer_version", &truth["signer_version"], &version(header.signer_version), wrong);
    compare("signer_name", &truth["signer_name"], &text(&header.signer_name), wrong);
    compare("signer_serial", &truth["signer_serial"], &serial, wrong);
    compare("signer_issuer", &truth["signer_issuer"], &text(&header.signer_issuer), wrong);
    compare("hash_code", &truth["hash_code"], &number(header.digest_code.map(u64::from)), wrong);
    let algorithm = number(header.signature_algorithm_code.map(u64::from));
    compare("signature_algorithm_code", &truth["signature_algorithm_code"], &algorithm, wrong);
    compare(
        "modulus_code",
        &truth["modulus_code"],
        &number(header.modulus_code.map(u64::from)),
        wrong,
    );
    compare("signature_length", &truth["signature_length"], &number(length), wrong);
    compare("padding_bytes", &truth["padding_bytes"], &header.padding.to_string(), wrong);
    compare("tags_in_order", &truth["tags_in_order"], &serde_json::json!(tags).to_string(), wrong);
    compare("filename", &truth["filename"], &text(&header.filename), wrong);
    compare("timestamp", &truth["timestamp"], &number(header.timestamp.map(u64::from)), wrong);
}

fn compare_encryption(truth: &Value, header: &SignedHeader, wrong: &mut Vec<String>) {
    let Some(encryption) = &header.encryption else {
        wrong.push("the header has no encryption part".to_owned());
        return;
    };
    let bytes = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(hex).unwrap_or_default();
    let number =
        |number: Option<u16>| number.map_or("none".to_owned(), |number| number.to_string());
    let wrapped = encryption.wrapped_key.as_ref().map_or(0, Vec::len);
    compare("iv", &truth["iv"], &bytes(&encryption.iv), wrong);
    compare("pad_count", &truth["pad_count"], &number(encryption.pad_count), wrong);
    compare(
        "key_bits_field",
        &truth["key_bits_field"],
        &number(encryption.wrapped_key_bits),
        wrong,
    );
    let algorithm = number(encryption.key_algorithm.map(u16::from));
    compare("key_algorithm_code", &truth["key_algorithm_code"], &algorithm, wrong);
    compare("wrapped_key_length", &truth["wrapped_key_length"], &wrapped.to_string(), wrong);
    compare(
        "digest_code",
        &truth["digest_code"],
        &number(encryption.plain_digest_code.map(u16::from)),
        wrong,
    );
    compare("digest", &truth["digest"], &bytes(&encryption.plain_digest), wrong);
}

fn compare_records(truth: &Value, list: &TrustList, wrong: &mut Vec<String>) {
    let Some(expected) = truth.as_array() else { return };
    compare(
        "number of records",
        &Value::from(expected.len()),
        &list.records.len().to_string(),
        wrong,
    );
    for (truth, record) in expected.iter().zip(&list.records) {
        let mut differences = Vec::new();
        let length_of = |tag: u8| {
            let place = record.elements.iter().find(|place| place.tag == tag);
            place.map_or("none".to_owned(), |place| place.length.to_string())
        };
        let tags: Vec<u8> = record.elements.iter().map(|place| place.tag).collect();
        let role = record.role.map_or("none".to_owned(), |role| role.0.to_string());
        let address =
            record.ip_address.map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}")).unwrap_or_default();
        let bytes = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(hex).unwrap_or_default();
        let certificate = record.certificate.as_ref().map(|certificate| &certificate.digests);
        let sha256 = certificate.map(|digests| hex(&digests.sha256)).unwrap_or_default();
        let sha1 = certificate.map(|digests| hex(&digests.sha1)).unwrap_or_default();
        let code = record.hash_algorithm.map_or("none".to_owned(), |code| code.to_string());
        for (key, got) in [
            ("offset", record.offset.to_string()),
            ("record_length", record.length.to_string()),
            ("tags_in_order", serde_json::json!(tags).to_string()),
            ("dns_len", length_of(tag::DNS_NAME)),
            ("subject", record.subject_text().to_owned()),
            ("subject_len", length_of(tag::SUBJECT_NAME)),
            ("role", role),
            ("issuer", record.issuer_text().to_owned()),
            ("issuer_len", length_of(tag::ISSUER_NAME)),
            ("serial", bytes(&record.serial)),
            ("publickey_len", length_of(tag::PUBLIC_KEY)),
            ("signature_len", length_of(tag::SIGNATURE)),
            ("certificate_len", length_of(tag::CERTIFICATE)),
            ("certificate_sha1", sha1),
            ("certificate_sha256", sha256),
            ("certhash", bytes(&record.cert_hash)),
            ("hash_algorithm_code", code),
            ("ip", address),
        ] {
            compare(key, &truth[key], &got, &mut differences);
        }
        wrong.extend(
            differences.into_iter().map(|line| format!("record {}: {line}", record.number)),
        );
    }
}

/// What the report shows is what was read.
fn compare_report(truth: &Value, report: &Report, wrong: &mut Vec<String>) {
    let Some(list) = report.trust_lists.first() else { return };
    let header = &truth["header"];
    let number =
        |number: Option<u64>| number.map_or("none".to_owned(), |number| number.to_string());
    compare(
        "report: bytes",
        &truth["size"],
        &number(report.inputs.first().map(|input| input.bytes)),
        wrong,
    );
    let sha256 = report.inputs.first().map(|input| input.sha256.clone()).unwrap_or_default();
    compare("report: sha256", &truth["sha256"], &sha256, wrong);
    compare("report: type", &truth["kind"], &tlvet_tests::case::word(&list.r#type), wrong);
    compare("report: header_length", &header["header_length"], &number(list.header_length), wrong);
    compare(
        "report: version",
        &header["version"],
        list.version.as_deref().unwrap_or_default(),
        wrong,
    );
    compare(
        "report: filename",
        &header["filename"],
        list.filename.as_deref().unwrap_or_default(),
        wrong,
    );
    let timestamp = header["timestamp"]
        .as_i64()
        .map_or(Value::Null, |seconds| UnixTime(seconds).to_string().into());
    compare("report: timestamp", &timestamp, list.timestamp.as_deref().unwrap_or_default(), wrong);
    let digest = match header["hash_code"].as_u64() {
        Some(1) => Value::from("sha1"),
        Some(2) => Value::from("sha256"),
        Some(3) => Value::from("sha512"),
        _ => Value::Null,
    };
    compare("report: digest", &digest, list.digest.as_deref().unwrap_or_default(), wrong);
    if let Some(signer) = &list.signer {
        compare("report: signer", &header["signer_name"], &signer.name, wrong);
        compare("report: issuer", &header["signer_issuer"], &signer.issuer, wrong);
        compare("report: serial", &header["signer_serial"], &signer.serial, wrong);
    }
    for (truth, record) in truth["records"].as_array().into_iter().flatten().zip(&list.records) {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        for (key, got) in [
            ("offset", record.offset.to_string()),
            ("record_length", record.length.to_string()),
            ("role", record.role.map_or("none".to_owned(), |role| role.to_string())),
            ("role_name", record.function.clone()),
            ("dns", record.dns_name.clone()),
            ("subject", record.subject.clone()),
            ("issuer", record.issuer.clone()),
            ("serial", optional(&record.serial)),
            ("certificate_sha256", optional(&record.certificate)),
            ("certhash", optional(&record.cert_hash)),
            ("ip", optional(&record.ip_address)),
        ] {
            // Names of roles are ours where `show itl` has none.
            let unnamed = key == "role_name" && !matches!(record.role, Some(0 | 2 | 3 | 4 | 21));
            if !unnamed {
                compare(&format!("report: record {} {key}", record.n), &truth[key], &got, wrong);
            }
        }
    }
}

/// The truth of the vectors is about the files that lie beside it.
#[test]
fn vectors_are_what_their_truth_says() -> Result<()> {
    let mut wrong = Vec::new();
    for family in ["itl", "ctl", "sgn", "enc"] {
        for vector in vectors(family)? {
            let sha256 = hex(&tlvet_core::digest::Digests::of(&vector.bytes).sha256);
            compare(&vector.key, &vector.truth["sha256"], &sha256, &mut wrong);
            if !Path::new(vector.text("file")).to_string_lossy().starts_with(vector.text("name")) {
                wrong.push(format!("{}: the file has another name", vector.key));
            }
        }
    }
    Failure::unless_empty(&wrong, "vectors")
}
