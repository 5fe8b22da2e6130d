//! Names that a text says again and again: of certificates, ciphers, phones.

use core::fmt;
use core::ops::Deref;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A name that many events hold, and that is in memory once for all of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word(Arc<str>);

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl core::borrow::Borrow<str> for Word {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

/// Names that are remembered; of more different ones each event has its own.
const WORDS: usize = 1_024;

/// The names of one text.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(BTreeSet<Word>);

impl Vocabulary {
    /// The name as it is known already; else it is known from now on.
    pub(super) fn word(&mut self, text: &str) -> Word {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let word = Word::from(text);
        if self.0.len() < WORDS {
            self.0.insert(word.clone());
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_is_in_memory_once() {
        let mut words = Vocabulary::default();
        let (one, other, again) = (words.word("one"), words.word("other"), words.word("one"));
        assert!(Arc::ptr_eq(&one.0, &again.0) && !Arc::ptr_eq(&one.0, &other.0));
        assert_eq!((&*one, &*other), ("one", "other"));
    }

    #[test]
    fn more_names_than_are_remembered_are_right_all_the_same() {
        let mut words = Vocabulary::default();
        for number in 0..2 * WORDS {
            assert_eq!(&*words.word(&number.to_string()), number.to_string());
        }
        assert_eq!(words.0.len(), WORDS);
    }
}
