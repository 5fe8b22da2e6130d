//! Console logs of phones, as the phone's web page or the problem report tool gives them.

mod prefix;
mod said;

use serde::{Deserialize, Serialize};

use self::prefix::Family;
pub use self::said::{Harmless, Said, common_name};
use super::marks::Marks;
use super::{Event, Format, Line, Recognise, Signs, Stamp, Text, What};
use crate::names::device::is_device;

/// One entry of a console log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Console {
    /// The phone's own number of the entry; it may step back (E44).
    pub number: u64,
    /// The device that a name in the entry tells: `SEP001122334455`.
    pub device: Option<String>,
    /// What the entry says.
    pub said: Said,
}

/// Reads the console logs of all families of phones.
#[derive(Debug)]
pub struct PhoneConsole {
    family: Family,
    /// There is an entry that the next line may continue.
    is_pending: bool,
    /// Its line.
    line: u64,
    /// Its text, in memory that is used again.
    pending: String,
    /// Its number and time, and where in the text the rest begins; of what was joined they are the first line's.
    number: u64,
    stamp: Stamp,
    rest: usize,
    /// Lines that were joined to it.
    joined: u8,
    levels: Marks,
}

/// Lines of one entry: the longest seen has three.
const JOINED: u8 = 4;

impl Default for PhoneConsole {
    fn default() -> Self {
        Self {
            family: Family::default(),
            is_pending: false,
            line: 0,
            pending: String::new(),
            number: 0,
            stamp: Stamp::default(),
            rest: 0,
            joined: 0,
            levels: Marks::new(&prefix::LEVELS),
        }
    }
}

impl Recognise for PhoneConsole {
    fn format(&self) -> Format {
        match self.family {
            Family::Old => Format::PhoneConsole79xx,
            Family::Middle => Format::PhoneConsole89xx,
            Family::New => Format::PhoneConsole88xx,
        }
    }

    fn signs(&self) -> Signs {
        Signs { beginnings: &["0", "file sign"], ..Signs::default() }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        // Quoted in a mail, or in a ticket's markup.
        let quoted = |byte: &u8| matches!(byte, b' ' | b'\t' | b'>' | b'`' | b'|');
        let marks = line.text.bytes().take_while(quoted).count();
        let own = line.text.get(marks..).unwrap_or_default();
        let Some(head) = prefix::head(own) else {
            // People quote this one line without what stands in front of it.
            if own.starts_with(SUCCESS) {
                self.finish(text);
                keep(line.number, 0, None, own, own, text);
                return true;
            }
            return self.continues(line, text);
        };
        self.family = head.family;
        self.finish(text);
        let (mut last, mut head) = (own, head);
        // Each entry has a time, and so two colons.
        let may_follow = memchr::memchr_iter(b':', head.rest.as_bytes()).nth(1).is_some();
        if may_follow && self.levels.within(head.rest) != 0 {
            while let Some((entry, next)) = prefix::first(last) {
                tell(line.number, entry, text);
                last = next;
            }
            head = prefix::head(last).unwrap_or(head);
        }
        self.pending.clear();
        self.pending.push_str(last.trim_end());
        (self.number, self.stamp) = (head.number, head.stamp);
        self.rest = last.len().saturating_sub(head.rest.len());
        (self.is_pending, self.line, self.joined) = (true, line.number, 0);
        true
    }

    fn is_inside(&self) -> bool {
        self.is_pending
    }

    fn end(&mut self, text: &mut Text) {
        self.finish(text);
    }
}

impl PhoneConsole {
    /// A line without a head, behind one that has one.
    fn continues(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        if !self.is_pending {
            return false;
        }
        let next = line.text.trim();
        if self.joined < JOINED && goes_on(&self.pending, next) {
            let gap = if self.pending.ends_with('/') { "" } else { " " };
            self.pending.push_str(gap);
            self.pending.push_str(next);
            self.joined += 1;
            return true;
        }
        self.finish(text);
        false
    }

    fn finish(&mut self, text: &mut Text) {
        if !core::mem::take(&mut self.is_pending) {
            return;
        }
        if self.joined == 0 && prefix::is_tidy(&self.pending) {
            let rest = self.pending.get(self.rest..).unwrap_or_default();
            keep(self.line, self.number, Some(self.stamp), &self.pending, rest, text);
            return;
        }
        let mut last = self.pending.as_str();
        // Where a line broke, others may stand in the one that goes on.
        if self.joined > 0 {
            while let Some((entry, next)) = prefix::first(last) {
                tell(self.line, entry, text);
                last = next;
            }
        }
        tell(self.line, last, text);
    }
}

/// What people quote by itself.
const SUCCESS: &str = "File sign verify SUCCESS; header length <";

/// Whether a line begins an entry, at its very beginning.
pub(super) fn begins(text: &str) -> bool {
    prefix::head(text).is_some() || text.starts_with(SUCCESS)
}

/// Whether `next` is the rest of an entry whose line was broken: the line stops in the middle, or the next does not begin like a
/// sentence. Comments that people write between the lines begin with `++` or `#`.
fn goes_on(before: &str, next: &str) -> bool {
    let Some(first) = next.chars().next() else { return false };
    if matches!(first, '+' | '#' | '"' | '*' | '=') || next.starts_with("```") {
        return false;
    }
    // Another log, a listing or a table.
    if next.contains(" | ") || next.starts_with('[') || next.starts_with("admin:") {
        return false;
    }
    let is_open =
        before.ends_with([',', ':', '-', '/', '=', '<', '+']) || before.ends_with(" from");
    is_open || first.is_ascii_lowercase() || matches!(first, '<' | '-' | '?' | '(')
}

/// Keeps what an entry says, if it says something.
fn tell(line: u64, entry: &str, text: &mut Text) {
    let entry = prefix::tidy(entry.trim_end());
    let Some(head) = prefix::head(&entry) else { return };
    keep(line, head.number, Some(head.stamp), &entry, head.rest, text);
}

/// Keeps what the rest of an entry says.
fn keep(line: u64, number: u64, stamp: Option<Stamp>, entry: &str, rest: &str, text: &mut Text) {
    let (_, words) = prefix::tag(rest);
    let Some(said) = said::said(words) else { return };
    let console = Console { number, device: device(rest), said };
    text.event(Event::new(line, stamp, entry, What::Phone(console)));
}

/// The first device name in a text: `SEP` and twelve hexadecimal digits.
pub fn device(text: &str) -> Option<String> {
    const LENGTH: usize = "SEP001122334455".len();
    memchr::memchr_iter(b'S', text.as_bytes()).find_map(|at| {
        let name = text.get(at..at + LENGTH)?;
        is_device(name).then(|| name.to_ascii_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Reader;

    fn read(lines: &str) -> Text {
        let mut reader = Reader::default();
        reader.push(lines.as_bytes());
        reader.end()
    }

    #[test]
    fn entries_over_several_lines_are_joined() {
        let text = read(
            "846: NOT 09:13:17.670439 TFTP: [27]:Requesting CTLSEP0011215A1AE3.tlv from\n\
             14 . 48 . 44 . 80\n\
             847: NOT 09:13:17.685264 TFTP: [27]:Finished --> rcvd 4762 bytes\n\
             \n\
             Then the phone asks for its ITL.\n",
        );
        assert_eq!((text.lines, text.understood()), (5, 3));
        let [asked, came] = text.events.as_slice() else { panic!("{:?}", text.events) };
        assert_eq!((asked.line, came.line), (1, 3));
        let expected = Said::Requested {
            name: "CTLSEP0011215A1AE3.tlv".to_owned(),
            server: Some("14.48.44.80".to_owned()),
            limit: None,
        };
        let device = Some("SEP0011215A1AE3".to_owned());
        assert_eq!(asked.what, What::Phone(Console { number: 846, device, said: expected }));
    }

    #[test]
    fn comments_between_the_lines_are_nobodys() {
        let text = read(
            "0482 ERR Mar 12 15:07:53.697267 (12905:13036) JAVA-configmgr MQThread|cip.sec.TvsProperty:? - Failed to\n\
             ++ Afterwards, we see the CAPF operation fail.\n\
             Afterwards, it fails.\n",
        );
        assert_eq!((text.lines, text.understood()), (3, 1));
        assert_eq!(text.events.len(), 1);
    }
}
