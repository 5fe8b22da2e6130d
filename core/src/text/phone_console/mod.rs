//! Console logs of phones, as the phone's web page or the problem report tool gives them.

mod prefix;
mod said;

use memchr::memmem;
use serde::{Deserialize, Serialize};

use self::prefix::Family;
pub use self::said::{Harmless, Said, common_name};
use super::{Event, Format, Line, Recognise, Stamp, Text, What};
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
#[derive(Debug, Default)]
pub struct PhoneConsole {
    family: Family,
    /// The entry that the next line may continue.
    pending: Option<Pending>,
}

#[derive(Debug)]
struct Pending {
    line: u64,
    text: String,
    /// Lines that were joined to it.
    joined: u8,
}

/// Lines of one entry: the longest seen has three.
const JOINED: u8 = 4;

impl Recognise for PhoneConsole {
    fn format(&self) -> Format {
        match self.family {
            Family::Old => Format::PhoneConsole79xx,
            Family::Middle => Format::PhoneConsole89xx,
            Family::New => Format::PhoneConsole88xx,
        }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        // Quoted in a mail, or in a ticket's markup.
        let own = line.text.trim_start_matches([' ', '\t', '>', '`', '|']);
        let Some(head) = prefix::head(own) else {
            // People quote this one line without what stands in front of it.
            if own.starts_with("File sign verify SUCCESS; header length <") {
                self.finish(text);
                keep(line.number, 0, None, own, text);
                return true;
            }
            return self.continues(line, text);
        };
        self.family = head.family;
        let mut entries = prefix::entries(own);
        let last = entries.pop();
        self.finish(text);
        for entry in entries {
            tell(line.number, entry, text);
        }
        self.pending = last.map(|last| Pending {
            line: line.number,
            text: last.trim_end().to_owned(),
            joined: 0,
        });
        true
    }

    fn is_inside(&self) -> bool {
        self.pending.is_some()
    }

    fn end(&mut self, text: &mut Text) {
        self.finish(text);
    }
}

impl PhoneConsole {
    /// A line without a head, behind one that has one.
    fn continues(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let next = line.text.trim();
        if let Some(pending) = &mut self.pending
            && pending.joined < JOINED
            && goes_on(&pending.text, next)
        {
            let gap = if pending.text.ends_with('/') { "" } else { " " };
            pending.text.push_str(gap);
            pending.text.push_str(next);
            pending.joined += 1;
            return true;
        }
        self.finish(text);
        false
    }

    fn finish(&mut self, text: &mut Text) {
        let Some(pending) = self.pending.take() else { return };
        if pending.joined == 0 {
            tell(pending.line, &pending.text, text);
            return;
        }
        // Where a line broke, others may stand in the one that goes on.
        for entry in prefix::entries(&pending.text) {
            tell(pending.line, entry, text);
        }
    }
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
    keep(line, head.number, Some(head.stamp), &entry, text);
}

fn keep(line: u64, number: u64, stamp: Option<Stamp>, entry: &str, text: &mut Text) {
    let rest = prefix::head(entry).map_or(entry, |head| head.rest);
    let (_, words) = prefix::tag(rest);
    let Some(said) = said::said(words) else { return };
    let console = Console { number, device: device(rest), said };
    text.event(Event::new(line, stamp, entry, What::Phone(console)));
}

/// The first device name in a text: `SEP` and twelve hexadecimal digits.
pub fn device(text: &str) -> Option<String> {
    const LENGTH: usize = "SEP001122334455".len();
    memmem::find_iter(text.as_bytes(), b"SEP").find_map(|at| {
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
