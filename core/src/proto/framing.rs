//! Messages that tell their length in a fixed head, cut out of a stream: TVS and CAPF.

use super::{Place, u16_at};

/// Collects one message after the other. Holds at most one message: head and 65,535 bytes.
#[derive(Clone, Debug)]
pub(super) struct Framer {
    head: usize,
    length_at: usize,
    buffer: Vec<u8>,
    offset: u64,
    lost: bool,
}

impl Framer {
    /// `head` bytes in front of each message, the length of what follows as two bytes at `length_at`.
    pub(super) fn new(head: usize, length_at: usize) -> Self {
        Self { head, length_at, buffer: Vec::new(), offset: 0, lost: false }
    }

    /// The next piece; `take` gets every message that is complete: its bytes, and its offset in the stream. It says
    /// whether that was a message at all: behind something else nobody knows where the next one begins.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        place: Place,
        mut take: impl FnMut(&[u8], u64, Place) -> bool,
    ) {
        while !bytes.is_empty() && !self.lost {
            let wanted = self.wanted();
            let missing = wanted.saturating_sub(self.buffer.len());
            let (taken, rest) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
            self.buffer.extend_from_slice(taken);
            bytes = rest;
            if self.buffer.len() >= self.head && self.buffer.len() == self.wanted() {
                self.lost = !take(&self.buffer, self.offset, place);
                self.offset = self.offset.saturating_add(self.buffer.len() as u64);
                self.buffer.clear();
            }
        }
    }

    /// Bytes of a message that is not complete, and their offset.
    pub(super) fn rest(&self) -> Option<(&[u8], u64)> {
        (!self.buffer.is_empty()).then_some((self.buffer.as_slice(), self.offset))
    }

    /// Forgets what is held; the next byte, which stands at `offset`, begins a message.
    pub(super) fn restart(&mut self, offset: u64) {
        self.buffer.clear();
        self.offset = offset;
        self.lost = false;
    }

    /// Bytes held.
    pub(super) fn held(&self) -> usize {
        self.buffer.len()
    }

    /// Length that the buffer has to reach next: that of the head, then that of the message.
    fn wanted(&self) -> usize {
        if self.buffer.len() < self.head {
            return self.head;
        }
        let body = u16_at(&self.buffer, self.length_at).unwrap_or_default();
        self.head.saturating_add(usize::from(body))
    }
}
