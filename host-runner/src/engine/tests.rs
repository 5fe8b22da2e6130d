#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as expected"
)]

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::time::{Duration, Instant};

use super::*;

/// `tests/hostile.wat`: does what the first byte of an input says, see there.
static HOSTILE: Embedded = embedded!("hostile.cwasm", clock::OF_ENGINE);

/// Long enough for an honest order on a busy machine: time in which a thread has to wait for a processor counts.
const SMALL: Limits = Limits { memory: 8 << 20, time: Duration::from_secs(2) };

struct Bytes(&'static [u8]);

impl Source for Bytes {
    fn name(&self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }
    fn role(&self) -> Role {
        Role::Observed
    }
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match self.0 {
            b"no such file" => Err(io::Error::from(io::ErrorKind::NotFound)),
            bytes => Ok(Box::new(bytes)),
        }
    }
}

fn hostile(order: &'static [u8]) -> Failure {
    let engine = Engine::load(&HOSTILE).unwrap();
    let mut instance = engine.instance(SMALL).unwrap();
    match instance.read("hostile", Role::Observed, Bytes(order).open().unwrap()) {
        Err(failure) => failure,
        Ok(_) => panic!("{order:?} was read"),
    }
}

fn options(format: Format) -> Options {
    Options {
        format,
        now: "2026-11-20T00:00:00Z".to_owned(),
        context: BTreeMap::new(),
        redact: false,
        brief: false,
        colour: false,
        width: 100,
    }
}

fn reported(instance: &mut Instance) -> Vec<u8> {
    let mut report = Vec::new();
    instance.report(&mut report).unwrap();
    report
}

#[test]
fn the_engine_imports_digests_and_nothing_else() {
    let engine = Engine::new().unwrap();
    let mut imports: Vec<_> =
        engine.module().imports().map(|import| (import.module(), import.name())).collect();
    imports.sort_unstable();
    assert_eq!(imports, [("tlvet", "sha1_blocks"), ("tlvet", "sha256_blocks")]);
}

#[test]
fn digests_are_computed_inside_the_memory() {
    let engine = Engine::load(&HOSTILE).unwrap();
    let mut instance = engine.instance(SMALL).unwrap();
    let input = instance.read("hostile", Role::Observed, Box::new(b"d".as_slice())).unwrap();
    // The words of FIPS 180-4's examples for "abc".
    let sha256 = [
        0xba78_16bf_u32,
        0x8f01_cfea,
        0x4141_40de,
        0x5dae_2223,
        0xb003_61a3,
        0x9617_7a9c,
        0xb410_ff61,
        0xf200_15ad,
    ];
    let sha1 = [0xa999_3e36_u32, 0x4706_816a, 0xba3e_2571, 0x7850_c26c, 0x9cd0_d89d];
    let words: Vec<u8> = sha256.iter().chain(&sha1).flat_map(|word| word.to_le_bytes()).collect();
    assert_eq!(instance.export(input).unwrap(), words);
}

#[test]
fn a_digest_of_what_lies_outside_the_memory_is_a_trap() {
    let outside = "it asked for a digest of bytes outside its memory";
    let long = "it asked for a digest of 16385 blocks at once";
    let orders: [(&[u8], &str); 4] =
        [(b"blocks", outside), (b"hash", outside), (b"not whole", outside), (b"count", long)];
    for (order, reason) in orders {
        match hostile(order) {
            Failure::Stopped(Stopped::Trapped(said)) => assert_eq!(said, reason),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn whatever_does_not_end_ends_at_the_time_limit() {
    for order in [b"loop".as_slice(), b"within", b"recursion"] {
        let begun = Instant::now();
        assert!(matches!(hostile(order), Failure::Stopped(Stopped::Time(SMALL))));
        assert!(begun.elapsed() >= SMALL.time);
    }
}

#[test]
fn an_instance_that_was_stopped_stays_so() {
    let engine = Engine::load(&HOSTILE).unwrap();
    let mut instance = engine.instance(SMALL).unwrap();
    instance.read("hostile", Role::Observed, Box::new(b"loop".as_slice())).err().unwrap();
    instance.limit(SMALL);
    assert!(matches!(
        instance.read("hostile", Role::Observed, Box::new(b"loop".as_slice())),
        Err(Failure::Stopped(Stopped::Time(_)))
    ));
    drop(instance);
    // Its place in the address space may be given to the next.
    let mut next = engine.instance(SMALL).unwrap();
    assert!(next.read("hostile", Role::Observed, Box::new(b"a".as_slice())).is_ok());
}

#[test]
fn growth_without_end_ends_at_the_memory_cap() {
    let failure = hostile(b"memory");
    assert!(matches!(failure, Failure::Stopped(Stopped::Memory(SMALL))));
    assert_eq!(failure.to_string(), "the engine was stopped: it needs more than 8 MiB of memory");
}

#[test]
fn recursion_without_end_is_a_trap() {
    let failure = hostile(b"stack");
    assert!(matches!(failure, Failure::Stopped(Stopped::Trapped(_))));
    assert!(failure.to_string().contains("stack"), "{failure}");
}

#[test]
fn a_panic_says_where() {
    let failure = hostile(b"panic");
    assert!(matches!(failure, Failure::Stopped(Stopped::Panicked(_))));
    assert_eq!(failure.to_string(), "the engine stopped at src/odd.rs:7: an odd thing");
}

#[test]
fn a_trap_without_words_is_no_panic() {
    assert!(matches!(hostile(b"trap"), Failure::Stopped(Stopped::Trapped(_))));
}

#[test]
fn an_answer_outside_the_memory_is_refused() {
    let engine = Engine::load(&HOSTILE).unwrap();
    let mut instance = engine.instance(SMALL).unwrap();
    let input = instance.read("hostile", Role::Observed, Box::new(b"x".as_slice())).unwrap();
    assert!(matches!(instance.export(input), Err(Stopped::Trapped(_))));
}

#[test]
fn the_cap_holds_for_the_instance_itself() {
    let engine = Engine::load(&HOSTILE).unwrap();
    let limits = Limits { memory: 1 << 16, ..SMALL };
    assert!(matches!(engine.instance(limits), Err(Stopped::Memory(_))));
}

#[test]
fn a_hostile_input_costs_only_itself() {
    let engine = Engine::load(&HOSTILE).unwrap();
    let orders: [&[u8]; 8] =
        [b"a", b"loop", b"e", b"memory", b"no such file", b"trap", b"f", b"stack"];
    let sources = orders.map(Bytes);
    for jobs in [1, 3] {
        let mut seen = Vec::new();
        read_in_order(&engine, SMALL, jobs, &Opening::default(), &sources, |source, result| {
            seen.push((source.name(), result.is_ok()));
        });
        let expected =
            orders.map(|order| (String::from_utf8(order.to_vec()).unwrap(), order.len() == 1));
        assert_eq!(seen, expected, "{jobs} jobs");
    }
}

#[test]
fn more_inputs_than_may_wait_come_in_order() {
    let engine = Engine::load(&HOSTILE).unwrap();
    let sources: Vec<Bytes> = (0..1000).map(|_| Bytes(b"a")).collect();
    let mut count = 0;
    read_in_order(&engine, SMALL, 4, &Opening::default(), &sources, |_, result| {
        assert!(result.is_ok());
        count += 1;
    });
    assert_eq!(count, 1000);
}

#[test]
fn a_panic_while_results_are_taken_ends_the_reading() {
    let engine = Engine::load(&HOSTILE).unwrap();
    let sources: Vec<Bytes> = (0..1000).map(|_| Bytes(b"a")).collect();
    let reading = std::panic::AssertUnwindSafe(|| {
        read_in_order(&engine, SMALL, 4, &Opening::default(), &sources, |_, _| panic!("no more"));
    });
    // Threads that wait for room would wait for ever, and this with them.
    assert!(std::panic::catch_unwind(reading).is_err());
}

#[test]
fn options_are_checked_by_the_engine() {
    let engine = Engine::new().unwrap();
    let mut instance = engine.instance(REPORT_LIMITS).unwrap();
    let bad = Options { now: "yesterday".to_owned(), ..options(Format::Json) };
    match instance.configure(&bad) {
        Err(Stopped::Refused(reason)) => {
            assert!(reason.starts_with("--now yesterday: "), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    instance.configure(&options(Format::Json)).unwrap();
}

#[test]
fn an_export_of_another_build_is_refused() {
    let engine = Engine::new().unwrap();
    let mut instance = engine.instance(REPORT_LIMITS).unwrap();
    assert!(matches!(instance.import(&[0xff; 40]), Err(Stopped::Refused(_))));
    // A refusal is no trap: the instance goes on.
    instance.configure(&options(Format::Json)).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&reported(&mut instance)).unwrap();
    assert_eq!(report["inputs"], serde_json::json!([]));
}

#[test]
fn an_exported_input_gives_the_same_report() {
    let engine = Engine::new().unwrap();
    let input = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    let mut direct = engine.instance(REPORT_LIMITS).unwrap();
    direct.configure(&options(Format::Json)).unwrap();
    direct.read("a.pem", Role::Trust, Box::new(input.as_slice())).unwrap();

    let mut reader = engine.instance(Limits::default()).unwrap();
    let number = reader.read("a.pem", Role::Trust, Box::new(input.as_slice())).unwrap();
    let mut joined = engine.instance(REPORT_LIMITS).unwrap();
    joined.configure(&options(Format::Json)).unwrap();
    joined.import(&reader.export(number).unwrap()).unwrap();

    assert_eq!(reported(&mut direct), reported(&mut joined));
}

#[test]
fn an_export_happens_once() {
    let engine = Engine::new().unwrap();
    let mut instance = engine.instance(Limits::default()).unwrap();
    let input = instance.read("a", Role::Observed, Box::new(b"abc".as_slice())).unwrap();
    instance.export(input).unwrap();
    assert!(matches!(instance.export(input), Err(Stopped::Refused(_))));
}
