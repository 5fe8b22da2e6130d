//! Texts: logs, listings, and whatever else people paste.
//!
//! A text is read line by line while its bytes come: memory depends on what is found, never on the length. Each
//! format has a [`Recognise`] of its own; a line that one of them is in the middle of goes to that one first, any other line to
//! those in turn whose signs it carries ([`look`]). Lines that nobody understands are counted. One text may hold several formats: a ticket
//! with a listing and some lines of a log is the usual case.

pub mod capf;
pub mod certificate_list;
pub mod checksum;
pub mod event;
pub mod expressway;
pub mod line;
pub mod listing;
mod look;
mod marks;
pub mod packet_list;
pub mod phone_console;
pub mod phone_status;
pub mod registry;
pub mod stamp;
mod tidy;
pub mod tms;
pub mod traffic_server;
pub mod tvs_log;
pub mod windows_event;
pub mod word;
mod wrap;
pub mod xconfiguration;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use event::{Event, What};
pub use line::{Line, Lines, looks_like_text};
pub use stamp::Stamp;
pub use xconfiguration::Setting;

use crate::limits;
use look::{Look, Readers, Signs};
use wrap::{Indent, Wrap};

/// What a line was understood as. The name is the one of `logs[].format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Console log of a 79xx.
    #[serde(rename = "phone-console-79xx")]
    PhoneConsole79xx,
    /// Console log of a 78xx or 88xx.
    #[serde(rename = "phone-console-88xx")]
    PhoneConsole88xx,
    /// Console log of a 89xx, a 99xx or an early 88xx.
    #[serde(rename = "phone-console-89xx")]
    PhoneConsole89xx,
    /// Status messages of a phone.
    PhoneStatus,
    /// Certificate operations, as CUCM tells them.
    Capf,
    /// Checksums of trust lists: a phone's screen, `md5sum`.
    Checksum,
    /// Trace of the Trust Verification Service.
    TvsLog,
    /// Expressway's diagnostic and developer log.
    Expressway,
    /// Settings or status of an Expressway, as text or XML.
    ExpresswaySettings,
    /// Lines of Apache Traffic Server about origins: Expressway's, a plain one's, or tlvet's filter's.
    TrafficServer,
    /// Packets as Wireshark and tshark show them.
    PacketList,
    /// Exports and queries of the Windows registry.
    Registry,
    /// Systems and tickets of Cisco TMS, versions.
    Tms,
    /// Events and services of Windows.
    WindowsEvents,
    /// `show itl` and `show ctl`.
    CucmListing,
    /// Certificates in the stores of CUCM: lists, texts, rows of the database.
    CertificateList,
}

/// How many there are: the last one is the one that stands last.
const FORMATS: usize = Format::CertificateList as usize + 1;

impl Format {
    /// The name of `logs[].format`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PhoneConsole79xx => "phone-console-79xx",
            Self::PhoneConsole88xx => "phone-console-88xx",
            Self::PhoneConsole89xx => "phone-console-89xx",
            Self::PhoneStatus => "phone-status",
            Self::Capf => "capf",
            Self::Checksum => "checksum",
            Self::TvsLog => "tvs-log",
            Self::Expressway => "expressway",
            Self::ExpresswaySettings => "expressway-settings",
            Self::TrafficServer => "traffic-server",
            Self::PacketList => "packet-list",
            Self::Registry => "registry",
            Self::Tms => "tms",
            Self::WindowsEvents => "windows-events",
            Self::CucmListing => "cucm-listing",
            Self::CertificateList => "certificate-list",
        }
    }
}

/// What stands in a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// Lines, all together.
    pub lines: u64,
    /// Lines that were understood, by format.
    pub recognised: BTreeMap<Format, u64>,
    /// Lines longer than [`limits::TEXT_LINE_BYTES`], of which only the beginning was read.
    pub long_lines: u64,
    /// What the lines say, in their order.
    pub events: Vec<Event>,
    /// Events beyond [`limits::TEXT_EVENTS`], which are only counted.
    pub events_dropped: u64,
    /// Lines of packet lists.
    pub packets: Vec<packet_list::Packet>,
    /// Details of packets.
    pub details: Vec<packet_list::Detail>,
    /// Registry keys that have to do with TLS.
    pub registry: Vec<registry::Key>,
    /// Listings of trust lists, in their order.
    pub listings: Vec<listing::Listing>,
    /// Settings and status of Expressways that bear on trust.
    pub settings: Vec<Setting>,
    /// What CUCM says of the certificates in its stores.
    pub certificate_lists: certificate_list::CertificateLists,
    /// What was carried inside, such as a certificate in a hexadecimal dump: an input of its own.
    pub carried: Vec<Carried>,
}

/// Bytes that stand inside a text in another form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// A name for the input that they become.
    pub name: String,
    /// The line that they begin in.
    pub line: u64,
    /// The bytes.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

impl Text {
    /// Lines that were understood.
    pub fn understood(&self) -> u64 {
        self.recognised.values().sum()
    }

    /// Adds an event, while there is room.
    fn event(&mut self, event: Event) {
        if self.events.len() < limits::TEXT_EVENTS {
            self.events.push(event);
        } else {
            self.events_dropped = self.events_dropped.saturating_add(1);
        }
    }

    /// Adds an input of its own, while there is room.
    fn carry(&mut self, carried: Carried) {
        if self.carried.len() < limits::TEXT_CARRIED
            && carried.bytes.len() <= limits::TEXT_CARRIED_BYTES
        {
            self.carried.push(carried);
        }
    }
}

/// A reader of one format. It looks at each line at most once, and takes time in proportion to the line.
trait Recognise: core::fmt::Debug {
    /// What its lines are counted as when [`Recognise::line`] takes them.
    fn format(&self) -> Format;

    /// Which lines it may take while it is not listening.
    fn signs(&self) -> Signs;

    /// Reads a line; `false` when it is none of this format's. Nothing is kept of a line that is refused.
    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool;

    /// It is in the middle of something (a record, a table, a dump), and wants the next line before anybody else.
    fn is_inside(&self) -> bool {
        false
    }

    /// It has to see the next line, whatever that is.
    fn is_listening(&self) -> bool {
        self.is_inside()
    }

    /// There are no more lines.
    fn end(&mut self, _text: &mut Text) {}
}

/// Every format, in the order in which a line is offered to them: the strictest first.
fn recognisers() -> Vec<Box<dyn Recognise>> {
    vec![
        Box::new(phone_console::PhoneConsole::default()),
        Box::new(phone_status::PhoneStatus::default()),
        Box::new(tvs_log::TvsLog::default()),
        Box::new(capf::Capf),
        Box::new(checksum::Checksums),
        Box::new(expressway::Log::default()),
        Box::<registry::Registry>::default(),
        Box::<windows_event::WindowsEvents>::default(),
        Box::<tms::Tms>::default(),
        Box::<packet_list::PacketList>::default(),
        Box::<listing::Listings>::default(),
        Box::new(xconfiguration::Settings::default()),
        Box::<certificate_list::CertificateLines>::default(),
    ]
}

/// Reads a text while its bytes come.
#[derive(Debug, Default)]
pub struct Reader {
    lines: Lines,
    formats: Formats,
    text: Text,
}

impl Reader {
    /// One that asks every reader about every line, which takes several times as long and finds the same.
    #[doc(hidden)]
    pub fn asking_all() -> Self {
        let mut reader = Self::default();
        reader.formats.asks_all = true;
        reader
    }

    /// The next bytes, of any number.
    pub fn push(&mut self, bytes: &[u8]) {
        let Self { lines, formats, text } = self;
        lines.push(bytes, &mut |line| formats.take(text, line));
    }

    /// There are no more bytes.
    pub fn end(mut self) -> Text {
        let Self { lines, formats, text } = &mut self;
        lines.end(&mut |line| formats.take(text, line));
        formats.end(text);
        // What a block says is known at its end; what stands before it in the text comes first.
        self.text.events.sort_by_key(|event| event.line);
        // They are kept until the report is made, and there may be as many places more as there are events.
        self.text.events.shrink_to_fit();
        self.text
    }
}

/// All readers, and who is asked about the next line.
#[derive(Debug)]
struct Formats {
    readers: Vec<Box<dyn Recognise>>,
    look: Look,
    /// Those in the middle of something.
    inside: Readers,
    /// Those that have to see the next line.
    listening: Readers,
    /// The one that took the last line: logs repeat themselves.
    last: usize,
    indent: Indent,
    wrap: Wrap,
    /// Lines that the one that is offered stood in.
    pieces: u64,
    /// Lines that were taken, by [`Format`].
    counts: [(Option<Format>, u64); FORMATS],
    asks_all: bool,
}

impl Default for Formats {
    fn default() -> Self {
        let readers = recognisers();
        let look = Look::new(&readers);
        Self {
            readers,
            look,
            inside: 0,
            listening: 0,
            last: 0,
            indent: Indent::default(),
            wrap: Wrap::default(),
            pieces: 1,
            counts: [(None, 0); FORMATS],
            asks_all: false,
        }
    }
}

impl Formats {
    /// Takes a line as it stands in the text.
    fn take(&mut self, text: &mut Text, line: &Line<'_>) {
        text.lines = line.number;
        text.long_lines = text.long_lines.saturating_add(u64::from(line.is_cut));
        let tidied = tidy::tidy(line.text);
        let own = self.indent.without(&tidied);
        if self.wrap.is_holding() {
            if self.wrap.goes_on(own) {
                return;
            }
            self.offer_held(text);
        }
        if !self.wrap.holds(line.number, own) {
            self.offer(text, &Line { text: own, ..*line });
        }
    }

    /// Offers what was held, which goes on no further.
    fn offer_held(&mut self, text: &mut Text) {
        let held = self.wrap.take();
        self.pieces = held.pieces;
        self.offer(text, &Line { number: held.line, text: &held.text, is_cut: false });
        self.pieces = 1;
        self.wrap.give_back(held);
    }

    /// Offers a line: to the first that is in the middle of something, to the one that took the last line, to all others in their order.
    fn offer(&mut self, text: &mut Text, line: &Line<'_>) {
        let mut asked = 0;
        if self.inside != 0 && self.ask(self.inside.trailing_zeros(), &mut asked, text, line) {
            return;
        }
        let mut wanted = self.listening;
        let last = u32::try_from(self.last).unwrap_or_default();
        if self.asks_all {
            wanted = Readers::MAX;
        } else {
            wanted |= self.look.at_ends(line.text);
            if wanted & !asked & 1 << last != 0 && self.ask(last, &mut asked, text, line) {
                return;
            }
            wanted |= self.look.within(line.text);
        }
        if wanted & !asked & 1 << last != 0 && self.ask(last, &mut asked, text, line) {
            return;
        }
        loop {
            let left = wanted & !asked;
            if left == 0 || self.ask(left.trailing_zeros(), &mut asked, text, line) {
                return;
            }
        }
    }

    /// Asks one reader; whether it took the line.
    fn ask(&mut self, index: u32, asked: &mut Readers, text: &mut Text, line: &Line<'_>) -> bool {
        let bit = 1 << index;
        *asked |= bit;
        let Some(reader) = self.readers.get_mut(index as usize) else { return false };
        let taken = reader.line(line, text);
        let put = |set: Readers, is_in: bool| if is_in { set | bit } else { set & !bit };
        self.inside = put(self.inside, reader.is_inside());
        self.listening = put(self.listening, reader.is_listening());
        if taken {
            let format = reader.format();
            self.last = index as usize;
            if let Some((of, count)) = self.counts.get_mut(format as usize) {
                (*of, *count) = (Some(format), count.saturating_add(self.pieces));
            }
        }
        taken
    }

    fn end(&mut self, text: &mut Text) {
        if self.wrap.is_holding() {
            self.offer_held(text);
        }
        for reader in &mut self.readers {
            reader.end(text);
        }
        text.recognised =
            self.counts.iter().filter_map(|(format, count)| Some(((*format)?, *count))).collect();
    }
}
