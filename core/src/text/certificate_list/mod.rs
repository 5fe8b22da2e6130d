//! What CUCM says of the certificates in its stores: the certificate list of OS Administration (copied with tabs or
//! blanks, or as CSV), `show cert list own|trust`, the text of one certificate, and `run sql` on the table of
//! certificates. Also what `utils itl reset`, `utils ctl update` and the CTL client answer (A63, A82, A88, C43, C44, E7 to E12).

mod database;

use serde::{Deserialize, Serialize};

use crate::bytes::serial_hex;
use crate::limits;
use crate::names::misread;
use crate::text::wrap::{begins, is_any_terminal, is_terminal};
use crate::text::{Format, Line, Recognise, Signs, Text};
use crate::time::UnixTime;

/// What CUCM says of the certificates of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateLists {
    /// Rows of lists, in the order of the text.
    pub listed: Vec<Listed>,
    /// Certificates shown in full text.
    pub shown: Vec<Shown>,
    /// Rows of the database.
    pub stored: Vec<Stored>,
    /// What commands about trust lists answered.
    pub answers: Vec<(Answer, u64)>,
    /// The node that the page was opened on, by its address in the browser.
    pub node: Option<String>,
    /// "Certificate List (1 - 50 of 73)": last shown, all, line.
    pub part: Option<(u64, u64, u64)>,
}

/// One row of a certificate list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The line.
    pub line: u64,
    /// The store, as CUCM writes it: `CallManager`, `CallManager-trust`, `Phone-SAST-trust`.
    pub store: String,
    /// Common name, without the serial that newer releases append to it; the file's name where only that is shown.
    pub common_name: String,
    /// Serial, where it is shown.
    pub serial: Option<String>,
    /// `Self-signed`: true; `CA-signed`: false.
    pub is_self_signed: Option<bool>,
    /// `RSA`, `EC`.
    pub key: Option<String>,
    /// The node whose certificate it is, or that holds it.
    pub distribution: Option<String>,
    /// Common name of the issuer.
    pub issued_by: Option<String>,
    /// The day on which it expires.
    pub expires: Option<UnixTime>,
}

/// A certificate in text, as OS Administration and `show cert` print it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The line of its serial.
    pub line: u64,
    /// The store or file that it was shown of.
    pub store: Option<String>,
    /// Serial as printed: hexadecimal, or decimal in old releases.
    pub serial: String,
    /// Issuer as printed.
    pub issuer: String,
    /// Subject as printed.
    pub subject: String,
}

/// A row of the database's table of certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The line.
    pub line: u64,
    /// Subject.
    pub subject: String,
    /// Serial as printed.
    pub serial: String,
    /// `Authentication and Authorization`, `TFTP`; empty where it was not asked for.
    pub role: String,
}

/// What commands about trust lists, and the CTL client, answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Answer {
    /// "Unable to determine the active and running TFTP nodes in the cluster" (C43).
    NoTftpNodes,
    /// "chmod: changing permissions of" (C44).
    Permissions,
    /// "Executed command unsuccessfully".
    Unsuccessful,
    /// "The Security Token you have inserted does not exist in the CTL File".
    UnknownToken,
    /// "No CTL File exists on the server but the Call Manager Cluster Security Mode is in Secure Mode."
    NoCtl,
    /// "CTL file Updated", and what is to be done then.
    Updated,
}

/// Stores of CUCM, Unity Connection and IM and Presence, without `-trust` and `-ECDSA`.
const STORES: [&str; 18] = [
    "CallManager",
    "CAPF",
    "CUCM-trust",
    "ITLRecovery",
    "Phone-CTL-ASA",
    "Phone-CTL",
    "Phone-Edge",
    "Phone-SAST",
    "Phone-VPN",
    "Phone-trust",
    "TVS",
    "authz",
    "cup",
    "cup-xmpp",
    "cup-xmpp-s2s",
    "directory",
    "ipsec",
    "tomcat",
];

/// The store that a word names, in CUCM's spelling.
pub fn store(word: &str) -> Option<String> {
    let word = word.trim().trim_end_matches(".pem");
    if word.len() > 40 || !word.is_ascii() {
        return None;
    }
    // A letter may have been misread, but not where the word is a store as it stands.
    let same = [str::eq_ignore_ascii_case, misread::may_be];
    same.into_iter().find_map(|same| store_as(word, same))
}

/// The store that a word names, by the comparison that is given.
fn store_as(word: &str, same: fn(&str, &str) -> bool) -> Option<String> {
    let without = |name: &'_ str, end: &str| -> Option<usize> {
        let at = name.len().checked_sub(end.len())?;
        name.get(at..).filter(|found| same(found, end)).map(|_| at)
    };
    let trust = without(word, "-trust");
    let name = word.get(..trust.unwrap_or(word.len()))?;
    let ec = without(name, "-ECDSA");
    let name = name.get(..ec.unwrap_or(name.len()))?;
    let known = STORES.iter().find(|known| same(known, name))?;
    let (is_ec, is_trust) = (ec.is_some(), trust.is_some());
    let end = match (is_ec, is_trust) {
        (true, true) => "-ECDSA-trust",
        (true, false) => "-ECDSA",
        (false, true) => "-trust",
        (false, false) => "",
    };
    Some(format!("{known}{end}"))
}

impl Listed {
    /// It stands in a store of trusted certificates, not of the node's own.
    pub fn is_trust(&self) -> bool {
        self.store.ends_with("-trust")
    }
}

/// Is a printed serial that of these bytes? Plain and colon hexadecimal in any case, leading zeros or not, decimal, and the
/// low 32 bits as a signed decimal number (domain.md 0.2).
pub fn is_serial(printed: &str, serial: &[u8]) -> bool {
    let folded: String =
        printed.chars().filter(|character| !matches!(character, ':' | ' ')).collect();
    let folded = folded.to_ascii_lowercase();
    let folded = folded.strip_prefix("0x").unwrap_or(&folded);
    let digits = |text: &str| text.trim_start_matches('0').to_owned();
    if folded.is_empty() || serial.is_empty() {
        return false;
    }
    if serial_key(folded) == serial_key(&serial_hex(serial)) {
        return true;
    }
    if let Some(negative) = folded.strip_prefix('-') {
        let low =
            serial.iter().rev().take(4).rev().fold(0_u32, |low, byte| low << 8 | u32::from(*byte));
        return i64::from(low) - (1 << 32) == negative.parse::<i64>().map_or(0, |value| -value);
    }
    folded.bytes().all(|byte| byte.is_ascii_digit()) && digits(folded) == decimal(serial)
}

/// What a printed serial looks like where spelling is left out: plain lower-case digits without zeros in front. A decimal serial
/// stays decimal.
pub fn serial_digits(printed: &str) -> String {
    let kept = printed.chars().filter(|character| !matches!(character, ':' | ' '));
    let folded: String = kept.map(misread::hex_digit).collect::<String>().to_ascii_lowercase();
    folded.strip_prefix("0x").unwrap_or(&folded).trim_start_matches('0').to_owned()
}

/// Digits of a serial that are too many to be those of another one but for misread letters.
const LONG_SERIAL: usize = 16;

/// What a printed serial is compared by: its digits; of a long one what they look like.
pub fn serial_key(printed: &str) -> String {
    let digits = serial_digits(printed);
    if digits.len() < LONG_SERIAL { digits } else { misread::shapes(&digits) }
}

/// Decimal digits of a number of bytes, big-endian; of the first 64 at most.
pub fn decimal(bytes: &[u8]) -> String {
    // Nine decimal digits in each place, the lowest first.
    let mut places: Vec<u64> = vec![0];
    for byte in bytes.iter().take(64) {
        let mut carry = u64::from(*byte);
        for place in &mut places {
            let value = *place * 256 + carry;
            *place = value % 1_000_000_000;
            carry = value / 1_000_000_000;
        }
        if carry > 0 {
            places.push(carry);
        }
    }
    let text: String = places.iter().rev().map(|place| format!("{place:09}")).collect();
    text.trim_start_matches('0').to_owned()
}

/// Recognises the lines.
#[derive(Debug, Default)]
pub(super) struct CertificateLines {
    /// `show cert own CAPF`, or the title of a page: what the next certificate in text is of.
    subject_of: Option<String>,
    /// A certificate in text that goes on.
    shown: Option<Shown>,
    /// An answer of the database that goes on.
    answer: Option<database::Answer>,
    /// The last line was one of a list.
    is_list: bool,
    /// What a mail program or a terminal may have broken at the end of the last line.
    broken: Option<Broken>,
}

/// What may go on in the next line.
#[derive(Debug)]
enum Broken {
    /// The title of a list, and whether it has as many columns as a terminal.
    Title(bool),
    /// A row that has no day yet.
    Row(Pieces),
    /// A row that was told; its description goes on.
    Description(Pieces),
}

/// What there is of something that was broken.
#[derive(Debug)]
struct Pieces {
    /// Number of its first line.
    line: u64,
    /// Its lines, joined.
    text: String,
    /// How many there are.
    count: u64,
    /// The last one has as many columns as a terminal.
    is_hard: bool,
    /// Blanks in front of the first.
    indent: usize,
}

impl Pieces {
    fn new(line: &Line<'_>) -> Self {
        let text = line.text.trim_start();
        let indent = line.text.len().saturating_sub(text.len());
        Self {
            line: line.number,
            text: text.to_owned(),
            count: 1,
            is_hard: is_any_terminal(text),
            indent,
        }
    }

    /// With the next line, unless that is longer than any piece, or there are too many.
    fn and(mut self, next: &Line<'_>) -> Option<Self> {
        self.count = self.count.saturating_add(1);
        if self.count > limits::TEXT_ROW_PIECES || next.text.len() > limits::TEXT_EXCERPT {
            return None;
        }
        let own = next.text.trim_start();
        let blanks = next.text.len().saturating_sub(own.len());
        let next = next.text.get(blanks.min(self.indent)..).unwrap_or_default();
        if self.is_hard {
            self.text.push_str(next);
        } else {
            // Cells that were apart stay apart.
            let gap = if self.text.contains('\t') { "\t" } else { " " };
            self.text.truncate(self.text.trim_end().len());
            self.text.push_str(gap);
            self.text.push_str(own);
        }
        self.is_hard = is_any_terminal(next);
        Some(self)
    }
}

/// In front of the serial of a certificate in text.
const SERIAL: &str = "Serial Number: ";

impl Recognise for CertificateLines {
    fn format(&self) -> Format {
        Format::CertificateList
    }

    fn signs(&self) -> Signs {
        Signs {
            // The stores, with which rows begin, and the lines around them.
            beginnings: &[
                "ca",
                "cu",
                "it",
                "ph",
                "tv",
                "au",
                "di",
                "ip",
                "to",
                "ct",
                "no",
                "pl",
                "th",
                "certificate",
                "file name",
                "admin:",
                "show cert",
            ],
            marks: &[
                "serialnumber",
                "subjectname",
                SERIAL,
                "/cmplatform/certificate",
                "Unable to determine the active",
                "chmod: changing permissions of",
                "Executed command unsuccessfully",
            ],
            ..Signs::default()
        }
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let trimmed = line.text.trim();
        if trimmed.is_empty() {
            let lists = &mut text.certificate_lists;
            if let Some(answer) = &mut self.answer {
                answer.goes_on_behind_nothing(lists);
            }
            (self.broken, self.is_list) = (None, false);
            return false;
        }
        let lists = &mut text.certificate_lists;
        if let Some(broken) = self.broken.take()
            && !begins_row(trimmed)
            && !begins(line.text)
            && self.goes_on(broken, line, lists)
        {
            return true;
        }
        let was_list = core::mem::take(&mut self.is_list);
        self.database(line, lists)
            || self.certificate(line.number, trimmed, lists)
            || answers(line.number, trimmed, lists)
            || self.listed(line.number, trimmed, lists)
            || self.breaks(line, was_list)
    }

    fn is_inside(&self) -> bool {
        self.shown.is_some() || self.answer.is_some() || self.broken.is_some()
    }

    fn is_listening(&self) -> bool {
        // Any line that is none of the list's ends it.
        self.is_inside() || self.is_list
    }

    fn end(&mut self, text: &mut Text) {
        self.end_answer(&mut text.certificate_lists);
        self.finish(&mut text.certificate_lists);
    }
}

fn answers(number: u64, line: &str, lists: &mut CertificateLists) -> bool {
    let mut found = false;
    for (sentence, answer) in [
        (
            "Unable to determine the active and running TFTP nodes in the cluster",
            Answer::NoTftpNodes,
        ),
        ("chmod: changing permissions of", Answer::Permissions),
        ("Executed command unsuccessfully", Answer::Unsuccessful),
    ] {
        // Any command may end without success.
        let is_alone = answer == Answer::Unsuccessful && lists.answers.is_empty();
        if !is_alone
            && memchr::memmem::find(line.as_bytes(), sentence.as_bytes()).is_some()
            && lists.answers.len() < limits::TEXT_CERTIFICATES
        {
            lists.answers.push((answer, number));
            found = true;
        }
    }
    // These stand alone in their lines.
    for (beginning, answer) in [
        ("The Security Token you have inserted does not exist in the CTL", Answer::UnknownToken),
        ("No CTL File exists on the server", Answer::NoCtl),
        ("CTL file Updated", Answer::Updated),
        ("Please Restart the TFTP and Cisco CallManager services", Answer::Updated),
    ] {
        if line.starts_with(beginning) && lists.answers.len() < limits::TEXT_CERTIFICATES {
            lists.answers.push((answer, number));
            found = true;
        }
    }
    found
}

impl CertificateLines {
    fn tell(&mut self, listed: Listed, lists: &mut CertificateLists) {
        self.is_list = true;
        if lists.listed.len() < limits::TEXT_CERTIFICATES {
            lists.listed.push(listed);
        }
    }

    /// Waits for the rest of a row's description, where there may be more.
    fn describe(&mut self, row: Pieces) {
        // A whole row may well have as many columns as a wide terminal.
        let is_broken = row.is_hard && (row.count > 1 || is_terminal(&row.text));
        if is_broken || is_open(&row.text) {
            self.broken = Some(Broken::Description(row));
        }
    }

    /// A line that a row begins with, and that ends in front of its day.
    fn breaks(&mut self, line: &Line<'_>, was_list: bool) -> bool {
        let is_row = begins_row(line.text.trim())
            && line.text.len() <= limits::TEXT_EXCERPT
            && (was_list || line.text.split([' ', '\t', ',', ';', '"']).any(is_kind));
        if is_row {
            (self.is_list, self.broken) = (was_list, Some(Broken::Row(Pieces::new(line))));
        }
        is_row
    }

    /// Takes a line that may be the next piece of what was broken.
    fn goes_on(&mut self, broken: Broken, line: &Line<'_>, lists: &mut CertificateLists) -> bool {
        match broken {
            Broken::Title(is_hard) => {
                let mut words = line.text.trim().split([' ', '\t', ',', ';', '"']);
                is_hard || words.all(|word| word.is_empty() || TITLE.contains(&word))
            }
            Broken::Row(pieces) => {
                let Some(pieces) = pieces.and(line) else { return false };
                if let Some(listed) = row(pieces.line, pieces.text.trim_end()) {
                    self.tell(listed, lists);
                    self.describe(pieces);
                    return true;
                }
                self.broken = Some(Broken::Row(pieces));
                self.is_list
            }
            Broken::Description(pieces) => {
                // Words that a terminal broke say nothing by themselves.
                let was_hard = pieces.is_hard;
                let Some(pieces) = pieces.and(line) else { return false };
                let is_own = was_hard || description(&pieces.text).is_some_and(is_known);
                if is_own {
                    self.is_list = true;
                    self.describe(pieces);
                }
                is_own
            }
        }
    }

    /// Rows of a list, and the lines around it.
    fn listed(&mut self, number: u64, line: &str, lists: &mut CertificateLists) -> bool {
        // Every row names a store or a file of one; nearly every other line of a log does neither.
        if let Some(listed) = row(number, line) {
            self.tell(listed, lists);
            self.describe(Pieces::new(&Line { number, text: line, is_cut: false }));
            return true;
        }
        if let Some(rest) = line.strip_prefix("Certificate List (") {
            let mut words = rest.split([' ', ')']);
            if let (Some(_), Some("-"), Some(last), Some("of"), Some(all)) =
                (words.next(), words.next(), words.next(), words.next(), words.next())
                && let (Ok(last), Ok(all)) = (last.parse(), all.parse())
            {
                lists.part = Some((last, all, number));
                return true;
            }
        }
        if let Some((before, rest)) = line.split_once("/cmplatform/certificate") {
            let host = before.rsplit("//").next().unwrap_or_default();
            let host = host.split(':').next().unwrap_or_default();
            if rest.starts_with("FindList") && !host.is_empty() && !host.contains(' ') {
                lists.node = Some(host.to_owned());
                return true;
            }
        }
        let is_title = line.trim_start_matches('"').starts_with("Certificate")
            && line.contains("Common Name")
            && ["Key Type", "Distribution", "Expiration"].iter().any(|one| line.contains(one));
        if is_title {
            (self.is_list, self.broken) = (true, Some(Broken::Title(is_terminal(line))));
            return true;
        }
        // `admin:show cert own CAPF`
        if let Some(rest) =
            line.trim_start_matches("admin:").trim_start().strip_prefix("show cert own ")
        {
            self.subject_of = store(rest);
            return self.subject_of.is_some();
        }
        if let Some(rest) =
            line.strip_prefix("File Name").or_else(|| line.strip_prefix("Certificate Purpose"))
        {
            self.subject_of = store(rest.trim_start_matches([':', ' ', '\t']));
            return self.subject_of.is_some();
        }
        false
    }

    /// Lines of a certificate in text. Old pages put them all in one.
    fn certificate(&mut self, number: u64, line: &str, lists: &mut CertificateLists) -> bool {
        let after = |name: &str| {
            let at = memchr::memmem::find(line.as_bytes(), name.as_bytes())?;
            line.get(at.saturating_add(name.len())..)
        };
        if let Some(rest) = after(SERIAL) {
            let serial = rest.split_ascii_whitespace().next().unwrap_or_default();
            if serial.len() < 4
                || !serial.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
            {
                return false;
            }
            self.finish(lists);
            self.shown = Some(Shown {
                line: number,
                store: self.subject_of.take(),
                serial: serial.to_owned(),
                ..Shown::default()
            });
        }
        let Some(shown) = &mut self.shown else { return false };
        let mut taken = after(SERIAL).is_some();
        let until = |rest: &str, ends: &[&str]| {
            let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default().trim().to_owned()
        };
        if let Some(rest) = after("Issuer Name: ") {
            shown.issuer = until(rest, &["Validity From", "Subject Name"]);
            taken = true;
        }
        if let Some(rest) = after("Subject Name: ") {
            shown.subject = until(rest, &["Key: ", "Key value"]);
            self.finish(lists);
            return true;
        }
        taken
            || ["Version: ", "SignatureAlgorithm", "Validity From", "To: "]
                .iter()
                .any(|start| line.starts_with(start))
    }

    fn finish(&mut self, lists: &mut CertificateLists) {
        if let Some(shown) =
            self.shown.take().filter(|_| lists.shown.len() < limits::TEXT_CERTIFICATES)
        {
            lists.shown.push(shown);
        }
    }

    /// `run sql`.
    fn database(&mut self, line: &Line<'_>, lists: &mut CertificateLists) -> bool {
        self.answer.take_if(|answer| !answer.goes_on(line, lists));
        if self.answer.is_none() {
            self.answer = database::Answer::begin(line.text);
        }
        self.answer.is_some()
    }

    fn end_answer(&mut self, lists: &mut CertificateLists) {
        if let Some(answer) = self.answer.take() {
            answer.end(lists);
        }
    }
}

/// The words of a list's title.
const TITLE: [&str; 12] = [
    "Certificate",
    "Common",
    "Name",
    "Usage",
    "Type",
    "Key",
    "Distribution",
    "Issued",
    "By",
    "Expiration",
    "Description",
    "Name/Common",
];

/// Descriptions that CUCM writes itself.
const DESCRIPTIONS: [&str; 5] = [
    "Self-signed certificate generated by system",
    "Certificate Signed by ",
    "Signed Certificate",
    "Trust Certificate",
    "This certificate was used to sign the MIC installed on Cisco endpoint.",
];

/// The end of the longest of them.
const LAST_WORD: &str = "profile.";

/// What stands behind the day of a row.
fn description(row: &str) -> Option<&str> {
    let word = row.split([' ', '\t']).find(|word| day(word).is_some())?;
    Some(row.split_once(word)?.1.trim())
}

/// It is, or may become, a description of CUCM's own.
fn is_known(description: &str) -> bool {
    DESCRIPTIONS
        .iter()
        .any(|known| known.starts_with(description) || description.starts_with(known))
}

/// The description of a row may go on in the next line.
fn is_open(row: &str) -> bool {
    description(row).is_some_and(|own| {
        let [.., longest] = DESCRIPTIONS;
        DESCRIPTIONS.iter().any(|known| known.len() > own.len() && known.starts_with(own))
            || own.starts_with(longest) && !own.ends_with(LAST_WORD)
    })
}

/// The line begins with a store and something behind it, as every row does; a name that had no room may stand in the next line.
fn begins_row(line: &str) -> bool {
    let line = line.trim_start_matches('"');
    match line.split_once([' ', '\t', ',', ';', '/', '"']) {
        Some((first, rest)) => store(first).is_some() && !rest.trim().is_empty(),
        None => store(line).is_some_and(|store| store.ends_with("-trust")),
    }
}

/// A row of a list.
fn row(number: u64, line: &str) -> Option<Listed> {
    // Every row begins with a store; hardly any line of a log does.
    store(line.trim_start_matches('"').split([' ', '\t', ',', ';', '/', '"']).next()?)?;
    if line.len() > 2048 {
        return None;
    }
    command_row(number, line).or_else(|| page_row(number, line))
}

/// `CallManager-trust/CAP-RTP-001.pem: Trust Certificate`
fn command_row(number: u64, line: &str) -> Option<Listed> {
    let (name, rest) = line.split_once('/')?;
    let store = store(name).filter(|_| !name.contains(' '))?;
    let (file, description) = rest.split_once(".pem:")?;
    let (common_name, serial) = name_and_serial(file);
    Some(Listed {
        line: number,
        store,
        common_name,
        serial,
        is_self_signed: description.contains("Self-signed").then_some(true),
        key: None,
        distribution: None,
        issued_by: None,
        expires: None,
    })
}

/// A row of the page: the store, the common name, perhaps its usage, the type, the key, the node, the issuer, the day.
fn page_row(number: u64, line: &str) -> Option<Listed> {
    // What a page underlines keeps its marks where a converter wrote the text.
    let line = line.replace("<u>", "").replace("</u>", "");
    let mut cells = cells(&line);
    if cells.first().is_none_or(|first| store(first).is_none()) {
        // Tabs that a converter put anywhere.
        cells = line.split_ascii_whitespace().map(str::to_owned).collect();
    }
    let (first, rest) = cells.split_first()?;
    let store = store(first)?;
    let at = rest.iter().position(|cell| is_kind(cell))?;
    let (before, behind) = rest.split_at_checked(at)?;
    let (kind, behind) = behind.split_first()?;
    let name: Vec<&str> = before
        .iter()
        .map(String::as_str)
        .filter(|cell| !matches!(*cell, "Identity" | "Trust"))
        .collect();
    let is_old = kind.eq_ignore_ascii_case("certs") || kind.eq_ignore_ascii_case("trust-certs");
    let (key, behind) = match behind.split_first() {
        Some((key, rest)) => match KEYS.iter().find(|known| misread::may_be(known, key)) {
            Some(known) => (Some((*known).to_owned()), rest),
            None => (None, behind),
        },
        None => (None, behind),
    };
    let day = behind.iter().position(|cell| day(cell).is_some());
    if day.is_none() && !is_old {
        return None;
    }
    let between = day.and_then(|at| behind.get(..at)).unwrap_or_default();
    let (distribution, issued_by) = match between.split_first() {
        Some((node, issuer)) => (Some(node.clone()), Some(issuer.join(" "))),
        None => (None, None),
    };
    // Old releases show the names of two files behind the kind.
    let name = if is_old { behind.first().cloned().unwrap_or_default() } else { name.join(" ") };
    let (common_name, serial) = name_and_serial(name.trim_end_matches(".pem"));
    Some(Listed {
        line: number,
        store,
        common_name,
        serial,
        is_self_signed: [("Self-signed", true), ("CA-signed", false)]
            .into_iter()
            .find_map(|(known, is_self)| misread::may_be(known, kind).then_some(is_self)),
        key,
        distribution: distribution.filter(|_| !is_old),
        issued_by: issued_by.filter(|issuer| !issuer.is_empty()),
        expires: day.and_then(|at| behind.get(at)).and_then(|cell| self::day(cell)),
    })
}

/// Types of keys.
const KEYS: [&str; 3] = ["RSA", "EC", "DSA"];

/// How a certificate came to be, or old releases' kind of store.
fn is_kind(cell: &str) -> bool {
    let known = ["Self-signed", "CA-signed", "trust-certs", "certs"];
    known.iter().any(|known| misread::may_be(known, cell))
}

/// The cells of a row: by tabs, by commas or semicolons (quotes around a cell), by two blanks, or by one.
fn cells(line: &str) -> Vec<String> {
    let clean = |cell: &str| cell.trim().trim_matches('"').trim().to_owned();
    let parts: Vec<String> = if line.contains('\t') {
        line.split('\t').map(clean).collect()
    } else if let Some(separator) =
        [',', ';'].into_iter().find(|one| line.matches(*one).count() >= 4)
    {
        csv(line, separator)
    } else if line.contains("  ") {
        line.split("  ").map(clean).collect()
    } else {
        line.split(' ').map(clean).collect()
    };
    parts.into_iter().filter(|cell| !cell.is_empty()).collect()
}

fn csv(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            _ if character == separator && !quoted => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(character);
                }
            }
        }
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// `CAP-RTP-002_7612f960153d6f9f4e42202032b72356`: newer releases append the serial.
fn name_and_serial(name: &str) -> (String, Option<String>) {
    let name = name.trim();
    if let Some((before, serial)) = name.rsplit_once('_')
        && is_serial_end(serial)
    {
        let digits: String = serial.chars().map(misread::hex_digit).collect();
        return (before.to_owned(), Some(digits.to_ascii_lowercase()));
    }
    (name.to_owned(), None)
}

/// A serial behind a name: hexadecimal digits; of many, some may be misread.
fn is_serial_end(serial: &str) -> bool {
    let is_digit = |character: char| misread::hex_digit(character).is_ascii_hexdigit();
    let decimal = serial.bytes().filter(u8::is_ascii_digit).count();
    serial.len() >= 8 && serial.bytes().all(|byte| byte.is_ascii_hexdigit())
        || serial.len() >= LONG_SERIAL
            && decimal * 4 >= serial.len()
            && serial.chars().all(is_digit)
}

/// `11/20/2021`, month first, or `2021-11-20`.
fn day(cell: &str) -> Option<UnixTime> {
    let parts: Vec<&str> = cell.split(['/', '-']).collect();
    let number =
        |part: &&str| part.chars().map(misread::hex_digit).collect::<String>().parse().ok();
    let numbers: Vec<u32> = parts.iter().filter_map(number).collect();
    let (year, month, day) = match (numbers.as_slice(), parts.len()) {
        ([month, day, year], 3) if *year > 1900 => (*year, *month, *day),
        ([year, month, day], 3) if *year > 1900 => (*year, *month, *day),
        _ => return None,
    };
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    UnixTime::from_parts(i64::from(year), month, day, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_compared_however_they_are_printed() {
        let serial = [0x21, 0, 0x2d, 0x17, 0, 0, 0, 0, 0, 5];
        for printed in [
            "21:00:2D:17:00:00:00:00:00:05",
            "21002d17000000000005",
            "0021002D17000000000005",
            "155841343000354463154181",
        ] {
            assert!(is_serial(printed, &serial), "{printed}");
        }
        assert!(is_serial("-626635388", &[0x2e, 0x3e, 0x1a, 0x7b, 0xda, 0xa6, 0x4d, 0x84]));
        for printed in ["", "21002d17000000000006", "155841343000354463154182", "-1"] {
            assert!(!is_serial(printed, &serial), "{printed}");
        }
    }

    /// What a text holds, and how many of its lines are understood.
    fn lists(text: &str) -> (CertificateLists, u64) {
        let mut reader = crate::text::Reader::default();
        reader.push(text.as_bytes());
        let text = reader.end();
        let understood = text.understood();
        (text.certificate_lists, understood)
    }

    #[test]
    fn broken_rows_are_whole_again_and_what_follows_is_left_alone() {
        let title =
            "Certificate Common Name Type Key Type Distribution Issued By Expiration Description";
        let row = "CallManager-trust Cisco_Manufacturing_CA CA-signed RSA Cisco_Manufacturing_CA Cisco_Root_CA_2048 05/14/2029 \
            This certificate was used to sign the MIC installed on Cisco endpoint. Presence of this certificate allows the end point \
            to communicate securely with UCM using the MIC when associated with a secure profile.";
        let (whole, _) = lists(&format!("{title}\n{row}\n"));
        let [expected] = whole.listed.as_slice() else { panic!("{whole:?}") };
        let words: Vec<&str> = row.split(' ').collect();
        for width in 4..12 {
            let lines: Vec<String> = words.chunks(width).map(|line| line.join(" ")).collect();
            let text = format!("{title}\n{}\nThe page ends here.\n", lines.join("\n"));
            let (found, understood) = lists(&text);
            assert_eq!(found.listed, std::slice::from_ref(expected), "{text}");
            assert_eq!(understood, 1 + lines.len() as u64, "{text}");
        }
        // A row without end keeps neither the next row nor what is no row.
        let cut = "TVS cucm.example.com Self-signed RSA\nCAPF CAPF-1 Self-signed RSA cucm CAPF-1 11/20/2027 x\n\nprose\n";
        let (found, understood) = lists(cut);
        assert_eq!((found.listed.len(), understood), (1, 2));
        assert_eq!(lists("CallManager is a service\nof CUCM, 11/20/2027\n").1, 0);
    }

    #[test]
    fn rows_are_told_by_what_stands_in_them() {
        let tabs = "CAPF\tCAPF-7f0ae8d7\tSelf-signed\tRSA\tao115pub\tCAPF-7f0ae8d7\t11/20/2021\tx";
        let expected = row(1, tabs).unwrap();
        assert_eq!(
            (expected.store.as_str(), expected.common_name.as_str()),
            ("CAPF", "CAPF-7f0ae8d7")
        );
        assert_eq!(expected.distribution.as_deref(), Some("ao115pub"));
        assert_eq!(expected.expires, UnixTime::parse("2021-11-20T00:00:00Z"));
        assert_eq!(row(1, &tabs.replace('\t', " ")), Some(expected.clone()));
        assert_eq!(row(1, &tabs.replace('\t', "   ")), Some(expected.clone()));
        // Spreadsheets write semicolons where the comma stands in numbers.
        assert_eq!(row(1, &tabs.replace('\t', ";")), Some(expected.clone()));
        assert_eq!(row(1, &format!("\"{}\"", tabs.replace('\t', "\";\""))), Some(expected.clone()));
        assert_eq!(row(1, &tabs.replace('\t', ",")), Some(expected));
        let newer = "CallManager-trust,CAP-RTP-002_7612f960153d6f9f,Trust,Self-signed,RSA,multi-server,CAP-RTP-002,10/10/2023,\"a, b\"";
        let found = row(1, newer).unwrap();
        assert_eq!(
            (found.common_name.as_str(), found.serial.as_deref()),
            ("CAP-RTP-002", Some("7612f960153d6f9f"))
        );
        assert_eq!(row(1, "CallManager is a service of CUCM"), None);
        assert_eq!(
            row(1, "tomcat/tomcat.pem: Self-signed certificate").map(|row| row.store),
            Some("tomcat".to_owned())
        );
    }
}
