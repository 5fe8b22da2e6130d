//! What becomes of the bytes of an input while they come: some kinds are read as they come, the others when all are there.

mod archive;
mod stream;

use crate::archive::{self as framing, Format};
use crate::artifact::{self, Artifact, CaptureReading, Content};
use crate::capture::file::looks_like_capture;
use crate::detect;
use crate::digest::{Hasher, sha256};
use crate::limits;
use crate::proto::tls::{KeyLogCount, Secrets};
use crate::report::model::{InputKind, InputRole};
use crate::text;
use crate::x509::password::Password;
use crate::x509::private_key::PrivateKey;

use archive::Budget;
use stream::{Ending, Streamed};

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

/// The readers of a scope ([`crate::session::scope`]).
#[derive(Debug)]
pub struct Readers {
    /// For what is read as it comes; `None` where that is beyond the scope, as is whatever else does not begin as a list.
    streams: Option<Streams>,
    /// Reads what is read as a whole; `None` where that is beyond the scope.
    whole: fn(&artifact::Given<'_>, &[Password]) -> Option<Artifact>,
    /// The private key that an input was handed over as, where it could be opened.
    private_key: fn(&Artifact) -> Option<PrivateKey>,
}

#[derive(Debug)]
struct Streams {
    recognised: fn(&[u8], usize) -> Option<Stream>,
    recognised_at_end: fn(&[u8], bool) -> Option<Stream>,
    begin: fn(Stream, &stream::Beginning<'_>) -> Box<dyn Streamed>,
}

impl Readers {
    /// All.
    pub const WHOLE: Self = Self {
        streams: Some(Streams { recognised, recognised_at_end, begin: stream::begin }),
        whole: |given, passwords| Some(given.read(passwords)),
        private_key: |artifact| match &artifact.content {
            Content::Key { secret, .. } => PrivateKey::parse(secret.expose()).ok(),
            _ => None,
        },
    };

    /// Trust lists, signed files and configurations.
    pub const LISTS: Self =
        Self { streams: None, whole: |given, _| given.read_list(), private_key: |_| None };
}

/// One input while its bytes come.
#[derive(Debug)]
pub struct Reading {
    readers: &'static Readers,
    name: String,
    role: InputRole,
    /// Gone once the input is read as it comes and beyond [`limits::STREAM_DIGEST_BYTES`].
    hasher: Option<Hasher>,
    length: u64,
    /// How long it will be, where that was told.
    announced: u64,
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
    Streamed(Box<dyn Streamed>),
    /// Recognised as something that the scope does not read.
    Beyond,
}

/// What an input has become.
#[derive(Debug)]
pub struct Finished {
    /// The input.
    pub artifact: Artifact,
    /// The bytes of a key log, and of those in an archive.
    pub key_logs: Vec<Vec<u8>>,
    /// The private key that it was handed over as, where it could be opened.
    pub private_key: Option<PrivateKey>,
}

impl Finished {
    /// An input that opens nothing.
    fn of(artifact: Artifact) -> Self {
        Self { artifact, key_logs: Vec::new(), private_key: None }
    }
}

/// Bytes that tell whether an input may be a trust list, a signed file or a configuration.
const LIST_HEAD: usize = 4096;

/// Whether an input that begins with these bytes may be a trust list, a signed file or a configuration.
fn may_be_list(head: &[u8]) -> bool {
    !matches!(detect::kind(head), InputKind::KeyLog | InputKind::Unknown)
}

/// Bytes that tell a capture.
const CAPTURE_HEAD: usize = 4;

/// Bytes of a gzip file behind which it is first tried what comes out of it; then behind twice as many, and so on.
const PACKED_HEAD: usize = 32;

impl Reading {
    /// Begins an input. `name` is shown, never interpreted.
    pub fn new(name: &str, role: InputRole, readers: &'static Readers) -> Self {
        Self {
            readers,
            name: name.to_owned(),
            role,
            hasher: Some(Hasher::default()),
            length: 0,
            announced: 0,
            state: State::Buffered(Vec::new()),
            depth: 0,
            budget: Budget::default(),
        }
    }

    /// Begins a member of an archive, which stands in `depth` archives.
    fn member(name: &str, role: InputRole, depth: u8) -> Self {
        Self { depth, ..Self::new(name, role, &Readers::WHOLE) }
    }

    /// It will be so many bytes long, as far as is known before they come: what is too long for digests is then not digested up
    /// to that length in vain.
    pub fn announce(&mut self, length: u64) {
        self.announced = length;
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
            State::Beyond => return,
            State::Streamed(streamed) => {
                streamed.push(chunk, opening, budget);
                None
            }
            State::Buffered(buffer) => {
                // The buffer may take less of a large chunk than there is.
                let room = limits::BUFFERED_INPUT.saturating_sub(buffer.len());
                let before = buffer.len();
                buffer.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
                match &self.readers.streams {
                    Some(streams) => (streams.recognised)(buffer, before).map(|stream| {
                        let rest = chunk.get(room..).unwrap_or_default();
                        (streams.begin, stream, core::mem::take(buffer), rest)
                    }),
                    None => {
                        if buffer.len() >= LIST_HEAD && before < LIST_HEAD && !may_be_list(buffer) {
                            self.state = State::Beyond;
                        }
                        None
                    }
                }
            }
        };
        if let Some((begin, stream, bytes, rest)) = next {
            let mut streamed = begin(stream, &self.beginning(opening));
            streamed.push(&bytes, opening, budget);
            streamed.push(rest, opening, budget);
            self.state = State::Streamed(streamed);
        }
        self.hash(chunk);
    }

    /// The capture that it is, while it is one.
    pub fn capture(&self) -> Option<&CaptureReading> {
        match &self.state {
            State::Streamed(streamed) => streamed.capture(),
            _ => None,
        }
    }

    /// It is something that the scope does not read, as far as its first bytes tell.
    pub fn is_beyond(&self) -> bool {
        matches!(self.state, State::Beyond)
    }

    /// There are no more bytes: it is recognised by its content, parsed, and its own signature checked. `None` for what the
    /// scope does not read.
    pub fn end(mut self, opening: &Opening) -> Option<Finished> {
        let mut budget = core::mem::take(&mut self.budget);
        self.finish(None, opening, &mut budget)
    }

    /// Nobody wants to read on. What is read as it comes (a capture, a log, an archive) is judged as far as it goes; of
    /// anything else nothing is, for this `reason`. `None` for what the scope does not read.
    pub fn stop(mut self, reason: &str, opening: &Opening) -> Option<Finished> {
        let mut budget = core::mem::take(&mut self.budget);
        self.finish(Some(reason), opening, &mut budget)
    }

    /// It could not be read to its end, for this `reason`.
    pub fn fail(self, reason: &str) -> Artifact {
        artifact::unreadable(&self.name, self.role, reason)
    }

    fn beginning<'b>(&'b self, opening: &'b Opening) -> stream::Beginning<'b> {
        stream::Beginning { name: &self.name, role: self.role, depth: self.depth, opening }
    }

    fn finish(
        mut self,
        stopped: Option<&str>,
        opening: &Opening,
        budget: &mut Budget,
    ) -> Option<Finished> {
        if let (State::Buffered(buffer), Some(streams)) = (&mut self.state, &self.readers.streams)
            && let Some(stream) = (streams.recognised_at_end)(buffer, stopped.is_none())
        {
            let bytes = core::mem::take(buffer);
            let mut streamed = (streams.begin)(stream, &self.beginning(opening));
            streamed.push(&bytes, opening, budget);
            self.state = State::Streamed(streamed);
        }
        let digests = self.hasher.take().filter(|_| stopped.is_none()).map(Hasher::finish);
        let Self { readers, name, role, length, state, .. } = self;
        match (state, stopped) {
            (State::Beyond, _) => None,
            (State::Streamed(streamed), _) => {
                let ending = Ending { name, role, length, digests, stopped, opening };
                Some(streamed.end(ending, budget))
            }
            (State::Buffered(_), Some(reason)) => {
                Some(Finished::of(artifact::unreadable(&name, role, reason)))
            }
            (State::Buffered(bytes), None) => {
                let given = artifact::Given { name: &name, role, digests, length, bytes: &bytes };
                let artifact = (readers.whole)(&given, &opening.passwords)?;
                let private_key = (readers.private_key)(&artifact);
                let is_key_log = artifact.kind == InputKind::KeyLog;
                let key_logs = if is_key_log { vec![bytes] } else { Vec::new() };
                Some(Finished { artifact, key_logs, private_key })
            }
        }
    }

    fn hash(&mut self, chunk: &[u8]) {
        let streams = !matches!(self.state, State::Buffered(_));
        if streams && self.length.max(self.announced) > limits::STREAM_DIGEST_BYTES {
            self.hasher = None;
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(chunk);
        }
    }
}

/// What is read as it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
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
