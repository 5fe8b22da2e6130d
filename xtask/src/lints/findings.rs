//! The code of a finding is the name of its file, and the registry knows every file. What else belongs to a
//! code (case, texts, coverage) is tested in tests/suites/cases.rs, which sees what the registry holds.

use super::{Complaint, Text};

/// Complaints about files of findings that are named otherwise, or that the registry does not hold.
pub(super) fn check(files: &[Text]) -> Vec<Complaint> {
    let registry = files.iter().find(|file| file.path == "core/src/findings/registry.rs");
    let registered = registry.map(|file| file.content.as_str()).unwrap_or_default();
    let mut complaints = Vec::new();
    for (file, code) in files.iter().filter_map(|file| Some((file, code(file)?))) {
        if !file.content.contains(&format!("code: \"{code}\"")) {
            let what = format!("its code is not its file's name, {code}");
            complaints.push(Complaint::new(&file.path, 0, what));
        }
        let named = |line: &str| line.contains(&format!("::{code}::CHECK"));
        if !registered.lines().any(named) {
            complaints.push(Complaint::new(&file.path, 0, "not in core/src/findings/registry.rs"));
        }
    }
    complaints
}

/// The code that a finding's file is named after.
fn code(file: &Text) -> Option<&str> {
    let stem = file.path.strip_prefix("core/src/findings/")?.strip_suffix(".rs")?;
    file.content.contains("const CHECK: Check").then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(source: &str, registry: &str) -> Vec<String> {
        let files = [
            ("core/src/findings/mod.rs", "pub struct Check;"),
            ("core/src/findings/itl_empty.rs", source),
            ("core/src/findings/registry.rs", registry),
        ];
        let files =
            files.map(|(path, content)| Text { path: path.into(), content: content.into() });
        check(&files).into_iter().map(|one| one.what).collect()
    }

    #[test]
    fn a_finding_is_named_after_its_code_and_registered() {
        let source = "pub(super) const CHECK: Check =\n    Check { code: \"itl_empty\" };";
        assert!(complaints(source, "&super::itl_empty::CHECK,").is_empty());
        assert_eq!(
            complaints(&source.replace("itl_empty", "itl_blank"), ""),
            ["its code is not its file's name, itl_empty", "not in core/src/findings/registry.rs"]
        );
    }
}
