//! A long answer in pieces.

use tlvet_core::report::json::{Lines, Parts};
use tlvet_core::report::model::Report;

/// Bytes of a piece.
const PIECE: usize = 256 * 1024;

/// An answer, as far as it was not taken.
#[derive(Debug, Default)]
pub(crate) enum Pieces {
    #[default]
    None,
    Whole(Vec<u8>),
    /// A report in JSON, each piece made when it is taken.
    Json(Parts),
    /// The same in JSON lines.
    Lines(Lines),
}

impl Pieces {
    /// A report in JSON.
    pub(crate) fn json(report: Report) -> Self {
        Self::Json(Parts::of(report, PIECE))
    }

    /// A report in JSON lines.
    pub(crate) fn lines(report: Report) -> Self {
        Self::Lines(Lines::of(report, PIECE))
    }

    /// The next piece; `None` behind the last.
    pub(crate) fn take(&mut self) -> Option<Vec<u8>> {
        match core::mem::take(self) {
            Self::None => None,
            Self::Whole(whole) => Some(whole).filter(|whole| !whole.is_empty()),
            Self::Json(mut parts) => {
                let piece = parts.next()?;
                *self = Self::Json(parts);
                Some(piece)
            }
            Self::Lines(mut lines) => {
                let piece = lines.next()?;
                *self = Self::Lines(lines);
                Some(piece)
            }
        }
    }
}
