//! What stands in front of every line of a phone's console log.
//!
//! `<number>[:] <DEB|INF|NOT|WRN|ERR|CRT> [Mon dd ]hh:mm:ss.uuuuuu [(pid:tid)] <tag>[:|-]text`, without a year. The severity is
//! no guide: successes are printed as errors (domain.md 2.3, 2.4, A57). Copied from a web page, several entries may stand in
//! one line, and one entry may go on in the next.

use std::borrow::Cow;

use crate::text::line::{is_ascii, split, unindented};
use crate::text::stamp::{self, Stamp};

/// Which phones write such lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Family {
    /// 79xx: a colon behind the number, no date.
    #[default]
    Old,
    /// 89xx, 99xx and early 88xx: no colon, no date.
    Middle,
    /// 78xx and 88xx: a date.
    New,
}

/// The beginning of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head<'a> {
    /// Number of the entry. It may step back (E44).
    pub(super) number: u64,
    /// When, without year and zone.
    pub(super) stamp: Stamp,
    /// Which phones write it so.
    pub(super) family: Family,
    /// What stands behind the time, and behind the numbers of process and thread.
    pub(super) rest: &'a str,
}

/// Levels, as they stand between number and time.
pub(super) const LEVELS: [&str; 6] = [" DEB ", " INF ", " NOT ", " WRN ", " ERR ", " CRT "];

/// Digits of the number: the largest seen has four.
const NUMBER_DIGITS: usize = 8;

/// Reads the beginning of an entry, which stands at the very beginning of `text`.
pub(super) fn head(text: &str) -> Option<Head<'_>> {
    let mut number = 0_u64;
    let mut digits = 0;
    for byte in text.bytes().take(NUMBER_DIGITS + 1).take_while(u8::is_ascii_digit) {
        number = number * 10 + u64::from(byte - b'0');
        digits += 1;
    }
    if digits == 0 || digits > NUMBER_DIGITS {
        return None;
    }
    let rest = text.get(digits..)?;
    let (colon, rest) = match rest.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = unindented(rest.strip_prefix(' ')?);
    if !matches!(
        rest.as_bytes(),
        [b'D', b'E', b'B', b' ', ..]
            | [b'I', b'N', b'F', b' ', ..]
            | [b'N', b'O', b'T', b' ', ..]
            | [b'W', b'R', b'N', b' ', ..]
            | [b'E', b'R', b'R', b' ', ..]
            | [b'C', b'R', b'T', b' ', ..]
    ) {
        return None;
    }
    let rest = unindented(rest.get(4..)?);
    let (date, rest) = match date(rest) {
        Some((date, rest)) => (Some(date), rest),
        None => (None, rest),
    };
    let before = rest.len();
    let (clock, rest) = Stamp::clock(rest)?;
    // Without a fraction it is another kind of log.
    if before.saturating_sub(rest.len()) <= "hh:mm:ss.".len() {
        return None;
    }
    let family = match (date, colon) {
        (Some(_), _) => Family::New,
        (None, true) => Family::Old,
        (None, false) => Family::Middle,
    };
    let rest = process(unindented(rest));
    let stamp = Stamp { date, ..clock };
    Some(Head { number, stamp, family, rest })
}

/// `Nov 29 `, `Nov  9 `.
fn date(text: &str) -> Option<((u8, u8), &str)> {
    let (name, rest) = text.split_at_checked(3)?;
    let month = stamp::month(name)?;
    let (day, rest) = split(unindented(rest.strip_prefix(' ')?), b' ')?;
    let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some(((month, day), unindented(rest)))
}

/// Leaves out `(346:1810)`, `(349-349)`.
fn process(text: &str) -> &str {
    let Some(inside) = text.strip_prefix('(') else { return text };
    let plain = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'-');
    let length = inside.bytes().take_while(plain).count();
    let behind = inside.get(length..).and_then(|rest| rest.strip_prefix(')'));
    behind.filter(|_| length > 0).map_or(text, |rest| unindented(rest))
}

/// The first of several entries that stand in a line that begins with one, and the line from the next one on.
pub(super) fn first(line: &str) -> Option<(&str, &str)> {
    memchr::memchr_iter(b' ', line.as_bytes()).find_map(|space| {
        let next = line.get(space + 1..)?;
        let begins = next.as_bytes().first().is_some_and(u8::is_ascii_digit);
        (begins && head(next).is_some()).then(|| (line.get(..space).unwrap_or_default(), next))
    })
}

/// Cuts off the tag: `SECD: `, `SECUREAPP-`, `dgetfile(870)-`, `dnsmasq[12864]: `, `PAE: -`.
pub(super) fn tag(rest: &str) -> (&str, &str) {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let name = rest.bytes().take_while(|byte| is_name(byte)).count();
    let (name, mut behind) = rest.split_at_checked(name).unwrap_or((rest, ""));
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some(inside) = behind.strip_prefix(open) {
            let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
            if let Some(after) = inside.get(digits..).and_then(|after| after.strip_prefix(close)) {
                behind = after;
            }
        }
    }
    let text = behind.strip_prefix(": ").map(|text| text.strip_prefix('-').unwrap_or(text));
    match text.or_else(|| behind.strip_prefix('-')) {
        Some(text) if !name.is_empty() => (name, unindented(text)),
        _ => ("", rest),
    }
}

/// Nothing in the text is to be put right by [`tidy`].
pub(super) fn is_tidy(text: &str) -> bool {
    is_ascii(text) && !is_spaced(text)
}

/// Points stand between blanks, as in `14 . 48 . 44 . 80`.
fn is_spaced(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes)
        .any(|at| matches!(bytes.get(at.saturating_sub(1)..at + 2), Some([b' ', b'.', b' '])))
}

/// The text as the phone printed it: blanks in addresses and the quotes of word processors go.
pub(super) fn tidy(text: &str) -> Cow<'_, str> {
    if is_tidy(text) {
        return Cow::Borrowed(text);
    }
    let mut tidied: String = text
        .chars()
        .map(|character| match character {
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{2013}' | '\u{2014}' => '-',
            '\u{a0}' | '\u{202f}' => ' ',
            other => other,
        })
        .collect();
    if is_spaced(text) {
        tidied = joined(&tidied);
    }
    Cow::Owned(tidied)
}

/// `14 . 48 . 44 . 80` becomes `14.48.44.80`; a point between words stays.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let is_part = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || byte == b'X');
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b" . ") {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let behind = behind.get(3..).unwrap_or_default();
        out.push_str(before);
        let joins = is_part(before.bytes().last()) && is_part(behind.bytes().next());
        out.push_str(if joins { "." } else { " . " });
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_every_family() {
        let old = head("837: NOT 09:13:17.561856 SECD: tlRequestFile: Request X").unwrap();
        assert_eq!((old.number, old.family, old.stamp.micros), (837, Family::Old, 561_856));
        assert_eq!(tag(old.rest), ("SECD", "tlRequestFile: Request X"));
        let middle = head("7989 ERR 11:04:15.038637  SECD: -HTTPS cert not in CTL").unwrap();
        assert_eq!(middle.family, Family::Middle);
        assert_eq!(tag(middle.rest), ("SECD", "HTTPS cert not in CTL"));
        let new = head("0638 ERR Mar 12 15:07:55.762040 (322:17812) SECUREAPP-SEC_CAPF").unwrap();
        assert_eq!((new.family, new.stamp.date), (Family::New, Some((3, 12))));
        assert_eq!(tag(new.rest), ("SECUREAPP", "SEC_CAPF"));
        let other = head("4602 WRN Feb 17 11:01:27.062462 (349-349) PAE: -802.1X auth").unwrap();
        assert_eq!(tag(other.rest), ("PAE", "802.1X auth"));
        assert_eq!(tag("dgetfile(870)-GETXXTP [GT870]"), ("dgetfile", "GETXXTP [GT870]"));
        assert_eq!(tag("dnsmasq[12864]: query[A] x"), ("dnsmasq", "query[A] x"));
        assert_eq!(
            tag("tftpClient: ::ffff:14.48.44.80 is"),
            ("tftpClient", "::ffff:14.48.44.80 is")
        );
        for other in [
            "",
            "837",
            "837: NOTE 09:13:17.561856 x",
            "837: NOT 09:13:17 x",
            "123456789: NOT 09:13:17.561856 x",
            "18:01:05.333 | debug x",
        ] {
            assert_eq!(head(other), None, "{other}");
        }
    }

    #[test]
    fn entries_that_lost_their_line_ends_are_cut_apart() {
        let line = "921: NOT 09:13:18.466658 tftpClient: secVal = 0x9 922: NOT 09:13:18.467762";
        let expected =
            ["921: NOT 09:13:18.466658 tftpClient: secVal = 0x9", "922: NOT 09:13:18.467762"];
        assert_eq!(first(line), Some((expected[0], expected[1])));
        let one = "3288 INF Nov 29 06:33:59.395294 SECUREAPP-TOS set to [96] on sock, [1][11]";
        assert_eq!(first(one), None);
    }

    #[test]
    fn blanks_in_addresses_and_typographic_quotes_go() {
        assert_eq!(tidy("from 14 . 48 . 44 . 80 . Then 3 . x"), "from 14.48.44.80 . Then 3 . x");
        assert_eq!(tidy("\u{201c}X . X . X . X\u{201d}"), "\"X.X.X.X\"");
        assert!(matches!(tidy("plain"), Cow::Borrowed("plain")));
    }
}
