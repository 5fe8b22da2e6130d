//! Chains judged as OpenSSL judges them, on every case of x509-limbo and BetterTLS: verdict, code, depth and text.
//!
//! Cases that OpenSSL's harness skipped are not counted: peers that are clients, and key usages asked for, which
//! X509_VERIFY_PARAM has no place for (and, with 1.1.1, revocation lists). What is judged otherwise on purpose
//! stands in `tests/exceptions.json`.
#![allow(clippy::expect_used, reason = "a thread that panicked is a failed test")]

use std::collections::BTreeMap;

use tlvet_core::x509::RevocationList;
use tlvet_core::x509::chain::{Judgement, Profile, Purpose, Request, SignatureCache, judge};
use tlvet_tests::Failure;
use tlvet_tests::exceptions::Exceptions;
use tlvet_tests::limbo::{self, Answer, Case};

/// One column of answers.
#[derive(Clone, Copy)]
struct Oracle {
    file: &'static str,
    profile: Profile,
    level: u8,
}

const ORACLES: [Oracle; 3] = [
    Oracle { file: "all-openssl-3.0.19-default.tsv.xz", profile: Profile::OpenSsl30, level: 1 },
    Oracle {
        file: "all-openssl-3.0.19-strict.tsv.xz",
        profile: Profile::OpenSsl30Strict,
        level: 2,
    },
    Oracle { file: "all-openssl-1.1.1l-default0.tsv.xz", profile: Profile::OpenSsl111, level: 0 },
];

/// The parameters that OpenSSL was given: X509_PURPOSE_SSL_SERVER always, with X509_STRICT where the case asks.
fn judged(case: &Case, oracle: Oracle, cache: &mut SignatureCache) -> anyhow::Result<Judgement> {
    let mut read = |list: &[Vec<u8>]| -> anyhow::Result<Vec<_>> {
        list.iter().map(|der| Ok(cache.certificate(der)?)).collect()
    };
    let leaf = read(std::slice::from_ref(&case.leaf))?.pop().expect("one for one");
    let (untrusted, trusted) = (read(&case.untrusted)?, read(&case.trusted)?);
    let crls = case.crls.iter().map(|der| RevocationList::parse(der, 0));
    let crls = crls.collect::<Result<Vec<_>, _>>()?;
    let strict = oracle.profile == Profile::OpenSsl30Strict;
    let request = Request {
        untrusted: &untrusted.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        trusted: &trusted.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        crls: &crls.iter().collect::<Vec<_>>(),
        name: case.name.as_ref(),
        at: Some(case.at),
        purpose: if strict && !case.asks_for_server { Purpose::Any } else { Purpose::Server },
        max_depth: case.max_depth,
        profile: oracle.profile,
        level: oracle.level,
        ..Request::of(&leaf)
    };
    Ok(judge(&request, cache))
}

#[test]
fn chains_are_judged_as_openssl_judges_them() -> Result<(), Failure> {
    let cases = limbo::cases()?;
    let mut exceptions = Exceptions::load("limbo/")?;
    let mut wrong = Vec::new();
    for oracle in ORACLES {
        let answers = limbo::answers(oracle.file)?;
        let differences = differences(&cases, &answers, oracle)?;
        for (id, difference) in differences {
            let key = format!("limbo/{} {id}", oracle.profile);
            if !exceptions.excuses(&key) {
                wrong.push(format!("{key}: {difference}"));
            }
        }
    }
    wrong.extend(exceptions.stale().iter().map(|key| format!("{key}: an exception not needed")));
    Failure::unless_empty(&wrong, "differences")
}

/// What is judged otherwise, by case.
fn differences(
    cases: &[Case],
    answers: &BTreeMap<String, (Answer, String)>,
    oracle: Oracle,
) -> anyhow::Result<Vec<(String, String)>> {
    let mut cache = SignatureCache::new();
    let mut differences = Vec::new();
    for case in cases {
        let Some((answer, text)) = answers.get(&case.id) else { continue };
        let judgement = judged(case, oracle, &mut cache)?;
        let first = judgement.first.as_ref();
        let ours = Answer {
            ok: judgement.ok,
            code: first.map_or(0, |first| first.code),
            depth: first.map_or(0, |first| first.depth),
        };
        let own_text = first.map_or("ok", |first| first.text.as_ref());
        if ours != *answer || own_text != text {
            let difference = format!("{ours:?} {own_text}, not {answer:?} {text}");
            differences.push((case.id.clone(), difference));
        }
    }
    Ok(differences)
}
