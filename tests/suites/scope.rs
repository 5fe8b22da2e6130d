//! The smaller scope of a session, which the page loads first: it says the same as the whole, or that it cannot.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::collections::BTreeSet;
use std::fs;

use tlvet_core::findings::{LISTS, REGISTRY};
use tlvet_core::report::json;
use tlvet_core::report::model::{InputKind, InputRole, Report, SkipOutcome, Skipped};
use tlvet_core::session::Session;
use tlvet_core::session::scope::Scope;
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, case, files_below, folder};

type Result<T> = std::result::Result<T, Failure>;

/// What the smaller scope reads.
fn is_list(kind: InputKind) -> bool {
    matches!(
        kind,
        InputKind::Configuration
            | InputKind::Empty
            | InputKind::SignedFile
            | InputKind::TrustList
            | InputKind::Unreadable
    )
}

#[test]
fn a_report_of_lists_is_that_of_the_whole_or_says_that_it_is_not() -> Result<()> {
    let mut wrong = Vec::new();
    let mut same = 0;
    for root in ["cases", "incidents"] {
        for case in case::all(&folder().join(root))? {
            let name = &case.name;
            let whole = case.report()?;
            let session = case.session_within(&Scope::LISTS)?;
            let asked = &case.description;
            let is_lists = whole.inputs.iter().all(|input| is_list(input.kind))
                && asked.context.is_empty()
                && asked.expected.is_empty()
                && asked.passwords.is_empty();
            if session.is_beyond_scope() == is_lists {
                wrong.push(format!("{name}: in the scope: {is_lists}, which it denies"));
            }
            if !is_lists {
                continue;
            }
            let lists = session.report(case.now()?);
            wrong.extend(disagreement(&lists, whole).map(|text| format!("{name}: {text}")));
            same += 1;
        }
    }
    // A scope that reads nothing would pass as well.
    if same < 90 {
        wrong.push(format!("only {same} cases are in the scope"));
    }
    Failure::unless_empty(&wrong, "cases that the smaller scope reports otherwise")
}

/// Good and bad lists and signed files that were made to be told apart, each alone.
#[test]
fn so_is_that_of_every_vector() {
    let mut wrong = Vec::new();
    let mut same = 0;
    for path in ["itl", "ctl", "sgn"]
        .iter()
        .flat_map(|part| files_below(&folder().join("vectors").join(part)).unwrap())
    {
        let bytes = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for role in [InputRole::Observed, InputRole::Phone] {
            let report = |scope| {
                let mut session = Session::within(scope);
                let id = session.open(&name, role).unwrap();
                session.push(id, &bytes);
                session.close(id);
                (session.is_beyond_scope(), session.report(UnixTime(1_700_000_000)))
            };
            let (is_beyond, lists) = report(&Scope::LISTS);
            if !is_beyond {
                same += 1;
                let whole = report(&Scope::WHOLE).1;
                wrong.extend(disagreement(&lists, whole).map(|text| format!("{name}: {text}")));
            }
        }
    }
    assert!(same > 250, "only {same} vectors are in the scope");
    assert_eq!(wrong, Vec::<String>::new());
}

/// What the report of lists says otherwise than that of the whole, the checks aside that it does not know.
fn disagreement(lists: &Report, mut whole: Report) -> Option<String> {
    let known: BTreeSet<&str> = LISTS.iter().map(|check| check.code).collect();
    let is_known = |code: &str| known.contains(code);
    let asks = |skipped: &&Skipped| {
        !is_known(&skipped.code) && skipped.outcome != SkipOutcome::NotApplicable
    };
    if let Some(skipped) = whole.skipped.iter().find(asks) {
        return Some(format!("{} asks for evidence", skipped.code));
    }
    whole.skipped.retain(|skipped| is_known(&skipped.code));
    difference(&json::render(lists), &json::render(&whole))
}

/// Where two texts begin to differ, with what stands there.
fn difference(one: &str, other: &str) -> Option<String> {
    let at = one.bytes().zip(other.bytes()).position(|(one, other)| one != other);
    let at = at.or((one.len() != other.len()).then_some(one.len().min(other.len())))?;
    let around = |text: &str| {
        let bytes = text.as_bytes();
        let around = at.saturating_sub(80)..bytes.len().min(at + 80);
        String::from_utf8_lossy(bytes.get(around).unwrap_or_default()).into_owned()
    };
    Some(format!("{} instead of {}", around(one), around(other)))
}

#[test]
fn the_checks_of_lists_are_those_of_the_registry_in_its_order() {
    let all: Vec<&str> = REGISTRY.iter().map(|check| check.code).collect();
    let lists: Vec<&str> = LISTS.iter().map(|check| check.code).collect();
    let in_order: Vec<&str> = all.into_iter().filter(|code| lists.contains(code)).collect();
    assert_eq!(lists, in_order);
}

/// A session of the smaller scope with one input, and whether it was beyond before its end.
fn one(name: &str, role: InputRole, bytes: &[u8]) -> (Session, bool) {
    let mut session = Session::within(&Scope::LISTS);
    let id = session.open(name, role).unwrap();
    for chunk in bytes.chunks(4096) {
        session.push(id, chunk);
    }
    let early = session.is_beyond_scope();
    session.close(id);
    (session, early)
}

fn read(path: &str) -> Vec<u8> {
    fs::read(folder().join(path)).unwrap()
}

#[test]
fn what_does_not_begin_as_a_list_is_beyond_at_its_first_bytes() {
    let log = b"Nov 20 08:00:00 nobody knows this line\n".repeat(200);
    let captures = ["captures/incident_phone_itl.pcapng", "captures/http.pcapng"];
    for (name, bytes) in captures.map(|name| (name, read(name))).into_iter().chain([("log", log)]) {
        let (session, early) = one(name, InputRole::Observed, &bytes);
        assert!(early, "{name}");
        assert!(session.is_beyond_scope(), "{name}");
        assert_eq!(session.report(UnixTime(0)).inputs.len(), 0, "{name} is not named as read");
    }
}

#[test]
fn short_inputs_and_answers_are_beyond_at_their_end() {
    let list = read("vectors/itl/bad_flip_seed001_hdr_tag11_modulus.tlv");
    for (name, role, bytes, beyond) in [
        ("a list", InputRole::Phone, list, false),
        ("nothing", InputRole::Observed, Vec::new(), false),
        (
            "a certificate",
            InputRole::Trust,
            read("../core/tests/data/x509/container/trusted.pem"),
            true,
        ),
        ("a key", InputRole::Key, read("../core/tests/data/x509/container/key-ec.pem"), true),
        ("no text", InputRole::Observed, vec![0, 1, 2, 3, 4, 5, 6, 7], true),
    ] {
        let (session, early) = one(name, role, &bytes);
        assert_eq!((early, session.is_beyond_scope()), (false, beyond), "{name}");
        assert_eq!(session.report(UnixTime(0)).inputs.len(), usize::from(!beyond), "{name}");
    }
    let mut session = Session::within(&Scope::LISTS);
    assert!(!session.is_beyond_scope());
    session.expect("cucm.example.com", None).unwrap();
    assert!(session.is_beyond_scope());
    let mut session = Session::within(&Scope::LISTS);
    session.set_context("cucm.version", "11.5").unwrap();
    assert!(session.is_beyond_scope());
    let mut session = Session::within(&Scope::LISTS);
    session.password("changeit").unwrap();
    assert!(session.is_beyond_scope());
    let mut session = Session::new();
    session.password("changeit").unwrap();
    assert!(!session.is_beyond_scope());
}
