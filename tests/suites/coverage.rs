//! `docs/coverage.md` is true: every item of the domain stands there once, every code exists, and every reference of a
//! finding stands at its item.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use tlvet_core::findings::REGISTRY;
use tlvet_tests::{Failure, repository};

type Result<T> = std::result::Result<T, Failure>;

/// Items of each part.
const PARTS: [(char, u32); 5] = [('A', 98), ('B', 56), ('C', 54), ('D', 33), ('E', 47)];

/// A line of a table: item, subject, answer.
struct Line {
    item: String,
    answer: String,
}

fn lines() -> anyhow::Result<Vec<Line>> {
    let text = fs::read_to_string(repository().join("docs/coverage.md"))?;
    let mut found = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if let [item, subject, answer] = cells.as_slice()
            && is_item(item)
        {
            anyhow::ensure!(!subject.is_empty(), "{item} has no subject");
            found.push(Line { item: (*item).to_owned(), answer: (*answer).to_owned() });
        }
    }
    Ok(found)
}

fn is_item(text: &str) -> bool {
    let mut characters = text.chars();
    let part = characters.next().unwrap_or_default();
    let number = characters.as_str();
    part.is_ascii_uppercase()
        && !number.is_empty()
        && number.chars().all(|digit| digit.is_ascii_digit())
}

/// What stands between backticks.
fn codes(answer: &str) -> Vec<&str> {
    answer.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_item_stands_there_once() -> Result<()> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (part, last) in PARTS {
        for number in 1..=last {
            count.insert(format!("{part}{number}"), 0);
        }
    }
    let mut wrong = Vec::new();
    for line in lines()? {
        match count.get_mut(&line.item) {
            Some(count) => *count += 1,
            None => wrong.push(format!("{}: there is no such item", line.item)),
        }
    }
    for (item, count) in count.iter().filter(|(_, count)| **count != 1) {
        wrong.push(format!("{item} stands there {count} times"));
    }
    Failure::unless_empty(&wrong, "items")
}

#[test]
fn every_answer_is_one() -> Result<()> {
    let known: BTreeSet<&str> = REGISTRY.iter().map(|check| check.code).collect();
    let mut wrong = Vec::new();
    for Line { item, answer } in lines()? {
        let word = ["shown: ", "not yet: ", "never: "]
            .into_iter()
            .find_map(|word| answer.strip_prefix(word));
        match word {
            Some(reason) if reason.trim().len() < 4 => {
                wrong.push(format!("{item}: no reason in `{answer}`"));
            }
            Some(_) => {}
            None if codes(&answer).is_empty() => {
                wrong.push(format!("{item}: `{answer}` is no answer"));
            }
            None => {}
        }
        for code in codes(&answer).into_iter().filter(|code| !known.contains(code)) {
            wrong.push(format!("{item}: there is no finding `{code}`"));
        }
    }
    Failure::unless_empty(&wrong, "answers")
}

#[test]
fn every_reference_of_a_finding_stands_at_its_item() -> Result<()> {
    let answers: BTreeMap<String, String> =
        lines()?.into_iter().map(|line| (line.item, line.answer)).collect();
    let mut wrong = Vec::new();
    for check in REGISTRY {
        for item in check.refs.iter().filter(|item| is_item(item)) {
            match answers.get(*item) {
                Some(answer) if codes(answer).contains(&check.code) => {}
                Some(_) => wrong.push(format!("{item} does not name `{}`", check.code)),
                None => wrong.push(format!("{}: there is no item {item}", check.code)),
            }
        }
    }
    Failure::unless_empty(&wrong, "references")
}

/// The other direction: an item that names a finding is one of its references.
#[test]
fn every_finding_named_at_an_item_refers_to_it() -> Result<()> {
    let mut wrong = Vec::new();
    for Line { item, answer } in lines()? {
        for code in codes(&answer) {
            let Some(check) = REGISTRY.iter().find(|check| check.code == code) else { continue };
            if !check.refs.contains(&item.as_str()) {
                wrong.push(format!("`{code}` does not refer to {item}"));
            }
        }
    }
    Failure::unless_empty(&wrong, "references")
}
