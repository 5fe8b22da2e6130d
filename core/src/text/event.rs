//! What a line of a log says.

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::text::capf::CapfSaid;
use crate::text::checksum::Checksum;
use crate::text::line::is_ascii;
use crate::text::phone_console::Console;
use crate::text::phone_status::Status;
use crate::text::tvs_log::TvsSaid;
use crate::text::{Stamp, expressway, tms, windows_event};

/// What one line, or some lines that belong together, say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The line, from 1; the first of several.
    pub line: u64,
    /// When, as it was printed.
    pub stamp: Option<Stamp>,
    /// The line as it stands there, its beginning if it is long; credentials are masked.
    pub text: Box<str>,
    /// What it says.
    pub what: What,
}

/// What is said, by the format that says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// An entry of a phone's console log.
    Phone(Console),
    /// A status message of a phone.
    PhoneStatus(Status),
    /// A certificate operation.
    Capf(CapfSaid),
    /// The checksum of a trust list.
    Checksum(Checksum),
    /// An entry of a trace of TVS.
    Tvs(TvsSaid),
    /// A line of an Expressway, or of a traffic server.
    Expressway(Box<expressway::Said>),
    /// Cisco TMS, and versions.
    Tms(tms::Said),
    /// Windows.
    Windows(windows_event::Said),
}

impl What {
    /// What a line of an Expressway says.
    pub fn expressway(&self) -> Option<&expressway::Said> {
        match self {
            Self::Expressway(said) => Some(said),
            _ => None,
        }
    }
}

impl Event {
    /// An event of a line. `text` is cut at [`limits::TEXT_EXCERPT`] characters.
    pub fn new(line: u64, stamp: Option<Stamp>, text: &str, what: What) -> Self {
        Self { line, stamp, text: excerpt(text).into(), what }
    }
}

/// The first [`limits::TEXT_EXCERPT`] characters.
pub(super) fn excerpt(text: &str) -> &str {
    // As many bytes are never more characters.
    if text.len() <= limits::TEXT_EXCERPT {
        return text;
    }
    match text.get(..limits::TEXT_EXCERPT) {
        Some(begin) if is_ascii(begin) => begin,
        _ => {
            let end = text.char_indices().nth(limits::TEXT_EXCERPT);
            end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_behind_so_many_characters() {
        let plain = "x".repeat(limits::TEXT_EXCERPT);
        assert_eq!(excerpt(&plain), plain);
        assert_eq!(excerpt(&format!("{plain}y")), plain);
        assert_eq!(excerpt(&format!("{plain}é")), plain);
        for at in [0, 7, limits::TEXT_EXCERPT - 1] {
            let mut long = "x".repeat(limits::TEXT_EXCERPT - 1);
            long.insert(at, 'é');
            assert_eq!(excerpt(&long), long);
            assert_eq!(excerpt(&format!("{long}é")), long);
        }
    }
}
