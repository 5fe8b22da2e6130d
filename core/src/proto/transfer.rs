//! Files on the wire: what TFTP and HTTP put back together, and hand out piece by piece.

use core::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::Place;
use crate::capture::gzip::Inflater;
use crate::digest::Sha256;

/// How a file travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Protocol {
    /// RFC 1350 and its options.
    Tftp,
    /// HTTP/1.0 and 1.1, also inside decrypted TLS.
    Http,
}

/// Who gets the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Operation {
    /// The client.
    Read,
    /// The server.
    Write,
}

/// How far a transfer went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TransferStatus {
    /// Every byte is there.
    Complete,
    /// Bytes are missing, or the end was not seen.
    Incomplete,
    /// A side said no.
    Error {
        /// TFTP's error code, HTTP's status.
        code: u16,
        /// In its own words; bytes that are no UTF-8 are replaced.
        message: String,
    },
}

/// One file, or the attempt to get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// How it travels.
    pub protocol: Protocol,
    /// Who gets it.
    pub operation: Operation,
    /// Name as asked for: TFTP's file name, HTTP's target (`/SEP001122334455.cnf.xml.sgn`). Empty when the request
    /// is not in the capture.
    pub name: String,
    /// Who asked. `None` where the stream's owner knows it.
    pub client: Option<SocketAddr>,
    /// Who was asked.
    pub server: Option<SocketAddr>,
    /// How far it went.
    pub status: TransferStatus,
    /// Bytes that were handed out.
    pub bytes: u64,
    /// Length that was announced (tsize, Content-Length, Content-Range).
    pub announced: Option<u64>,
    /// Of the whole file; `None` unless complete, and for a large file that nothing here could read.
    pub sha256: Option<[u8; 32]>,
    /// The request, or the first packet of the answer.
    pub begins: Place,
    /// The last packet that told something of it.
    pub ends: Place,
}

/// What happens to a file. `id` counts up within one parser.
#[derive(Debug)]
pub enum TransferEvent<'a> {
    /// The first byte of it, or its end when it is empty, follows.
    Begins {
        /// Number of the transfer.
        id: u64,
        /// What is known so far.
        transfer: &'a Transfer,
    },
    /// The next bytes, in order, each once. Behind a hole nothing more comes.
    Data {
        /// Number of the transfer.
        id: u64,
        /// The bytes.
        bytes: &'a [u8],
    },
    /// Nothing more comes. Also told for a transfer that did not begin.
    Ends {
        /// Number of the transfer.
        id: u64,
        /// All that is known.
        transfer: &'a Transfer,
    },
}

/// Is told what happens to files.
pub type TransferSink<'a> = dyn FnMut(TransferEvent<'_>) + 'a;

/// A transfer under way: counts, hashes, hands out.
#[derive(Debug)]
pub(super) struct Progress {
    id: u64,
    pub(super) transfer: Transfer,
    hash: Sha256,
    begun: bool,
    /// Bytes are missing: nothing more is handed out.
    pub(super) holed: bool,
    /// Nobody wants it: it is counted, but neither hashed nor handed out.
    left_out: bool,
    /// It travels packed.
    packed: Option<Box<Inflater>>,
}

impl Progress {
    pub(super) fn new(id: u64, transfer: Transfer) -> Self {
        Self {
            id,
            transfer,
            hash: Sha256::default(),
            begun: false,
            holed: false,
            left_out: false,
            packed: None,
        }
    }

    /// What comes is packed with gzip, and is counted, hashed and handed out unpacked.
    pub(super) fn unpack(&mut self) {
        self.packed = Some(Box::default());
    }

    /// Bytes held, roughly.
    pub(super) fn held(&self) -> usize {
        /// Two windows and the tables of the codes.
        const UNPACKING: usize = 160 * 1024;
        if self.packed.is_some() { UNPACKING } else { 0 }
    }

    /// Nobody wants the rest: so many bytes of it will not be pushed, but are there.
    pub(super) fn leave_out(&mut self, bytes: u64) {
        self.left_out = true;
        self.transfer.bytes = self.transfer.bytes.saturating_add(bytes);
    }

    /// The next bytes.
    pub(super) fn data(&mut self, bytes: &[u8], sink: &mut TransferSink<'_>) {
        if self.holed || bytes.is_empty() {
            return;
        }
        if self.left_out {
            return self.leave_out(bytes.len() as u64);
        }
        let Some(mut packed) = self.packed.take() else { return self.hand_out(bytes, sink) };
        packed.push(bytes, |plain| {
            self.hand_out(plain, sink);
            true
        });
        self.packed = Some(packed);
    }

    fn hand_out(&mut self, bytes: &[u8], sink: &mut TransferSink<'_>) {
        self.begin(sink);
        self.hash.update(bytes);
        self.transfer.bytes = self.transfer.bytes.saturating_add(bytes.len() as u64);
        sink(TransferEvent::Data { id: self.id, bytes });
    }

    /// The last byte is there: complete, unless bytes are missing.
    pub(super) fn complete(mut self, place: Place, sink: &mut TransferSink<'_>) {
        if let Some(mut packed) = self.packed.take()
            && !self.holed
            && !self.left_out
        {
            let problem = packed.end(|plain| {
                self.hand_out(plain, sink);
                true
            });
            // What the server announced is the length of what travelled.
            self.transfer.announced = None;
            self.holed = problem.is_some();
        }
        if self.holed {
            return self.end(TransferStatus::Incomplete, place, sink);
        }
        self.begin(sink);
        if !self.left_out {
            self.transfer.sha256 = Some(core::mem::take(&mut self.hash).finish());
        }
        self.end(TransferStatus::Complete, place, sink);
    }

    /// It ends here.
    pub(super) fn end(mut self, status: TransferStatus, place: Place, sink: &mut TransferSink<'_>) {
        self.transfer.status = status;
        self.transfer.ends = place;
        sink(TransferEvent::Ends { id: self.id, transfer: &self.transfer });
    }

    fn begin(&mut self, sink: &mut TransferSink<'_>) {
        if !self.begun {
            self.begun = true;
            sink(TransferEvent::Begins { id: self.id, transfer: &self.transfer });
        }
    }
}
