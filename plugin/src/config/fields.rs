//! Reading the fields of one JSON object: unknown and doubled keys, types, choices.

use super::json::Node;
use super::problem::{Problems, quoted};
use crate::limits;

/// The fields of one object, and where it stands.
pub(crate) struct Fields<'a> {
    path: String,
    entries: &'a [(String, Node)],
}

impl<'a> Fields<'a> {
    /// The object `node` at `path` (empty for the root), which may hold `keys` and nothing else.
    pub(crate) fn new(
        path: &str,
        node: &'a Node,
        keys: &[&str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let Node::Object(entries) = node else {
            problems.wrong(if path.is_empty() { "configuration" } else { path }, node, "an object");
            return None;
        };
        let fields = Self { path: path.to_owned(), entries };
        for (index, (key, _)) in entries.iter().enumerate() {
            if !keys.contains(&key.as_str()) {
                let at = if path.is_empty() { "configuration" } else { path };
                problems
                    .add(at, format!("unknown key {}; allowed: {}", quoted(key), keys.join(", ")));
            } else if entries.iter().take(index).any(|(earlier, _)| earlier == key) {
                problems.add(&fields.path_of(key), "stands twice; allowed: once");
            }
        }
        Some(fields)
    }

    pub(crate) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(crate) fn node(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// One of `choices` (name and value); `None` when absent or wrong, the latter reported.
    pub(crate) fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let node = self.node(key)?;
        let found = match node {
            Node::Text(text) => choices.iter().find(|(name, _)| name == text),
            _ => None,
        };
        if found.is_none() {
            problems.wrong(&self.path_of(key), node, &names(choices));
        }
        found.map(|(_, value)| *value)
    }

    pub(crate) fn text(
        &self,
        key: &str,
        allowed: &str,
        problems: &mut Problems,
    ) -> Option<&'a str> {
        match self.node(key)? {
            Node::Text(text) => Some(text),
            other => {
                problems.wrong(&self.path_of(key), other, allowed);
                None
            }
        }
    }

    /// The entries of a list with their paths; empty when absent or wrong, the latter reported.
    pub(crate) fn list(
        &self,
        key: &str,
        allowed: &str,
        problems: &mut Problems,
    ) -> Vec<(String, &'a Node)> {
        let path = self.path_of(key);
        match self.node(key) {
            None => Vec::new(),
            Some(Node::List(entries)) if entries.len() <= limits::LIST_ENTRIES => entries
                .iter()
                .enumerate()
                .map(|(index, node)| (format!("{path}[{index}]"), node))
                .collect(),
            Some(Node::List(entries)) => {
                problems.add(
                    &path,
                    format!(
                        "a list of {} stands there; allowed: at most {} entries",
                        entries.len(),
                        limits::LIST_ENTRIES
                    ),
                );
                Vec::new()
            }
            Some(other) => {
                problems.wrong(&path, other, allowed);
                Vec::new()
            }
        }
    }

    /// A whole number in `range`; `default` when absent or wrong, the latter reported.
    pub(crate) fn number(
        &self,
        key: &str,
        range: &core::ops::RangeInclusive<u64>,
        default: u64,
        problems: &mut Problems,
    ) -> u64 {
        match self.node(key) {
            None => default,
            Some(Node::Integer(value)) if range.contains(value) => *value,
            Some(other) => {
                let allowed = format!("a whole number from {} to {}", range.start(), range.end());
                problems.wrong(&self.path_of(key), other, &allowed);
                default
            }
        }
    }
}

/// `a, b, c`.
pub(crate) fn names<T>(choices: &[(&str, T)]) -> String {
    choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
