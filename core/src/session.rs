//! The facade: open inputs, push their bytes in chunks, close them, ask for the report.
//!
//! A session is all that the doors (page, CLI, filter) know of the engine. It holds no clock: the
//! report is a function of the bytes, their roles, the context and `now`.

pub mod scope;

use crate::artifact::Artifact;
use crate::context::{Context, Expected};
use crate::error::{ErrorKind, ParseError};
use crate::evidence::facts::Facts;
use crate::findings;
use crate::i18n::Messages;
use crate::limits;
use crate::phone::derived::Derived;
use crate::proto::tls::KeyLogCount;
use crate::reading::{Opening, Reading};
use crate::report::build::{self, Sections};
use crate::report::captures::{self, Told};
use crate::report::json::{self, Slices};
use crate::report::model::{CaptureSoFar, InputKind, InputRole, Report};
use crate::report::text::{self, Style};
use crate::session::scope::Scope;
use crate::time::UnixTime;
use crate::x509::password::Password;

/// Number of an input in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputId(pub u32);

/// Collects inputs and makes the report.
#[derive(Debug)]
pub struct Session {
    scope: &'static Scope,
    slots: Vec<Slot>,
    context: Context,
    opening: Opening,
}

#[derive(Debug)]
enum Slot {
    Open(Box<Open>),
    Closed(Box<Artifact>),
    /// The scope does not read it.
    Beyond,
    /// Exported to another instance, or opened and given up.
    Gone,
}

impl Slot {
    /// The open input in it, whose place is then empty; anything else stays where it is.
    fn take_open(&mut self) -> Option<Box<Open>> {
        match core::mem::replace(self, Self::Gone) {
            Self::Open(open) => Some(open),
            other => {
                *self = other;
                None
            }
        }
    }
}

#[derive(Debug)]
struct Open {
    reading: Reading,
    /// What [`Session::so_far`] has told.
    told: Told,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session without inputs, which reads and judges everything.
    pub fn new() -> Self {
        Self::within(&Scope::WHOLE)
    }

    /// A session without inputs, which reads and judges what is in its scope.
    pub fn within(scope: &'static Scope) -> Self {
        let (context, opening) = (Context::default(), Opening::default());
        Self { scope, slots: Vec::new(), context, opening }
    }

    /// Opens an input. `name` is shown, never interpreted.
    ///
    /// # Errors
    /// When the session holds [`limits::INPUTS`] inputs.
    pub fn open(&mut self, name: &str, role: InputRole) -> Result<InputId, ParseError> {
        let id = self.reserve()?;
        let reading = Reading::new(name, role, &self.scope.readers);
        self.slots.push(Slot::Open(Box::new(Open { reading, told: Told::default() })));
        Ok(id)
    }

    /// Tells how many bytes an open input will have, before the first of them: a long capture then costs no digests that are thrown
    /// away when it turns out to be long. More or fewer bytes may come; of fewer, digests may be missing.
    pub fn announce(&mut self, id: InputId, length: u64) {
        if let Some(Slot::Open(open)) = self.slots.get_mut(id.0 as usize) {
            open.reading.announce(length);
        }
    }

    /// The next chunk of an open input, of any size. Chunks for an input that is not open are ignored.
    pub fn push(&mut self, id: InputId, chunk: &[u8]) {
        let Some(Slot::Open(open)) = self.slots.get_mut(id.0 as usize) else { return };
        open.reading.push(chunk, &self.opening);
    }

    /// What an open capture has shown since this was last asked; `None` for anything else.
    pub fn so_far(&mut self, id: InputId) -> Option<CaptureSoFar> {
        let Slot::Open(open) = self.slots.get_mut(id.0 as usize)? else { return None };
        Some(captures::so_far(open.reading.capture()?, &mut open.told))
    }

    /// Ends an input: it is recognised by its content, parsed, and its own signature checked.
    pub fn close(&mut self, id: InputId) {
        self.end(id, None);
    }

    /// Ends an input that nobody wants to read on. A capture, a log or an archive is judged as far as it goes: the report
    /// says so, and its verdict is not `pass`. Of anything else nothing is judged, as with [`Session::fail`] and this `reason`.
    pub fn stop(&mut self, id: InputId, reason: &str) {
        self.end(id, Some(reason));
    }

    fn end(&mut self, id: InputId, stopped: Option<&str>) {
        let Some(slot) = self.slots.get_mut(id.0 as usize) else { return };
        let Some(open) = slot.take_open() else { return };
        let finished = match stopped {
            Some(reason) => open.reading.stop(reason, &self.opening),
            None => open.reading.end(&self.opening),
        };
        let Some(finished) = finished else {
            *slot = Slot::Beyond;
            return;
        };
        *slot = Slot::Closed(Box::new(finished.artifact));
        for key_log in &finished.key_logs {
            self.key_log(key_log);
        }
        if let Some(key) = finished.private_key {
            self.opening.secrets.add_private_key(key);
        }
    }

    /// Something is beyond the scope of this session: an input, as far as it was read, a password, an answer from
    /// [`Session::set_context`], or an address. Its report leaves that out; a session with [`Scope::WHOLE`] is to be given all inputs anew.
    pub fn is_beyond_scope(&self) -> bool {
        let inputs = self.slots.iter().any(|slot| match slot {
            Slot::Beyond => true,
            Slot::Open(open) => open.reading.is_beyond(),
            Slot::Closed(_) | Slot::Gone => false,
        });
        let asked = !self.opening.passwords.is_empty() || self.context != Context::default();
        inputs || (asked && !self.scope.takes_answers)
    }

    /// Ends an input that could not be read to its end. What was pushed is not judged; the report names the
    /// input with `reason`, and its verdict is not `pass`.
    pub fn fail(&mut self, id: InputId, reason: &str) {
        let Some(slot) = self.slots.get_mut(id.0 as usize) else { return };
        if let Some(open) = slot.take_open() {
            *slot = Slot::Closed(Box::new(open.reading.fail(reason)));
        }
    }

    /// Names members of a closed archive as something else than the archive was named as; see [`Artifact::set_member_role`] for `path`.
    ///
    /// # Errors
    /// When there is no such member, and for [`InputRole::Key`]: what a key opens must be known before it is read.
    pub fn set_member_role(
        &mut self,
        id: InputId,
        path: &str,
        role: InputRole,
    ) -> Result<(), String> {
        if role == InputRole::Key {
            return Err("a key in an archive is to be given as a file of its own".to_owned());
        }
        let is_there = match self.slots.get_mut(id.0 as usize) {
            Some(Slot::Closed(archive)) => archive.set_member_role(path, role),
            _ => false,
        };
        if is_there { Ok(()) } else { Err(format!("no member {path}")) }
    }

    /// Takes a closed input out of this session, in a form that [`Session::import`] of another
    /// instance of the same build accepts. Lets several instances read inputs in parallel.
    pub fn export(&mut self, id: InputId) -> Option<Vec<u8>> {
        let slot = self.slots.get_mut(id.0 as usize)?;
        match core::mem::replace(slot, Slot::Gone) {
            Slot::Closed(artifact) => postcard::to_allocvec(&*artifact).ok(),
            other => {
                *slot = other;
                None
            }
        }
    }

    /// Adds an input that another instance of the same build has read and exported.
    ///
    /// # Errors
    /// When the bytes are no export of this build, or the session is full.
    pub fn import(&mut self, exported: &[u8]) -> Result<InputId, ParseError> {
        let id = self.reserve()?;
        let artifact = postcard::from_bytes(exported).map_err(|error| {
            ParseError::new(0, "exported input", ErrorKind::BadValue { message: error.to_string() })
        })?;
        self.slots.push(Slot::Closed(Box::new(artifact)));
        Ok(id)
    }

    /// Answers a question that no file answers; see [`crate::context::KEYS`].
    ///
    /// # Errors
    /// The names of all keys, when `key` is none of them.
    pub fn set_context(&mut self, key: &str, value: &str) -> Result<(), String> {
        self.context.set(key, value)
    }

    /// A password for what inputs hold under one (PKCS#12, private keys). It is tried on the inputs that are closed
    /// after this call, and it is in no report and no export.
    ///
    /// # Errors
    /// When it is longer than [`limits::PASSWORD_BYTES`], or [`limits::PASSWORDS`] were given.
    pub fn password(&mut self, password: &str) -> Result<(), ParseError> {
        let too_large = |limit: usize| {
            ParseError::new(0, "password", ErrorKind::TooLarge { limit: limit as u64 })
        };
        let password = Password::new(password).ok_or_else(|| too_large(limits::PASSWORD_BYTES))?;
        if self.opening.passwords.len() >= limits::PASSWORDS {
            return Err(too_large(limits::PASSWORDS));
        }
        self.opening.passwords.push(password);
        Ok(())
    }

    /// Adds a TLS key log, whose secrets open connections in captures whose first bytes are pushed after this call. An input
    /// that is a key log, or a private key (for RSA key exchange), does the same when it is closed. Returns the lines that are
    /// understood and those that are not.
    pub fn key_log(&mut self, text: &[u8]) -> KeyLogCount {
        self.opening.add_key_log(text)
    }

    /// Names an address that clients use: `NAME`, `NAME:PORT`, an IPv6 address, or `[IPv6]:PORT`; with the input that
    /// holds the certificate presented there, where it is known.
    ///
    /// # Errors
    /// What is wrong with the address, in words for the user.
    pub fn expect(&mut self, address: &str, certificate: Option<InputId>) -> Result<(), String> {
        self.context.expect(Expected::parse(address, certificate.map(|id| id.0))?)
    }

    /// What a closed input was taken for.
    pub fn kind(&self, id: InputId) -> Option<InputKind> {
        match self.slots.get(id.0 as usize)? {
            Slot::Closed(artifact) => Some(artifact.kind),
            _ => None,
        }
    }

    /// The `show itl`/`show ctl` listing of a closed trust list; `None` for anything else.
    pub fn listing(&self, id: InputId) -> Option<String> {
        match self.slots.get(id.0 as usize)? {
            Slot::Closed(artifact) => artifact.listing(),
            _ => None,
        }
    }

    /// The report on all closed inputs. `now` is the time that validity is judged at.
    pub fn report(&self, now: UnixTime) -> Report {
        self.report_with(now, &self.scope.sections)
    }

    /// The report with the findings and the verdict of [`Session::report`], but without captures, logs, the timeline, advice on what
    /// is less than a warning, and what else [`text::render`] in its brief [`Style`] does not show.
    pub fn report_brief(&self, now: UnixTime) -> Report {
        self.report_with(now, &self.scope.sections.brief())
    }

    /// The report of [`Session::report`] without captures, which HTML, Markdown and SARIF do not show: a large one is large.
    pub fn report_without_captures(&self, now: UnixTime) -> Report {
        self.report_with(now, &self.scope.sections.without_captures())
    }

    /// The report of [`Session::report`] as [`json::Slices`] of `size` bytes, told one after the other while they are made.
    ///
    /// # Errors
    /// What `tell` says, which is told no more.
    pub fn tell<E>(
        &self,
        now: UnixTime,
        size: usize,
        tell: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.judged(now, &self.scope.sections.without_captures(), |facts, report| {
            Slices::with_captures(report, facts, size).try_for_each(|slice| tell(&slice))
        })
    }

    fn report_with(&self, now: UnixTime, sections: &Sections) -> Report {
        self.judged(now, sections, |_, report| report)
    }

    /// What is made of the report and of what it says it from.
    fn judged<T>(
        &self,
        now: UnixTime,
        sections: &Sections,
        then: impl FnOnce(&Derived<'_>, Report) -> T,
    ) -> T {
        let artifacts = self.slots.iter().filter_map(|slot| match slot {
            Slot::Closed(artifact) => Some(&**artifact),
            _ => None,
        });
        let context = self.context.with_inputs(|slot| self.number_of(slot));
        let Scope { joins, checks, messages, .. } = self.scope;
        let facts = Facts::join(artifacts, &context, now, joins);
        let messages = Messages::english_of(messages);
        let facts = Derived::of(&facts);
        let outcomes = findings::evaluate(&facts, checks);
        let report = build::report(&facts, outcomes, &messages, sections);
        then(&facts, report)
    }

    /// The report as JSON, in the form of `docs/report.schema.json`.
    pub fn report_json(&self, now: UnixTime) -> String {
        json::render(&self.report(now))
    }

    /// The report as text for a terminal.
    pub fn report_text(&self, now: UnixTime, style: Style) -> String {
        text::render(&self.report(now), style)
    }

    /// Number in the report of the input in `slot`; `None` when it is not in the report.
    fn number_of(&self, slot: u32) -> Option<u32> {
        let index = slot as usize;
        self.slots.get(index).filter(|slot| matches!(slot, Slot::Closed(_)))?;
        let inputs = |slot: &Slot| match slot {
            Slot::Closed(artifact) => artifact.count(),
            _ => 0,
        };
        let before = self.slots.iter().take(index).map(inputs).sum::<usize>();
        u32::try_from(before).ok()
    }

    fn reserve(&self) -> Result<InputId, ParseError> {
        let limit = limits::INPUTS;
        match u32::try_from(self.slots.len()) {
            Ok(id) if self.slots.len() < limit => Ok(InputId(id)),
            _ => Err(ParseError::new(0, "inputs", ErrorKind::TooLarge { limit: limit as u64 })),
        }
    }
}
