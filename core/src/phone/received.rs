//! Lists and files that a phone's log says it received, beside those among the inputs: by length, and by the length of the header that it
//! verified (A34, A40).

use crate::evidence::facts::Facts;
use crate::names::device::{PhoneFile, base_name, phone_file};
use crate::phone::log::PhoneLog;
use crate::report::model::{Evidence, TrustListType};
use crate::text::phone_console::Said;

/// A file that a phone received.
#[derive(Clone, Debug)]
pub struct Received {
    /// The phone.
    pub phone: String,
    /// The name that it asked for.
    pub name: String,
    /// Bytes that came.
    pub bytes: u64,
    /// Bytes of the header whose signature it verified.
    pub header: Option<u32>,
    /// The lines that say so.
    pub evidence: Vec<Evidence>,
    /// What it may be among the inputs.
    pub candidates: Vec<Candidate>,
}

/// An input that a received file may be.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Number of the input.
    pub input: u32,
    /// Where its length stands.
    pub place: Evidence,
    /// Its bytes.
    pub bytes: u64,
    /// Bytes of its header.
    pub header: Option<u32>,
    /// Its name is the one that was asked for.
    pub is_named: bool,
}

impl Received {
    /// The input whose length it has, and whose header, where the phone tells it.
    pub fn same(&self) -> Option<&Candidate> {
        let header = |one: &Candidate| {
            self.header.is_none_or(|own| one.header.is_none_or(|other| own == other))
        };
        self.candidates.iter().find(|one| one.bytes == self.bytes && header(one))
    }

    /// The input that it should be: the one of its name, or the only one there is.
    pub fn expected(&self) -> Option<&Candidate> {
        match self.candidates.as_slice() {
            [only] => Some(only),
            several => several.iter().find(|one| one.is_named),
        }
    }
}

/// Files that phones received, of which the inputs hold something to compare with.
pub fn received(facts: &Facts<'_>, logs: &[PhoneLog<'_>]) -> Vec<Received> {
    let mut found: Vec<Received> = logs.iter().flat_map(of_phone).collect();
    for one in &mut found {
        one.candidates = candidates(facts, &one.name);
        // The one that was asked for first; the order of inputs does not count.
        one.candidates.sort_by_key(|one| (!one.is_named, facts.name(one.input)));
    }
    found.retain(|one| !one.candidates.is_empty());
    found
}

fn of_phone(log: &PhoneLog<'_>) -> Vec<Received> {
    let mut found: Vec<Received> = Vec::new();
    let mut asked: Option<(&str, Evidence)> = None;
    for (line, said) in log.said() {
        match said {
            Said::Requested { name, .. } => asked = Some((name, line.evidence())),
            Said::Received(bytes) => {
                let Some((name, place)) = asked.take() else { continue };
                found.push(Received {
                    phone: log.label(),
                    name: name.to_owned(),
                    bytes: *bytes,
                    header: None,
                    evidence: places(place, line.evidence()),
                    candidates: Vec::new(),
                });
            }
            Said::HeaderVerified(length) => {
                // The header is verified before the next file is asked for.
                if let Some(last) = found.last_mut().filter(|_| asked.is_none()) {
                    last.header = Some(*length);
                    last.evidence.push(line.evidence());
                }
            }
            _ => {}
        }
    }
    found
}

/// Inputs of the kind that `name` is.
fn candidates(facts: &Facts<'_>, name: &str) -> Vec<Candidate> {
    let wanted = base_name(name);
    let named = |input: u32| base_name(facts.name(input)).eq_ignore_ascii_case(wanted);
    let kind = match phone_file(name) {
        PhoneFile::Ctl => TrustListType::Ctl,
        PhoneFile::Itl => TrustListType::Itl,
        PhoneFile::Configuration | PhoneFile::Other => {
            let of_name = |file: &str| base_name(file).eq_ignore_ascii_case(wanted);
            let files = facts.signed_files.iter();
            return files
                .filter(|one| of_name(one.file.filename()) || named(one.input))
                .map(|one| Candidate {
                    input: one.input,
                    place: Evidence { input: one.input, offset: Some(0), ..Evidence::default() },
                    bytes: one.artifact.length,
                    header: one.file.header.header_length.map(u32::from),
                    is_named: true,
                })
                .collect();
        }
    };
    // `show itl` is a list too: it says how long its file is.
    facts
        .lists_of(kind)
        .map(|one| Candidate {
            input: one.input,
            place: one.evidence(),
            bytes: one.list.length,
            header: one.list.header.header_length.map(u32::from),
            is_named: named(one.input),
        })
        .collect()
}

/// Two places, or one: entries that lost their line ends share a line.
fn places(one: Evidence, other: Evidence) -> Vec<Evidence> {
    if one == other { vec![one] } else { vec![one, other] }
}
