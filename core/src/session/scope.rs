//! What a session reads and judges: everything, or what the page needs first.
//!
//! A scope is a table of functions. A build that names only [`Scope::LISTS`] does not carry what only [`Scope::WHOLE`]
//! leads to: the linker drops it. The page loads such a module first and the whole one when an input needs it.

use crate::evidence::facts::Joins;
use crate::findings::{self, Check};
use crate::i18n::Files;
use crate::reading::Readers;
use crate::report::build::Sections;

/// What a session reads and judges.
#[derive(Debug)]
pub struct Scope {
    pub(super) readers: Readers,
    pub(super) joins: Joins,
    pub(super) checks: &'static [&'static Check],
    pub(super) messages: Files,
    pub(super) sections: Sections,
    /// Judges by what no file says too: answers, addresses that clients use, and what passwords open.
    pub(super) takes_answers: bool,
}

impl Scope {
    /// Everything.
    pub const WHOLE: Self = Self {
        readers: Readers::WHOLE,
        joins: Joins::WHOLE,
        checks: findings::REGISTRY,
        messages: Files::WHOLE,
        sections: Sections::WHOLE,
        takes_answers: true,
    };

    /// Trust lists, signed files and configurations, as they stand. On such inputs alone its report is that of
    /// [`Scope::WHOLE`], without the checks that are not applicable to them.
    pub const LISTS: Self = Self {
        readers: Readers::LISTS,
        joins: Joins::LISTS,
        checks: findings::LISTS,
        messages: Files::LISTS,
        sections: Sections::LISTS,
        takes_answers: false,
    };
}
