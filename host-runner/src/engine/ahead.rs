//! Reading ahead: a thread of its own reads the next bytes of a long input while the engine works on those before.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Bytes of one piece: short enough to stay in a processor's cache between the two threads.
const PIECE: usize = 256 * 1024;

/// Pieces that are filled, waited for, and worked on, all together: what reading ahead takes of memory.
const PIECES: usize = 4;

/// A long input, read ahead.
pub(super) struct Ahead {
    filled: Receiver<io::Result<Piece>>,
    empty: SyncSender<Vec<u8>>,
}

/// The next bytes.
pub(super) struct Piece {
    room: Vec<u8>,
    length: usize,
}

impl Piece {
    /// The bytes; none at the end.
    pub(super) fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }
}

impl Ahead {
    /// Begins to read. The thread ends behind the last byte, or with its next piece once nobody takes them any more; nobody waits for
    /// it, because a pipe may be silent for ever.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(super) fn new(source: Box<dyn Read + Send>) -> io::Result<Self> {
        let (give, filled) = sync_channel(PIECES);
        let (empty, rooms) = sync_channel(PIECES);
        for _ in 0..PIECES {
            // The channel has room for all of them.
            let _ = empty.send(vec![0; PIECE]);
        }
        let reader = move || fill(source, &rooms, &give);
        thread::Builder::new().name("tlvet-reader".to_owned()).spawn(reader)?;
        Ok(Self { filled, empty })
    }

    /// The next bytes, waited for; `last` is the piece before, whose place is used again.
    ///
    /// # Errors
    /// What reading ended with.
    pub(super) fn next(&self, last: Option<Piece>) -> io::Result<Option<Piece>> {
        if let Some(last) = last {
            // Behind the last byte nobody takes it.
            let _ = self.empty.send(last.room);
        }
        let Ok(piece) = self.filled.recv() else { return Ok(None) };
        piece.map(|piece| Some(piece).filter(|piece| piece.length > 0))
    }
}

fn fill(
    mut source: Box<dyn Read + Send>,
    rooms: &Receiver<Vec<u8>>,
    give: &SyncSender<io::Result<Piece>>,
) {
    while let Ok(mut room) = rooms.recv() {
        let piece = loop {
            match source.read(&mut room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map(|length| Piece { room, length }),
            }
        };
        let ends = !matches!(&piece, Ok(piece) if piece.length > 0);
        if give.send(piece).is_err() || ends {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives what it has in pieces of odd lengths, with interruptions; then ends, or fails.
    struct Odd {
        left: Vec<u8>,
        calls: usize,
        fails: bool,
    }

    impl Read for Odd {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls.is_multiple_of(3) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.left.is_empty() && self.fails {
                return Err(io::ErrorKind::NotConnected.into());
            }
            let length = room.len().min(self.left.len()).min(self.calls * 997);
            let rest = self.left.split_off(length);
            room.iter_mut().zip(&self.left).for_each(|(to, from)| *to = *from);
            self.left = rest;
            Ok(length)
        }
    }

    fn all(source: impl Read + Send + 'static) -> (Vec<u8>, io::Result<()>) {
        let ahead = Ahead::new(Box::new(source)).unwrap();
        let mut seen = Vec::new();
        let mut last = None;
        loop {
            match ahead.next(last.take()) {
                Ok(Some(piece)) => {
                    seen.extend_from_slice(piece.bytes());
                    last = Some(piece);
                }
                Ok(None) => return (seen, Ok(())),
                Err(error) => return (seen, Err(error)),
            }
        }
    }

    #[test]
    fn every_byte_comes_once_and_in_order() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
        let (seen, end) = all(io::Cursor::new(bytes.clone()));
        assert!(end.is_ok() && seen == bytes);
        let (seen, end) = all(Odd { left: bytes.clone(), calls: 0, fails: false });
        assert!(end.is_ok() && seen == bytes);
    }

    #[test]
    fn an_error_comes_behind_the_bytes_before_it() {
        let bytes = vec![7; 600_000];
        let (seen, end) = all(Odd { left: bytes.clone(), calls: 0, fails: true });
        assert_eq!(end.unwrap_err().kind(), io::ErrorKind::NotConnected);
        assert!(seen == bytes);
    }

    #[test]
    fn a_reader_that_nobody_listens_to_ends() {
        let (told, ended) = sync_channel(1);
        struct Endless(SyncSender<()>);
        impl Read for Endless {
            fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
                Ok(room.len())
            }
        }
        impl Drop for Endless {
            fn drop(&mut self) {
                let _ = self.0.send(());
            }
        }
        let ahead = Ahead::new(Box::new(Endless(told))).unwrap();
        assert_eq!(ahead.next(None).unwrap().unwrap().bytes().len(), PIECE);
        drop(ahead);
        assert!(ended.recv().is_ok());
    }
}
