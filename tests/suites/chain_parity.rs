//! Chains judged as OpenSSL judges them, on every case of x509-limbo and BetterTLS: verdict, code, depth and text.
//!
//! Cases that OpenSSL's harness skipped are not counted: peers that are clients, and key usages asked for, which
//! X509_VERIFY_PARAM has no place for (and, with 1.1.1, revocation lists). What is judged otherwise on purpose
//! stands in `tests/exceptions.json`. The figures stand in `docs/chain-parity.md`, which `BLESS=1` writes.
#![allow(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs, thread};

use anyhow::Result;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::chain::{Judgement, Profile, Purpose, Request, SignatureCache, judge};
use tlvet_core::x509::{Certificate, RevocationList};
use tlvet_tests::exceptions::Exceptions;
use tlvet_tests::limbo::{self, Answer, Case};
use tlvet_tests::{Failure, folder, repository, second_opinion};

/// One column of answers.
#[derive(Clone, Copy)]
struct Oracle {
    name: &'static str,
    file: &'static str,
    profile: Profile,
    level: u8,
}

const ORACLES: [Oracle; 3] = [
    Oracle {
        name: "OpenSSL 3.0.19, default flags",
        file: "all-openssl-3.0.19-default.tsv.xz",
        profile: Profile::OpenSsl30,
        level: 1,
    },
    Oracle {
        name: "OpenSSL 3.0.19, X509_STRICT and PARTIAL_CHAIN",
        file: "all-openssl-3.0.19-strict.tsv.xz",
        profile: Profile::OpenSsl30Strict,
        level: 2,
    },
    Oracle {
        name: "OpenSSL 1.1.1l, default flags",
        file: "all-openssl-1.1.1l-default0.tsv.xz",
        profile: Profile::OpenSsl111,
        level: 0,
    },
];

const DOCUMENT: &str = "docs/chain-parity.md";

/// The parameters that OpenSSL was given: X509_PURPOSE_SSL_SERVER always, with X509_STRICT where the case asks.
fn judged(case: &Case, oracle: Oracle, cache: &mut SignatureCache) -> Result<Judgement> {
    let mut read = |list: &[Vec<u8>]| -> Result<Vec<_>> {
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

/// How often the engine says what one OpenSSL says.
#[derive(Default)]
struct Figures {
    cases: usize,
    verdict: usize,
    refused: usize,
    code_and_depth: usize,
    text: usize,
    /// Cases that are judged otherwise, with what is said.
    differences: Vec<(String, String)>,
    /// Verdicts by case.
    verdicts: BTreeMap<String, bool>,
}

fn compare(cases: &[Case], oracle: Oracle) -> Result<Figures> {
    let answers = limbo::answers(oracle.file)?;
    let mut cache = SignatureCache::new();
    let mut figures = Figures::default();
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
        figures.cases += 1;
        figures.verdict += usize::from(ours.ok == answer.ok);
        figures.verdicts.insert(case.id.clone(), ours.ok);
        if !answer.ok {
            figures.refused += 1;
            figures.code_and_depth += usize::from(ours == *answer);
            figures.text += usize::from(own_text == text);
        }
        if ours != *answer || own_text != text {
            let difference = format!("{ours:?} {own_text}, not {answer:?} {text}");
            figures.differences.push((case.id.clone(), difference));
        }
    }
    Ok(figures)
}

/// Verdicts of rustls-webpki, by case, where it knows what is asked.
fn second_verdicts(cases: &[Case]) -> BTreeMap<&str, bool> {
    let known = cases.iter().filter(|case| case.max_depth.is_none() && case.crls.is_empty());
    known
        .map(|case| {
            let name = case.name.as_ref();
            let accepted =
                second_opinion::accepts(&case.leaf, &case.untrusted, &case.trusted, name, case.at);
            (case.id.as_str(), accepted)
        })
        .collect()
}

/// Agreement of both verdicts, and who accepts alone.
fn second_opinion(verdicts: &BTreeMap<String, bool>, theirs: &BTreeMap<&str, bool>) -> String {
    let (mut agree, mut only_webpki, mut only_engine) = (0, 0, 0);
    for (id, ours) in verdicts {
        match (ours, theirs.get(id.as_str())) {
            (_, None) => {}
            (true, Some(false)) => only_engine += 1,
            (false, Some(true)) => only_webpki += 1,
            _ => agree += 1,
        }
    }
    let cases = agree + only_webpki + only_engine;
    format!(
        "Of {cases} cases without a depth or a revocation list, {agree} end with the same verdict. webpki accepts \
         {only_webpki} that are refused as OpenSSL refuses them, and refuses {only_engine} that are accepted as OpenSSL \
         accepts them."
    )
}

fn document(
    figures: &[(Oracle, Figures)],
    opinion: &str,
    exceptions: &[(String, String)],
) -> String {
    let mut text = String::from(
        "# Chains: parity with OpenSSL\n\nWritten by `BLESS=1 cargo test -p tlvet-tests --test chain_parity`; the \
         suite fails when it is old.\n\n\
         Cases: x509-limbo (C2SP, Apache-2.0) with BetterTLS, 9,780 in all; those that OpenSSL's harness had to skip \
         are not counted. \"Code and depth\" and \"text\" are shares of the cases that OpenSSL refuses, for the first \
         error, the one that an enforcing product reports.\n\n\
         | oracle | profile | level | cases | same verdict | same code and depth | same text |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let share = |part: usize, whole: usize| {
        format!("{part} of {whole} ({:.2} %)", 100.0 * part as f64 / whole.max(1) as f64)
    };
    for (oracle, figures) in figures {
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {} | {} | {} | {} |",
            oracle.name,
            oracle.profile,
            oracle.level,
            figures.cases,
            share(figures.verdict, figures.cases),
            share(figures.code_and_depth, figures.refused),
            share(figures.text, figures.refused)
        );
    }
    text.push_str("\n## What is judged otherwise, and why\n\n");
    for (key, reason) in exceptions {
        let _ = writeln!(text, "- `{}`: {reason}", key.trim_start_matches("limbo/"));
    }
    let _ = write!(
        text,
        "\n## Beyond these cases\n\n\
         limbo hardly tests signatures, key sizes, revocation or damage. `tests/suites/chain_differential.rs` puts 4,000 \
         chains made at random to the OpenSSL of the machine at every run and compares every call of the verify callback, \
         enforcing and permissive; the answers of 1.1.1l to 2,000 others are recorded. `tests/suites/chain_traces.rs` holds \
         30 situations with every call.\n\n\
         ## Second opinion\n\n\
         rustls-webpki judges by RFC 5280 and the rules of public CAs, not as OpenSSL does; it is asked in tests only. \
         {opinion}\n"
    );
    text
}

#[test]
fn chains_are_judged_as_openssl_judges_them() -> Result<(), Failure> {
    let cases = limbo::cases()?;
    let mut exceptions = Exceptions::load("limbo/")?;
    let mut wrong = Vec::new();
    let mut columns = Vec::new();
    let (compared, theirs) = thread::scope(|scope| {
        let threads = ORACLES.map(|oracle| {
            let cases = &cases;
            (oracle, scope.spawn(move || compare(cases, oracle)))
        });
        let theirs = second_verdicts(&cases);
        let ours =
            threads.map(|(oracle, thread)| (oracle, thread.join().expect("a thread panicked")));
        (ours, theirs)
    });
    for (oracle, figures) in compared {
        let figures = figures?;
        for (id, difference) in &figures.differences {
            let key = format!("limbo/{} {id}", oracle.profile);
            if !exceptions.excuses(&key) {
                wrong.push(format!("{key}: {difference}"));
            }
        }
        columns.push((oracle, figures));
    }
    wrong.extend(exceptions.stale().iter().map(|key| format!("{key}: an exception not needed")));
    let opinion = columns.first().map(|(_, figures)| second_opinion(&figures.verdicts, &theirs));
    let made = document(&columns, &opinion.unwrap_or_default(), &exceptions.reasons());
    let file = repository().join(DOCUMENT);
    if env::var_os("BLESS").is_some() {
        fs::write(&file, &made)?;
    } else if fs::read_to_string(&file).ok().as_ref() != Some(&made) {
        wrong.push(format!("{DOCUMENT} is old: run with BLESS=1\n\n{made}"));
    }
    Failure::unless_empty(&wrong, "differences")
}

/// RSASSA-PSS, which no case of the suites uses: keys of either kind, signatures of either kind. What OpenSSL 1.1.1l and 3.0.19
/// answered to each, at level 0 and 1.
#[test]
fn either_kind_of_rsa_signs_as_openssl_has_it() -> Result<(), Failure> {
    /// 2026-11-23T00:00:00Z.
    const NOW: UnixTime = UnixTime(1_795_392_000);
    let read = |name: &str| -> Result<Certificate> {
        let der = fs::read(folder().join(format!("data/chains/pss/{name}.der")))?;
        Ok(Certificate::parse(&der, 0)?)
    };
    for (leaf, root, old, new) in [
        ("rsa_leaf", "rsa_root", None, None),
        ("pss_leaf", "pss_root", None, None),
        ("rsa_own_leaf", "rsa_own", None, None),
        ("rsa_own", "rsa_root", Some((18, 0)), Some((18, 0))),
        // PKCS #1 v1.5, by a key that says that it is for PSS alone.
        ("pkcs1_leaf", "pss_key_root", Some((7, 0)), Some((20, 0))),
    ] {
        let (certificate, trusted) = (read(leaf)?, read(root)?);
        for (profile, level, answer) in [
            (Profile::OpenSsl111, 0, old),
            (Profile::TrafficServer9, 1, old),
            (Profile::OpenSsl30, 1, new),
        ] {
            let request = Request {
                trusted: &[&trusted],
                at: Some(NOW),
                profile,
                level,
                ..Request::of(&certificate)
            };
            let first = judge(&request, &mut SignatureCache::new()).first;
            let said = first.map(|first| (first.code, first.depth));
            assert_eq!(said, answer, "{leaf} by {root}, {profile}");
        }
    }
    Ok(())
}
