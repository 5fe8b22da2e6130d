//! Replays the corpus and every kept artifact on the stable compiler, so that plain tests guard what fuzzing
//! once found.

use std::fs;
use std::path::Path;

use tlvet_fuzz::{TARGETS, dictionary};

#[test]
fn every_seed_of_every_target_runs() {
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
        let mut seeds = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            (target.run)(&fs::read(&path).unwrap());
            seeds += 1;
        }
        assert!(seeds >= 3, "{} has only {seeds} seeds", target.name);
    }
}

#[test]
fn every_target_runs_on_nothing_and_on_noise() {
    for target in TARGETS {
        for data in [&b""[..], b"\0", b"\xff\xff\xff\xff", &[0x30; 1000], &[1; 1000]] {
            (target.run)(data);
        }
    }
}

#[test]
fn every_target_has_a_one_line_entry_and_a_dictionary() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for target in TARGETS {
        let entry = here.join("fuzz_targets").join(target.name).with_extension("rs");
        let entry = fs::read_to_string(entry).unwrap();
        assert!(entry.contains(&format!("tlvet_fuzz::{}(data)", target.name)));
        let words = fs::read_to_string(here.join("dictionaries").join(target.dictionary)).unwrap();
        assert!(!dictionary::parse(&words).unwrap().is_empty(), "{}", target.dictionary);
    }
}
