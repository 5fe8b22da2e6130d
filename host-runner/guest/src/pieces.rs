//! A long answer in pieces: one that grows in one place is copied each time it outgrows that, and takes three times its length.

use std::collections::VecDeque;
use std::io::{self, Write};

/// Bytes of a piece.
const PIECE: usize = 256 * 1024;

/// What was written, in order, until it is taken.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    written: VecDeque<Vec<u8>>,
}

impl Pieces {
    /// The next piece; `None` behind the last.
    pub(crate) fn take(&mut self) -> Option<Vec<u8>> {
        self.written.pop_front()
    }
}

impl From<Vec<u8>> for Pieces {
    /// Of one piece; of none when there is nothing in it.
    fn from(whole: Vec<u8>) -> Self {
        Self { written: Some(whole).filter(|whole| !whole.is_empty()).into_iter().collect() }
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let full = |last: &mut Vec<u8>| last.len() >= PIECE;
        if self.written.back_mut().is_none_or(full) {
            self.written.push_back(Vec::with_capacity(PIECE));
        }
        let Some(last) = self.written.back_mut() else { return Ok(0) };
        let room = PIECE.saturating_sub(last.len()).min(bytes.len());
        last.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
