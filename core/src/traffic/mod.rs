//! What a capture shows: reading, connections and protocols tied together, from the bytes of the file to the content of
//! the report's `captures[]`.
//!
//! [`Analysis`] is pushed a file in chunks of any size and holds bounded memory; what was found so far can be looked at
//! while it reads. Files that TFTP and HTTP carried are handed out as they become complete ([`Analysis::files`]),
//! so that each can be an input of its own. Certificates stay raw bytes here, named by their SHA-256.

mod collector;
mod connection;
mod datagrams;
mod files;
mod model;
mod outcome;
mod streams;

pub use files::CarriedFile;
pub use model::{
    AskedName, Caps, Capture, Flow, HttpExchange, SeenCertificate, ServiceMessage,
    ServiceMessageContent, Sighting, TransferSeen, Transport, service,
};
pub use streams::{StreamEvent, StreamNews, Streams, StreamsFacts};

pub use outcome::{Handshake, Reach};

use collector::Collector;

use crate::capture::dissect::Dissector;
use crate::capture::file::{CaptureReader, FileFacts};
use crate::proto::tls::Secrets;

/// Reads one capture.
#[derive(Debug)]
pub struct Analysis {
    reader: CaptureReader,
    dissector: Dissector<Collector>,
}

impl Analysis {
    /// An analysis that has seen nothing. `secrets` are those that came from elsewhere; a capture can bring its own.
    pub fn new(secrets: Secrets) -> Self {
        Self { reader: CaptureReader::new(), dissector: Dissector::new(Collector::new(secrets)) }
    }

    /// The next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) {
        self.reader.push(chunk, &mut self.dissector);
    }

    /// The files that became complete since the last call, in their order.
    pub fn files(&mut self) -> Vec<CarriedFile> {
        self.dissector.handler_mut().take_files()
    }

    /// What was found so far. Connections that are open are not in it.
    pub fn so_far(&self) -> &Capture {
        self.dissector.handler().capture()
    }

    /// What the file says about its packets as a whole, so far.
    pub fn file(&self) -> &FileFacts {
        self.reader.facts()
    }

    /// No more bytes follow: all that was found, and the files that were not taken yet.
    pub fn end(mut self) -> (Capture, Vec<CarriedFile>) {
        self.reader.end(&mut self.dissector);
        let (collector, network) = self.dissector.end();
        collector.finish(self.reader.facts(), network)
    }
}
