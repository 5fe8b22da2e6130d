//! Records (RFC 5246 section 6.2.1): a head of 5 bytes (type, version, length; big-endian), then the content.

use super::Fault;

/// Bytes of a head.
pub(super) const HEAD: usize = 5;

/// The content of a record in clear (RFC 5246 section 6.2.1).
const PLAIN: usize = 1 << 14;

/// The content of an encrypted record (RFC 5246 section 6.2.3).
const ENCRYPTED: usize = PLAIN + 2_048;

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    ChangeCipherSpec,
    Alert,
    Handshake,
    ApplicationData,
}

/// The head of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) content: Content,
    pub(super) length: usize,
}

impl Head {
    /// A head of SSL 3.0 to TLS 1.3; heartbeats are not among what a peer may send here.
    pub(super) fn read(bytes: [u8; HEAD], encrypted: bool) -> Result<Self, Fault> {
        let [kind, major, minor, high, low] = bytes;
        let content = match kind {
            20 => Content::ChangeCipherSpec,
            21 => Content::Alert,
            22 => Content::Handshake,
            23 => Content::ApplicationData,
            // Heartbeats (RFC 6520) pass where nothing of them is read.
            24 if encrypted => Content::ApplicationData,
            _ => return Err(Fault::Malformed),
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let most = if encrypted { ENCRYPTED } else { PLAIN };
        // Only application data may be empty (RFC 5246 section 6.2.1).
        let least = usize::from(content != Content::ApplicationData);
        if major != 3 || minor > 4 || !(least..=most).contains(&length) {
            return Err(Fault::Malformed);
        }
        Ok(Self { content, length })
    }
}

/// Cuts one side's stream into records in clear, in pieces of any size.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    head: [u8; HEAD],
    /// Bytes of the head that are there; [`HEAD`] while the content comes.
    filled: usize,
    content: Option<Content>,
    /// Bytes of the content that are still to come.
    left: usize,
}

/// Content of one record, or a part of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) content: Content,
    pub(super) bytes: &'a [u8],
    /// Bytes of the input that are used up with it.
    pub(super) used: usize,
}

impl Records {
    /// The stream stands between two records.
    pub(super) fn is_between(&self) -> bool {
        self.filled == 0
    }

    /// The next piece; `None`: all of `input` is used up and no content is in it.
    pub(super) fn next<'a>(&mut self, input: &'a [u8]) -> Result<Option<Piece<'a>>, Fault> {
        let mut used = 0;
        while self.content.is_none() {
            let Some(byte) = input.get(used) else { return Ok(None) };
            if let Some(place) = self.head.get_mut(self.filled) {
                *place = *byte;
            }
            used += 1;
            self.filled += 1;
            if self.filled == HEAD {
                let head = Head::read(self.head, false)?;
                self.left = head.length;
                self.content = Some(head.content);
                if head.length == 0 {
                    // Empty application data: nobody sends it in clear.
                    return Err(Fault::Malformed);
                }
            }
        }
        let rest = input.get(used..).unwrap_or_default();
        let (Some(content), false) = (self.content, rest.is_empty()) else { return Ok(None) };
        let piece = rest.get(..self.left.min(rest.len())).unwrap_or_default();
        self.left = self.left.saturating_sub(piece.len());
        if self.left == 0 {
            self.content = None;
            self.filled = 0;
        }
        Ok(Some(Piece { content, bytes: piece, used: used + piece.len() }))
    }
}
