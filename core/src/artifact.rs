//! One input after reading: its digests, what it is, what stands in it.
//!
//! An artifact is made from one input alone, so that inputs can be read in parallel; what needs several
//! inputs happens in [`crate::evidence`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::archive;
use crate::capture::file::FileFacts;
use crate::detect;
use crate::digest::{Digests, sha256};
use crate::error::ParseError;
use crate::limits;
use crate::proto::tls::Secrets;
use crate::report::model::{InputKind, InputRole};
use crate::sgn::SignedFile;
use crate::sgn::configuration::Configuration;
use crate::text::{self, Text};
use crate::traffic::{Analysis, Capture, CarriedFile};
use crate::trustlist::file::TrustList;
use crate::trustlist::listing;
use crate::trustlist::verify::{self, Outcome};
use crate::x509::Certificate;
use crate::x509::container::{self, Container, ItemContent as Item};
use crate::x509::password::{Keyring, Password};
use crate::x509::signature::is_unusual;

/// One input after reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// Name as given.
    pub name: String,
    /// What the user named it as.
    pub role: InputRole,
    /// Length in bytes.
    pub length: u64,
    /// Digests of all bytes; `None` where they are not computed: an input that was not read to its end, or one that
    /// is read as it comes beyond [`limits::STREAM_DIGEST_BYTES`].
    pub digests: Option<Digests>,
    /// What it was taken for.
    pub kind: InputKind,
    /// What stands in it.
    pub content: Content,
    /// More bytes came than are kept for parsing, or what is read as it comes was not read to its end.
    pub cut: bool,
}

impl Artifact {
    /// Gives the members of this archive that stand at `path` another role, and says whether there are any. A path is the name of a
    /// member; behind that of an archive a slash and the name of one of its own members may stand. What tar writes in front of names (`./`)
    /// may be left out.
    pub fn set_member_role(&mut self, path: &str, role: InputRole) -> bool {
        let Content::Archive(archive) = &mut self.content else { return false };
        let mut found = false;
        for (_, file) in &mut archive.files {
            let name = file.name.as_str();
            let short = name.strip_prefix("./").filter(|_| !path.starts_with("./"));
            let Some(rest) = path.strip_prefix(short.unwrap_or(name)) else { continue };
            if rest.is_empty() {
                file.role = role;
                found = true;
            } else if let Some(inner) = rest.strip_prefix('/') {
                found |= file.set_member_role(inner, role);
            }
        }
        found
    }
}

/// What stands in an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// An archive, with its members.
    Archive(Box<ArchiveContent>),
    /// A packet capture.
    Capture(Box<CaptureContent>),
    /// Certificates, keys, requests: whatever the container holds.
    Certificates(Container),
    /// A phone configuration in clear, or why it could not be read.
    Configuration(Result<Configuration, ParseError>),
    /// 0 bytes.
    Empty,
    /// A private key that the user handed over for decryption. Never reported.
    Key {
        /// The first key in it in DER, opened with a password where it was under one; empty where it was not opened.
        secret: Secret,
        /// What is known of the container.
        container: Container,
    },
    /// A TLS key log. Its secrets are not kept here.
    KeyLog {
        /// Lines with a secret that is used.
        secrets: u64,
        /// Lines that hold something else, or could not be read.
        other_lines: u64,
    },
    /// `.sgn`, `.enc.sgn` or firmware.
    SignedFile(Box<SignedFile>),
    /// ITL or CTL, and whether its own signature holds.
    TrustList {
        /// The list.
        list: Box<TrustList>,
        /// Its own signature.
        outcome: Outcome,
    },
    /// Logs and listings.
    Text(Box<TextContent>),
    /// None of the known kinds.
    Unknown,
    /// Not read to its end: half an input is not judged.
    Unreadable {
        /// Why, in words.
        reason: String,
    },
}

/// What stands in a packet capture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaptureContent {
    /// Connections, transfers, names.
    pub capture: Capture,
    /// It was read to its end.
    pub whole: bool,
    /// The certificates that were shown and can be read, by SHA-256.
    pub certificates: BTreeMap<[u8; 32], Certificate>,
    /// SHA-256 of the key logs that were known when it was opened.
    pub key_logs: Vec<[u8; 32]>,
    /// The files that were carried whole, each read as an input of its own, by the number that its transfer names.
    pub files: Vec<(u32, Artifact)>,
}

/// What stands in an archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveContent {
    /// What it tells beside its members.
    pub facts: archive::Facts,
    /// Its members, each read as an input of its own, with the offset of its header in the archive.
    pub files: Vec<(u64, Artifact)>,
}

/// What stands in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextContent {
    /// What its lines say.
    pub text: Text,
    /// What is carried in it, each read as an input of its own: certificates between the lines, or in dumps; with the
    /// line that it begins in, where that is known.
    pub files: Vec<(Option<u64>, Artifact)>,
}

impl TextContent {
    /// What was read, with what it carries read as inputs.
    pub fn new(mut text: Text, passwords: &[Password]) -> Self {
        let mut files = Vec::new();
        for carried in core::mem::take(&mut text.carried) {
            let digests = Some(Digests::of(&carried.bytes));
            let length = carried.bytes.len() as u64;
            let role = InputRole::Observed;
            let given = Given { name: &carried.name, role, digests, length, bytes: &carried.bytes };
            files.push((Some(carried.line), given.read(passwords)));
        }
        Self { text, files }
    }
}

/// Reads a capture while its bytes come.
#[derive(Debug)]
pub struct CaptureReading {
    analysis: Analysis,
    key_logs: Vec<[u8; 32]>,
    files: Vec<(u32, Artifact)>,
    /// The places in `files` of what was read, by SHA-256: a list that every phone of a site fetches is read once.
    known: BTreeMap<[u8; 32], usize>,
}

impl CaptureReading {
    /// `secrets` may open connections; `key_logs` are the SHA-256 of those that they come from.
    pub fn new(secrets: Secrets, key_logs: Vec<[u8; 32]>) -> Self {
        let analysis = Analysis::new(secrets);
        Self { analysis, key_logs, files: Vec::new(), known: BTreeMap::new() }
    }

    /// The next bytes. `passwords` are for what carried files hold under one.
    pub fn push(&mut self, chunk: &[u8], passwords: &[Password]) {
        self.analysis.push(chunk);
        let ready = self.analysis.files();
        self.take(ready, passwords);
    }

    /// What was found so far; connections that are open are not in it.
    pub fn so_far(&self) -> (&Capture, &FileFacts) {
        (self.analysis.so_far(), self.analysis.file())
    }

    /// What it showed. `whole` says that all its bytes came.
    pub fn end(mut self, whole: bool, passwords: &[Password]) -> CaptureContent {
        let analysis = core::mem::replace(&mut self.analysis, Analysis::new(Secrets::default()));
        let (capture, ready) = analysis.end();
        self.take(ready, passwords);
        let mut certificates = BTreeMap::new();
        for (sha256, seen) in &capture.certificates {
            if let Ok(certificate) = Certificate::parse(&seen.der, 0) {
                certificates.insert(*sha256, certificate);
            }
        }
        let Self { key_logs, files, .. } = self;
        CaptureContent { capture, whole, certificates, key_logs, files }
    }

    fn take(&mut self, ready: Vec<CarriedFile>, passwords: &[Password]) {
        for file in ready {
            let sha256 = file.sha256.unwrap_or_else(|| sha256(&file.bytes));
            let place = *self.known.entry(sha256).or_insert(self.files.len());
            let artifact = match self.files.get(place) {
                // What is read from bytes depends on their name, too.
                Some((_, same)) if same.name == file.name => same.clone(),
                _ => {
                    let digests = Some(Digests::beside(sha256, &file.bytes));
                    let length = file.bytes.len() as u64;
                    // What was seen on its way is observed, whatever the capture was named as.
                    let role = InputRole::Observed;
                    let bytes = file.bytes.as_slice();
                    Given { name: &file.name, role, digests, length, bytes }.read(passwords)
                }
            };
            self.files.push((file.number, artifact));
        }
    }
}

/// Bytes that must not be shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// The bytes, for the one who decrypts.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Artifact {
    /// The inputs found inside this one, each an input of its own.
    pub fn inside(&self) -> impl Iterator<Item = &Artifact> {
        let (mut packed, mut captured, mut written) = ([].as_slice(), [].as_slice(), [].as_slice());
        match &self.content {
            Content::Archive(archive) => packed = archive.files.as_slice(),
            Content::Capture(capture) => captured = capture.files.as_slice(),
            Content::Text(text) => written = text.files.as_slice(),
            _ => {}
        }
        let packed = packed.iter().map(|(_, file)| file);
        let captured = captured.iter().map(|(_, file)| file);
        packed.chain(captured).chain(written.iter().map(|(_, file)| file))
    }

    /// This input and all that were found inside it.
    pub fn count(&self) -> usize {
        self.inside().map(Artifact::count).sum::<usize>().saturating_add(1)
    }

    /// The `show itl`/`show ctl` listing, for trust lists.
    pub fn listing(&self) -> Option<String> {
        match &self.content {
            Content::TrustList { list, outcome } => {
                Some(listing::listing(list, self.digests.as_ref()?, outcome))
            }
            _ => None,
        }
    }
}

/// An input that could not be read: it stands in the report, so that nobody takes the rest for the whole.
pub fn unreadable(name: &str, role: InputRole, reason: &str) -> Artifact {
    Artifact {
        name: name.to_owned(),
        role,
        length: 0,
        digests: None,
        kind: InputKind::Unreadable,
        content: Content::Unreadable { reason: reason.to_owned() },
        cut: false,
    }
}

/// One input whose bytes are all there, before it is read.
#[derive(Clone, Debug)]
pub struct Given<'g> {
    /// Name as given.
    pub name: &'g str,
    /// What the user named it as.
    pub role: InputRole,
    /// Digests of all bytes.
    pub digests: Option<Digests>,
    /// Length in bytes.
    pub length: u64,
    /// Its bytes; fewer than `length` when the input is larger than the buffer.
    pub bytes: &'g [u8],
}

impl Given<'_> {
    /// Reads it. `passwords` are for what it holds under one.
    pub fn read(&self, passwords: &[Password]) -> Artifact {
        let (role, bytes) = (self.role, self.bytes);
        let content = match self.detected() {
            InputKind::KeyLog => {
                let count = Secrets::default().add_key_log(bytes);
                Content::KeyLog { secrets: count.secrets, other_lines: count.other_lines }
            }
            kind => framed(kind, bytes).unwrap_or_else(|| match self.is_cut() {
                true => Content::Unknown,
                false => match certificates(role, bytes, passwords) {
                    // A key that was handed over is a key, whatever stands around it.
                    key @ Content::Key { .. } => key,
                    content => text(self.name, content, bytes, passwords),
                },
            }),
        };
        self.artifact(content)
    }

    /// Reads a trust list, a signed file, a configuration, or nothing at all; `None` for anything else, and for a list with
    /// a certificate whose signature asks for more: a phone's own, or one on an unusual curve.
    pub fn read_list(&self) -> Option<Artifact> {
        let content = framed(self.detected(), self.bytes)?;
        if let Content::TrustList { list, .. } = &content {
            let mut all = list.records.iter().filter_map(|record| record.certificate.as_ref());
            if all.any(|one| is_lsc(one) || is_unusual(&one.public_key)) {
                return None;
            }
        }
        Some(self.artifact(content))
    }

    /// More bytes came than are kept.
    fn is_cut(&self) -> bool {
        self.length > self.bytes.len() as u64
    }

    fn detected(&self) -> InputKind {
        if self.is_cut() { InputKind::Unknown } else { detect::kind(self.bytes) }
    }

    fn artifact(&self, content: Content) -> Artifact {
        Artifact {
            name: self.name.to_owned(),
            role: self.role,
            length: self.length,
            digests: self.digests,
            kind: kind(&content),
            content,
            cut: self.is_cut(),
        }
    }
}

/// A certificate that a CAPF has issued to a phone: its issuer's common name is that of a CAPF, and it is not that CAPF.
pub(crate) fn is_lsc(certificate: &Certificate) -> bool {
    let issued = certificate.issuer.common_names().any(|name| name.starts_with("CAPF-"));
    issued && !certificate.self_issued() && !certificate.ca
}

/// What is told by its first bytes alone.
fn framed(kind: InputKind, bytes: &[u8]) -> Option<Content> {
    Some(match kind {
        InputKind::Empty => Content::Empty,
        InputKind::TrustList => {
            let list = Box::new(TrustList::read(bytes));
            let outcome = verify::verify(&list);
            Content::TrustList { list, outcome }
        }
        InputKind::SignedFile => Content::SignedFile(Box::new(SignedFile::read(bytes))),
        InputKind::Configuration => Content::Configuration(Configuration::read(bytes, 0)),
        _ => return None,
    })
}

fn kind(content: &Content) -> InputKind {
    match content {
        Content::Archive(_) => InputKind::Archive,
        Content::Capture(_) => InputKind::Capture,
        Content::Certificates(container) => kind_of(container),
        Content::Configuration(_) => InputKind::Configuration,
        Content::Empty => InputKind::Empty,
        Content::Key { .. } => InputKind::PrivateKey,
        Content::KeyLog { .. } => InputKind::KeyLog,
        Content::SignedFile(_) => InputKind::SignedFile,
        Content::TrustList { .. } => InputKind::TrustList,
        Content::Text(_) => InputKind::Text,
        Content::Unknown => InputKind::Unknown,
        Content::Unreadable { .. } => InputKind::Unreadable,
    }
}

/// What a long text is: one of which no line is understood is not recognised.
pub(crate) fn of_text(text: Text, passwords: &[Password]) -> (InputKind, Content) {
    if text.understood() == 0 {
        return (InputKind::Unknown, Content::Unknown);
    }
    (InputKind::Text, Content::Text(Box::new(TextContent::new(text, passwords))))
}

/// A text, when any of its lines is understood; certificates that stand in it become an input inside it. Else `content`.
fn text(name: &str, content: Content, bytes: &[u8], passwords: &[Password]) -> Content {
    if !text::looks_like_text(bytes) {
        return content;
    }
    let mut reader = text::Reader::default();
    reader.push(bytes);
    let read = reader.end();
    if read.understood() == 0 {
        return content;
    }
    let mut text = TextContent::new(read, passwords);
    if let Content::Certificates(container) = &content {
        text.files.push((
            None,
            Artifact {
                name: format!("{name}: certificates"),
                role: InputRole::Observed,
                length: bytes.len() as u64,
                digests: Some(Digests::of(bytes)),
                kind: kind_of(container),
                content,
                cut: false,
            },
        ));
    }
    Content::Text(Box::new(text))
}

fn certificates(role: InputRole, bytes: &[u8], passwords: &[Password]) -> Content {
    let mut keyring = Keyring::new(passwords, limits::PASSWORD_ROUNDS);
    if role == InputRole::Key {
        keyring = keyring.keeping_key();
    }
    match container::read_with(bytes, &mut keyring) {
        Some(container) if role == InputRole::Key && has_key(&container) => {
            Content::Key { secret: Secret(keyring.into_key().unwrap_or_default()), container }
        }
        Some(container) => Content::Certificates(container),
        None => Content::Unknown,
    }
}

/// What a container is called: PKCS#12 by its form, else by the certificates in it, else by the first thing that has
/// a kind.
fn kind_of(container: &Container) -> InputKind {
    let kinds = container.items.iter().filter_map(|item| match &item.content {
        Item::Certificate(_) => Some(InputKind::Certificate),
        Item::CertificateRequest(_) => Some(InputKind::CertificateRequest),
        Item::Pkcs12(_) => Some(InputKind::Pkcs12),
        Item::PrivateKey(_) => Some(InputKind::PrivateKey),
        Item::RevocationList(_) => Some(InputKind::Crl),
        Item::TrustSettings | Item::Other(_) => None,
    });
    let mut first = None;
    for kind in kinds {
        first = first.or(Some(kind));
        if kind == InputKind::Certificate && first != Some(InputKind::Pkcs12) {
            return kind;
        }
    }
    first.unwrap_or(InputKind::Certificate)
}

fn has_key(container: &Container) -> bool {
    container.items.iter().any(|item| matches!(item.content, Item::PrivateKey(_)))
}
