//! No finding without a case that shows it, a message and a place in the coverage table. The code of a
//! finding is its file's name, so a report greps straight to all of them.

use super::{Complaint, Text};

/// Complaints about every finding that lacks one of them.
pub(super) fn check(files: &[Text]) -> Vec<Complaint> {
    let messages = joined(files, |path| path.starts_with("core/src/i18n/en/"));
    let coverage = joined(files, |path| path == "docs/coverage.md");
    let registry = joined(files, |path| path == "core/src/findings/registry.rs");
    let mut complaints = Vec::new();
    for (file, code) in files.iter().filter_map(|file| Some((file, code(file)?))) {
        let mut complain = |what| complaints.push(Complaint::new(&file.path, 0, what));
        let case = format!("tests/cases/{code}/");
        if !file.content.contains(&format!("code: \"{code}\"")) {
            complain(format!("its code is not its file's name, {code}"));
        }
        if !registry.contains(&format!("&{code}::CHECK")) {
            complain("not in core/src/findings/registry.rs".to_owned());
        }
        if !files.iter().any(|file| file.path.starts_with(&case)) {
            complain(format!("no case in {case}"));
        }
        if !messages.lines().any(|line| line.starts_with(&format!("{code} ="))) {
            complain(format!("no message {code} in core/src/i18n/en"));
        }
        if !coverage.contains(&format!("`{code}`")) {
            complain(format!("`{code}` does not stand in docs/coverage.md"));
        }
    }
    complaints
}

/// The code that a source file of a finding is named after.
fn code(file: &Text) -> Option<&str> {
    let stem = file.path.strip_prefix("core/src/findings/")?.strip_suffix(".rs")?;
    file.content.contains("const CHECK: Check").then_some(stem)
}

fn joined(files: &[Text], is_wanted: impl Fn(&str) -> bool) -> String {
    files.iter().filter(|file| is_wanted(&file.path)).map(|file| file.content.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "core/src/findings/itl_empty.rs";
    const SOURCE: &str = "pub(super) const CHECK: Check =\n    Check { code: \"itl_empty\" };";

    fn text(path: &str, content: &str) -> Text {
        Text { path: path.into(), content: content.into() }
    }

    #[test]
    fn a_finding_with_everything_is_good() {
        let files = [
            text(PATH, SOURCE),
            text("core/src/findings/mod.rs", ""),
            text("core/src/findings/registry.rs", "&itl_empty::CHECK,"),
            text("core/src/i18n/en/trust_list.ftl", "itl_empty = The ITL is empty\n"),
            text("docs/coverage.md", "| A7 | `itl_empty` |"),
            text("tests/cases/itl_empty/case.toml", ""),
        ];
        assert_eq!(check(&files), []);
    }

    #[test]
    fn each_missing_part_is_named() {
        let source = SOURCE.replace("\"itl_empty\"", "\"itl_blank\"");
        let found: Vec<_> = check(&[text(PATH, &source)]).into_iter().map(|one| one.what).collect();
        assert_eq!(
            found,
            [
                "its code is not its file's name, itl_empty",
                "not in core/src/findings/registry.rs",
                "no case in tests/cases/itl_empty/",
                "no message itl_empty in core/src/i18n/en",
                "`itl_empty` does not stand in docs/coverage.md"
            ]
        );
    }
}
