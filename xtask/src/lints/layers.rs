//! The layers inside core, see docs/ARCHITECTURE.md: a module uses lower layers only, so that what decides
//! stands on what parses and never the other way round.

use std::collections::BTreeSet;

use super::{Complaint, Text};

/// From the bottom up. `report::model` is plain data that every layer may fill.
const LAYERS: [&[&str]; 11] = [
    &["bytes", "context", "digest", "error", "limits", "order", "report::model", "time"],
    &["names", "tlv"],
    &["capture", "x509"],
    &["proto", "trustlist"],
    &["archive", "sgn", "text", "traffic"],
    &["detect"],
    &["artifact"],
    &["reading"],
    &["evidence"],
    &["phone"],
    &["findings"],
];

/// Above all layers: they may use everything below `session`.
const TOP: [&str; 4] = ["i18n", "lib", "report", "session"];

/// Complaints about core's modules that use their own layer (the lowest may) or a higher one.
pub(super) fn check(files: &[Text]) -> Vec<Complaint> {
    files.iter().flat_map(check_file).collect()
}

fn check_file(file: &Text) -> Vec<Complaint> {
    let Some(user) = file.path.strip_prefix("core/src/").and_then(|path| path.strip_suffix(".rs"))
    else {
        return Vec::new();
    };
    let user = module(&user.replace('/', "::"));
    if TOP.contains(&user.as_str()) {
        return Vec::new();
    }
    let Some(layer) = layer(&user) else {
        let what = format!("module {user} has no layer: place it in xtask/src/lints/layers.rs");
        return vec![Complaint::new(&file.path, 0, what)];
    };
    let mut complaints = Vec::new();
    for (number, line) in code(&file.content) {
        for used in used(line).into_iter().filter(|used| *used != user) {
            let allowed =
                self::layer(&used).is_some_and(|lower| lower < layer || (lower == 0 && layer == 0));
            if !allowed {
                complaints.push(Complaint::new(
                    &file.path,
                    number,
                    format!("{user} may not use {used}"),
                ));
            }
        }
    }
    complaints
}

/// The lines before the tests, numbered from 1. Tests may use what they like; they stand at the end.
fn code(content: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = content.lines().enumerate().map(|(index, line)| (index + 1, line));
    lines
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The modules named by `crate::…` in a line, `crate::{a, b::c}` included.
fn used(line: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, prefix) in line.match_indices("crate::") {
        let rest = line.get(at + prefix.len()..).unwrap_or_default();
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split('}').next().unwrap_or_default();
                used.extend(list.split(',').map(|path| module(path.trim())));
            }
            None => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
                used.insert(module(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()));
            }
        }
    }
    used.remove("");
    used
}

/// The module of the table that a path belongs to: its first part, or `report::model`.
fn module(path: &str) -> String {
    let mut parts = path.split("::");
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("report", Some("model")) => "report::model".to_owned(),
        (first, _) => first.to_owned(),
    }
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, content: &str) -> Vec<String> {
        let file = Text { path: path.into(), content: content.into() };
        check(&[file]).into_iter().map(|one| format!("{}: {}", one.line, one.what)).collect()
    }

    #[test]
    fn lower_layers_may_be_used() {
        let content = "use crate::bytes::Reader;\nuse crate::report::model::Problem;\nuse crate::trustlist::role;";
        assert!(complaints("core/src/trustlist/file.rs", content).is_empty());
    }

    #[test]
    fn the_own_and_higher_layers_may_not() {
        let found = complaints(
            "core/src/tlv/field.rs",
            "\nuse crate::names::dn;\nlet x = crate::findings::all();",
        );
        assert_eq!(found, ["2: tlv may not use names", "3: tlv may not use findings"]);
        let found =
            complaints("core/src/findings/itl_empty.rs", "use crate::{error::Kind, report::json};");
        assert_eq!(found, ["1: findings may not use report"]);
    }

    #[test]
    fn comments_and_tests_are_not_code() {
        let content =
            "//! [`crate::session`]\n#[cfg(test)]\nmod tests { use crate::session::Session; }";
        assert!(complaints("core/src/tlv/field.rs", content).is_empty());
    }

    #[test]
    fn a_new_module_must_be_placed() {
        let found = complaints("core/src/magic.rs", "");
        assert_eq!(found, ["0: module magic has no layer: place it in xtask/src/lints/layers.rs"]);
        assert!(complaints("web/src/magic.rs", "").is_empty());
    }
}
