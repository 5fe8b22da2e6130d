//! Chains made at random, judged by the engine and by the OpenSSL of the machine: every call of the verify callback,
//! enforcing and permissive, must be the same.
//!
//! `TLVET_CHAIN_SEED` and `TLVET_CHAIN_CASES` repeat or lengthen a run.
#![allow(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::{env, fs};

use anyhow::{Context as _, Result};
use tlvet_core::bytes::hex;
use tlvet_core::digest::sha256;
use tlvet_core::time::{DAY, UnixTime};
use tlvet_core::x509::chain::{Profile, Purpose, ReferenceName, SignatureCache};
use tlvet_core::x509::{Certificate, HashAlgorithm};
use tlvet_tests::authority::{
    CLIENT_AUTH, CRL_SIGN, DIGITAL_SIGNATURE, Extension, KEY_CERT_SIGN, Key, SERVER_AUTH,
    Statement, extension, name, revocation_list,
};
use tlvet_tests::chains::{Question, Told, ask_openssl, told, trace};
use tlvet_tests::made::{element, sequence};
use tlvet_tests::random::Random;
use tlvet_tests::{Failure, folder, limbo};

/// 2026-11-20T00:00:00Z.
const NOW: UnixTime = UnixTime(1_795_132_800);
const SEED: u64 = 20_261_120;
const CASES: u64 = 4_000;

/// The questions that 1.1.1l was asked, and the SHA-256 of their lines.
const RECORDED_SEED: u64 = 111;
const RECORDED_CASES: u64 = 2_000;
const RECORDED_QUESTIONS: &str = "484253387e734703cfde42b58bb5cfb625c27c4c58280da9561836cd328707e2";

const ANY_USAGE: &[u8] = &[0x55, 0x1d, 0x25, 0x00];
const UNKNOWN_USAGE: &[u8] = &[0x2a, 0x03];

/// Everybody's keys: the last ones are weak or dear.
struct Keys(Vec<Key>);

impl Keys {
    fn new() -> Result<Self> {
        let mut keys = (1..=8).map(Key::p256).collect::<Result<Vec<_>>>()?;
        keys.push(Key::p384(1)?);
        keys.push(Key::ed25519(1));
        keys.push(Key::rsa("rsa1024")?);
        keys.push(Key::rsa("rsa768")?);
        keys.push(Key::rsa("callmanager")?);
        Ok(Self(keys))
    }

    fn pick(&self, random: &mut Random) -> &Key {
        if random.odd(15) { random.pick(&self.0) } else { &self.0[random.below(8)] }
    }
}

/// One certificate authority, or the leaf.
struct Party<'k> {
    name: Vec<u8>,
    key: &'k Key,
    statement: Statement,
}

fn some_name(random: &mut Random, depth: usize) -> Vec<u8> {
    let number = if random.odd(10) { random.below(6) } else { depth };
    if random.odd(3) {
        return sequence(&[]);
    }
    let spelled = match random.below(12) {
        0 => format!("authority {number}"),
        1 => format!(" AUTHORITY   {number} "),
        _ => format!("Authority {number}"),
    };
    if random.chance(15) { name(&["Example", &spelled]) } else { name(&[&spelled]) }
}

const HOST: &str = "server.example.com";

fn constraint(random: &mut Random) -> (u8, Vec<u8>) {
    let bases: [(u8, &[u8]); 16] = [
        (0x82, b"example.com"),
        (0x82, b".example.com"),
        (0x82, b"server.example.com"),
        (0x82, b"other.com"),
        (0x82, b""),
        (0x87, &[10, 0, 0, 0, 255, 0, 0, 0]),
        (0x87, &[192, 168, 0, 0, 255, 255, 0, 0]),
        (0x87, &[10, 0, 0, 1]),
        (0x81, b"example.com"),
        (0x81, b".example.com"),
        (0x81, b"user@example.com"),
        (0x86, b"example.com"),
        (0x86, b".example.com"),
        (0xa0, &[0x06, 0x02, 0x2a, 0x03, 0xa0, 0x03, 0x0c, 0x01, b'x']),
        (0x88, &[0x2a, 0x03]),
        (0xa4, b""),
    ];
    let (tag, base) = *random.pick(&bases);
    if tag == 0xa4 {
        let below = match random.below(4) {
            0 => name(&["Example"]),
            1 => name(&["EXAMPLE", "Server"]),
            2 => sequence(&[]),
            _ => name(&["Nobody"]),
        };
        return (tag, below);
    }
    (tag, base.to_vec())
}

fn alt_names(random: &mut Random) -> Extension {
    let names: [(u8, &[u8]); 14] = [
        (0x82, b"server.example.com"),
        (0x82, b"*.example.com"),
        (0x82, b"s*.example.com"),
        (0x82, b"other.example.com"),
        (0x82, b"SERVER.EXAMPLE.COM"),
        (0x87, &[10, 0, 0, 1]),
        (0x87, &[10, 0, 0]),
        (0x81, b"user@example.com"),
        (0x81, b"User@Sub.Example.com"),
        (0x81, b"nobody"),
        (0x86, b"https://www.example.com/path"),
        (0x86, b"sip:server.example.com"),
        (0xa0, &[0x06, 0x02, 0x2a, 0x03, 0xa0, 0x03, 0x0c, 0x01, b'x']),
        (0x88, &[0x2a, 0x03]),
    ];
    let mut chosen: Vec<(u8, &[u8])> = Vec::new();
    if random.chance(70) {
        chosen.push(names[0]);
    }
    for _ in 0..random.below(3) {
        chosen.push(*random.pick(&names));
    }
    let mut extension = Extension::alt_names(&chosen);
    extension.critical = random.chance(20);
    extension
}

/// The extensions of an authority (or of the leaf), mostly as they should be.
fn extensions(random: &mut Random, own: &Key, issuer: &Party<'_>, is_leaf: bool) -> Vec<Extension> {
    let mut list = Vec::new();
    if !random.odd(if is_leaf { 50 } else { 4 }) {
        let ca = is_leaf == random.odd(5);
        let length = random.odd(15).then(|| u8::try_from(random.below(4)).unwrap_or(0));
        let mut constraints = Extension::basic_constraints(ca, length);
        constraints.critical = !random.odd(10);
        list.push(constraints);
    }
    if !random.odd(if is_leaf { 50 } else { 15 }) {
        let usual = if is_leaf { DIGITAL_SIGNATURE } else { KEY_CERT_SIGN | CRL_SIGN };
        let odd = *random.pick(&[CRL_SIGN, 0x20, 0x08, KEY_CERT_SIGN, DIGITAL_SIGNATURE, 0x40, 0]);
        let mut usage = Extension::key_usage(if random.odd(8) { odd } else { usual });
        usage.critical = !random.odd(20);
        list.push(usage);
    }
    if random.chance(if is_leaf { 40 } else { 10 }) {
        let usages: [&[&[u8]]; 7] = [
            &[SERVER_AUTH],
            &[SERVER_AUTH, CLIENT_AUTH],
            &[CLIENT_AUTH],
            &[ANY_USAGE],
            &[UNKNOWN_USAGE, SERVER_AUTH],
            &[],
            &[&[0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x04, 0x01]],
        ];
        let usage = if random.odd(25) { random.pick(&usages) } else { usages[1] };
        list.push(Extension::extended_key_usage(usage));
    }
    if !random.odd(20) {
        list.push(Extension::subject_key(&own.identifier));
    }
    if !random.odd(20) {
        let issuer_key = &issuer.key.identifier;
        let full = |identifier: &[u8], name: &[u8], serial: &[u8]| {
            let parts = [
                element(0x80, identifier),
                element(0xa1, &element(0xa4, name)),
                element(0x82, serial),
            ];
            Extension::new(extension::AUTHORITY_KEY, sequence(&parts))
        };
        let above = &issuer.statement;
        let form = if random.odd(40) { random.below(10) } else { 9 };
        list.push(match form {
            0 => Extension::authority_key(&[0x55; 20]),
            1 => full(issuer_key, &above.issuer, &above.serial),
            2 => full(issuer_key, &above.subject, &above.serial),
            3 => full(issuer_key, &above.issuer, &[0x7f]),
            4 => Extension::new(extension::AUTHORITY_KEY, sequence(&[])),
            _ => Extension::authority_key(issuer_key),
        });
    }
    if random.chance(if is_leaf { 85 } else { 5 }) {
        list.push(alt_names(random));
    }
    if random.odd(if is_leaf { 2 } else { 14 }) {
        let some = |random: &mut Random| -> Vec<(u8, Vec<u8>)> {
            (0..random.below(3)).map(|_| constraint(random)).collect()
        };
        let (permitted, excluded) = (some(random), some(random));
        list.push(Extension::name_constraints(&borrowed(&permitted), &borrowed(&excluded)));
    }
    odd_extensions(random, &mut list);
    list
}

fn borrowed(trees: &[(u8, Vec<u8>)]) -> Vec<(u8, &[u8])> {
    trees.iter().map(|(tag, base)| (*tag, base.as_slice())).collect()
}

fn odd_extensions(random: &mut Random, list: &mut Vec<Extension>) {
    if random.odd(3) {
        let mut unknown = Extension::new(extension::UNKNOWN, vec![5, 0]);
        unknown.critical = random.chance(60);
        list.push(unknown);
    }
    if random.odd(3) {
        let bits = *random.pick(&[0x40, 0x80, 0x04, 0x01, 0x00]);
        list.push(Extension::new(extension::NETSCAPE, element(3, &[0, bits])));
    }
    if random.odd(2) {
        let policy = sequence(&[element(6, UNKNOWN_USAGE)]);
        let length = random.chance(50).then(|| element(2, &[u8::from(random.chance(50))]));
        let parts: Vec<Vec<u8>> = length.into_iter().chain([policy]).collect();
        list.push(Extension::new(extension::PROXY, sequence(&parts)).critical());
    }
    if random.odd(2) && !list.is_empty() {
        let again = random.pick(list).clone();
        list.push(again);
    }
    if random.odd(2) && !list.is_empty() {
        let at = random.below(list.len());
        let broken = &mut list[at];
        match random.below(3) {
            0 => broken.value.clear(),
            1 => broken.value.truncate(broken.value.len().saturating_sub(1)),
            _ => broken.value.push(0),
        }
    }
    if random.chance(5) {
        random.shuffle(list);
    }
}

fn statement(
    random: &mut Random,
    own: &Key,
    name: &[u8],
    issuer: &Party<'_>,
    is_leaf: bool,
) -> Statement {
    let mut statement = Statement::new(&issuer.name, name, own);
    statement.extensions = extensions(random, own, issuer, is_leaf);
    statement.serial = vec![u8::try_from(1 + random.below(100)).unwrap_or(1)];
    let times = if random.odd(50) { random.below(10) } else { 9 };
    match times {
        0 => statement.not_after = UnixTime(NOW.0 - DAY),
        1 => statement.not_before = UnixTime(NOW.0 + DAY),
        2 => statement.not_after = NOW,
        3 => statement.not_before = NOW,
        4 => statement.not_after = UnixTime(NOW.0 - 2 * DAY),
        _ => {}
    }
    if random.odd(2) {
        let odd: [&[u8]; 5] = [
            b"2001010000Z",
            b"20010100000Z",
            b"200101000000+0100",
            b"200101000060Z",
            b"20010100000Zx",
        ];
        let time = element(0x17, odd[random.below(odd.len())]);
        let good = element(0x17, b"300101000000Z");
        statement.times =
            Some(if random.chance(50) { [time, good].concat() } else { [good, time].concat() });
    }
    if random.odd(4) {
        statement.version = *random.pick(&[1, 1, 2, 4]);
        if statement.version == 1 && random.chance(70) {
            statement.extensions.clear();
        }
    }
    let hash = if random.odd(30) { random.below(9) } else { 8 };
    statement.hash = match hash {
        0 => HashAlgorithm::Sha1,
        1 => HashAlgorithm::Sha384,
        2 => HashAlgorithm::Sha512,
        _ => HashAlgorithm::Sha256,
    };
    statement
}

/// Signs, rarely with the wrong key or with a bit turned.
fn sign(random: &mut Random, statement: &Statement, issuer: &Key, keys: &Keys) -> Result<Vec<u8>> {
    let key = if random.odd(4) { keys.pick(random) } else { issuer };
    let mut statement = statement.clone();
    if key.info.len() < 140 && statement.hash == HashAlgorithm::Sha512 {
        statement.hash = HashAlgorithm::Sha256;
    }
    let mut der = statement.sign(key)?;
    if random.odd(3) {
        let last = der.len() - 1;
        der[last] ^= 1 << random.below(3);
    }
    if random.odd(3) {
        let at = random.below(der.len());
        der[at] ^= 1 << random.below(8);
        if Certificate::parse(&der, 0).is_err() {
            // OpenSSL reads some of what is refused here: a SET OF that is not marked as constructed.
            return statement.sign(key);
        }
    }
    Ok(der)
}

fn question(random: &mut Random, keys: &Keys) -> Result<Question> {
    if random.chance(60) {
        random.oddity = 20;
    }
    let height = 1 + random.below(4);
    let root_key = keys.pick(random);
    let root_name = some_name(random, 5);
    let seed = Statement::new(&root_name, &root_name, root_key);
    let mut parties = vec![Party { name: root_name.clone(), key: root_key, statement: seed }];
    let own = statement(random, root_key, &root_name, &parties[0], false);
    parties[0].statement = own;
    let mut made = vec![(sign(random, &parties[0].statement, root_key, keys)?, 0)];
    for depth in (0..height).rev() {
        let is_leaf = depth == 0;
        let issuer = &parties[parties.len() - 1];
        let key = keys.pick(random);
        let name = if is_leaf && random.chance(50) {
            name(&["Example", if random.chance(70) { HOST } else { "phone" }])
        } else {
            some_name(random, depth)
        };
        let statement = statement(random, key, &name, issuer, is_leaf);
        let issuer_key = issuer.key;
        made.push((sign(random, &statement, issuer_key, keys)?, parties.len()));
        if !is_leaf && random.chance(25) {
            made.push((sibling(random, &statement, &parties, keys)?, parties.len()));
        }
        parties.push(Party { name, key, statement });
    }
    let (leaf, _) = made.pop().unwrap_or_default();
    let mut question = Question::new("", leaf, NOW);
    for (der, height) in &made {
        let is_root = *height == 0;
        if is_root != random.odd(if is_root { 12 } else { 6 }) {
            question.trusted.push(der.clone());
        }
        if random.chance(30) || !(is_root || random.odd(14)) {
            question.untrusted.push(der.clone());
        }
    }
    if random.chance(5) {
        question.trusted.push(question.leaf.clone());
    }
    if random.chance(10) {
        question.untrusted.push(question.leaf.clone());
    }
    if random.chance(50) {
        random.shuffle(&mut question.untrusted);
        random.shuffle(&mut question.trusted);
    }
    if random.chance(12) {
        let issuer = &parties[parties.len() - 2];
        question.crls = lists(random, issuer, &parties[parties.len() - 1], keys)?;
    }
    ask_for(random, &mut question);
    Ok(question)
}

/// Another certificate of the same authority: other dates, another key, another issuer, or its own.
fn sibling(
    random: &mut Random,
    statement: &Statement,
    parties: &[Party<'_>],
    keys: &Keys,
) -> Result<Vec<u8>> {
    let mut sibling = statement.clone();
    sibling.serial = vec![0x70];
    let mut signer = parties[parties.len() - 1].key;
    match random.below(4) {
        0 => sibling.not_after = UnixTime(NOW.0 - 3 * DAY),
        1 => sibling.key = keys.pick(random).info.clone(),
        2 => {
            let other = &parties[random.below(parties.len())];
            sibling.issuer.clone_from(&other.name);
            signer = other.key;
        }
        _ => {
            sibling.issuer.clone_from(&sibling.subject);
            let own = keys.0.iter().find(|key| key.info == sibling.key);
            signer = own.unwrap_or(signer);
        }
    }
    sign(random, &sibling, signer, keys)
}

fn lists(
    random: &mut Random,
    issuer: &Party<'_>,
    leaf: &Party<'_>,
    keys: &Keys,
) -> Result<Vec<Vec<u8>>> {
    let mut lists = Vec::new();
    for _ in 0..=random.below(2) {
        let key = if random.chance(90) { issuer.key } else { keys.pick(random) };
        let other: &[u8] = &[0x7e];
        let revoked: Vec<&[u8]> =
            if random.chance(40) { vec![other, &leaf.statement.serial] } else { vec![other] };
        let begin = UnixTime(NOW.0 - DAY * i64::try_from(1 + random.below(9)).unwrap_or(1));
        let end = if random.chance(85) { UnixTime(NOW.0 + DAY) } else { UnixTime(NOW.0 - 60) };
        let mut extensions = Vec::new();
        if random.chance(80) {
            let mut number = Extension::new(extension::CRL_NUMBER, element(2, &[5]));
            number.critical = random.chance(10);
            extensions.push(number);
        }
        if random.chance(60) {
            let right = random.chance(90);
            let identifier = if right { issuer.key.identifier } else { [0x55; 20] };
            extensions.push(Extension::authority_key(&identifier));
        }
        if random.chance(25) {
            let parts: [Vec<u8>; 5] = [
                element(0x81, &[0xff]),
                element(0x82, &[0xff]),
                element(0x84, &[0xff]),
                element(0x85, &[0xff]),
                element(0xa0, &element(0xa0, &element(0x86, b"http://example.com/list"))),
            ];
            let part = random.pick(&parts).clone();
            extensions.push(Extension::new(&[0x55, 0x1d, 0x1c], sequence(&[part])).critical());
        }
        lists.push(revocation_list(&issuer.name, key, &revoked, begin, end, &extensions)?);
    }
    Ok(lists)
}

fn ask_for(random: &mut Random, question: &mut Question) {
    question.profile =
        if random.chance(70) { Profile::OpenSsl30 } else { Profile::OpenSsl30Strict };
    question.level = u8::try_from(random.below(3)).unwrap_or(0);
    question.purpose = match random.below(10) {
        0 => Purpose::Client,
        1 => Purpose::Any,
        _ => Purpose::Server,
    };
    if random.chance(12) {
        question.max_depth = u32::try_from(random.below(4)).ok();
    }
    question.name = match random.below(8) {
        0..=2 => Some(ReferenceName::Dns(HOST.to_owned())),
        3 => Some(ReferenceName::Dns("elsewhere.example.net".to_owned())),
        4 => Some(ReferenceName::Ip([10, 0, 0, 1].into())),
        5 => Some(ReferenceName::Email("user@example.com".to_owned())),
        _ => None,
    };
}

/// Questions with the seeds from `seed` on.
fn questions(seed: u64, cases: u64) -> Result<Vec<Question>> {
    let keys = Keys::new()?;
    (0..cases)
        .map(|case| {
            let seed = seed.wrapping_add(case);
            let mut question = question(&mut Random::new(seed), &keys)?;
            question.label = format!("seed {seed}");
            Ok(question)
        })
        .collect()
}

#[test]
fn openssl_of_the_machine_says_the_same() -> Result<(), Failure> {
    let number = |name: &str, usual: u64| -> Result<u64> {
        env::var(name).map_or(Ok(usual), |text| Ok(text.parse()?))
    };
    let seed = number("TLVET_CHAIN_SEED", SEED)?;
    let questions = questions(seed, number("TLVET_CHAIN_CASES", CASES)?)?;
    let (version, answers) = ask_openssl(&questions)?;
    compare(&version, &questions, answers)
}

/// What 1.1.1l answered to chains made the same way, as `tests/oracles/openssl_chains_1_1_1.py` recorded it.
#[test]
fn the_recorded_openssl_1_1_1_says_the_same() -> Result<(), Failure> {
    let mut questions = questions(RECORDED_SEED, RECORDED_CASES)?;
    for question in &mut questions {
        question.profile = Profile::OpenSsl111;
        question.level = 0;
    }
    let lines: Vec<String> = questions.iter().map(Question::to_line).collect();
    if let Some(file) = env::var_os("TLVET_CHAIN_QUESTIONS") {
        fs::write(file, lines.join("\n") + "\n")?;
    }
    let recorded = limbo::unpacked(&folder().join("data/chains/openssl-1.1.1l.jsonl.xz"))?;
    let mut recorded = recorded.lines();
    let version = recorded.next().context("nothing is recorded")?;
    let answers = recorded.map(told).collect::<Result<Vec<_>>>()?;
    assert_eq!(
        (hex(&sha256(lines.join("\n").as_bytes())).as_str(), answers.len()),
        (RECORDED_QUESTIONS, questions.len()),
        "other questions than those that were recorded: record anew"
    );
    compare(version, &questions, answers)
}

/// Every call of the callback, the first error and its depth.
fn compare(
    version: &str,
    questions: &[Question],
    answers: Vec<Option<Told>>,
) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    let mut cache = SignatureCache::new();
    let (mut accepted, mut unreadable) = (0, 0);
    for (question, answer) in questions.iter().zip(answers) {
        let label = &question.label;
        let judgement = question.judge(&mut cache).filter(|found| found.unreadable.is_none());
        let (judgement, told) = match (judgement, answer) {
            (None, None) => {
                unreadable += 1;
                continue;
            }
            (Some(judgement), Some(told)) => (judgement, told),
            (judgement, _) => {
                let who = if judgement.is_none() { "OpenSSL" } else { "tlvet" };
                wrong.push(format!("{label}: only {who} can read the leaf"));
                continue;
            }
        };
        let first = judgement.first.as_ref().map_or((0, 0), |first| (first.code, first.depth));
        accepted += usize::from(judgement.ok);
        if judgement.events != told.go_on
            || judgement.enforced_events() != told.stop
            || first.0 != told.end.0
            || (!judgement.ok && first.1 != told.end.1)
        {
            wrong.push(format!(
                "{label} {} level {} {:?} depth {:?}\n  OpenSSL {} end {:?}\n  tlvet   {} first {first:?}",
                question.profile,
                question.level,
                question.purpose,
                question.max_depth,
                trace(&told.go_on),
                told.end,
                trace(&judgement.events),
            ));
        }
    }
    println!("{version}: {} chains, {accepted} accepted, {unreadable} unreadable", questions.len());
    assert!(accepted * 20 > questions.len(), "too few chains are good to test anything");
    Failure::unless_empty(&wrong, &format!("{version} says otherwise"))
}
