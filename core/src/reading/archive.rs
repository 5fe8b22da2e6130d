//! Archives: each member is read as an input of its own while its bytes come out.

use super::{Finished, Opening, Reading};
use crate::archive::bundle::{self, Part};
use crate::archive::{Archive, End, Format, Limit, Member, Sink};
use crate::artifact::{ArchiveContent, Artifact, Content};
use crate::limits;
use crate::report::model::InputRole;
use crate::tlv::field::Problems;

/// What an archive and all inside it have taken.
#[derive(Debug, Default)]
pub(super) struct Budget {
    /// Bytes of the outermost archive.
    taken: u64,
    /// Bytes that came out, at every depth.
    given: u64,
    members: usize,
    events: usize,
}

impl Budget {
    fn give(&mut self, bytes: usize) -> Result<(), Limit> {
        self.given = self.given.saturating_add(bytes as u64);
        if self.given > limits::ARCHIVE_BYTES {
            return Err(Limit::Bytes);
        }
        let inflates = self.given / limits::ARCHIVE_INFLATION > self.taken;
        if self.given > limits::ARCHIVE_INFLATION_FREE && inflates {
            return Err(Limit::Inflation);
        }
        Ok(())
    }
}

/// An archive while its bytes come.
#[derive(Debug)]
pub(super) struct ArchiveReading {
    archive: Archive,
    files: Files,
}

/// What came out of it.
#[derive(Debug)]
struct Files {
    role: InputRole,
    depth: u8,
    /// With the offsets of their headers.
    done: Vec<(u64, Artifact)>,
    current: Option<(u64, Box<Reading>)>,
    /// What opens captures that come behind key logs of the same archive.
    opening: Option<Box<Opening>>,
    key_logs: Vec<Vec<u8>>,
}

impl ArchiveReading {
    /// An archive that stands in `depth` others.
    pub(super) fn new(format: Format, name: &str, role: InputRole, depth: u8) -> Self {
        let files = Files {
            role,
            depth,
            done: Vec::new(),
            current: None,
            opening: None,
            key_logs: Vec::new(),
        };
        let archive = match depth < limits::ARCHIVE_DEPTH {
            true => Archive::new(format, name),
            false => Archive::too_deep(format),
        };
        Self { archive, files }
    }

    pub(super) fn push(&mut self, chunk: &[u8], opening: &Opening, budget: &mut Budget) {
        self.archive.push(chunk, &mut Taking { files: &mut self.files, opening, budget });
    }

    /// The archive, and the key logs in it. `whole` says that no bytes were left out at its end.
    pub(super) fn end(
        self,
        whole: bool,
        opening: &Opening,
        budget: &mut Budget,
    ) -> (ArchiveContent, Vec<Vec<u8>>) {
        let Self { archive, mut files } = self;
        let mut facts = archive.end(&mut Taking { files: &mut files, opening, budget });
        if !whole {
            // That it was not read to its end is said already.
            facts.problems = Problems::default();
        }
        let Files { role, mut done, key_logs, .. } = files;
        if role == InputRole::Observed {
            name_trust_stores(&mut done);
        }
        (ArchiveContent { facts, files: done }, key_logs)
    }
}

/// In the diagnostic archive of an Expressway `ca_….pem` is what the node trusts.
fn name_trust_stores(files: &mut [(u64, Artifact)]) {
    let is_bundle = files.iter().any(|(_, file)| {
        matches!(
            bundle::part(&file.name),
            Some((Part::Capture | Part::Configuration | Part::Log | Part::Status, _))
        )
    });
    for (_, file) in files.iter_mut().filter(|_| is_bundle) {
        let is_store = matches!(bundle::part(&file.name), Some((Part::TrustStore, _)));
        if is_store && matches!(file.content, Content::Certificates(_)) {
            file.role = InputRole::Trust;
        }
    }
}

/// Takes members as they come.
struct Taking<'t> {
    files: &'t mut Files,
    opening: &'t Opening,
    budget: &'t mut Budget,
}

impl Sink for Taking<'_> {
    fn begin(&mut self, member: Member) -> Result<(), Limit> {
        if self.budget.members >= limits::ARCHIVE_MEMBERS {
            return Err(Limit::Members);
        }
        self.budget.members += 1;
        let Files { role, depth, current, .. } = &mut *self.files;
        let reading = Reading::member(&member.name, *role, depth.saturating_add(1));
        *current = Some((member.offset, Box::new(reading)));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8], at: u64) -> Result<(), Limit> {
        if self.files.depth == 0 {
            self.budget.taken = at;
        }
        self.budget.give(bytes.len())?;
        let opening = self.files.opening.as_deref().unwrap_or(self.opening);
        if let Some((_, reading)) = &mut self.files.current {
            reading.push_within(bytes, opening, self.budget);
        }
        Ok(())
    }

    fn end(&mut self, end: End<'_>) {
        let Some((offset, reading)) = self.files.current.take() else { return };
        let opening = self.files.opening.as_deref().unwrap_or(self.opening);
        let stopped = match end {
            End::Whole => None,
            End::Broken(reason) => Some(reason),
        };
        let finished = reading.finish(stopped, opening, self.budget);
        // Members are read in the scope of all.
        let Some(Finished { mut artifact, key_logs, .. }) = finished else { return };
        if let Content::Text(content) = &mut artifact.content {
            let text = &mut content.text;
            let room = limits::ARCHIVE_EVENTS.saturating_sub(self.budget.events);
            let dropped = text.events.len().saturating_sub(room);
            text.events_dropped = text.events_dropped.saturating_add(dropped as u64);
            text.events.truncate(room);
            text.events.shrink_to_fit();
            self.budget.events = self.budget.events.saturating_add(text.events.len());
        }
        self.files.done.push((offset, artifact));
        for key_log in key_logs {
            self.files.open_with(key_log, self.opening);
        }
    }
}

impl Files {
    /// Uses a key log for what comes behind it.
    fn open_with(&mut self, key_log: Vec<u8>, opening: &Opening) {
        let opening = self.opening.get_or_insert_with(|| Box::new(opening.clone()));
        opening.add_key_log(&key_log);
        self.key_logs.push(key_log);
    }
}
