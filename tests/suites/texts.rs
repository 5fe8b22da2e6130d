//! How texts are read must not change what is read: who is asked about a line, where chunks end, where blocks of UTF-8 end.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::collections::BTreeSet;
use std::fs;

use tlvet_core::text::{Reader, Text, looks_like_text};
use tlvet_tests::logs::run_of_lines;
use tlvet_tests::random::Random;
use tlvet_tests::{files_below, folder};

fn read(mut reader: Reader, bytes: &[u8], chunk: usize) -> Text {
    for chunk in bytes.chunks(chunk) {
        reader.push(chunk);
    }
    reader.end()
}

/// Everything here that may be a text: what cases and incidents drop, bundles' listings, descriptions, the sources of all readers.
fn texts() -> Vec<(String, Vec<u8>)> {
    let sources = folder().join("../core/src/text");
    let files = [folder(), &sources]
        .iter()
        .flat_map(|folder| files_below(folder).unwrap())
        .collect::<Vec<_>>();
    let read = files.iter().map(|file| (file.display().to_string(), fs::read(file).unwrap()));
    read.filter(|(_, bytes)| bytes.len() < 1_000_000 && looks_like_text(bytes)).collect()
}

/// Lines of all texts in another order, some of them changed, cut, indented, quoted or in other letters: what a reader of one format sees of the others.
fn jumble(texts: &[(String, Vec<u8>)], random: &mut Random, count: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while out.len() < count {
        let (_, text) = random.pick(texts);
        let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        let from = random.below(lines.len());
        let run = random.below(12) + 1;
        for line in lines.iter().skip(from).take(run).filter(|line| line.len() < 4_000) {
            let mut line = line.to_vec();
            match random.below(12) {
                0 => line
                    .insert(random.below(line.len() + 1), *random.pick(b"\" >|`-+*[]<#\t\xe9=:")),
                1 => line.truncate(random.below(line.len() + 1)),
                2 => line.make_ascii_uppercase(),
                3 => line.make_ascii_lowercase(),
                4 => {
                    let mark = random.pick(&["> ", "  ", "| ", "\u{a0}", "- ", "\"", "```"]);
                    line.splice(0..0, mark.bytes());
                }
                5 => line.extend(random.pick(&[" ", " |", ")", "\u{a0}", "\r"]).bytes()),
                _ => {}
            }
            out.extend(line);
            out.push(b'\n');
        }
    }
    out
}

#[test]
fn the_first_look_at_a_line_keeps_no_reader_from_its_lines() {
    let texts = texts();
    assert!(texts.len() > 300, "{}", texts.len());
    let mut formats = BTreeSet::new();
    for (name, bytes) in &texts {
        let read_fast = read(Reader::default(), bytes, 65_536);
        let asked_all = read(Reader::asking_all(), bytes, 65_536);
        assert_eq!(read_fast, asked_all, "{name}");
        formats.extend(read_fast.recognised.into_keys());
    }
    assert_eq!(formats.len(), 16, "{formats:?}");
    let mut random = Random::new(7);
    // Short ones: a document of settings that is never closed takes all that follows.
    let mut formats = BTreeSet::new();
    for seed in 0..500 {
        let bytes = jumble(&texts, &mut random, 6_000);
        let read_fast = read(Reader::default(), &bytes, 65_536);
        let asked_all = read(Reader::asking_all(), &bytes, 65_536);
        assert!(read_fast == asked_all, "jumble {seed}");
        formats.extend(read_fast.recognised.into_keys());
    }
    assert!(formats.len() > 13, "{formats:?}");
}

#[test]
fn where_chunks_end_does_not_matter() {
    let texts = texts();
    let mut random = Random::new(11);
    for _ in 0..10 {
        let mut bytes = jumble(&texts, &mut random, 4_000);
        let mut lines = String::new();
        run_of_lines(&mut random, &mut lines);
        bytes.extend(lines.as_bytes());
        let whole = read(Reader::default(), &bytes, bytes.len());
        for chunk in [1, 7, 100, 1_000, 4_096] {
            assert!(read(Reader::default(), &bytes, chunk) == whole, "chunks of {chunk}");
        }
    }
}

#[test]
fn made_logs_are_understood_and_found_alike_by_all_ways() {
    let mut random = Random::new(1);
    let mut lines = String::new();
    while lines.len() < 3_000_000 {
        run_of_lines(&mut random, &mut lines);
    }
    let text = read(Reader::default(), lines.as_bytes(), 65_536);
    assert!(text == read(Reader::asking_all(), lines.as_bytes(), 4_099));
    for format in ["phone-console-88xx", "tvs-log", "expressway", "traffic-server"] {
        assert!(text.recognised.keys().any(|known| known.name() == format), "{format}");
    }
    // What other daemons write, and logs that nobody here reads.
    assert!(text.understood() * 100 > text.lines * 85, "{} of {}", text.understood(), text.lines);
    assert!(text.understood() * 100 < text.lines * 97, "{} of {}", text.understood(), text.lines);
    assert!(text.events.len() > 400 && text.events_dropped == 0, "{}", text.events.len());
}
