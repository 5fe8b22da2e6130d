//! What becomes of the bytes of an input while they come: some kinds are read as they come, the others when all are there.

mod archive;

use crate::archive::{self as framing, Format};
use crate::artifact::{self, Artifact, CaptureReading, Content};
use crate::capture::file::looks_like_capture;
use crate::detect;
use crate::digest::{Digests, Hasher, sha256};
use crate::limits;
use crate::proto::tls::{KeyLogCount, Secrets};
use crate::report::model::{InputKind, InputRole};
use crate::text;
use crate::x509::password::Password;

use archive::{ArchiveReading, Budget};

/// What opens parts of inputs that are closed to others.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// For PKCS#12, private keys and archives.
    pub passwords: Vec<Password>,
    /// For connections in captures.
    pub secrets: Secrets,
    /// SHA-256 of the key logs that `secrets` come from.
    pub key_logs: Vec<[u8; 32]>,
}

impl Opening {
    /// Adds a TLS key log. Returns the lines that are understood and those that are not.
    pub fn add_key_log(&mut self, text: &[u8]) -> KeyLogCount {
        let digest = sha256(text);
        if !self.key_logs.contains(&digest) && self.key_logs.len() < limits::KEY_LOGS {
            self.key_logs.push(digest);
        }
        self.secrets.add_key_log(text)
    }
}

/// One input while its bytes come.
#[derive(Debug)]
pub struct Reading {
    name: String,
    role: InputRole,
    /// Gone once the input is read as it comes and beyond [`limits::STREAM_DIGEST_BYTES`].
    hasher: Option<Hasher>,
    length: u64,
    state: State,
    /// Archives that it stands in.
    depth: u8,
    /// What an archive and all inside it may still take; that of the outermost one counts.
    budget: Budget,
}

#[derive(Debug)]
enum State {
    /// Kept, to be read as a whole when all are there.
    Buffered(Vec<u8>),
    Archive(Box<ArchiveReading>),
    Capture(Box<CaptureReading>),
    Text(Box<text::Reader>),
}

/// What an input has become.
#[derive(Debug)]
pub struct Finished {
    /// The input.
    pub artifact: Artifact,
    /// The bytes of a key log, and of those in an archive.
    pub key_logs: Vec<Vec<u8>>,
}

/// Bytes that tell a capture.
const CAPTURE_HEAD: usize = 4;

/// Bytes of a gzip file behind which it is first tried what comes out of it; then behind twice as many, and so on.
const PACKED_HEAD: usize = 32;

impl Reading {
    /// Begins an input. `name` is shown, never interpreted.
    pub fn new(name: &str, role: InputRole) -> Self {
        Self {
            name: name.to_owned(),
            role,
            hasher: Some(Hasher::default()),
            length: 0,
            state: State::Buffered(Vec::new()),
            depth: 0,
            budget: Budget::default(),
        }
    }

    /// Begins a member of an archive, which stands in `depth` archives.
    fn member(name: &str, role: InputRole, depth: u8) -> Self {
        Self { depth, ..Self::new(name, role) }
    }

    /// The next bytes, of any number.
    pub fn push(&mut self, chunk: &[u8], opening: &Opening) {
        let mut budget = core::mem::take(&mut self.budget);
        self.push_within(chunk, opening, &mut budget);
        self.budget = budget;
    }

    fn push_within(&mut self, chunk: &[u8], opening: &Opening, budget: &mut Budget) {
        self.length = self.length.saturating_add(chunk.len() as u64);
        let next = match &mut self.state {
            State::Archive(archive) => {
                archive.push(chunk, opening, budget);
                None
            }
            State::Capture(capture) => {
                capture.push(chunk, &opening.passwords);
                None
            }
            State::Text(text) => {
                text.push(chunk);
                None
            }
            State::Buffered(buffer) => {
                // The buffer may take less of a large chunk than there is.
                let room = limits::BUFFERED_INPUT.saturating_sub(buffer.len());
                let before = buffer.len();
                buffer.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
                recognised(buffer, before).map(|stream| {
                    (stream, core::mem::take(buffer), chunk.get(room..).unwrap_or_default())
                })
            }
        };
        if let Some((stream, bytes, rest)) = next {
            self.begin(stream, opening);
            for bytes in [bytes.as_slice(), rest] {
                match &mut self.state {
                    State::Archive(archive) => archive.push(bytes, opening, budget),
                    State::Capture(capture) => capture.push(bytes, &opening.passwords),
                    State::Text(text) => text.push(bytes),
                    State::Buffered(_) => {}
                }
            }
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
    pub fn end(mut self, opening: &Opening) -> Finished {
        let mut budget = core::mem::take(&mut self.budget);
        self.finish(None, opening, &mut budget)
    }

    /// Nobody wants to read on. What is read as it comes (a capture, a log, an archive) is judged as far as it goes; of
    /// anything else nothing is, for this `reason`.
    pub fn stop(mut self, reason: &str, opening: &Opening) -> Finished {
        let mut budget = core::mem::take(&mut self.budget);
        self.finish(Some(reason), opening, &mut budget)
    }

    /// It could not be read to its end, for this `reason`.
    pub fn fail(self, reason: &str) -> Artifact {
        artifact::unreadable(&self.name, self.role, reason)
    }

    /// How it is read from now on.
    fn begin(&mut self, stream: Stream, opening: &Opening) {
        self.state = match stream {
            Stream::Archive(format) => {
                let reading = ArchiveReading::new(format, &self.name, self.role, self.depth);
                State::Archive(Box::new(reading))
            }
            Stream::Capture => {
                let secrets = opening.secrets.clone();
                State::Capture(Box::new(CaptureReading::new(secrets, opening.key_logs.clone())))
            }
            Stream::Text => State::Text(Box::default()),
        };
    }

    fn finish(mut self, stopped: Option<&str>, opening: &Opening, budget: &mut Budget) -> Finished {
        let whole = stopped.is_none();
        if let State::Buffered(buffer) = &mut self.state
            && let Some(stream) = recognised_at_end(buffer, whole)
        {
            let bytes = core::mem::take(buffer);
            self.begin(stream, opening);
            match &mut self.state {
                State::Archive(archive) => archive.push(&bytes, opening, budget),
                State::Capture(capture) => capture.push(&bytes, &opening.passwords),
                State::Text(text) => text.push(&bytes),
                State::Buffered(_) => {}
            }
        }
        let digests: Option<Digests> =
            if whole { self.hasher.take().map(Hasher::finish) } else { None };
        let Self { name, role, length, state, .. } = self;
        let passwords = &opening.passwords;
        let mut key_logs = Vec::new();
        let artifact = match (state, stopped) {
            (State::Capture(capture), _) => {
                capture.end(&name, role, digests, length, whole, passwords)
            }
            (State::Archive(archive), _) => {
                let (content, found) = archive.end(whole, opening, budget);
                key_logs = found;
                let (kind, content) = (InputKind::Archive, Content::Archive(Box::new(content)));
                Artifact { name, role, length, digests, kind, content, cut: !whole }
            }
            (State::Text(reader), _) => {
                let text = reader.end();
                match stopped {
                    Some(reason) if text.understood() == 0 => {
                        artifact::unreadable(&name, role, reason)
                    }
                    _ => {
                        let (kind, content) = artifact::of_text(text, passwords);
                        Artifact { name, role, length, digests, kind, content, cut: !whole }
                    }
                }
            }
            (_, Some(reason)) => artifact::unreadable(&name, role, reason),
            (State::Buffered(bytes), None) => {
                let artifact = artifact::read(&name, role, digests, length, &bytes, passwords);
                if artifact.kind == InputKind::KeyLog {
                    key_logs.push(bytes);
                }
                artifact
            }
        };
        Finished { artifact, key_logs }
    }

    fn hash(&mut self, chunk: &[u8]) {
        let streams = !matches!(self.state, State::Buffered(_));
        if streams && self.length > limits::STREAM_DIGEST_BYTES {
            self.hasher = None;
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(chunk);
        }
    }
}

/// What is read as it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Archive(Format),
    Capture,
    Text,
}

/// How the input that begins with these bytes is read, once that is known; `before` bytes of them were looked at already.
fn recognised(buffer: &[u8], before: usize) -> Option<Stream> {
    let head = |length: usize| before < length && buffer.len() >= length;
    if head(CAPTURE_HEAD) && looks_like_capture(buffer) {
        return Some(Stream::Capture);
    }
    let format = framing::looks_like(buffer);
    match format {
        // Whether it is a capture is known when something has come out of it.
        Some(Format::Gzip) => {
            let lengths = core::iter::successors(Some(PACKED_HEAD), |length| Some(length * 2));
            let mut tries = lengths.take_while(|length| *length <= limits::ARCHIVE_PACKED_HEAD);
            let must = buffer.len() >= limits::ARCHIVE_PACKED_HEAD;
            tries.any(head).then(|| unpacked(buffer, must)).flatten()
        }
        Some(format) if head(framing::HEAD) => Some(Stream::Archive(format)),
        _ if buffer.len() > limits::TEXT_BUFFERED && is_long_text(buffer) => Some(Stream::Text),
        _ => None,
    }
}

/// How an input is read that has no more bytes than these.
fn recognised_at_end(buffer: &[u8], whole: bool) -> Option<Stream> {
    match framing::looks_like(buffer) {
        Some(Format::Gzip) => unpacked(buffer, true),
        Some(format) => Some(Stream::Archive(format)),
        // Of half a log every line is worth something.
        None if !whole && is_long_text(buffer) => Some(Stream::Text),
        None => None,
    }
}

/// How a gzip file is read, by what comes out of its first bytes; `must` says that no more of them are awaited.
fn unpacked(buffer: &[u8], must: bool) -> Option<Stream> {
    let packed = buffer.get(..buffer.len().min(limits::ARCHIVE_PACKED_HEAD)).unwrap_or_default();
    let plain = framing::gzip_head(packed);
    if looks_like_capture(&plain) {
        return Some(Stream::Capture);
    }
    (must || plain.len() >= CAPTURE_HEAD).then_some(Stream::Archive(Format::Gzip))
}

/// Whether bytes that are already many are a text, and nothing that is read as a whole.
fn is_long_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    text::looks_like_text(head)
        && memchr::memmem::find(head, b"-----BEGIN ").is_none()
        && detect::kind(head) == InputKind::Unknown
}
