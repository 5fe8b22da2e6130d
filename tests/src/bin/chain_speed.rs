//! `chain_speed CHAINS`: how long the engine, natively, needs for a chain of an RSA-2048 leaf, intermediate and root, beside
//! rustls-webpki with the same arithmetic. One line of JSON: microseconds for a chain, parsing included.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tlvet_core::time::UnixTime;
use tlvet_core::x509::chain::SignatureCache;
use tlvet_tests::authority::{DIGITAL_SIGNATURE, Extension, Key, Statement, authority, name};
use tlvet_tests::chains::Question;
use tlvet_tests::second_opinion;
use tlvet_tests::speed::tell;

/// 2026-11-20T00:00:00Z.
const NOW: UnixTime = UnixTime(1_795_132_800);

/// Runs over all chains; the fastest counts: what else the machine does only ever adds.
const RUNS: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let chains = match arguments.as_slice() {
        [chains] => chains.parse(),
        _ => "".parse(),
    };
    let Ok(chains) = chains else {
        eprintln!("usage: chain_speed CHAINS");
        return ExitCode::from(2);
    };
    tell(measure(chains))
}

fn measure(chains: usize) -> Result<Value> {
    let questions = questions(chains)?;
    let apart = fastest(&questions, |questions| {
        questions.iter().all(|question| accepted(question, &mut SignatureCache::new()))
    })?;
    let together = fastest(&questions, |questions| {
        let mut cache = SignatureCache::new();
        questions.iter().all(|question| accepted(question, &mut cache))
    })?;
    let webpki = fastest(&questions, |questions| {
        questions.iter().all(|question| {
            let Question { leaf, untrusted, trusted, name, at, .. } = question;
            second_opinion::accepts(leaf, untrusted, trusted, name.as_ref(), *at)
        })
    })?;
    Ok(json!({"apart_us": apart, "together_us": together, "webpki_us": webpki}))
}

fn accepted(question: &Question, cache: &mut SignatureCache) -> bool {
    question.judge(cache).is_some_and(|judgement| judgement.ok)
}

/// Microseconds for one chain.
fn fastest(questions: &[Question], judge: impl Fn(&[Question]) -> bool) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let start = Instant::now();
        ensure!(judge(questions), "a sound chain is refused");
        best = best.min(start.elapsed().as_secs_f64() * 1e6 / questions.len().max(1) as f64);
    }
    Ok((best * 10.0).round() / 10.0)
}

/// Chains with leaves of their own under one intermediate.
fn questions(chains: usize) -> Result<Vec<Question>> {
    let keys = ["ca", "capf", "tomcat"].map(Key::rsa);
    let [Ok(root), Ok(intermediate), Ok(server)] = &keys else {
        return keys.into_iter().find_map(Result::err).map_or(Ok(Vec::new()), Err);
    };
    let top = authority("Root", "Root", root, root)?;
    let middle = authority("Root", "Intermediate", intermediate, root)?;
    let leaf = |number: usize| {
        let mut statement = Statement::new(&name(&["Intermediate"]), &name(&["server"]), server);
        let number = u32::try_from(number).context("too many chains")?;
        statement.serial = [&[1][..], &number.to_be_bytes()].concat();
        statement.extensions = vec![
            Extension::key_usage(DIGITAL_SIGNATURE),
            Extension::alt_names(&[(0x82, b"server.example.com")]),
            Extension::authority_key(&intermediate.identifier),
        ];
        let mut question = Question::new("speed", statement.sign(intermediate)?, NOW);
        question.untrusted = vec![middle.clone()];
        question.trusted = vec![top.clone()];
        Ok(question)
    };
    (0..chains).map(leaf).collect()
}
