//! No finding without a case that shows it, a message and a place in the coverage table. The code of a
//! finding is its file's name, so a report greps straight to all of them.

use super::{Complaint, Text};

/// Complaints about every finding that lacks one of them, and every case that shows no finding.
pub(super) fn check(files: &[Text]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let messages =
        joined(files, |path| path.starts_with("core/src/i18n/en") && path.ends_with(".ftl"));
    let coverage = joined(files, |path| path == "docs/coverage.md");
    for (path, code) in files.iter().filter_map(|file| Some((&file.path, code(&file.path)?))) {
        let case = format!("tests/cases/{code}/");
        if !files.iter().any(|file| file.path.starts_with(&case)) {
            complaints.push(Complaint::new(path, 0, format!("no case in {case}")));
        }
        if !messages.lines().any(|line| is_message_of(line, code)) {
            complaints.push(Complaint::new(
                path,
                0,
                format!("no message {code} in core/src/i18n/en"),
            ));
        }
        if !coverage.contains(&format!("`{code}`")) {
            complaints.push(Complaint::new(
                path,
                0,
                format!("{code} does not stand in docs/coverage.md"),
            ));
        }
    }
    complaints
}

/// The finding of a source file: `core/src/findings/itl_empty.rs` or, one folder down,
/// `core/src/findings/itl/empty.rs` would be `empty`; `mod.rs` and its helpers hold none.
fn code(path: &str) -> Option<&str> {
    let stem = path.strip_prefix("core/src/findings/")?.strip_suffix(".rs")?;
    let stem = stem.rsplit('/').next().unwrap_or(stem);
    // A finding is named after what is wrong, in several words; the family's machinery in one.
    (stem != "mod" && stem.contains('_')).then_some(stem)
}

fn joined(files: &[Text], is_wanted: impl Fn(&str) -> bool) -> String {
    files.iter().filter(|file| is_wanted(&file.path)).map(|file| file.content.as_str()).collect()
}

/// Fluent names cannot hold `_` at their start but may inside; both spellings are known.
fn is_message_of(line: &str, code: &str) -> bool {
    let Some((name, _)) = line.split_once('=') else { return false };
    let name = name.trim_end().replace('-', "_");
    name == code
        || name
            .strip_prefix(code)
            .is_some_and(|rest| rest.starts_with('_') || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, content: &str) -> Text {
        Text { path: path.into(), content: content.into() }
    }

    #[test]
    fn a_finding_with_everything_is_good() {
        let files = [
            text("core/src/findings/itl_empty.rs", ""),
            text("core/src/findings/mod.rs", ""),
            text("core/src/i18n/en/findings.ftl", "itl-empty =\n    .title = The ITL is empty\n"),
            text("docs/coverage.md", "| A7 | `itl_empty` |"),
            text("tests/cases/itl_empty/case.toml", ""),
        ];
        assert_eq!(check(&files), []);
    }

    #[test]
    fn each_missing_part_is_named() {
        let path = "core/src/findings/itl_empty.rs";
        let found: Vec<_> = check(&[text(path, "")]).into_iter().map(|one| one.what).collect();
        assert_eq!(
            found,
            [
                "no case in tests/cases/itl_empty/",
                "no message itl_empty in core/src/i18n/en",
                "itl_empty does not stand in docs/coverage.md"
            ]
        );
    }
}
