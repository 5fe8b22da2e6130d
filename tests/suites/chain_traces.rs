//! The verify callback, call by call, in the 30 situations of `tests/data/chains/traces.txt`: enforcing and permissive, 3.0
//! and 1.1.1, and the OpenSSL of the machine on the very same certificates.
#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use tlvet_core::time::{DAY, UnixTime};
use tlvet_core::x509::chain::{Event, Profile, SignatureCache};
use tlvet_tests::authority::{
    CLIENT_AUTH, CRL_SIGN, DIGITAL_SIGNATURE, Extension, KEY_CERT_SIGN, Key, SERVER_AUTH,
    Statement, name,
};
use tlvet_tests::chains::{Question, ask_openssl, trace};
use tlvet_tests::{Failure, folder};

/// 2026-11-20T00:00:00Z.
const NOW: UnixTime = UnixTime(1_795_132_800);

/// One situation of the table.
struct Situation {
    label: String,
    leaf: String,
    sent: Vec<String>,
    trust: Vec<String>,
    stop: String,
    go_on: String,
}

fn situations() -> Result<Vec<Situation>> {
    let text = fs::read_to_string(folder().join("data/chains/traces.txt"))?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let mut situations = Vec::new();
    for lines in lines.chunks(3) {
        let [head, stop, go_on] = lines else { anyhow::bail!("an odd end: {lines:?}") };
        let (label, rest) = head.split_once("leaf=").context("no leaf")?;
        let (leaf, rest) = rest.split_once(" sent={").context("nothing sent")?;
        let (sent, trust) = rest.split_once("} trust={").context("nothing trusted")?;
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let calls = |line: &str| -> Result<String> {
            let (_, calls) = line.split_once(": ").context("no calls")?;
            Ok(calls.split_once(" => ").context("no result")?.0.to_owned())
        };
        situations.push(Situation {
            label: label.trim().to_owned(),
            leaf: leaf.trim().to_owned(),
            sent: list(sent),
            trust: list(trust.trim_end_matches('}')),
            stop: calls(stop)?,
            go_on: calls(go_on)?,
        });
    }
    Ok(situations)
}

/// Every certificate of the table by its name there.
fn certificates() -> Result<BTreeMap<&'static str, Vec<u8>>> {
    let keys = (1..=5).map(Key::p256).collect::<Result<Vec<_>>>()?;
    let [root_key, int_key, leaf_key, other_key, self_key] = keys.as_slice() else {
        unreachable!()
    };
    let (root_name, int_name) = (name(&["Root"]), name(&["Intermediate"]));
    let (leaf_name, self_name) = (name(&["server.example.com"]), name(&["self.example.com"]));
    let expired = |statement: &mut Statement| statement.not_after = UnixTime(NOW.0 - DAY);

    let authority = |issuer: &[u8], subject: &[u8], key: &Key, above: Option<&Key>| {
        let mut statement = Statement::new(issuer, subject, key);
        statement.extensions = vec![
            Extension::basic_constraints(true, None),
            Extension::key_usage(KEY_CERT_SIGN | CRL_SIGN),
            Extension::subject_key(&key.identifier),
        ];
        statement.extensions.extend(above.map(|key| Extension::authority_key(&key.identifier)));
        statement
    };
    let root = authority(&root_name, &root_name, root_key, None);
    let mut root_nobc = root.clone();
    root_nobc.extensions.drain(0..2);
    let mut root_exp = root.clone();
    expired(&mut root_exp);
    let root_samename = authority(&root_name, &root_name, other_key, None);

    let int = authority(&root_name, &int_name, int_key, Some(root_key));
    let mut int_exp = int.clone();
    expired(&mut int_exp);
    let mut int_nobc = int.clone();
    int_nobc.extensions.drain(0..2);
    let mut int_notca = int_nobc.clone();
    int_notca.extensions.push(Extension::basic_constraints(false, None));
    let mut int_nosign = int.clone();
    int_nosign.extensions[1] = Extension::key_usage(CRL_SIGN);

    let mut leaf = Statement::new(&int_name, &leaf_name, leaf_key);
    leaf.extensions = vec![
        Extension::basic_constraints(false, None),
        Extension::key_usage(DIGITAL_SIGNATURE),
        Extension::extended_key_usage(&[SERVER_AUTH]),
        Extension::alt_names(&[(0x82, b"server.example.com")]),
        Extension::subject_key(&leaf_key.identifier),
        Extension::authority_key(&int_key.identifier),
    ];
    let mut leaf_exp = leaf.clone();
    expired(&mut leaf_exp);
    let mut leaf_fut = leaf.clone();
    leaf_fut.not_before = UnixTime(NOW.0 + DAY);
    let mut leaf_client = leaf.clone();
    leaf_client.extensions[2] = Extension::extended_key_usage(&[CLIENT_AUTH]);
    let mut leaf_akibad = leaf.clone();
    leaf_akibad.extensions[5] = Extension::authority_key(&[0x55; 20]);
    let mut leaf_badsig = leaf.sign(int_key)?;
    *leaf_badsig.last_mut().context("empty")? ^= 1;

    let mut own = Statement::new(&self_name, &self_name, self_key);
    own.extensions = vec![Extension::basic_constraints(false, None)];
    let mut ss_nobc = own.clone();
    ss_nobc.extensions.clear();
    let mut ss_ca = own.clone();
    ss_ca.extensions[0] = Extension::basic_constraints(true, None);
    let mut ss_exp = own.clone();
    expired(&mut ss_exp);

    Ok(BTreeMap::from([
        ("root", root.sign(root_key)?),
        ("root_nobc", root_nobc.sign(root_key)?),
        ("root_exp", root_exp.sign(root_key)?),
        ("root_exp_new", root.sign(root_key)?),
        ("root_samename", root_samename.sign(other_key)?),
        ("int", int.sign(root_key)?),
        ("int_exp", int_exp.sign(root_key)?),
        ("int_nobc", int_nobc.sign(root_key)?),
        ("int_notca", int_notca.sign(root_key)?),
        ("int_nosign", int_nosign.sign(root_key)?),
        ("leaf", leaf.sign(int_key)?),
        ("leaf_exp", leaf_exp.sign(int_key)?),
        ("leaf_fut", leaf_fut.sign(int_key)?),
        ("leaf_client", leaf_client.sign(int_key)?),
        ("leaf_akibad", leaf_akibad.sign(int_key)?),
        ("leaf_badsig", leaf_badsig),
        ("ss", own.sign(self_key)?),
        ("ss_nobc", ss_nobc.sign(self_key)?),
        ("ss_ca", ss_ca.sign(self_key)?),
        ("ss_exp", ss_exp.sign(self_key)?),
    ]))
}

fn questions(profile: Profile) -> Result<Vec<(Situation, Question)>> {
    let certificates = certificates()?;
    let find = |name: &String| -> Result<Vec<u8>> {
        certificates.get(name.as_str()).cloned().with_context(|| format!("no {name}"))
    };
    let ask = |situation: Situation| -> Result<(Situation, Question)> {
        let mut question = Question::new(&situation.label, find(&situation.leaf)?, NOW);
        question.untrusted = situation.sent.iter().map(find).collect::<Result<_>>()?;
        question.trusted = situation.trust.iter().map(find).collect::<Result<_>>()?;
        question.profile = profile;
        Ok((situation, question))
    };
    situations()?.into_iter().map(ask).collect()
}

#[test]
fn every_call_of_the_callback_is_the_one_that_was_recorded() -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for profile in [Profile::OpenSsl30, Profile::OpenSsl111] {
        let questions = questions(profile)?;
        assert_eq!(questions.len(), 30, "situations");
        for (situation, question) in questions {
            let judgement = question.judge(&mut SignatureCache::new()).context("no leaf")?;
            let renumber = |calls: &str| match profile {
                Profile::OpenSsl111 => calls.replace("e=79", "e=24"),
                _ => calls.to_owned(),
            };
            for (mode, expected, found) in [
                ("stop", &situation.stop, judgement.enforced_events()),
                ("continue", &situation.go_on, &judgement.events[..]),
            ] {
                let (expected, found) = (renumber(expected), trace(found));
                if expected != found {
                    let label = &situation.label;
                    wrong.push(format!("{profile} {label} {mode}\n  {expected}\n  {found}"));
                }
            }
        }
    }
    Failure::unless_empty(&wrong, "traces")
}

/// The certificates made here put OpenSSL into the situations that were recorded.
#[test]
fn openssl_of_the_machine_says_the_same() -> Result<(), Failure> {
    let (situations, questions): (Vec<_>, Vec<_>) =
        questions(Profile::OpenSsl30)?.into_iter().unzip();
    let (version, answers) = ask_openssl(&questions)?;
    let mut wrong = Vec::new();
    for (situation, told) in situations.iter().zip(answers) {
        let told = told.context("OpenSSL cannot load a leaf")?;
        for (mode, expected, found) in
            [("stop", &situation.stop, &told.stop), ("continue", &situation.go_on, &told.go_on)]
        {
            if *expected != trace(found) {
                let label = &situation.label;
                wrong.push(format!("{label} {mode}\n  {expected}\n  {}", trace(found)));
            }
        }
    }
    Failure::unless_empty(&wrong, &format!("{version} says something else"))
}

/// The texts and the missing issuer of a situation that administrators meet every day.
#[test]
fn a_missing_intermediate_is_named() -> Result<(), Failure> {
    let (_, question) = questions(Profile::TrafficServer9)?
        .into_iter()
        .find(|(situation, _)| situation.label == "missing intermediate")
        .context("no such situation")?;
    let judgement = question.judge(&mut SignatureCache::new()).context("no leaf")?;
    let told: Vec<String> = judgement
        .all
        .iter()
        .map(|failure| format!("{} at {}: {}", failure.code, failure.depth, failure.text))
        .collect();
    assert_eq!(
        told,
        [
            "20 at 0: unable to get local issuer certificate",
            "21 at 0: unable to verify the first certificate"
        ]
    );
    assert_eq!(judgement.events.last(), Some(&Event { ok: true, code: 21, depth: 0 }));
    let missing = judgement.missing.expect("an issuer is missing");
    assert_eq!((missing.depth, missing.name_text.as_str()), (0, "CN=Intermediate"));
    assert_eq!(missing.key_identifier, Some(Key::p256(2)?.identifier.to_vec()));
    assert!(missing.near_misses.is_empty());
    Ok(())
}
