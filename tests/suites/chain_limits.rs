//! Hostile sets of certificates end within their budget, and nothing that was altered is ever accepted.
#![allow(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use anyhow::{Context as _, Result};
use tlvet_core::limits;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::HashAlgorithm;
use tlvet_core::x509::chain::{Judgement, Profile, SignatureCache};
use tlvet_tests::Failure;
use tlvet_tests::authority::{
    DIGITAL_SIGNATURE, Extension, Key, Statement, authority, name, revocation_list,
};
use tlvet_tests::chains::Question;

/// 2026-11-20T00:00:00Z.
const NOW: UnixTime = UnixTime(1_795_132_800);

/// A root, an intermediate and a leaf, each signed by the one before.
fn sound(root: &Key, intermediate: &Key, leaf: &Key) -> Result<Question> {
    let mut end = Statement::new(&name(&["Intermediate"]), &name(&["server"]), leaf);
    end.extensions = vec![
        Extension::key_usage(DIGITAL_SIGNATURE),
        Extension::alt_names(&[(0x82, b"server.example.com")]),
        Extension::authority_key(&intermediate.identifier),
    ];
    let mut question = Question::new("sound", end.sign(intermediate)?, NOW);
    question.untrusted = vec![authority("Root", "Intermediate", intermediate, root)?];
    question.trusted = vec![authority("Root", "Root", root, root)?];
    Ok(question)
}

fn judged(question: &Question) -> Result<Judgement> {
    question.judge(&mut SignatureCache::new()).context("the leaf cannot be parsed")
}

/// One name and 1,000 certificates, every one of which may have issued half of the others: OpenSSL goes up until its
/// depth ends, and so does the engine, looking at each of them once for each step.
#[test]
fn a_thousand_certificates_of_one_name_end_soon() -> Result<(), Failure> {
    const COUNT: usize = 1_000;
    let key = Key::p256(1)?;
    let made = |number: usize| {
        let mut statement = Statement::new(&name(&["Same"]), &name(&["Same"]), &key);
        let (own, above) = if number.is_multiple_of(2) { (0x11, 0x22) } else { (0x22, 0x11) };
        statement.serial = vec![1, u8::try_from(number / 256)?, u8::try_from(number % 256)?];
        statement.extensions = vec![
            Extension::basic_constraints(true, None),
            Extension::subject_key(&[own; 20]),
            Extension::authority_key(&[above; 20]),
        ];
        statement.sign(&key)
    };
    let certificates = (0..=COUNT).map(made).collect::<Result<Vec<_>>>()?;
    for (profile, max_depth, trusted, depth) in [
        (Profile::OpenSsl30, None, 0, 101),
        (Profile::OpenSsl30, None, 100, 101),
        (Profile::OpenSsl111, None, 0, 101),
        (Profile::OpenSsl30, Some(u32::MAX), 0, 1000),
        (Profile::OpenSsl30Strict, Some(500), 0, 501),
    ] {
        let mut question = Question::new("same name", certificates[0].clone(), NOW);
        question.untrusted = certificates[1..].to_vec();
        question.trusted = certificates[1..=trusted].to_vec();
        question.profile = profile;
        question.max_depth = max_depth;
        let judgement = judged(&question)?;
        let first = judgement.first.context("an error")?;
        let too_long = if max_depth == Some(u32::MAX) { 20 } else { 22 };
        assert_eq!((first.code, first.depth), (too_long, depth), "{profile} {max_depth:?}");
        let steps = usize::try_from(depth)? + 1;
        assert!(judgement.work <= steps * (COUNT + trusted), "{profile}: {}", judgement.work);
        assert!(judgement.signatures <= limits::CHAIN_SIGNATURES, "{}", judgement.signatures);
    }
    Ok(())
}

/// A path of 1,000 certificates, all with different names, and no limit on the depth.
#[test]
fn a_long_path_ends_with_its_budget() -> Result<(), Failure> {
    const COUNT: usize = 1_000;
    let key = Key::p256(1)?;
    let step = |number: usize| name(&[&format!("Step {number}")]);
    let certificates = (0..COUNT)
        .map(|number| {
            let mut statement = Statement::new(&step(number + 1), &step(number), &key);
            statement.extensions = vec![Extension::basic_constraints(true, None)];
            statement.sign(&key)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut question = Question::new("long", certificates[0].clone(), NOW);
    question.untrusted = certificates[1..].to_vec();
    question.max_depth = Some(u32::MAX);
    let judgement = judged(&question)?;
    assert!(judgement.budget_exhausted);
    assert!(!judgement.ok);
    assert_eq!(judgement.signatures, limits::CHAIN_SIGNATURES);
    let first = judgement.first.context("an error")?;
    assert_eq!((first.code, first.depth), (20, 999));

    question.max_depth = None;
    let judgement = judged(&question)?;
    assert!(!judgement.budget_exhausted);
    let first = judgement.first.context("an error")?;
    assert_eq!((first.code, first.depth), (22, 101));
    Ok(())
}

/// 2,000 names under 2,000 constraints in each of three certificates: more than OpenSSL compares.
#[test]
fn many_names_under_many_constraints_are_not_compared() -> Result<(), Failure> {
    const COUNT: usize = 2_000;
    let (root, intermediate, leaf) = (Key::p256(1)?, Key::p256(2)?, Key::p256(3)?);
    let names: Vec<String> = (0..COUNT).map(|number| format!("h{number}.example.com")).collect();
    let names: Vec<(u8, &[u8])> = names.iter().map(|name| (0x82, name.as_bytes())).collect();
    let mut above = Statement::new(&name(&["Root"]), &name(&["Root"]), &root);
    above.extensions =
        vec![Extension::basic_constraints(true, None), Extension::name_constraints(&[], &names)];
    let mut middle = Statement::new(&name(&["Root"]), &name(&["Intermediate"]), &intermediate);
    middle.extensions.clone_from(&above.extensions);
    let mut end = Statement::new(&name(&["Intermediate"]), &name(&["server"]), &leaf);
    end.extensions = vec![Extension::alt_names(&names)];
    let mut question = Question::new("names", end.sign(&intermediate)?, NOW);
    question.untrusted = vec![middle.sign(&root)?];
    question.trusted = vec![above.sign(&root)?];
    let judgement = judged(&question)?;
    let first = judgement.first.context("an error")?;
    assert_eq!((first.code, first.depth), (1, 0));
    assert!(judgement.work <= limits::CHAIN_WORK);
    Ok(())
}

/// Every bit of the leaf and of the intermediate, of every kind of key.
#[test]
fn no_altered_certificate_is_accepted() -> Result<(), Failure> {
    let kinds = [
        sound(&Key::p256(1)?, &Key::p256(2)?, &Key::p256(3)?)?,
        sound(&Key::rsa("callmanager")?, &Key::rsa("rsa1024")?, &Key::p256(3)?)?,
        sound(&Key::p384(1)?, &Key::ed25519(1), &Key::p256(3)?)?,
    ];
    let mut wrong = Vec::new();
    let mut cache = SignatureCache::new();
    for (kind, question) in kinds.iter().enumerate() {
        assert!(question.judge(&mut cache).is_some_and(|judgement| judgement.ok), "{kind}");
        for is_leaf in [true, false] {
            let length = if is_leaf { question.leaf.len() } else { question.untrusted[0].len() };
            for bit in 0..length * 8 {
                let mut altered = question.clone();
                let der = if is_leaf { &mut altered.leaf } else { &mut altered.untrusted[0] };
                der[bit / 8] ^= 1 << (bit % 8);
                if altered.judge(&mut cache).is_some_and(|judgement| judgement.ok) {
                    wrong.push(format!(
                        "kind {kind}, leaf {is_leaf}, byte {} bit {}",
                        bit / 8,
                        bit % 8
                    ));
                }
            }
        }
    }
    Failure::unless_empty(&wrong, "altered, yet accepted")
}

/// Every bit of a list that clears the leaf: it clears nobody once it is altered.
#[test]
fn no_altered_revocation_list_clears_anybody() -> Result<(), Failure> {
    let keys = [Key::p256(1)?, Key::p256(2)?, Key::p256(3)?];
    let mut question = sound(&keys[0], &keys[1], &keys[2])?;
    let extensions = [Extension::authority_key(&keys[1].identifier)];
    let issuer = name(&["Intermediate"]);
    let (begin, end) = (UnixTime(NOW.0 - 60), UnixTime(NOW.0 + 60));
    let list = revocation_list(&issuer, &keys[1], &[&[0x55]], begin, end, &extensions)?;
    question.crls = vec![list.clone()];
    let mut cache = SignatureCache::new();
    assert!(question.judge(&mut cache).is_some_and(|judgement| judgement.ok));
    let mut wrong = Vec::new();
    for bit in 0..list.len() * 8 {
        let mut altered = list.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        if tlvet_core::x509::RevocationList::parse(&altered, 0).is_err() {
            continue;
        }
        question.crls = vec![altered];
        if question.judge(&mut cache).is_some_and(|judgement| judgement.ok) {
            wrong.push(format!("byte {} bit {}", bit / 8, bit % 8));
        }
    }
    Failure::unless_empty(&wrong, "altered, yet it clears")
}

/// What was remembered changes the time, never the result.
#[test]
fn a_used_cache_says_the_same() -> Result<(), Failure> {
    let keys = [Key::p256(1)?, Key::p256(2)?, Key::p256(3)?];
    let good = sound(&keys[0], &keys[1], &keys[2])?;
    let mut bad = good.clone();
    *bad.leaf.last_mut().context("empty")? ^= 1;
    let mut cache = SignatureCache::new();
    let first = (good.judge(&mut cache), bad.judge(&mut cache));
    let verified = cache.verifications();
    assert_eq!(verified, 3, "two signatures of the leaf, one of the intermediate");
    assert_eq!((good.judge(&mut cache), bad.judge(&mut cache)), first);
    assert_eq!(cache.verifications(), verified);
    assert_eq!(first.0, Some(judged(&good)?));
    assert_eq!(first.1, Some(judged(&bad)?));
    Ok(())
}

/// Security levels: 1.1.1 counts SHA-1 as 80 bits and takes it at level 1, 3.0 as 63 and does not.
#[test]
fn levels_refuse_weak_hashes_and_keys() -> Result<(), Failure> {
    let (root, server, small) = (Key::rsa("ca")?, Key::p256(3)?, Key::rsa("rsa768")?);
    let mut top = Statement::new(&name(&["Root"]), &name(&["Root"]), &root);
    top.extensions = vec![Extension::basic_constraints(true, None)];
    let top = top.sign(&root)?;
    let leaves = [
        (HashAlgorithm::Md5, &server),
        (HashAlgorithm::Sha1, &server),
        (HashAlgorithm::Sha256, &server),
        (HashAlgorithm::Sha256, &small),
    ];
    let none: &[u32] = &[];
    for (profile, level, expected) in [
        (Profile::OpenSsl111, 0, [none, none, none, none]),
        (Profile::OpenSsl111, 1, [&[68], none, none, &[66]]),
        (Profile::OpenSsl111, 2, [&[68], &[68], none, &[66]]),
        (Profile::OpenSsl30, 0, [none, none, none, none]),
        (Profile::OpenSsl30, 1, [&[68], &[68], none, &[66]]),
        (Profile::OpenSsl30, 2, [&[68], &[68], none, &[66]]),
    ] {
        for ((hash, key), expected) in leaves.iter().zip(expected) {
            let mut leaf = Statement::new(&name(&["Root"]), &name(&["server"]), key);
            leaf.hash = *hash;
            let mut question = Question::new("weak", leaf.sign(&root)?, NOW);
            question.trusted = vec![top.clone()];
            question.profile = profile;
            question.level = level;
            let codes: Vec<u32> =
                judged(&question)?.all.iter().map(|failure| failure.code).collect();
            assert_eq!(codes, expected, "{profile} level {level} {hash}");
        }
    }
    Ok(())
}
