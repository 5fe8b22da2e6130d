//! Vectors that tlvet does not treat as they expect, each with its reason, in `tests/exceptions.json`.
//!
//! An exception that is no longer needed turns its suite red.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};

/// The exceptions, and those that were used.
#[derive(Debug)]
pub struct Exceptions {
    reasons: BTreeMap<String, String>,
    used: BTreeSet<String>,
}

impl Exceptions {
    /// Those whose key starts with `prefix`, for example `sgn/`.
    ///
    /// # Errors
    /// When the file cannot be read, or a reason is empty.
    pub fn load(prefix: &str) -> Result<Self> {
        let path = crate::folder().join("exceptions.json");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mut reasons: BTreeMap<String, String> = serde_json::from_str(&text)?;
        reasons.retain(|key, _| key.starts_with(prefix));
        for (key, reason) in &reasons {
            anyhow::ensure!(!reason.trim().is_empty(), "exception {key} has no reason");
        }
        Ok(Self { reasons, used: BTreeSet::new() })
    }

    /// Is a failure of `key` excused? Notes that the exception is needed.
    pub fn excuses(&mut self, key: &str) -> bool {
        let known = self.reasons.contains_key(key);
        if known {
            self.used.insert(key.to_owned());
        }
        known
    }

    /// Drops the lines of `wrong` that an exception `<key> <part of the line>` excuses.
    pub fn excuse_lines(&mut self, key: &str, wrong: &mut Vec<String>) {
        let parts =
            self.reasons.keys().filter_map(|known| known.strip_prefix(key)?.strip_prefix(' '));
        for part in parts.map(str::to_owned).collect::<Vec<_>>() {
            let before = wrong.len();
            wrong.retain(|line| !line.contains(&part));
            if wrong.len() < before {
                self.used.insert(format!("{key} {part}"));
            }
        }
    }

    /// All of them with their reasons, by key.
    pub fn reasons(&self) -> Vec<(String, String)> {
        self.reasons.iter().map(|(key, reason)| (key.clone(), reason.clone())).collect()
    }

    /// Exceptions that nothing needed.
    pub fn stale(&self) -> Vec<&str> {
        self.reasons.keys().filter(|key| !self.used.contains(*key)).map(String::as_str).collect()
    }
}
