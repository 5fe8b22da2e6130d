//! Entries of logs that a terminal or a mail program broke into several lines, put together again.
//!
//! A terminal breaks at its 80th column, in the middle of a word. A mail program breaks at the last blank in front of its own width, 72 to
//! 79 columns (RFC 5322 section 2.1.1 asks for 78 at most, RFC 3676 for a blank that stays at the end), so the next word is one that had no
//! room. Wider terminals have 100, 120 or 132 columns, and some mail programs are set to as many. Only what begins like an entry of a log that has one line for an entry, and is as long as a broken line, is held until the next line
//! tells; where that begins an entry, or may say something of its own, both stay as they are. Keys of the registry are known by their brackets.

use std::ops::RangeInclusive;

use super::line::is_ascii;
use super::{expressway, phone_console, tvs_log};
use crate::limits;

/// Columns of a terminal.
const TERMINAL: usize = 80;

/// Columns of wider terminals, and of mail programs that are set to them.
const WIDE: [usize; 3] = [100, 120, 132];

/// Columns of a line that may be broken: the word that had no room behind it may be a path.
const BROKEN: RangeInclusive<usize> = 40..=132;

/// Columns that a mail program may leave free at the end of a wide line, beyond the word that had no room.
const FREE: usize = 2;

/// Bytes of a line that can be a piece: most of them are addresses that no mail program breaks.
const PIECE: usize = 2_048;

/// The width that all mail programs stay below: where the next word had room in it, nobody broke the line.
const SURE: usize = 76;

/// The smallest usual width, for lines that stop in the middle of something.
const NARROW: usize = 72;

/// Blanks in front of a whole log, as tickets and mails show what is quoted.
#[derive(Debug, Default)]
pub(super) struct Indent(usize);

impl Indent {
    /// The line without the blanks in front of the entry that began last; all of them go where an entry begins behind them.
    pub(super) fn without<'t>(&mut self, text: &'t str) -> &'t str {
        if !text.starts_with(' ') {
            if !text.is_empty() {
                self.0 = 0;
            }
            return text;
        }
        let own = text.trim_start_matches(' ');
        let blanks = text.len().saturating_sub(own.len());
        if blanks != self.0 && (begins(own) || is_root(own.trim_start_matches('['))) {
            self.0 = blanks;
        }
        text.get(self.0.min(blanks)..).unwrap_or_default()
    }
}

/// The beginning of an entry, held until the next line tells whether it goes on there.
#[derive(Debug, Default)]
pub(super) struct Wrap {
    held: String,
    /// Number of its first line.
    line: u64,
    /// Lines that it has so far; none is held while there are none.
    pieces: u64,
    /// Columns of the last of them.
    columns: usize,
    /// Columns of the longest piece, and of the shortest broken one with the word that had no room.
    least: usize,
    most: usize,
    /// Wide lines of this text were broken at blanks, not by a terminal.
    is_soft: bool,
    /// Where full wide lines were put together without a blank, before that was known.
    seams: Vec<usize>,
    /// A quotation mark is open.
    is_quoted: bool,
    /// It is the path of a key of the registry.
    key: Option<Key>,
    /// How entries begin in the log that was held last: nearly always the next one is of the same log, and read once.
    log: Option<Begins>,
    /// The line that did not go on what was held begins an entry of that log.
    is_next: bool,
}

/// Whether a line begins an entry.
type Begins = fn(&str) -> bool;

/// Logs whose entries all may be broken.
const LOGS: [Begins; 2] = [phone_console::begins, tvs_log::begins];

/// How the path of a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    /// Between brackets, in an export.
    Export,
    /// By itself, as `reg query` prints it.
    Query,
}

/// An entry that was held.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) text: String,
    /// Number of its first line.
    pub(super) line: u64,
    /// Lines that it stood in.
    pub(super) pieces: u64,
}

impl Wrap {
    pub(super) fn is_holding(&self) -> bool {
        self.pieces > 0
    }

    /// Takes a line that may be the first of a broken entry; nothing may be held.
    pub(super) fn holds(&mut self, line: u64, text: &str) -> bool {
        let is_next = core::mem::take(&mut self.is_next);
        let key = open_key(text);
        // A path has hardly a blank to break at.
        let columns = if key.is_some() { Some(text.chars().count()) } else { broken(text) };
        let Some(columns) = columns else { return false };
        let log = match self.log {
            Some(log) if is_next || log(text) => Some(log),
            _ => LOGS.into_iter().find(|begins| begins(text)),
        };
        if key.is_none() && log.is_none() && !expressway::opens_record(text) {
            return false;
        }
        self.log = log;
        self.seams.clear();
        self.held.clear();
        self.held.push_str(text);
        (self.line, self.pieces, self.key) = (line, 1, key);
        self.columns = columns;
        (self.least, self.most) = (columns, usize::MAX);
        self.is_quoted = quotes(text);
        true
    }

    /// Takes a line that is the next piece of what is held.
    pub(super) fn goes_on(&mut self, next: &str) -> bool {
        self.is_next = self.log.is_some_and(|begins| begins(next));
        if self.is_next {
            return false;
        }
        let columns = next.chars().count();
        let Some(gap) = self.gap(next, columns) else { return false };
        let is_full = WIDE.contains(&self.columns) && gap.is_empty();
        let is_wide = self.fits_width(next, columns);
        (self.least, self.most) = self.with(next, columns);
        if is_full && !self.held.ends_with(' ') && !next.starts_with(' ') {
            self.seams.push(self.held.len());
        } else if !is_full && is_wide && self.key.is_none() {
            self.is_soft |= self.columns > TERMINAL;
            for seam in self.seams.drain(..).rev() {
                self.held.insert(seam, ' ');
            }
        }
        self.held.push_str(gap);
        self.held.push_str(next);
        self.pieces = self.pieces.saturating_add(1);
        // One that is longer than a line is the last; but a word that is longer stands alone in its own.
        let is_whole = columns > TERMINAL && next.trim().contains(' ') && !is_wide && !is_full;
        // The path of a key ends with its bracket, or behind the version.
        self.columns = if is_whole || self.key.is_some() { 0 } else { columns };
        self.is_quoted ^= quotes(next);
        true
    }

    /// The columns of the longest piece, and those that the shortest broken one would have had with the next word, once the next line is
    /// a piece. A word that is longer than a line stands alone in its own.
    fn with(&self, next: &str, columns: usize) -> (usize, usize) {
        let word = next.split(' ').find(|word| !word.is_empty()).unwrap_or_default();
        let full = self.columns.saturating_add(1).saturating_add(word.chars().count());
        let is_words = next.trim().contains(' ');
        (self.least.max(if is_words { columns } else { 0 }), self.most.min(full))
    }

    /// Whether a program that breaks wide lines at blanks may have broken this one in front of the next.
    fn fits_width(&self, next: &str, columns: usize) -> bool {
        let (least, most) = self.with(next, columns);
        WIDE.iter().any(|width| least <= *width && width.saturating_sub(FREE) < most)
    }

    /// What stood between what is held and the next line of so many columns, when that is its next piece.
    fn gap(&self, next: &str, columns: usize) -> Option<&'static str> {
        let word = next.trim_start_matches(' ').split(' ').next()?;
        let first = word.chars().next()?;
        let is_wide = self.least > TERMINAL;
        let is_hard = match is_wide {
            // All of a terminal's lines but the last are full.
            true => {
                let is_longest = columns.max(self.least) <= self.columns;
                is_longest && !self.is_soft && WIDE.contains(&self.columns)
            }
            false => self.columns == TERMINAL,
        };
        let blanks = next.len().saturating_sub(next.trim_start_matches(' ').len());
        if self.columns == 0
            || next.len() > PIECE
            || self.pieces >= limits::TEXT_WRAPPED_PIECES
            || blanks > usize::from(is_hard)
            || begins(next)
            || (self.held.ends_with("]:") && !next.starts_with(expressway::RECORD))
            || (self.held.contains(expressway::RECORD) && next.starts_with(expressway::RECORD))
        {
            return None;
        }
        let blank = if self.held.ends_with(' ') { "" } else { " " };
        let had_room = |width: usize| self.columns + blank.len() + word.chars().count() <= width;
        if let Some(key) = self.key {
            let ends = match key {
                Key::Export => next.trim_end().ends_with(']') && !next.contains('['),
                // Only names of versions hold a blank: `TLS 1.2`.
                Key::Query => is_hard || first.is_ascii_digit() && names_protocol(&self.held),
            };
            return (ends && !had_room(NARROW)).then_some(if is_hard { "" } else { blank });
        }
        // Comments, messages between bars, other logs, headings such as `HTTPMSG:`.
        let is_own = matches!(first, '|' | '+' | '#' | '*')
            // What stands behind entries as long as a wide line: most are.
            || is_wide && matches!(first, '\t' | '<')
            // A time or a key, but not `[GT870]`, `[28]:` or `[source/…`.
            || next.starts_with("[HKEY_")
            || first == '[' && next.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
                && !self.held.starts_with('[')
                && next.split(']').next().is_some_and(|time| time.contains(':'))
            || next.contains(" | ")
            || word.ends_with("MSG:")
            || word.starts_with("admin:");
        if is_own {
            return None;
        }
        if is_hard {
            return Some("");
        }
        // Some break behind the hyphen of a name and behind the bar of a path as well.
        let is_within = self.held.ends_with(['-', '/']) && !self.held.ends_with(" -");
        let between = if is_within { "" } else { blank };
        if is_wide {
            return self.fits_width(next, columns).then_some(between);
        }
        let is_open = self.is_quoted
            || blank.is_empty()
            || self.held.ends_with([',', ':', '-', '/', '=', '<', '+', '(', ';']);
        let width = if is_open || !first.is_uppercase() { NARROW } else { SURE };
        (!had_room(width)).then_some(between)
    }

    /// What was held, whose memory comes back with [`Wrap::give_back`].
    pub(super) fn take(&mut self) -> Held {
        let pieces = core::mem::take(&mut self.pieces);
        Held { text: core::mem::take(&mut self.held), line: self.line, pieces }
    }

    pub(super) fn give_back(&mut self, held: Held) {
        self.held = held.text;
    }
}

/// A line has as many columns as a terminal of the usual width.
pub(super) fn is_terminal(line: &str) -> bool {
    line.len() >= TERMINAL && line.chars().count() == TERMINAL
}

/// A line has as many columns as a terminal.
pub(super) fn is_any_terminal(line: &str) -> bool {
    line.len() >= TERMINAL && {
        let columns = line.chars().count();
        columns == TERMINAL || WIDE.contains(&columns)
    }
}

/// Columns of a line that may have been broken at its end.
fn broken(text: &str) -> Option<usize> {
    // A character has at most four bytes.
    if text.len() < *BROKEN.start() || text.len() > 4 * *BROKEN.end() {
        return None;
    }
    let columns = if is_ascii(text) { text.len() } else { text.chars().count() };
    BROKEN.contains(&columns).then_some(columns)
}

/// Whether a line is the first of an entry.
pub(super) fn begins(text: &str) -> bool {
    phone_console::begins(text) || tvs_log::begins(text) || expressway::begins(text)
}

/// Names of protocols in the paths of keys, behind which a blank and the version stand.
const VERSIONS: [&str; 3] = ["\\TLS", "\\SSL", "\\DTLS"];

/// The path of a key that may go on: `[HKEY_LOCAL_MACHINE\…` without its end, or a path of `reg query` that is long enough.
fn open_key(text: &str) -> Option<Key> {
    if text.len() < *BROKEN.start() || text.len() > limits::TEXT_EXCERPT {
        return None;
    }
    if let Some(path) = text.strip_prefix('[') {
        let path = path.strip_prefix('-').unwrap_or(path);
        return (is_root(path) && !path.contains(']')).then_some(Key::Export);
    }
    let may_go_on = || text.len() == TERMINAL || names_protocol(text);
    (is_root(text) && may_go_on()).then_some(Key::Query)
}

/// Whether the text is a path below one of the roots of the registry.
fn is_root(path: &str) -> bool {
    path.as_bytes().first_chunk().is_some_and(|root: &[u8; 5]| root.eq_ignore_ascii_case(b"HKEY_"))
}

fn names_protocol(path: &str) -> bool {
    VERSIONS.iter().any(|name| path.trim_end().ends_with(name))
}

/// Whether the text opens a quotation that it does not close.
fn quotes(text: &str) -> bool {
    memchr::memchr_iter(b'"', text.as_bytes()).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entries, each with the number of its first line and how many it stood in.
    fn unwrapped(text: &str) -> Vec<(u64, u64, String)> {
        let (mut wrap, mut out) = (Wrap::default(), Vec::new());
        for (number, line) in (1..).zip(text.lines()) {
            if wrap.is_holding() {
                if wrap.goes_on(line) {
                    continue;
                }
                let held = wrap.take();
                out.push((held.line, held.pieces, held.text.clone()));
                wrap.give_back(held);
            }
            if !wrap.holds(number, line) {
                out.push((number, 1, line.to_owned()));
            }
        }
        if wrap.is_holding() {
            let held = wrap.take();
            out.push((held.line, held.pieces, held.text));
        }
        out
    }

    const ENTRY: &str = "2022-07-11T16:55:26.016+02:00 vcsc traffic_server[18242]: UTCTime=\"2022-07-11 14:55:26,015\" \
        Module=\"network.http.trafficserver\" Level=\"INFO\": Detail=\"Sending Request\" Txn-id=\"25\"";

    fn hard(entry: &str, width: usize) -> String {
        let characters: Vec<char> = entry.chars().collect();
        let lines: Vec<String> =
            characters.chunks(width).map(|line| line.iter().collect()).collect();
        lines.join("\n")
    }

    /// As mail programs do; `kept` leaves the blank at the end (RFC 3676).
    fn soft(entry: &str, width: usize, kept: &str) -> String {
        let mut lines = vec![String::new()];
        for word in entry.split(' ') {
            let last = lines.last_mut().unwrap();
            if !last.is_empty() && last.len() + 1 + word.len() > width {
                last.push_str(kept);
                lines.push(word.to_owned());
            } else {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(word);
            }
        }
        lines.join("\n")
    }

    #[test]
    fn what_terminals_and_mail_programs_broke_is_whole_again() {
        let wrapped =
            [hard(ENTRY, 80), soft(ENTRY, 76, ""), soft(ENTRY, 78, ""), soft(ENTRY, 72, " ")];
        for wrapped in wrapped {
            let lines = wrapped.lines().count() as u64;
            assert!(lines > 1);
            assert_eq!(unwrapped(&wrapped), [(1, lines, ENTRY.to_owned())], "{wrapped}");
            let twice = format!("{wrapped}\n\n{wrapped}\n");
            let expected = [
                (1, lines, ENTRY.to_owned()),
                (lines + 1, 1, String::new()),
                (lines + 2, lines, ENTRY.to_owned()),
            ];
            assert_eq!(unwrapped(&twice), expected, "{twice}");
        }
    }

    #[test]
    fn wide_lines_are_whole_again() {
        let entry = "3310 INF Nov 29 06:33:59.403731 SECUREAPP-TVS process request - Successfully sent the TVS request to TVS server, \
            bytes written : 180 of the file </usr/ram/SEP001122334455.cnf.xml.sgn>, and the server answered that it knows the \
            signer CN=cucm-pub.example.com;OU=Voice;O=Example;L=Rome;ST=RM;C=IT within 24 hours, which the phone keeps";
        let next = "3311 NOT Nov 29 06:34:00.403731 SECUREAPP-next";
        for width in [100, 120, 132] {
            // A line of a mail that is full is as long as one of a terminal; the others tell.
            for wrapped in [hard(entry, width), soft(entry, width, ""), soft(entry, width - 2, " ")]
            {
                let lines = wrapped.lines().count() as u64;
                assert!(lines > 2);
                let text = format!("{wrapped}\n{next}\n{wrapped}\n");
                let expected = [
                    (1, lines, entry.to_owned()),
                    (lines + 1, 1, next.to_owned()),
                    (lines + 2, lines, entry.to_owned()),
                ];
                assert_eq!(unwrapped(&text), expected, "{text}");
            }
        }
        // A line that had room for the next word, or whose next is longer than it could be, was not broken.
        let short = entry.get(..105).unwrap();
        for own in ["so it is said", "\tat org.example.Call", "<xml>", &entry.replace("INF", "x")] {
            assert_eq!(unwrapped(&format!("{short}\n{own}")).len(), 2, "{own}");
        }
    }

    #[test]
    fn an_indented_log_keeps_the_blanks_of_its_own() {
        let mut indent = Indent::default();
        for (line, own) in [
            ("    a table", "    a table"),
            ("    837: NOT 09:13:17.561856 SECD: x", "837: NOT 09:13:17.561856 SECD: x"),
            ("      goes on", "  goes on"),
            ("", ""),
            ("  14:09:28.310 |   debug 01", "14:09:28.310 |   debug 01"),
            ("    more", "  more"),
            ("prose", "prose"),
            ("  a table", "  a table"),
        ] {
            assert_eq!(indent.without(line), own, "{line}");
        }
    }

    #[test]
    fn a_registry_key_ends_with_its_bracket() {
        let key = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Client]";
        assert_eq!(unwrapped(&hard(key, 80)), [(1, 2, key.to_owned())]);
        let next = "\"Enabled\"=dword:00000001";
        let soft = key.replace("TLS ", "TLS\n");
        assert_eq!(unwrapped(&soft), [(1, 2, key.to_owned())]);
        for path in [hard(&key[1..key.len() - 1], 80), soft[1..soft.len() - 1].to_owned()] {
            let expected = [
                (1, 2, key[1..key.len() - 1].to_owned()),
                (3, 1, "    Enabled    REG_DWORD    0x1".to_owned()),
            ];
            assert_eq!(unwrapped(&format!("{path}\n    Enabled    REG_DWORD    0x1")), expected);
        }
        let cut = format!("{}\n{next}", key.get(..80).unwrap());
        assert_eq!(unwrapped(&cut).len(), 2, "{cut}");
    }

    #[test]
    fn what_says_something_of_its_own_is_not_joined() {
        let head = "837: NOT 09:13:17.561856 SECD: clpVerifySignature: verify ok, file <CTL.tlv>";
        let exactly = format!("{head} +++");
        assert_eq!((head.len(), exactly.len()), (76, 80));
        for next in [
            " ",
            "838: NOT 09:13:17.561900 SECD: next",
            "14:09:28.310 |   debug 01 02 03",
            "++ The phone has a new list.",
            "|GET / HTTP/1.1",
            "HTTPMSG:",
            "    indented by more",
            "admin:show itl",
        ] {
            for head in [head, &exactly] {
                let text = format!("{head}\n{next}");
                let expected = [(1, 1, head.to_owned()), (2, 1, next.to_owned())];
                assert_eq!(unwrapped(&text), expected, "{text}");
            }
        }
        // There was room for the word.
        let short = "837: NOT 09:13:17.561856 SECD: clpVerifySignature: verify ok";
        assert_eq!(unwrapped(&format!("{short}\nso it is")).len(), 2);
        // No log.
        let prose = "A line of a mail that has about as many columns as an entry that was broken";
        assert_eq!(unwrapped(&format!("{prose}\nand goes on here")).len(), 2);
    }

    #[test]
    fn an_entry_has_an_end() {
        let endless =
            format!("{}{}", ENTRY.get(..80).unwrap(), format!("\n{}", "x".repeat(80)).repeat(100));
        let (_, pieces, text) = unwrapped(&endless).swap_remove(0);
        assert_eq!(pieces, limits::TEXT_WRAPPED_PIECES);
        assert!(text.len() <= 80 * 64);
    }
}
