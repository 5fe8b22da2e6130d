//! What becomes of the bytes of an input while they come: some kinds are read as they come, the others when all are there.

use crate::artifact::{self, Artifact, CaptureReading, Content, TextContent};
use crate::capture::file::looks_like_capture;
use crate::detect;
use crate::digest::{Digests, Hasher};
use crate::limits;
use crate::proto::tls::Secrets;
use crate::report::model::{InputKind, InputRole};
use crate::text;
use crate::x509::password::Password;

/// What opens parts of inputs that are closed to others.
#[derive(Debug, Default)]
pub struct Opening {
    /// For PKCS#12, private keys and archives.
    pub passwords: Vec<Password>,
    /// For connections in captures.
    pub secrets: Secrets,
    /// SHA-256 of the key logs that `secrets` come from.
    pub key_logs: Vec<[u8; 32]>,
}

/// One input while its bytes come.
#[derive(Debug)]
pub struct Reading {
    name: String,
    role: InputRole,
    /// Gone once the input is a capture beyond [`limits::CAPTURE_DIGEST_BYTES`].
    hasher: Option<Hasher>,
    length: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Kept, to be read as a whole when all are there.
    Buffered(Vec<u8>),
    Capture(Box<CaptureReading>),
    Text(Box<text::Reader>),
}

/// What an input has become.
#[derive(Debug)]
pub struct Finished {
    /// The input.
    pub artifact: Artifact,
    /// The bytes of a key log; empty for anything else.
    pub key_log: Vec<u8>,
}

/// Bytes that tell a capture.
const CAPTURE_HEAD: usize = 4;

impl Reading {
    /// Begins an input. `name` is shown, never interpreted.
    pub fn new(name: &str, role: InputRole) -> Self {
        Self {
            name: name.to_owned(),
            role,
            hasher: Some(Hasher::default()),
            length: 0,
            state: State::Buffered(Vec::new()),
        }
    }

    /// The next bytes, of any number.
    pub fn push(&mut self, chunk: &[u8], opening: &Opening) {
        self.length = self.length.saturating_add(chunk.len() as u64);
        let next = match &mut self.state {
            State::Capture(capture) => {
                capture.push(chunk, &opening.passwords);
                None
            }
            State::Text(text) => {
                text.push(chunk);
                None
            }
            State::Buffered(buffer) => buffered(buffer, chunk, opening),
        };
        if let Some(next) = next {
            self.state = next;
        }
        self.hash(chunk);
    }

    /// The capture that it is, while it is one.
    pub fn capture(&self) -> Option<&CaptureReading> {
        match &self.state {
            State::Capture(capture) => Some(capture),
            _ => None,
        }
    }

    /// There are no more bytes: it is recognised by its content, parsed, and its own signature checked.
    pub fn end(self, opening: &Opening) -> Finished {
        self.finish(None, opening)
    }

    /// Nobody wants to read on. A capture is judged as far as it goes; of anything else nothing is, for this `reason`.
    pub fn stop(self, reason: &str, opening: &Opening) -> Finished {
        self.finish(Some(reason), opening)
    }

    /// It could not be read to its end, for this `reason`.
    pub fn fail(self, reason: &str) -> Artifact {
        artifact::unreadable(&self.name, self.role, reason)
    }

    fn finish(mut self, stopped: Option<&str>, opening: &Opening) -> Finished {
        let whole = stopped.is_none();
        let digests: Option<Digests> =
            if whole { self.hasher.take().map(Hasher::finish) } else { None };
        let Self { name, role, length, state, .. } = self;
        let passwords = &opening.passwords;
        let mut key_log = Vec::new();
        let artifact = match (state, stopped) {
            (State::Capture(capture), _) => {
                capture.end(&name, role, digests, length, whole, passwords)
            }
            (_, Some(reason)) => artifact::unreadable(&name, role, reason),
            (State::Text(reader), None) => {
                let content = Content::Text(Box::new(TextContent::new(reader.end(), passwords)));
                Artifact { name, role, length, digests, kind: InputKind::Text, content, cut: false }
            }
            (State::Buffered(bytes), None) => {
                let artifact = artifact::read(&name, role, digests, length, &bytes, passwords);
                if artifact.kind == InputKind::KeyLog {
                    key_log = bytes;
                }
                artifact
            }
        };
        Finished { artifact, key_log }
    }

    fn hash(&mut self, chunk: &[u8]) {
        if matches!(self.state, State::Capture(_)) && self.length > limits::CAPTURE_DIGEST_BYTES {
            self.hasher = None;
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(chunk);
        }
    }
}

/// Keeps the next bytes, and says how they are read from now on once that is known.
fn buffered(buffer: &mut Vec<u8>, chunk: &[u8], opening: &Opening) -> Option<State> {
    let knew = buffer.len() >= CAPTURE_HEAD;
    let room = limits::BUFFERED_INPUT.saturating_sub(buffer.len());
    buffer.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
    // The buffer may have taken less of a large chunk than there was.
    let rest = chunk.get(room..).unwrap_or_default();
    if !knew && looks_like_capture(buffer) {
        let mut capture = CaptureReading::new(opening.secrets.clone(), opening.key_logs.clone());
        capture.push(buffer, &opening.passwords);
        capture.push(rest, &opening.passwords);
        return Some(State::Capture(Box::new(capture)));
    }
    if buffer.len() > limits::TEXT_BUFFERED && is_long_text(buffer) {
        let mut reader = text::Reader::default();
        reader.push(buffer);
        reader.push(rest);
        return Some(State::Text(Box::new(reader)));
    }
    None
}

/// Whether bytes that are already many are a text, and nothing that is read as a whole.
fn is_long_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    text::looks_like_text(head)
        && memchr::memmem::find(head, b"-----BEGIN ").is_none()
        && detect::kind(head) == InputKind::Unknown
}
