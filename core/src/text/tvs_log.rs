//! Traces of Cisco Trust Verification Service: what phones asked, what the service found, what it answered (domain.md 2.8).
//!
//! `hh:mm:ss.mmm | debug text`, also with more blanks and with `-->` and `<--` behind the bar; copied from a web page, several entries may
//! stand in one line, and one entry may go on in the next. Messages stand in it as hexadecimal dumps, mostly of their
//! first 50 bytes, and field by field under labels that do not fit: "Version" is the status, "PublicKey" the time for which
//! the phone keeps the answer (formats.md section 8). "Session Id" is always printed as 0; the dumps tell it.

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use super::event::excerpt;
use super::line::{beginning_with, split, trimmed, unindented};
use super::phone_console::device;
use super::word::{Vocabulary, Word};
use super::{Carried, Event, Format, Line, Recognise, Signs, Stamp, Text, What};
use crate::bytes::serial_hex;
use crate::proto::tvs::{self, MessageType};
use crate::x509::Certificate;

/// What a trace of TVS says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TvsSaid {
    /// A phone asked, and the service looked for the certificate.
    Asked(Box<Question>),
    /// The service answered.
    Answered(Answer),
    /// TLS with a phone came up (A59).
    Session {
        /// The phone.
        address: Option<String>,
        /// The cipher suite in OpenSSL's words.
        cipher: Word,
    },
    /// Sessions that phones tried and that the service took (E27).
    Sessions {
        /// Tried.
        attempted: u64,
        /// Taken.
        accepted: u64,
    },
    /// The CTL of the server was read anew.
    ListReloaded,
}

/// What a phone asked, and what the service found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Verification or query.
    pub kind: Option<MessageType>,
    /// Number that the phone chose, from the dump.
    pub session: Option<u32>,
    /// Bytes of the message (E28).
    pub length: Option<u32>,
    /// The device: `SEP001122334455`.
    pub device: Option<String>,
    /// The phone's address.
    pub address: Option<String>,
    /// Subject of the certificate asked about.
    pub subject: Option<Word>,
    /// Its issuer.
    pub issuer: Option<Word>,
    /// Its serial: lower-case hex.
    pub serial: Option<Word>,
    /// Whether it stands in the cache of the database.
    pub in_database: Option<bool>,
    /// Whether it stands in the cache of the CTL, which is searched when the first has nothing.
    pub in_list: Option<bool>,
    /// What comparing it with the one found gave; 0 is equal (A62).
    pub compared: Option<i32>,
    /// Its roles in the store (E33).
    pub roles: Vec<u16>,
}

/// What the service answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Verification or query.
    pub kind: Option<MessageType>,
    /// Number that the phone chose, from the dump.
    pub session: Option<u32>,
    /// Bytes of the message (E28).
    pub length: Option<u32>,
    /// 0: trusted.
    pub status: Option<u8>,
    /// Seconds for which the phone keeps the answer.
    pub time_to_live: Option<u32>,
}

impl Question {
    /// Whether the certificate was found, as far as the trace tells: in one of the two caches, and equal.
    pub fn is_found(&self) -> Option<bool> {
        match (self.in_database, self.in_list, self.compared) {
            (_, _, Some(compared)) if compared != 0 => Some(false),
            (Some(true), _, _) | (_, Some(true), _) | (_, _, Some(0)) => Some(true),
            (Some(false), Some(false), _) => Some(false),
            _ => None,
        }
    }
}

/// Reads traces of TVS.
#[derive(Debug)]
pub struct TvsLog {
    /// There is an entry that the next line may continue.
    is_pending: bool,
    /// Its line and time.
    line: u64,
    stamp: Stamp,
    /// Its text, in memory that is used again, and where its words begin in it.
    pending: String,
    words: usize,
    address: Option<String>,
    open: Option<Open>,
    dump: Option<Dump>,
    handshake: Finder<'static>,
    names: Vocabulary,
}

/// What stands between a phone's address and its cipher suite.
const HANDSHAKE: &str = "tvsSSLHandShake Session ciphers - ";

impl Default for TvsLog {
    fn default() -> Self {
        Self {
            is_pending: false,
            line: 0,
            stamp: Stamp::default(),
            pending: String::new(),
            words: 0,
            address: None,
            open: None,
            dump: None,
            handshake: Finder::new(HANDSHAKE),
            names: Vocabulary::default(),
        }
    }
}

/// A question, or an answer, that is being printed.
#[derive(Debug, Default)]
struct Open {
    question: Option<(Kept, Question)>,
    answer: Option<(Kept, Answer)>,
    /// The certificate was carried out.
    carried: bool,
}

/// Where something stands, and how it reads.
#[derive(Clone, Copy, Debug)]
struct Place<'t> {
    line: u64,
    stamp: Stamp,
    text: &'t str,
}

/// A place whose entry is over; only what an event shows of its text.
#[derive(Debug)]
struct Kept {
    line: u64,
    stamp: Stamp,
    text: Box<str>,
}

impl Place<'_> {
    fn kept(&self) -> Kept {
        Kept { line: self.line, stamp: self.stamp, text: excerpt(self.text).into() }
    }
}

/// A hexadecimal dump, over several entries.
#[derive(Debug)]
struct Dump {
    what: Dumped,
    length: usize,
    bytes: Vec<u8>,
    line: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dumped {
    Question,
    Answer,
    Certificate,
    TimeToLive,
}

/// Bytes that a dump may have: the length of a message has two bytes.
const DUMP: usize = 64 * 1024;

impl Recognise for TvsLog {
    fn format(&self) -> Format {
        Format::TvsLog
    }

    fn signs(&self) -> Signs {
        Signs { beginnings: &["0"], ..Signs::default() }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let own = trimmed(line.text, |byte| matches!(byte, b' ' | b'\t' | b'>' | b'`'));
        let Some((mut stamp, mut words)) = head(own) else { return self.continues(own, text) };
        self.finish(text);
        let mut last = own;
        // Each entry has a bar behind its time.
        if memchr::memchr(b'|', words.as_bytes()).is_some() {
            while let Some((entry, next)) = first(last) {
                if let Some((stamp, words)) = head(entry) {
                    self.tell(line.number, stamp, entry, words, text);
                }
                last = next;
            }
            (stamp, words) = head(last).unwrap_or((stamp, ""));
        }
        self.pending.clear();
        self.pending.push_str(last);
        self.words = last.len().saturating_sub(words.len());
        (self.is_pending, self.line, self.stamp) = (true, line.number, stamp);
        true
    }

    fn is_inside(&self) -> bool {
        self.is_pending
    }

    fn end(&mut self, text: &mut Text) {
        self.finish(text);
        self.close_dump(text);
        self.close(text);
    }
}

impl TvsLog {
    fn continues(&mut self, next: &str, text: &mut Text) -> bool {
        if self.is_pending
            && self.pending.ends_with(['-', ',', ';', ':', '='])
            && next.starts_with(|first: char| first.is_alphanumeric())
        {
            let gap = if self.pending.ends_with(" -") { " " } else { "" };
            self.pending.push_str(gap);
            self.pending.push_str(next);
            return true;
        }
        self.finish(text);
        false
    }

    fn finish(&mut self, text: &mut Text) {
        if !core::mem::take(&mut self.is_pending) {
            return;
        }
        let pending = core::mem::take(&mut self.pending);
        let words = pending.get(self.words..).unwrap_or_default();
        self.tell(self.line, self.stamp, &pending, words, text);
        self.pending = pending;
    }

    fn tell(&mut self, line: u64, stamp: Stamp, entry: &str, words: &str, text: &mut Text) {
        let words = words.trim();
        if let Some(dump) = &mut self.dump {
            if dump.take(words) {
                return;
            }
            self.close_dump(text);
        }
        let words = words.strip_prefix("ERROR:").unwrap_or(words);
        let words = without_connection(words);
        let place = &Place { line, stamp, text: entry };
        if let Some(at) = self.handshake.find(words.as_bytes()) {
            let (before, cipher) = words.split_at_checked(at).unwrap_or_default();
            let before = before.trim_end_matches([':', ' ']);
            let address = Some(match memchr::memchr(b' ', before.as_bytes()) {
                Some(_) => before.replace(" . ", "."),
                None => before.to_owned(),
            });
            let address = address.filter(|address| !address.is_empty());
            self.address.clone_from(&address);
            let cipher = cipher.get(HANDSHAKE.len()..).unwrap_or_default().trim();
            let cipher = self.names.word(cipher);
            event(place, TvsSaid::Session { address, cipher }, text);
            return;
        }
        let mut actions = beginning_with(ACTIONS, words);
        if let Some((rest, action)) =
            actions.find_map(|(begins, action)| Some((words.strip_prefix(begins)?, action)))
        {
            action(self, place, rest, text);
        }
    }

    /// The question that is being printed; a new one when an answer stands behind the last.
    fn question(&mut self, place: &Place<'_>, text: &mut Text) -> &mut Question {
        if self.open.as_ref().is_some_and(|open| open.answer.is_some()) {
            self.close(text);
        }
        let Self { open, address, .. } = self;
        let begin = || {
            let address = address.clone();
            (place.kept(), Question { address, ..Question::default() })
        };
        &mut open.get_or_insert_default().question.get_or_insert_with(begin).1
    }

    fn answer(&mut self, place: &Place<'_>) -> &mut Answer {
        let begin = || (place.kept(), Answer::default());
        &mut self.open.get_or_insert_default().answer.get_or_insert_with(begin).1
    }

    /// What was being printed is complete.
    fn close(&mut self, text: &mut Text) {
        let Some(open) = self.open.take() else { return };
        let mut say = |kept: Kept, said| {
            let Kept { line, stamp, text: shown } = kept;
            text.event(Event { line, stamp: Some(stamp), text: shown, what: What::Tvs(said) });
        };
        if let Some((kept, question)) = open.question {
            say(kept, TvsSaid::Asked(Box::new(question)));
        }
        if let Some((kept, answer)) = open.answer {
            say(kept, TvsSaid::Answered(answer));
        }
    }

    fn begin_dump(&mut self, what: Dumped, rest: &str, line: u64) {
        // A search for words is longer in the making than the line.
        let length = match split(rest, b'=') {
            Some((before, length)) if before.ends_with("Len ") => length,
            Some(_) => rest.split_once("Len =").map_or(rest, |(_, length)| length),
            None => rest,
        };
        let length = length.trim();
        let Some(length) = length.trim_end_matches(':').parse().ok() else { return };
        self.dump = Some(Dump { what, length, bytes: Vec::new(), line });
    }

    /// A dump ends where something else is printed.
    fn close_dump(&mut self, text: &mut Text) {
        let Some(dump) = self.dump.take() else { return };
        let Some(open) = &mut self.open else { return };
        let length = u32::try_from(dump.length).ok();
        match dump.what {
            Dumped::Certificate => {
                if dump.bytes.len() == dump.length {
                    carry(open, dump.bytes, dump.line, text);
                }
            }
            Dumped::TimeToLive => {
                if let (Some((_, answer)), Ok(bytes)) =
                    (&mut open.answer, <[u8; 4]>::try_from(dump.bytes.as_slice()))
                {
                    answer.time_to_live = Some(u32::from_be_bytes(bytes));
                }
            }
            Dumped::Question => {
                let Some((_, question)) = &mut open.question else { return };
                question.length = length;
                let Some(message) = tvs::inspect(&dump.bytes, 0).message else { return };
                question.kind = Some(message.message_type);
                question.session = Some(message.session);
                question.device = message.device.as_deref().and_then(device);
                let names = &mut self.names;
                let mut put = |place: &mut Option<Word>, name: Option<String>| {
                    if let Some(name) = name {
                        *place = Some(names.word(&name));
                    }
                };
                put(&mut question.subject, message.subject);
                put(&mut question.issuer, message.issuer);
                put(&mut question.serial, message.serial);
                if let Some(der) = message.certificate {
                    if let Ok(certificate) = Certificate::parse(&der, 0) {
                        put(&mut question.subject, Some(certificate.subject.to_string()));
                        put(&mut question.serial, Some(serial_hex(&certificate.serial)));
                    }
                    carry(open, der, dump.line, text);
                }
            }
            Dumped::Answer => {
                let Some((_, answer)) = &mut open.answer else { return };
                answer.length = length;
                let Some(message) = tvs::inspect(&dump.bytes, 0).message else { return };
                answer.session = Some(message.session);
                answer.status = message.status.or(answer.status);
                answer.time_to_live = message.time_to_live.or(answer.time_to_live);
                if let Some(der) = message.certificate {
                    carry(open, der, dump.line, text);
                }
            }
        }
    }
}

/// A certificate in a dump becomes an input of its own; once, though it stands there twice.
fn carry(open: &mut Open, der: Vec<u8>, line: u64, text: &mut Text) {
    if !open.carried {
        open.carried = true;
        text.carry(Carried { name: format!("certificate of line {line}"), line, bytes: der });
    }
}

fn event(place: &Place<'_>, said: TvsSaid, text: &mut Text) {
    text.event(Event::new(place.line, Some(place.stamp), place.text, What::Tvs(said)));
}

impl Dump {
    /// Takes an entry that is nothing but bytes.
    fn take(&mut self, words: &str) -> bool {
        let before = self.bytes.len();
        for pair in words.split_ascii_whitespace() {
            let byte = match pair.len() {
                2 => u8::from_str_radix(pair, 16).ok(),
                _ => None,
            };
            match byte {
                Some(byte) if self.bytes.len() < self.length.min(DUMP) => self.bytes.push(byte),
                _ => {
                    self.bytes.truncate(before);
                    return false;
                }
            }
        }
        self.bytes.len() > before
    }
}

type Action = fn(&mut TvsLog, &Place<'_>, &str, &mut Text);

/// Beginnings of entries, sorted by their first byte, and what is done with the rest.
const ACTIONS: &[(&str, Action)] = &[
    ("CertificateCTLCache::getCertificateInformation - ", |log, place, rest, text| {
        log.question_in_place(place, text, |question| {
            found(question, rest, |one| &mut one.in_list);
        });
    }),
    (
        "CertificateCache::localCTLCacheMonitor - CTLFile.tlv has been modified",
        |_, place, _, text| {
            event(place, TvsSaid::ListReloaded, text);
        },
    ),
    ("CertificateDBCache::getCertificateInformation - ", |log, place, rest, text| {
        log.question_in_place(place, text, |question| {
            found(question, rest, |one| &mut one.in_database);
        });
    }),
    ("Cert Type : ", |log, place, rest, _| log.begin_dump(Dumped::Certificate, rest, place.line)),
    ("Incoming Phone Msg: HEX_DUMP:", |log, place, rest, text| {
        log.close(text);
        log.question(place, text);
        log.begin_dump(Dumped::Question, rest, place.line);
    }),
    ("MsgType : ", |log, place, rest, text| {
        let Some(kind) = kind(rest.trim()) else { return };
        if is_request(kind) {
            // Without a dump in front, this is where a question begins.
            let is_next =
                log.open.as_ref().and_then(|open| open.question.as_ref()).is_some_and(
                    |(_, question)| question.kind.is_some() && question.length.is_none(),
                );
            if is_next {
                log.close(text);
            }
            log.question(place, text).kind = Some(kind);
        } else {
            log.answer(place).kind = Some(kind);
        }
    }),
    ("PublicKey : HEX_DUMP:", |log, place, rest, _| {
        log.begin_dump(Dumped::TimeToLive, rest, place.line);
    }),
    ("Sending CERT_VERIFICATION_RES", |log, place, _, _| {
        log.answer(place).kind = Some(MessageType::VerificationResponse);
    }),
    ("Sending QUERY_CERT_RES", |log, place, _, _| {
        log.answer(place).kind = Some(MessageType::QueryResponse);
    }),
    ("Sending TLS Msg .. HEX_DUMP:", |log, place, rest, _| {
        if log.open.as_ref().is_some_and(|open| open.answer.is_some()) {
            log.begin_dump(Dumped::Answer, rest, place.line);
        }
    }),
    ("Total Session attempted = ", |_, place, rest, text| {
        let Some((attempted, accepted)) = rest.split_once(" accepted = ") else { return };
        if let (Ok(attempted), Ok(accepted)) = (attempted.trim().parse(), accepted.trim().parse()) {
            event(place, TvsSaid::Sessions { attempted, accepted }, text);
        }
    }),
    ("Version : ", |log, _, rest, _| {
        if let Some((_, answer)) = log.open.as_mut().and_then(|open| open.answer.as_mut()) {
            answer.status = rest.trim().parse().ok();
        }
    }),
    ("getCertificateInformation(cert) : certificate not found", |log, place, _, text| {
        log.question_in_place(place, text, |question| {
            question.in_database = Some(false);
            question.in_list = Some(false);
        });
    }),
    ("ipAddrStr (Phone) ", |log, _, rest, _| {
        log.address = rest.split_ascii_whitespace().next().map(str::to_owned);
    }),
    ("tvsGetIssuerNameFromX509 - issuerName : ", |log, place, rest, text| {
        let issuer = rest.rsplit_once(" and Length:").map_or(rest, |(issuer, _)| issuer);
        let issuer = log.names.word(issuer.trim());
        log.question_in_place(place, text, |question| {
            question.issuer.get_or_insert(issuer);
        });
    }),
    ("tvsHandleQueryCertReq : Issuer Name is: ", |log, place, rest, text| {
        let issuer = log.names.word(rest.trim());
        log.question(place, text).issuer = Some(issuer);
    }),
    ("tvsHandleQueryCertReq : Serial Number is: ", |log, place, rest, text| {
        let serial = log.names.word(&serial(rest));
        log.question(place, text).serial = Some(serial);
    }),
    ("tvsHandleQueryCertReq : Subject Name is: ", |log, place, rest, text| {
        let subject = log.names.word(rest.trim());
        log.question(place, text).subject = Some(subject);
    }),
];

impl TvsLog {
    /// What is said of a question before its answer; a look-up that nobody asked for begins none.
    fn question_in_place(
        &mut self,
        place: &Place<'_>,
        text: &mut Text,
        change: impl FnOnce(&mut Question),
    ) {
        let is_answered = self.open.as_ref().is_none_or(|open| open.answer.is_some());
        if !is_answered {
            change(self.question(place, text));
        }
    }
}

/// What a cache says.
fn found(question: &mut Question, rest: &str, cache: fn(&mut Question) -> &mut Option<bool>) {
    if rest.starts_with("Found entry") || rest.starts_with("Certificate found and equal") {
        *cache(question) = Some(true);
    } else if rest.starts_with("Cannot find the certificate in the cache") {
        *cache(question) = Some(false);
    } else if let Some(value) = rest.strip_prefix("Certificate compare return =") {
        question.compared = value.trim().parse().ok();
    } else if let Some(role) = rest.strip_prefix("{role : ").and_then(|rest| rest.strip_suffix('}'))
        && let Ok(role) = role.trim().parse()
        && question.roles.len() < ROLES
    {
        question.roles.push(role);
    }
}

/// Roles of one certificate: trust lists know about ten.
const ROLES: usize = 32;

/// Lower-case hex without zeros in front, as everywhere.
fn serial(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).take(128).collect();
    let digits = digits.to_ascii_lowercase();
    let trimmed = digits.trim_start_matches('0');
    if trimmed.len().is_multiple_of(2) { trimmed.to_owned() } else { format!("0{trimmed}") }
}

fn kind(name: &str) -> Option<MessageType> {
    (1..=4).filter_map(MessageType::from_code).find(|kind| kind.name() == name)
}

fn is_request(kind: MessageType) -> bool {
    matches!(kind, MessageType::VerificationRequest | MessageType::QueryRequest)
}

/// Whether a line begins an entry, at its very beginning.
pub(super) fn begins(text: &str) -> bool {
    head(text).is_some()
}

/// The time and the text of an entry that stands at the very beginning of `text`, to its end.
fn head(text: &str) -> Option<(Stamp, &str)> {
    let (stamp, rest) = Stamp::clock(text)?;
    let fraction = text.len().saturating_sub(rest.len());
    let rest = unindented(rest).strip_prefix('|')?;
    let signs = |byte: &u8| matches!(byte, b' ' | b'-' | b'<' | b'>' | b'|');
    let signs = rest.bytes().take_while(signs).count();
    let words = rest.get(signs..)?.strip_prefix("debug")?;
    // A word that begins with it is another.
    let is_word = words.is_empty() || words.starts_with(' ');
    (is_word && fraction > "hh:mm:ss.".len()).then_some((stamp, words))
}

/// The first of several entries that stand in a line that begins with one, and the line from the next one on.
fn first(line: &str) -> Option<(&str, &str)> {
    memchr::memchr_iter(b' ', line.as_bytes()).find_map(|space| {
        let next = line.get(space + 1..)?;
        head(next).map(|_| (line.get(..space).unwrap_or_default(), next))
    })
}

/// Leaves out `8:UNKNOWN:`, the connection.
fn without_connection(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let inside = || {
        let (name, rest) = text.get(digits..)?.strip_prefix(':')?.split_once(':')?;
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (digits > 0 && is_name).then_some(rest)
    };
    inside().unwrap_or(text).trim_start()
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

    fn said(text: &Text) -> Vec<(u64, &TvsSaid)> {
        text.events
            .iter()
            .map(|event| match &event.what {
                What::Tvs(said) => (event.line, said),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn beginnings_are_sorted() {
        assert!(ACTIONS.is_sorted_by_key(|(begins, _)| begins.as_bytes()[0]));
    }

    #[test]
    fn a_verification_that_succeeds() {
        let text = read(
            "15:21:01.954 | debug 14 . 48 . 44 . 202: tvsSSLHandShake Session ciphers - AES256-SHA\n\
             15:21:02.010 | debug MsgType : TVS_MSG_CERT_VERIFICATION_REQ\n\
             15:21:02.011 | debug tvsGetIssuerNameFromX509 - issuerName : CN=CUCM8-\n\
             Publisher.bbbburns.lab;OU=TAC and Length: 75\n\
             15:21:02.011 | debug CertificateDBCache::getCertificateInformation -\n\
             Certificate compare return =0\n\
             15:21:02.011 | debug CertificateDBCache::getCertificateInformation -\n\
             Certificate found and equal\n\
             15:21:02.011 | debug MsgType : TVS_MSG_CERT_VERIFICATION_RES\n",
        );
        assert_eq!((text.lines, text.understood()), (9, 9));
        let found = said(&text);
        let [
            (1, TvsSaid::Session { address, cipher }),
            (2, TvsSaid::Asked(question)),
            (9, TvsSaid::Answered(answer)),
        ] = found.as_slice()
        else {
            panic!("{found:?}")
        };
        assert_eq!((address.as_deref(), &**cipher), (Some("14.48.44.202"), "AES256-SHA"));
        assert_eq!(question.kind, Some(MessageType::VerificationRequest));
        assert_eq!(question.issuer.as_deref(), Some("CN=CUCM8-Publisher.bbbburns.lab;OU=TAC"));
        assert_eq!((question.compared, question.is_found()), (Some(0), Some(true)));
        assert_eq!((answer.kind, answer.status), (Some(MessageType::VerificationResponse), None));
    }

    #[test]
    fn labels_that_lie_are_translated() {
        let text = read(
            "18:01:06.345 | debug 8:UNKNOWN:Incoming Phone Msg: HEX_DUMP: Len = 153: 18:01:06.345 | debug 57 01 03 00 00 00 03 e9 \
             18:01:06.345 | debug 00 8f 01 00 18 01 43 50 18:01:06.345 | debug 2d 38 38 36 31 2d 53 45 18:01:06.345 | debug 50 42 30 30 30 42 34 42 \
             18:01:06.345 | debug 41 30 41 45 45 03 00 42 18:01:06.345 | debug tvsHandleQueryCertReq : Serial Number is: 0024000000179479B8\n\
             18:01:06.346 |-->debug 8:UNKNOWN:Sending QUERY_CERT_RES msg\n\
             18:01:06.346 |   debug Version : 1\n\
             18:01:06.346 | debug PublicKey : HEX_DUMP: Len = 4:\n\
             18:01:06.347 | debug 00 01 51 80\n",
        );
        let found = said(&text);
        let [(1, TvsSaid::Asked(question)), (2, TvsSaid::Answered(answer))] = found.as_slice()
        else {
            panic!("{found:?}")
        };
        assert_eq!(question.device.as_deref(), Some("SEPB000B4BA0AEE"));
        assert_eq!((question.session, question.length), (Some(1001), Some(153)));
        assert_eq!(question.serial.as_deref(), Some("24000000179479b8"));
        assert_eq!((answer.status, answer.time_to_live), (Some(1), Some(86_400)));
    }

    #[test]
    fn a_miss_in_one_cache_and_a_hit_in_the_other_is_found() {
        let question =
            |in_database, in_list| Question { in_database, in_list, ..Question::default() };
        assert_eq!(question(Some(false), Some(true)).is_found(), Some(true));
        assert_eq!(question(Some(false), Some(false)).is_found(), Some(false));
        assert_eq!(question(Some(false), None).is_found(), None);
    }
}
