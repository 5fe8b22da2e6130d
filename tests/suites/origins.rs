//! Origins good and bad before the filter, in every arrangement and mode, in the real Envoy and in tlvet's own host. What
//! comes of it is the table in `docs/filter.md`, which this suite checks and, with `BLESS=1`, writes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tlvet_core::bytes::hex;
use tlvet_core::digest::sha256;
use tlvet_core::trustlist::file::TrustList;
use tlvet_tests::Failure;
use tlvet_tests::authority::Key;
use tlvet_tests::envoy::{Envoy, Started};
use tlvet_tests::origins::{NAME, Origin, Origins, pem, unpem};
use tlvet_tests::peers::Peers;
use tlvet_tests::trial::{Arrangement, Hosting, Observed, Own, Trial, configuration, dress};

const DOCUMENT: &str = "docs/filter.md";

/// Between these lines of the document stands the table.
const BEGIN: &str = "<!-- origins: made by tests/suites/origins.rs, do not edit -->";
const END: &str = "<!-- origins: end -->";

/// Where an origin cannot be asked for as the row says.
const NOT_ASKED: &str = "–";

type Cells = BTreeMap<(String, Arrangement, &'static str), Observed>;

fn running(started: Started) -> Result<Box<Envoy>> {
    match started {
        Started::Running(envoy) => Ok(envoy),
        Started::Exited { log, .. } => bail!("Envoy ended:\n{}", log.join("\n")),
    }
}

/// TLS of each row.
fn versions(origin: &str) -> &'static [&'static str] {
    if ["good", "self_signed"].contains(&origin) { &["1.2", "1.3"] } else { &["1.2"] }
}

/// What Envoy's own validator says of each origin: nothing where it is content.
fn validator(peers: &mut Peers, origins: &Origins) -> Result<BTreeMap<String, String>> {
    let envoy = Envoy::without_filter("validator", peers.port(), &origins.trusted)?;
    let mut said = BTreeMap::new();
    for origin in &origins.all {
        peers.show(&format!("{} 1.2", origin.name), &json!({}))?;
        let answer = peers.http(envoy.edge.port(), "/", origin.asked)?;
        peers.seen()?;
        let reason = match answer.status.as_deref() {
            Some("200") => String::new(),
            _ => unjoined(
                answer
                    .body
                    .split_once("transport failure reason: ")
                    .with_context(|| format!("{}: {answer:?}", origin.name))?
                    .1,
            ),
        };
        said.insert(origin.name.to_owned(), reason);
    }
    Ok(said)
}

/// Where Envoy formats the reason, it writes underscores for spaces; these words have underscores of their own.
fn unjoined(text: &str) -> String {
    const WORDS: [&str; 5] = [
        "TLS_error_end",
        "TLS_error",
        "OPENSSL_internal",
        "CERTIFICATE_VERIFY_FAILED",
        "X509_verify_cert",
    ];
    let mut text = text.replace('_', " ");
    for word in WORDS {
        text = text.replace(&word.replace('_', " "), word);
    }
    text
}

fn observe(
    host: &mut dyn Hosting,
    peers: &mut Peers,
    origins: &Origins,
    arrangement: Arrangement,
    mode: &'static str,
    cells: &mut Cells,
) -> Result<()> {
    for origin in &origins.all {
        if arrangement == Arrangement::Tcp && origin.name.starts_with("address") {
            // Clients in clear ask for no name.
            continue;
        }
        for version in versions(origin.name) {
            let trial = Trial::new(arrangement, origin, version);
            let name = format!("{} {version}", origin.name);
            let observed = host
                .play(peers, &trial)
                .with_context(|| format!("{name}, {arrangement:?}, {mode}"))?;
            cells.insert((name, arrangement, mode), observed);
        }
    }
    Ok(())
}

/// The last words of Envoy's sentence.
fn short(said: &str) -> String {
    if said.contains("verify SAN list") {
        return "no alternative name that is asked for".to_owned();
    }
    let said = said.trim_end_matches("TLS_error_end").trim_end_matches(':');
    match said.rsplit_once("X509_verify_cert: certificate verification error at ") {
        Some((_, rest)) => rest.to_owned(),
        None => said.rsplit_once(": ").map_or(said, |(_, rest)| rest).to_owned(),
    }
}

fn table(
    origins: &Origins,
    said: &BTreeMap<String, String>,
    cells: &Cells,
    mode: &'static str,
) -> String {
    let mut text = format!("\n### Mode {mode}\n\n| origin | TLS | ");
    for arrangement in Arrangement::ALL {
        let _ = write!(text, "{} | ", arrangement.title());
    }
    if mode == "enforce" {
        text.push_str("Envoy's own validator | ");
    }
    text.push_str("\n|---|---|---|---|---|---|---|");
    text.push_str(if mode == "enforce" { "---|\n" } else { "\n" });
    for origin in &origins.all {
        for version in versions(origin.name) {
            let _ = write!(text, "| {} | {version} | ", origin.about);
            for arrangement in Arrangement::ALL {
                let key = (format!("{} {version}", origin.name), arrangement, mode);
                let cell = cells.get(&key).map_or(NOT_ASKED.to_owned(), ToString::to_string);
                let _ = write!(text, "{cell} | ");
            }
            if mode == "enforce" {
                let said = said.get(origin.name).map(|said| short(said)).unwrap_or_default();
                let _ = write!(text, "{} | ", if said.is_empty() { "passes" } else { &said });
            }
            text.push('\n');
        }
    }
    text
}

/// Every cell of the table: both hosts see the same, nothing crosses to or from what is refused, and the document says so.
#[test]
fn both_hosts_agree_on_every_origin() -> Result<(), Failure> {
    let origins = Origins::make()?;
    let mut peers = Peers::start()?;
    dress(&mut peers, &origins)?;
    let said = validator(&mut peers, &origins)?;
    let (mut in_envoy, mut in_own) = (Cells::new(), Cells::new());
    for mode in ["enforce", "monitor"] {
        for arrangement in Arrangement::ALL {
            let configuration = configuration(arrangement, mode, &origins, &json!({}))?;
            let started =
                Envoy::start(arrangement.file(), &configuration, peers.port(), &origins.trusted)?;
            let mut envoy = running(started)?;
            observe(&mut *envoy, &mut peers, &origins, arrangement, mode, &mut in_envoy)?;
            drop(envoy);
            let mut own = Own::start(&configuration)?;
            own.validator.clone_from(&said);
            observe(&mut own, &mut peers, &origins, arrangement, mode, &mut in_own)?;
        }
    }
    let mut wrong = Vec::new();
    for (key, observed) in &in_envoy {
        let own = in_own.get(key);
        if own != Some(observed) {
            wrong.push(format!("{key:?}\n  Envoy: {observed:?}\n  own:   {own:?}"));
        }
        let refused = observed.counted.keys().any(|name| name.starts_with("refused"));
        let crossed = observed.client == "data" || observed.origin == "data";
        if refused == crossed && key.2 == "enforce" {
            wrong.push(format!("{key:?}: {observed:?}"));
        }
        let good =
            origins.all.iter().any(|origin| origin.good && key.0 == format!("{} 1.2", origin.name));
        if good && !observed.counted.keys().any(|name| name.starts_with("passed")) {
            wrong.push(format!("{key:?} is good: {observed:?}"));
        }
    }
    Failure::unless_empty(&wrong, "cells that are not as they should be")?;

    let tables = ["enforce", "monitor"].map(|mode| table(&origins, &said, &in_envoy, mode));
    let file = tlvet_tests::repository().join(DOCUMENT);
    let document = fs::read_to_string(&file)?;
    let (before, rest) = document.split_once(BEGIN).context("the table's first line")?;
    let (current, after) = rest.split_once(END).context("the table's last line")?;
    let made = format!("\n{}\n{}", tables.concat(), differences(&origins, &said, &in_envoy)?);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, format!("{before}{BEGIN}{made}{END}{after}"))?;
        return Ok(());
    }
    let (line, now) = first_difference(current, &made);
    if line != now {
        return Err(anyhow::anyhow!(
            "{DOCUMENT} says\n  {line}\nand it is\n  {now}\nBLESS=1 writes it anew"
        )
        .into());
    }
    Ok(())
}

/// Why Envoy's validator and the filter do not say the same of an origin, in passthrough and TLS 1.2.
const REASONS: [(&str, &str); 3] = [
    (
        "common_name",
        "Traffic Server looks into the common name, Envoy never does (RFC 6125 section 6.4.4 lets nobody do so any \
         longer).",
    ),
    (
        "address_with",
        "Traffic Server compares an address as text with dNSName and common name, so that an iPAddress never matches \
         it; Envoy compares it with iPAddress.",
    ),
    (
        "huge",
        "the filter reads up to `limits.handshake_bytes` (65536) of a handshake; Envoy's validator has no such limit \
         below BoringSSL's own.",
    ),
];

/// The origins of which Envoy's own validator says something else, each with the reason.
fn differences(
    origins: &Origins,
    said: &BTreeMap<String, String>,
    cells: &Cells,
) -> Result<String> {
    let mut text = String::from("\n### Where Envoy's own validator says something else\n\n");
    for origin in &origins.all {
        let key = (format!("{} 1.2", origin.name), Arrangement::Passthrough, "enforce");
        let filter = cells.get(&key).is_some_and(|cell| cell.client == "data");
        let envoy = said.get(origin.name).is_some_and(String::is_empty);
        let reason = REASONS.iter().find(|(name, _)| *name == origin.name);
        match reason {
            Some((_, reason)) => {
                ensure!(filter != envoy, "{} needs no reason: both agree", origin.name);
                let _ = writeln!(text, "- {}: {reason}", origin.about);
            }
            None => {
                ensure!(filter == envoy, "{}: filter {filter}, Envoy {envoy}: why?", origin.name);
            }
        }
    }
    Ok(text)
}

fn first_difference<'t>(one: &'t str, other: &'t str) -> (&'t str, &'t str) {
    let (mut one, mut other) = (one.lines(), other.lines());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return ("", ""),
            (a, b) if a == b => {}
            (a, b) => return (a.unwrap_or("(nothing)"), b.unwrap_or("(nothing)")),
        }
    }
}

/// A policy, an origin, and what is counted.
type Trusted = (&'static str, Value, &'static str, &'static str);

/// A trust list whose records have certificates with keys of `tests/fixtures/keys`.
const LIST: &str = "cases/trust_list_verified/since_12/ITLSEP001122334455.tlv";

/// The certificate of the record with the key `callmanager`, shown as the origin `callmanager`; the list in base64.
fn listed(peers: &mut Peers, origins: &Origins) -> Result<String> {
    let file = tlvet_tests::folder().join(LIST);
    let list = fs::read(&file).with_context(|| file.display().to_string())?;
    let key = tlvet_tests::folder().join("fixtures/keys/callmanager.pem");
    let public = Key::rsa("callmanager")?.info;
    let records = TrustList::read(&list).records;
    let der = records
        .iter()
        .filter_map(|record| Some(record.certificate.as_ref()?.der.as_slice()))
        .find(|der| der.windows(public.len()).any(|part| part == public))
        .context("no record has that key")?;
    let chain = origins.folder().join("callmanager.pem");
    fs::write(&chain, pem("CERTIFICATE", der))?;
    peers.face("callmanager 1.2", &chain, &key, "1.2")?;
    Ok(STANDARD.encode(list))
}

/// Trust lists, pins, exceptions and properties decide as the configuration says, in both hosts.
#[test]
fn what_is_trusted_otherwise_passes_and_nothing_else() -> Result<(), Failure> {
    let origins = Origins::make()?;
    let mut peers = Peers::start()?;
    dress(&mut peers, &origins)?;
    let list = listed(&mut peers, &origins)?;
    let self_signed = origins.origin("self_signed")?;
    let pin = hex(&sha256(&unpem(&fs::read_to_string(&self_signed.chain)?)?));
    let except =
        |until: &str| json!({"exceptions": [{"name": NAME, "until": until, "reason": "test"}]});
    let by_list = json!({"trust": {"itl_base64": list}, "verify": ["signature"]});
    let cases: [Trusted; 8] = [
        (
            "the certificate is pinned",
            json!({"trust": {"leaf_sha256": [pin]}}),
            "self_signed",
            "passed verified",
        ),
        (
            "another certificate is pinned",
            json!({"trust": {"leaf_sha256": ["0".repeat(64)]}}),
            "self_signed",
            "refused self_signed",
        ),
        ("an exception holds", except("2099-12-31"), "self_signed", "excepted self_signed"),
        ("an exception has ended", except("2020-12-31"), "self_signed", "refused self_signed"),
        ("names alone are verified", json!({"verify": ["name"]}), "self_signed", "passed verified"),
        ("names alone are verified", json!({"verify": ["name"]}), "wrong_name", "refused name"),
        ("the trust list has a record of it", by_list.clone(), "callmanager", "passed verified"),
        ("the trust list has no record of it", by_list, "self_signed", "refused self_signed"),
    ];
    let callmanager = Origin { name: "callmanager", ..self_signed.clone() };
    let mut wrong = Vec::new();
    for (about, more, name, expected) in cases {
        let origin = if name == "callmanager" { &callmanager } else { origins.origin(name)? };
        let trial = Trial::new(Arrangement::Passthrough, origin, "1.2");
        let configuration = configuration(Arrangement::Passthrough, "enforce", &origins, &more)?;
        let started =
            Envoy::start("A-passthrough", &configuration, peers.port(), &origins.trusted)?;
        let in_envoy = running(started)?.play(&mut peers, &trial)?;
        let in_own = Own::start(&configuration)?.play(&mut peers, &trial)?;
        let counted: Vec<&str> = in_envoy.counted.keys().map(String::as_str).collect();
        let passes = !expected.starts_with("refused");
        if in_envoy != in_own
            || counted != [expected]
            || (in_envoy.client == "data") != passes
            || (in_envoy.origin == "data") != passes
        {
            wrong.push(format!("{about}: {expected}\n  Envoy: {in_envoy:?}\n  own:   {in_own:?}"));
        }
    }
    Failure::unless_empty(&wrong, "trust that is not as the configuration says")
}
