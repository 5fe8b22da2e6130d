//! What is wrong with a configuration, and where.

use core::fmt;

use super::json::Node;
use crate::limits;

/// One thing that is wrong: the place, what stands there, what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The JSON path: `trust.leaf_sha256[0]`; `configuration` for the whole.
    pub path: String,
    /// What stands there, and what is allowed.
    pub message: String,
}

impl Problem {
    /// A problem at `path`.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl core::error::Error for Problem {}

/// Collects problems: all of them, because somebody who repairs a configuration wants one round, not five.
#[derive(Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    left_out: usize,
}

impl Problems {
    pub(crate) fn add(&mut self, path: &str, message: impl Into<String>) {
        if self.list.len() < limits::PROBLEMS {
            self.list.push(Problem::new(path, message));
        } else {
            self.left_out += 1;
        }
    }

    /// `path: <what stands there> stands there; allowed: <allowed>`.
    pub(crate) fn wrong(&mut self, path: &str, node: &Node, allowed: &str) {
        self.add(path, format!("{} stands there; allowed: {allowed}", node.shown()));
    }

    pub(crate) fn into_list(mut self) -> Vec<Problem> {
        if self.left_out > 0 {
            self.list
                .push(Problem::new("configuration", format!("{} more problems", self.left_out)));
        }
        self.list
    }
}

/// A text as a message repeats it: quoted, without control characters, cut.
pub(crate) fn quoted(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown = String::from("\"");
    for character in characters.by_ref().take(limits::SHOWN_CHARACTERS) {
        // A configuration must not be able to write lines of its own into the log.
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    let rest = characters.count();
    if rest > 0 {
        shown.push_str(&format!("…\" ({rest} characters more)"));
    } else {
        shown.push('"');
    }
    shown
}
