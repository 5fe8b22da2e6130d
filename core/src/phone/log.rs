//! What phones themselves say: their console logs and status messages, one sequence for each phone (A31 to A58, C45 to C51, E19 to
//! E44).
//!
//! A log may be cut into several inputs, and one input may hold the logs of several phones. What belongs together is told by the
//! device names in the lines; the parts of one phone are put in the order of their first times. Within a part the lines
//! stay as they are: numbers and dates may step back (E44).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::facts::{Facts, TextFacts};
use crate::report::model::Evidence;
use crate::text::phone_console::{self, Console, Said};
use crate::text::phone_status::Status;
use crate::text::{Event, Stamp, What};

/// All that one phone says.
#[derive(Clone, Debug)]
pub struct PhoneLog<'f> {
    /// Its device name, upper case, where the lines tell it.
    pub device: Option<String>,
    /// In order.
    pub lines: Vec<LogLine<'f>>,
}

/// One line of a phone.
#[derive(Clone, Copy, Debug)]
pub struct LogLine<'f> {
    /// Number of the input.
    pub input: u32,
    /// The event.
    pub event: &'f Event,
    /// What it says.
    pub says: Says<'f>,
}

/// Where a phone says something.
#[derive(Clone, Copy, Debug)]
pub enum Says<'f> {
    /// In its console log.
    Console(&'f Console),
    /// In its status messages.
    Status(&'f Status),
}

/// Lines that stand together, with the device that they name: a finding asks for all lines anew, so that none is copied.
type Part<'f> = (Option<Cow<'f, str>>, Vec<LogLine<'f>>);

/// The phones' lines among the inputs, by device.
pub fn logs<'f>(facts: &'f Facts<'_>) -> Vec<PhoneLog<'f>> {
    let mut parts: Vec<Part<'f>> = Vec::new();
    for text in &facts.texts {
        parts.extend(parts_of(text));
    }
    let known: BTreeSet<&str> = parts.iter().filter_map(|(device, _)| device.as_deref()).collect();
    // Lines that tell no device are of the only phone there is.
    let only = match Vec::from_iter(known).as_slice() {
        [one] => Some(Cow::Owned((*one).to_owned())),
        _ => None,
    };
    let mut logs: BTreeMap<Option<Cow<'f, str>>, Vec<Vec<LogLine<'f>>>> = BTreeMap::new();
    for (device, lines) in parts {
        logs.entry(device.or_else(|| only.clone())).or_default().push(lines);
    }
    let join = |(device, mut parts): (Option<Cow<'f, str>>, Vec<Vec<LogLine<'f>>>)| {
        let begins = |lines: &Vec<LogLine<'f>>| lines.first().and_then(|line| line.event.stamp);
        // Status messages show the year, console logs do not: among both only day and time can be compared.
        let has_years = parts.iter().filter_map(begins).all(|stamp| stamp.year.is_some());
        parts.sort_by_key(|lines| begins(lines).map(|stamp| clock(stamp, has_years)));
        let device = device.map(Cow::into_owned);
        PhoneLog { device, lines: parts.into_iter().flatten().collect() }
    };
    logs.into_iter().map(join).collect()
}

fn clock(stamp: Stamp, has_years: bool) -> (Option<i32>, Option<(u8, u8)>, u32, u32) {
    (stamp.year.filter(|_| has_years), stamp.date, stamp.seconds, stamp.micros)
}

/// The lines of one text, cut where another phone begins. Lines in front of the first name are the first phone's.
fn parts_of<'f>(text: &'f TextFacts<'_>) -> Vec<Part<'f>> {
    let mut parts: Vec<Part<'f>> = Vec::new();
    for event in &text.text.events {
        let (device, says) = if let What::Phone(console) = &event.what {
            (device_of(console), Says::Console(console))
        } else if let What::PhoneStatus(status) = &event.what {
            (status.device.as_deref().map(Cow::Borrowed), Says::Status(status))
        } else {
            continue;
        };
        let line = LogLine { input: text.input, event, says };
        match parts.last_mut() {
            Some((known, lines)) if device.is_none() || known.is_none() || *known == device => {
                *known = known.take().or(device);
                lines.push(line);
            }
            _ => parts.push((device, vec![line])),
        }
    }
    parts
}

fn device_of(console: &Console) -> Option<Cow<'_, str>> {
    match &console.said {
        // A TVS or HTTP server's certificate is not the phone's own.
        Said::OwnSubject(subject) => phone_console::common_name(subject)
            .and_then(|name| phone_console::device(&name))
            .map(Cow::Owned),
        _ => console.device.as_deref().map(Cow::Borrowed),
    }
}

impl<'f> PhoneLog<'f> {
    /// The device, or words for a phone without name.
    pub fn label(&self) -> String {
        self.device.clone().unwrap_or_else(|| "a phone".to_owned())
    }

    /// What its console log says, in order.
    pub fn said(&self) -> impl Iterator<Item = (&LogLine<'f>, &'f Said)> {
        self.lines.iter().filter_map(|line| match line.says {
            Says::Console(console) => Some((line, &console.said)),
            Says::Status(_) => None,
        })
    }

    /// What its status messages say, in order.
    pub fn status(&self) -> impl Iterator<Item = (&LogLine<'f>, &'f Status)> {
        self.lines.iter().filter_map(|line| match line.says {
            Says::Status(status) => Some((line, status)),
            Says::Console(_) => None,
        })
    }
}

impl LogLine<'_> {
    /// The line.
    pub fn evidence(&self) -> Evidence {
        Evidence { input: self.input, line: Some(self.event.line), ..Evidence::default() }
    }

    /// `Nov 29 06:33:59.011` as the phone printed it; empty without a time.
    pub fn time(&self) -> String {
        self.event.stamp.as_ref().map(time_text).unwrap_or_default()
    }
}

/// A time as it was printed: `2021-03-15 14:05:42`, `Nov 29 06:33:59.011`, `09:13:17.561`.
pub fn time_text(stamp: &Stamp) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = match (stamp.year, stamp.date) {
        (Some(year), Some((month, day))) => format!("{year:04}-{month:02}-{day:02} "),
        (None, Some((month, day))) => {
            let name = MONTHS.get(usize::from(month.saturating_sub(1))).copied().unwrap_or("");
            format!("{name} {day:02} ")
        }
        _ => String::new(),
    };
    let (hours, minutes, seconds) =
        (stamp.seconds / 3600, stamp.seconds / 60 % 60, stamp.seconds % 60);
    let fraction = match stamp.micros {
        0 => String::new(),
        micros => format!(".{:03}", micros / 1000),
    };
    format!("{date}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}
