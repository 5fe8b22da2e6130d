//! What no file may hold: work without an owner, skipped tests, and places that only one machine has.

use super::{Complaint, Text};

/// Test data and corpora come from elsewhere; lock files are written by their tools.
const NOT_OURS: [&str; 4] = ["fuzz/corpus/", "tests/data/", "tests/cases/", "Cargo.lock"];

/// Complaints about every line of `files`.
pub(super) fn check(files: &[Text]) -> Vec<Complaint> {
    let ours = |file: &&Text| !NOT_OURS.iter().any(|path| file.path.contains(path));
    let mut complaints = Vec::new();
    for file in files.iter().filter(ours) {
        for (number, line) in file.content.lines().enumerate() {
            let rust = file.path.ends_with(".rs");
            complaints.extend(
                line_complaint(line, rust).map(|what| Complaint::new(&file.path, number + 1, what)),
            );
        }
    }
    complaints
}

/// The words are put together here so that this file does not hold them.
fn line_complaint(line: &str, rust: bool) -> Option<&'static str> {
    let has = |parts: [&str; 2]| line.contains(&parts.concat());
    if [["TO", "DO"], ["FIX", "ME"]].into_iter().any(|word| unowned(line, &word.concat())) {
        return Some("work left to do without an owner: write it as (name), or better, do it");
    }
    if has(["../", "shared"]) {
        return Some("a folder that a clone does not have");
    }
    if [["/wo", "rk/"], ["/ro", "ot/"]].into_iter().any(|path| absolute(line, &path.concat())) {
        return Some("a path of one machine");
    }
    if has(["\"resolved\": \"", "http"]) {
        return Some("a registry's address; www/.npmrc keeps them out of the lock file");
    }
    if rust && has(["#[", "ignore"]) {
        return Some("a skipped test");
    }
    if rust && (has(["todo", "!("]) || has(["unimple", "mented!("])) {
        return Some("unfinished code");
    }
    None
}

/// Whether `word` stands alone in the line and is not followed by `(owner)`.
fn unowned(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let (before, after) =
            (line.get(..at).unwrap_or_default(), line.get(at + word.len()..).unwrap_or_default());
        let letter = |c: char| c.is_alphanumeric() || c == '_';
        !before.ends_with(letter) && !after.starts_with(letter) && !after.starts_with('(')
    })
}

/// Whether `path` begins a path in the line, rather than continuing one.
fn absolute(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        !before.ends_with(|c: char| c.is_alphanumeric() || "._-)}>*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complains(parts: &[&str]) -> bool {
        line_complaint(&parts.concat(), true).is_some()
    }

    #[test]
    fn work_left_to_do_needs_an_owner() {
        assert!(complains(&["// TO", "DO: later"]));
        assert!(!complains(&["// TO", "DO(anna): later"]));
        assert!(!complains(&["let auTO", "DOt = 1;"]));
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        assert!(complains(&["see /wo", "rk/main"]));
        assert!(complains(&["\"/ro", "ot/x\""]));
        assert!(!complains(&["net", "/wo", "rk/main"]));
    }

    #[test]
    fn skipped_tests_and_unfinished_code_are_found() {
        assert!(complains(&["#[", "ignore]"]));
        assert!(complains(&["todo", "!()"]));
        assert!(!complains(&["fn plain() {}"]));
    }

    #[test]
    fn addresses_of_registries_are_found() {
        assert!(complains(&["\"resolved\": \"", "https://example\""]));
    }
}
