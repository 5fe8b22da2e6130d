//! Why reading stopped: one error type with the place, the field and the kind.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A parse error that carries its place.
///
/// `at` is the 0-based byte offset inside the input the reader was made for, so that the
/// text report, the hex view and the JSON report all point at the same byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParseError {
    /// Byte offset in the input.
    pub at: u64,
    /// The field being read, in the words of the format ("RECORDLENGTH", "SIGNERID").
    pub field: String,
    /// What was wrong with it.
    pub kind: ErrorKind,
}

impl ParseError {
    /// An error at `at` while reading `field`.
    pub fn new(at: u64, field: impl Into<String>, kind: ErrorKind) -> Self {
        Self { at, field: field.into(), kind }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at offset {}: {}", self.field, self.at, self.kind)
    }
}

impl core::error::Error for ParseError {}

/// What was wrong. Variants carry the numbers a reader needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The value cannot stand in this field.
    BadValue {
        /// What stands there, and what was expected.
        message: String,
    },
    /// A field that may stand once stands again.
    Duplicate,
    /// The field is not there.
    Missing,
    /// More data than the structure that should hold it.
    Overrun {
        /// Bytes the structure says it holds.
        declared: u64,
        /// Bytes that are there.
        available: u64,
    },
    /// A cap of `limits.rs` was met; the rest was not read.
    TooLarge {
        /// The cap.
        limit: u64,
    },
    /// Bytes after the end of the structure.
    Trailing {
        /// How many.
        bytes: u64,
    },
    /// The input ends inside the field.
    Truncated {
        /// Bytes needed.
        needed: u64,
        /// Bytes left.
        available: u64,
    },
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadValue { message } => f.write_str(message),
            Self::Duplicate => f.write_str("stands twice, but may stand once"),
            Self::Missing => f.write_str("is missing"),
            Self::Overrun { declared, available } => {
                write!(f, "says {declared} bytes, but {available} are there")
            }
            Self::TooLarge { limit } => {
                write!(f, "is larger than the limit of {limit}; the rest was not read")
            }
            Self::Trailing { bytes } => write!(f, "{bytes} bytes follow that belong to nothing"),
            Self::Truncated { needed, available } => {
                write!(f, "needs {needed} bytes, but the data ends after {available}")
            }
        }
    }
}
