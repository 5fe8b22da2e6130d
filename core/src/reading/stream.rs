//! What is read as it comes: captures, archives, long texts.

use super::archive::{ArchiveReading, Budget};
use super::{Finished, Opening, Stream};
use crate::artifact::{self, Artifact, CaptureReading, Content};
use crate::digest::Digests;
use crate::report::model::{InputKind, InputRole};
use crate::text;

/// An input that is read as it comes.
pub(super) trait Streamed: core::fmt::Debug {
    /// The next bytes.
    fn push(&mut self, chunk: &[u8], opening: &Opening, budget: &mut Budget);

    /// There are no more.
    fn end(self: Box<Self>, ending: Ending<'_>, budget: &mut Budget) -> Finished;

    /// The capture that it is.
    fn capture(&self) -> Option<&CaptureReading> {
        None
    }
}

/// What is known of an input when it is recognised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beginning<'b> {
    pub(super) name: &'b str,
    pub(super) role: InputRole,
    /// Archives that it stands in.
    pub(super) depth: u8,
    pub(super) opening: &'b Opening,
}

/// What is known of an input at its end.
#[derive(Debug)]
pub(super) struct Ending<'e> {
    pub(super) name: String,
    pub(super) role: InputRole,
    pub(super) length: u64,
    pub(super) digests: Option<Digests>,
    /// Why nobody wants to read on; `None` where all was read.
    pub(super) stopped: Option<&'e str>,
    pub(super) opening: &'e Opening,
}

impl Ending<'_> {
    fn artifact(self, kind: InputKind, content: Content) -> Artifact {
        let Self { name, role, length, digests, stopped, .. } = self;
        Artifact { name, role, length, digests, kind, content, cut: stopped.is_some() }
    }
}

/// Begins to read.
pub(super) fn begin(stream: Stream, beginning: &Beginning<'_>) -> Box<dyn Streamed> {
    let Beginning { name, role, depth, opening } = *beginning;
    match stream {
        Stream::Archive(format) => Box::new(ArchiveReading::new(format, name, role, depth)),
        Stream::Capture => {
            let key_logs = opening.key_logs.clone();
            Box::new(CaptureReading::new(opening.secrets.clone(), key_logs))
        }
        Stream::Text => Box::<text::Reader>::default(),
    }
}

impl Streamed for ArchiveReading {
    fn push(&mut self, chunk: &[u8], opening: &Opening, budget: &mut Budget) {
        Self::push(self, chunk, opening, budget);
    }

    fn end(self: Box<Self>, ending: Ending<'_>, budget: &mut Budget) -> Finished {
        let (content, key_logs) =
            Self::end(*self, ending.stopped.is_none(), ending.opening, budget);
        let content = Content::Archive(Box::new(content));
        let artifact = ending.artifact(InputKind::Archive, content);
        Finished { key_logs, ..Finished::of(artifact) }
    }
}

impl Streamed for CaptureReading {
    fn push(&mut self, chunk: &[u8], opening: &Opening, _: &mut Budget) {
        Self::push(self, chunk, &opening.passwords);
    }

    fn end(self: Box<Self>, ending: Ending<'_>, _: &mut Budget) -> Finished {
        let content = Self::end(*self, ending.stopped.is_none(), &ending.opening.passwords);
        let content = Content::Capture(Box::new(content));
        Finished::of(ending.artifact(InputKind::Capture, content))
    }

    fn capture(&self) -> Option<&CaptureReading> {
        Some(self)
    }
}

impl Streamed for text::Reader {
    fn push(&mut self, chunk: &[u8], _: &Opening, _: &mut Budget) {
        Self::push(self, chunk);
    }

    fn end(self: Box<Self>, ending: Ending<'_>, _: &mut Budget) -> Finished {
        let text = Self::end(*self);
        Finished::of(match ending.stopped {
            Some(reason) if text.understood() == 0 => {
                artifact::unreadable(&ending.name, ending.role, reason)
            }
            _ => {
                let (kind, content) = artifact::of_text(text, &ending.opening.passwords);
                ending.artifact(kind, content)
            }
        })
    }
}
