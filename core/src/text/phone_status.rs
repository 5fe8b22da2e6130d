//! Status messages of phones, as their web page and their screen show them (domain.md 2.5).
//!
//! `[hh:mm:ss mm/dd/yy] text` on 78xx and 88xx, `h:mmp text` on 79xx; the page's heading names model and device. Without a
//! time only a line that is a message and nothing else counts.

use serde::{Deserialize, Serialize};

use super::phone_console::device;
use super::{Event, Format, Line, Recognise, Signs, Stamp, Text, What, stamp};

/// A status message, or the heading of a phone's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The phone that the page's heading names: `SEP682C7B5C2342`.
    pub device: Option<String>,
    /// What is said.
    pub kind: Kind,
    /// What it is said of: a file, a host, a model.
    pub subject: Option<String>,
    /// The reason's number, where the message has one.
    pub code: Option<u32>,
}

/// What a status message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// The heading of a phone's page; the subject is the model: `CP-8845`.
    Page,
    /// CTL and ITL, or one of them, are installed.
    ListInstalled,
    /// The phone has no list.
    NoList,
    /// Its lists are being deleted.
    ListsErased,
    /// A list was taken.
    ListUpdated,
    /// A list was not taken.
    ListUpdateFailed,
    /// Its signature could not be verified.
    VerificationFailed,
    /// A file is not on the server.
    FileNotFound,
    /// A file came.
    FileTaken,
    /// A file's signature does not hold.
    FileRefused,
    /// A file is larger than the phone takes (A44).
    FileTooLarge,
    /// A certificate's key is too short for FIPS mode.
    KeyTooShort,
    /// A name has no address (C46).
    NameUnknown,
    /// DNS does not answer.
    NameTimeout,
    /// TFTP does not answer.
    TftpTimeout,
    /// TFTP refused.
    TftpAccess,
    /// There is no VPN: nothing to do.
    NoVpn,
    /// CAPF could not be reached, or was not believed (C32).
    LscConnectionFailed,
    /// No LSC was made (C35).
    LscFailed,
    /// There is no LSC (C23).
    NoLsc,
    /// An LSC is installed (C28).
    LscInstalled,
    /// The ITL names no CAPF (C30).
    NoCapfServer,
    /// 802.1X failed.
    NetworkAccessDenied,
}

/// Beginnings of messages, lower case, the longer before the shorter. In other languages only what support pages quote.
const MESSAGES: &[(&str, Kind)] = &[
    ("802.1x authentication: failed", Kind::NetworkAccessDenied),
    ("cfg tftp size error", Kind::FileTooLarge),
    ("ctl and itl installed", Kind::ListInstalled),
    ("ctl installed", Kind::ListInstalled),
    ("ctl update failed", Kind::ListUpdateFailed),
    ("dns timeout", Kind::NameTimeout),
    ("dns unknown host", Kind::NameUnknown),
    ("dns unknown ipv4 host", Kind::NameUnknown),
    ("dns unknown ipv6 host", Kind::NameUnknown),
    ("erasing ctl and itl files", Kind::ListsErased),
    ("falha na verificação", Kind::VerificationFailed),
    ("file not found", Kind::FileNotFound),
    ("invalid file", Kind::FileRefused),
    ("itl installed", Kind::ListInstalled),
    ("itl update failed", Kind::ListUpdateFailed),
    ("la vérification de la liste de confiance a échoué", Kind::VerificationFailed),
    ("lsc: connection failed", Kind::LscConnectionFailed),
    ("lsc: connessione non riuscita", Kind::LscConnectionFailed),
    ("lsc installed", Kind::LscInstalled),
    ("lsc not installed", Kind::NoLsc),
    ("lsc: failed", Kind::LscFailed),
    ("lsc: installed", Kind::LscInstalled),
    ("lsc: non riuscito", Kind::LscFailed),
    ("lsc: not installed", Kind::NoLsc),
    ("lsc: operazione non riuscita", Kind::LscFailed),
    ("nessun server capf valido", Kind::NoCapfServer),
    ("no ctl installed", Kind::NoList),
    ("no itl installed", Kind::NoList),
    ("no trust list installed", Kind::NoList),
    ("no valid capf server", Kind::NoCapfServer),
    ("phone failed to register. cert key size is not fips compliant", Kind::KeyTooShort),
    ("tftp access error", Kind::TftpAccess),
    ("tftp timeout", Kind::TftpTimeout),
    ("trust list update failed, verification failure", Kind::VerificationFailed),
    ("trust list update failed", Kind::ListUpdateFailed),
    ("trust list updated", Kind::ListUpdated),
    ("trust list verification failed", Kind::VerificationFailed),
    ("verifica non riuscita", Kind::VerificationFailed),
    ("vpn not configured", Kind::NoVpn),
    ("échec de la vérification", Kind::VerificationFailed),
];

/// Bytes of a message: longer lines are something else.
const LONGEST: usize = 300;

/// Reads status messages.
#[derive(Debug, Default)]
pub struct PhoneStatus {
    device: Option<String>,
}

impl Recognise for PhoneStatus {
    fn format(&self) -> Format {
        Format::PhoneStatus
    }

    fn signs(&self) -> Signs {
        Signs {
            // The time, the heading, and the messages of [`MESSAGES`].
            beginnings: &[
                "0", "[", "cf", "ct", "dn", "er", "fa", "fi", "in", "it", "la", "ls", "ne", "no",
                "ph", "st", "tf", "tr", "ve", "vp",
            ],
            // `Cisco IP Phone CP-8845 (SEP682C7B5C2342)`
            endings: b")",
            ..Signs::default()
        }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        // Marks of a quotation stand in front; a bracket at the end is the name's.
        let own = line.text.trim_start_matches([' ', '\t', '>', '`', '|', '\u{a0}']);
        let own = own.trim_end_matches([' ', '\t', '`', '|', '\u{a0}']);
        if own.len() > LONGEST || own.len() < 7 {
            return false;
        }
        if own.eq_ignore_ascii_case("status messages") {
            return true;
        }
        let mut keep = |stamp, device: &Option<String>, kind, subject, code| {
            let status = Status { device: device.clone(), kind, subject, code };
            text.event(Event::new(line.number, stamp, own, What::PhoneStatus(status)));
            true
        };
        if let Some((model, device)) = heading(own) {
            self.device = Some(device);
            return keep(None, &self.device, Kind::Page, Some(model), None);
        }
        let (stamp, words) = match timed(own) {
            Some((stamp, words)) => (Some(stamp), words),
            None => (None, own),
        };
        let Some((kind, subject, code)) = message(words, stamp.is_some()) else {
            // Whatever else a phone reports, behind the time that only status messages have in this form.
            return stamp.is_some() && own.starts_with('[');
        };
        keep(stamp, &self.device, kind, subject, code)
    }
}

/// `Cisco IP Phone CP-8845 (SEP682C7B5C2342)`, also with the name of the page in front.
fn heading(text: &str) -> Option<(String, String)> {
    if !text.ends_with(')') {
        return None;
    }
    let (before, rest) = text.split_once("CP-")?;
    if !before.trim_end().to_ascii_lowercase().ends_with("phone") {
        return None;
    }
    let model: String = rest.chars().take_while(char::is_ascii_alphanumeric).take(16).collect();
    let behind = rest.get(model.len()..)?.trim();
    let inside = behind.strip_prefix('(')?.strip_suffix(')')?.trim();
    let device = device(inside).filter(|device| device.len() == inside.len())?;
    (!model.is_empty()).then(|| (format!("CP-{model}"), device))
}

/// The time in front of a message.
fn timed(text: &str) -> Option<(Stamp, &str)> {
    bracketed(text).or_else(|| halfday(text))
}

/// `[14:05:42 03/15/21] `: the date is month, day, year.
fn bracketed(text: &str) -> Option<(Stamp, &str)> {
    let (inside, words) = text.strip_prefix('[')?.split_once(']')?;
    let (stamp, rest) = Stamp::clock(inside.trim())?;
    let (month, rest) = stamp::digits(rest.strip_prefix(' ')?.trim_start(), 2)?;
    let (day, rest) = stamp::digits(rest.strip_prefix('/')?, 2)?;
    let year = rest.strip_prefix('/')?;
    let year: i32 = match year.len() {
        2 => 2000 + year.parse::<i32>().ok()?,
        4 => year.parse().ok()?,
        _ => return None,
    };
    let date = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let is_date = (1..=12).contains(&date.0) && (1..=31).contains(&date.1);
    is_date.then(|| (Stamp { year: Some(year), date: Some(date), ..stamp }, words.trim()))
}

/// `2:49p `: hours from 1 to 12.
fn halfday(text: &str) -> Option<(Stamp, &str)> {
    let (hour, rest) = text.split_at_checked(text.find(':').filter(|at| *at <= 2)?)?;
    let hour: u32 = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let (minute, rest) = stamp::digits(rest.strip_prefix(':')?, 2)?;
    let (half, rest) = rest.split_at_checked(1)?;
    let afternoon = match half {
        "a" => 0,
        "p" => 12,
        _ => return None,
    };
    let rest = rest.strip_prefix('m').unwrap_or(rest).strip_prefix(' ')?;
    let seconds = (hour % 12 + afternoon) * 3600 + minute * 60;
    (minute < 60).then(|| (Stamp { seconds, ..Stamp::default() }, rest.trim()))
}

/// What a message says, of what, and with which reason.
fn message(text: &str, is_timed: bool) -> Option<(Kind, Option<String>, Option<u32>)> {
    if is_timed && let Some(name) = text.strip_suffix("(HTTP)") {
        let name = name.trim();
        let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
        return is_name.then(|| (Kind::FileTaken, Some(name.to_owned()), None));
    }
    // Lower case is a copy, which hardly any line is worth.
    let begins =
        |first: u8| !first.is_ascii() || b"8cdefilnptv".contains(&first.to_ascii_lowercase());
    if !text.bytes().next().is_some_and(begins) {
        return None;
    }
    let lower = text.to_lowercase();
    let (words, kind) = MESSAGES.iter().find(|(words, _)| lower.starts_with(words))?;
    let rest = lower.get(words.len()..)?;
    // A letter more is another word.
    if rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    // Lower case may be longer than what it comes from: the rest is counted from the end.
    let rest = text.get(text.len().saturating_sub(rest.len())..).unwrap_or_default();
    let rest = rest.trim().trim_start_matches([':', '.']).trim();
    let (subject, code) = match kind {
        Kind::FileRefused => {
            // `invalid file SEP….cnf.xml.sgn, authenticated fail. Reason:14.`
            let (name, reason) = rest.split_once(',')?;
            reason.contains("authenticated fail").then_some(())?;
            let code = reason.split_once("Reason:").map(|(_, code)| code.trim());
            let digits =
                code.map(|code| code.trim_end_matches('.')).and_then(|code| code.parse().ok());
            (Some(name.trim().to_owned()), digits)
        }
        Kind::FileNotFound | Kind::NameUnknown => {
            let name = rest.trim_matches(['<', '>', ' ']);
            // Several words are a sentence.
            if name.contains(char::is_whitespace) && !is_timed {
                return None;
            }
            ((!name.is_empty()).then(|| name.to_owned()), None)
        }
        _ if is_timed || rest.is_empty() => (None, None),
        _ => return None,
    };
    // Translated headings of support pages are no messages of a phone.
    let is_translated = !is_timed && *kind != Kind::VerificationFailed && is_foreign(words);
    (!is_translated).then_some((*kind, subject, code))
}

/// Messages that no phone prints in English.
fn is_foreign(words: &str) -> bool {
    words.contains("riuscit") || words.contains("valido")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Reader;

    #[test]
    fn messages_of_a_page_belong_to_its_phone() {
        let mut reader = Reader::default();
        reader.push(
            b"Status messages\n\nCisco IP Phone CP-8845 (SEP682C7B5C2342)\n\n\
              [14:05:42 03/15/21] DNS unknown IPv4 host PUB11.brianw2.lab\n\
              [11:13:25 03/16/21] SEP682C7B5C2342.cnf.xml.sgn(HTTP)\n\
              [11:13:27 03/16/21] LSC: Connection failed\n\
              [11:13:27 03/16/21] Something new\n\
              Something new\n",
        );
        let text = reader.end();
        assert_eq!((text.lines, text.understood()), (9, 6));
        let device = Some("SEP682C7B5C2342".to_owned());
        let found: Vec<_> = text
            .events
            .iter()
            .map(|event| match &event.what {
                What::PhoneStatus(status) => {
                    assert_eq!(status.device, device);
                    (event.line, status.kind, status.subject.as_deref())
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let expected = [
            (3, Kind::Page, Some("CP-8845")),
            (5, Kind::NameUnknown, Some("PUB11.brianw2.lab")),
            (6, Kind::FileTaken, Some("SEP682C7B5C2342.cnf.xml.sgn")),
            (7, Kind::LscConnectionFailed, None),
        ];
        assert_eq!(found, expected);
        let stamp = text.events[1].stamp.unwrap();
        assert_eq!((stamp.year, stamp.date, stamp.seconds), (Some(2021), Some((3, 15)), 50_742));
    }

    #[test]
    fn messages_with_and_without_a_time() {
        let read = |text| {
            let (words, is_timed) = match timed(text) {
                Some((_, words)) => (words, true),
                None => (text, false),
            };
            message(words, is_timed)
        };
        let kind = |text| read(text).map(|(kind, ..)| kind);
        assert_eq!(kind("2:49p Trust List update failed"), Some(Kind::ListUpdateFailed));
        assert_eq!(
            kind("Trust List update failed, verification failure"),
            Some(Kind::VerificationFailed)
        );
        assert_eq!(kind("\u{c9}chec de la v\u{e9}rification"), Some(Kind::VerificationFailed));
        assert_eq!(kind("Verifica non riuscita"), Some(Kind::VerificationFailed));
        assert_eq!(kind("Falha na verifica\u{e7}\u{e3}o"), Some(Kind::VerificationFailed));
        assert_eq!(
            read("invalid file SEP001122334455.cnf.xml.sgn, authenticated fail. Reason:14."),
            Some((Kind::FileRefused, Some("SEP001122334455.cnf.xml.sgn".to_owned()), Some(14)))
        );
        assert_eq!(
            read("File Not Found <CTLFile.tlv>"),
            Some((Kind::FileNotFound, Some("CTLFile.tlv".to_owned()), None))
        );
        for prose in [
            "LSC: Connessione non riuscita",
            "Trust List update failed because of the time.",
            "DNS timeouts",
            "File not found in the folder that you gave",
            "LSC installed on the phone",
            "13:49p TFTP timeout",
        ] {
            assert_eq!(kind(prose), None, "{prose}");
        }
    }

    #[test]
    fn half_days_begin_at_twelve() {
        let seconds = |text| halfday(text).map(|(stamp, _)| stamp.seconds);
        assert_eq!(seconds("12:05a x"), Some(300));
        assert_eq!(seconds("2:49p x"), Some(53_340));
        assert_eq!(seconds("0:10a x"), None);
    }
}
