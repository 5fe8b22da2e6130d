//! Words to rows: a listing is read word by word, since its line ends may be lost or wrong.

use crate::limits;
use crate::report::model::TrustListType;
use crate::text::listing::{End, Listing, RecordRows, Row, list};
use crate::tlv::header::tag as header_tag;
use crate::trustlist::record::tag;

/// Names of header rows, CUCM's spelling and the right one.
const HEADER_NAMES: [(&str, u8); 15] = [
    ("SIGNERID", header_tag::SIGNER_ID),
    ("SIGNERNAME", header_tag::SIGNER_NAME),
    ("SERIALNUMBER", header_tag::SERIAL_NUMBER),
    ("CANAME", header_tag::CA_NAME),
    ("SIGNATUREINFO", header_tag::SIGNATURE_INFO),
    ("DIGESTALGORTITHM", header_tag::DIGEST_ALGORITHM),
    ("DIGESTALGORITHM", header_tag::DIGEST_ALGORITHM),
    ("SIGNATUREALGOINFO", header_tag::SIGNATURE_ALGORITHM_INFO),
    ("SIGNATUREALGORTITHM", header_tag::SIGNATURE_ALGORITHM),
    ("SIGNATUREALGORITHM", header_tag::SIGNATURE_ALGORITHM),
    ("SIGNATUREMODULUS", header_tag::SIGNATURE_MODULUS),
    ("SIGNATURE", header_tag::SIGNATURE),
    ("FILENAME", header_tag::FILENAME),
    ("TIMESTAMP", header_tag::TIMESTAMP),
    ("SIGNERVERSION", header_tag::SIGNER_VERSION),
];

/// Names of record rows.
const RECORD_NAMES: [(&str, u8); 14] = [
    ("RECORDLENGTH", tag::RECORD_LENGTH),
    ("DNSNAME", tag::DNS_NAME),
    ("SUBJECTNAME", tag::SUBJECT_NAME),
    ("FUNCTION", tag::FUNCTION),
    ("ISSUERNAME", tag::ISSUER_NAME),
    ("SERIALNUMBER", tag::SERIAL_NUMBER),
    ("PUBLICKEY", tag::PUBLIC_KEY),
    ("SIGNATURE", tag::SIGNATURE),
    ("CERTIFICATE", tag::CERTIFICATE),
    ("IPADDRESS", tag::IP_ADDRESS),
    ("CERTHASH", tag::CERT_HASH),
    ("HASHALGORITHM", tag::HASH_ALGORITHM),
    // Two words; the second is asked for where they are used.
    ("HASH", tag::HASH_ALGORITHM),
    ("SERIAL", tag::SERIAL_NUMBER),
];

/// Attributes that a name may go on with in the next line.
const ATTRIBUTES: [&str; 10] = ["CN", "OU", "O", "0", "L", "ST", "C", "DC", "E", "SERIALNUMBER"];

/// A word and where it stands.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    /// Index of the line.
    line: usize,
    /// Bytes of the line in front of it.
    at: usize,
    text: &'a str,
}

/// What a listing may begin with, wherever it stands in the line: words of CUCM that prose does not hold in this order.
pub(super) fn begins(text: &str) -> bool {
    for at in memchr::memmem::find_iter(text.as_bytes(), b"TL ") {
        let Some((before, after)) = text.split_at_checked(at) else { continue };
        let Some(before) = before.strip_suffix(['I', 'C']) else { continue };
        let Some(after) = after.strip_prefix("TL ") else { continue };
        let record = after.strip_prefix("Record").map(str::trim_start);
        let length = before.ends_with("Length of ")
            && after.strip_prefix("file:").is_some_and(|rest| starts_with_digit(rest.trim_start()));
        if length
            || before.ends_with("The checksum value of the ") && after.starts_with("file:")
            || before.ends_with("Parse ") && is_parse_title(after)
            || before.ends_with("The ") && after.starts_with("File was last modified on ")
            || before.trim_start().is_empty() && after.starts_with("File not found.")
            || record.is_some_and(|rest| {
                let rest = rest.strip_prefix('#').map(|rest| rest.trim_start_matches([':', ' ']));
                rest.is_some_and(starts_with_digit)
            })
        {
            return true;
        }
    }
    false
}

/// `Parse ITL File` ends its line, or the rest of a flattened listing follows.
fn is_parse_title(after: &str) -> bool {
    let Some(rest) = after.strip_prefix("File") else { return false };
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with('-') || rest.starts_with("Version:")
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// The line is one of the sentences that a listing ends with, and nothing else.
pub(super) fn is_end(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 120
        || !["The ", "Verification of ", "Error parsing "]
            .iter()
            .any(|start| text.starts_with(start))
    {
        return false;
    }
    let words: Vec<&str> = text.split_ascii_whitespace().take(16).collect();
    let mut at = 0;
    while let Some((_, _, used)) = words.get(at..).and_then(end_of) {
        at = at.saturating_add(used);
    }
    at > 0 && at == words.len()
}

/// A sentence that a listing ends with stands somewhere in the line.
pub(super) fn holds_end(text: &str) -> bool {
    ["TL file was verified successfully", "TL file failed", "Error parsing the "]
        .iter()
        .any(|sentence| memchr::memmem::find(text.as_bytes(), sentence.as_bytes()).is_some())
}

/// One of the sentences of the end: which, of which list, and how many words it takes.
fn end_of(words: &[&str]) -> Option<(End, TrustListType, usize)> {
    match words {
        ["The", kind, "file", "was", "verified", last, ..] if last.starts_with("successfully") => {
            Some((End::Verified, kind_of(kind)?, 6))
        }
        ["Verification", "of", "the", kind, "file", last, ..] if last.starts_with("failed") => {
            Some((End::Failed, kind_of(kind)?, 6))
        }
        ["Error", "parsing", "the", kind, last, ..]
            if matches!(last.trim_end_matches(['!', '.']), "file" | "File") =>
        {
            Some((End::Unparsable, kind_of(kind)?, 5))
        }
        _ => None,
    }
}

fn kind_of(word: &str) -> Option<TrustListType> {
    match word {
        "ITL" => Some(TrustListType::Itl),
        "CTL" => Some(TrustListType::Ctl),
        _ => None,
    }
}

/// What a line leaves to the next: programs for mail and terminals break the lines of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Owed {
    /// Nothing that would be known.
    #[default]
    Nothing,
    /// LENGTH and VALUE of a row; whether the value is a name.
    Length { is_name: bool },
    /// So many bytes of a name, the NUL not counted.
    Name(u64),
}

/// What `text` leaves to the next line, when the line before left `before` to it.
pub(super) fn owed(text: &str, before: Owed) -> Owed {
    let mut words = text.split_ascii_whitespace();
    let mut row = None;
    while let Some(word) = words.next() {
        if word.len() > 4 && (name_in(&HEADER_NAMES, word) || name_in(&RECORD_NAMES, word)) {
            let is_name = matches!(word, "SIGNERNAME" | "CANAME" | "SUBJECTNAME" | "ISSUERNAME");
            row = Some((is_name, words.clone()));
        }
    }
    let (is_name, words) = match (row, before) {
        (Some(row), _) => row,
        (None, Owed::Length { is_name }) => (is_name, text.split_ascii_whitespace()),
        (None, Owed::Name(missing)) => {
            return Owed::Name(missing.saturating_sub(text.trim().len() as u64));
        }
        (None, Owed::Nothing) => return Owed::Nothing,
    };
    let mut value = words.clone();
    let Some(length) = value.next() else { return Owed::Length { is_name } };
    match number(length).filter(|_| is_name) {
        Some(length) => {
            // Blanks are counted as one each, as CUCM writes them.
            let shown: usize = value.map(|word| word.len().saturating_add(1)).sum();
            Owed::Name(length.saturating_sub(1).saturating_sub(shown.saturating_sub(1) as u64))
        }
        None => Owed::Nothing,
    }
}

impl Owed {
    /// The line is just what was left to it; a blank at the break may be lost.
    fn is_paid_by(self, text: &str) -> bool {
        let length = text.len() as u64;
        match self {
            Self::Nothing => false,
            Self::Length { .. } => starts_with_digit(text),
            Self::Name(missing) => length > 0 && (length..=length + 1).contains(&missing),
        }
    }
}

/// A line inside a listing that does not begin one: a row, the end of a value, a rule.
pub(super) fn goes_on(text: &str, hexadecimal: bool, owed: Owed) -> bool {
    let text = text.trim();
    let mut words = text.split_ascii_whitespace();
    let Some(first) = words.next() else { return false };
    if owed.is_paid_by(text) {
        return true;
    }
    let second = words.next();
    if text.bytes().all(|byte| matches!(byte, b'-' | b'_' | b' ' | b'\t'))
        || matches!(first, "BYTEPOS" | "Version:" | "HeaderLength:")
        || first.starts_with("Version:")
        || is_token_sentence(text)
        || is_omission(first)
        || text.ends_with('*') && memchr::memmem::find(text.as_bytes(), b"*Signature").is_some()
        || is_checksum(first)
        || list::role_of(text).is_some()
    {
        return true;
    }
    if text.len() < 12 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ') {
        return true;
    }
    let is_hex = |word: &str| word.chars().count() <= 2 && word.chars().all(is_hex_digit);
    let mut behind_digits = text.split_ascii_whitespace().skip_while(|word| is_hex(word));
    if hexadecimal && is_hex(first) && behind_digits.next().is_none_or(|word| word.starts_with('('))
    {
        return true;
    }
    if first.len() >= 5 && first.split(':').all(|part| part.chars().count() == 2 && is_hex(part)) {
        return second.is_none();
    }
    if hexadecimal && first.contains(':') && first.split(':').all(is_hex) {
        return second.is_none();
    }
    if continues_name(text) {
        return true;
    }
    // A row whose name was misread still begins with its number.
    if let (Some(tag), Some(name)) = (number(first), second)
        && HEADER_NAMES
            .iter()
            .chain(&RECORD_NAMES)
            .any(|(known, of)| tag == u64::from(*of) && is_misread(name, known))
    {
        return true;
    }
    let mut before = "";
    for word in text.split_ascii_whitespace() {
        if number(word).is_some()
            && (name_in(&HEADER_NAMES, before) || name_in(&RECORD_NAMES, before))
        {
            return true;
        }
        if before == "HASH" && word == "ALGORITHM" {
            return true;
        }
        before = word;
    }
    name_in(&HEADER_NAMES, before) || name_in(&RECORD_NAMES, before) && before.len() > 6
}

/// "This etoken was used to sign the ITL file.", also with its first words broken.
fn is_token_sentence(text: &str) -> bool {
    text.starts_with("This ") && text.len() < 120 && {
        let words: Vec<&str> = text.split_ascii_whitespace().take(16).collect();
        words.windows(3).any(|words| words == ["used", "to", "sign"])
    }
}

fn name_in(names: &[(&str, u8)], word: &str) -> bool {
    names.iter().any(|(name, _)| *name == word)
}

/// A name with up to two letters that a scanner took for others (`STGNATURE`).
fn is_misread(word: &str, name: &str) -> bool {
    word.len() == name.len()
        && name.len() > 5
        && word.bytes().zip(name.bytes()).filter(|(one, other)| one != other).count() <= 2
}

/// `OU=TAC;O=Cisco`, or the end of a value that was broken between its words: `Carolina;C=US`.
fn continues_name(text: &str) -> bool {
    let is_attribute = |part: &str| {
        part.split_once('=').is_some_and(|(key, _)| {
            ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(key.trim()))
        })
    };
    text.len() < 1024 && text.split(';').any(is_attribute)
}

/// Hexadecimal digits may go on in the line behind this one.
pub(super) fn hexadecimal_follows(text: &str, before: bool) -> bool {
    let text = text.trim_end();
    let mut last = before;
    for word in text.split_ascii_whitespace() {
        if word.len() > 4 && (name_in(&HEADER_NAMES, word) || name_in(&RECORD_NAMES, word)) {
            last = matches!(word, "SIGNATURE" | "CERTIFICATE" | "CERTHASH" | "SERIALNUMBER");
        }
    }
    last && !text.ends_with(')')
}

/// `[...]`, `[..]`, `...`, or the beginning of `*Signature omitted for brevity*`.
fn is_omission(word: &str) -> bool {
    let inner = word.trim_start_matches('[').trim_end_matches(']');
    inner == "\u{2026}"
        || inner.len() >= 2 && inner.bytes().all(|byte| byte == b'.')
        || word.starts_with("*Signature")
}

/// 32 or 40 hexadecimal digits, `(MD5)` or `(SHA1)` perhaps glued to them.
fn is_checksum(word: &str) -> bool {
    let digits = word.split('(').next().unwrap_or_default();
    matches!(digits.len(), 32 | 40) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A letter O stands for a zero where a scanner read the page.
fn is_hex_digit(character: char) -> bool {
    hex_digit(character).is_ascii_hexdigit()
}

/// The digit that a scanner read as another letter of the same shape: Latin O, and Greek and Cyrillic capitals.
fn hex_digit(character: char) -> char {
    match character {
        'O' | 'o' => '0',
        '\u{391}' | '\u{410}' => 'A',
        '\u{392}' | '\u{412}' => 'B',
        '\u{421}' => 'C',
        '\u{395}' | '\u{415}' => 'E',
        other => other,
    }
}

/// A decimal number; thousands may be separated by a comma, a letter O may stand for zero.
pub(super) fn number(word: &str) -> Option<u64> {
    if word.is_empty() || word.len() > 12 || !starts_with_digit(word) {
        return None;
    }
    let mut value: u64 = 0;
    for character in word.chars() {
        let digit = match character {
            ',' => continue,
            'O' | 'o' => 0,
            other => u64::from(other.to_digit(10)?),
        };
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    Some(value)
}

/// Bytes in hexadecimal, apart by blanks or colons, or in one piece; up to the first bracket. Single digits are bytes
/// without their leading zero. `None` where anything else stands.
pub(super) fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let text = text.split('(').next().unwrap_or_default();
    let mut bytes = Vec::new();
    for word in text.split([' ', '\t', ':']).filter(|word| !word.is_empty()) {
        let word: String = word.chars().map(hex_digit).collect();
        if word.len() <= 2 {
            bytes.push(u8::from_str_radix(&word, 16).ok()?);
        } else if word.len().is_multiple_of(2) {
            for pair in word.as_bytes().chunks(2) {
                let pair = core::str::from_utf8(pair).ok()?;
                bytes.push(u8::from_str_radix(pair, 16).ok()?);
            }
        } else {
            return None;
        }
    }
    Some(bytes)
}

/// The listings of some lines.
pub(super) fn read(lines: &[(u64, String)]) -> Vec<Listing> {
    let mut words: Vec<Word<'_>> = Vec::new();
    for (line, (_, text)) in lines.iter().enumerate() {
        let mut at = 0_usize;
        for part in text.split(|character: char| character.is_ascii_whitespace()) {
            if !part.is_empty() {
                words.push(Word { line, at, text: part });
            }
            at = at.saturating_add(part.len()).saturating_add(1);
        }
    }
    let mut scanner = Scanner {
        lines,
        words: &words,
        at: 0,
        done: Vec::new(),
        now: None,
        row: None,
        is_unnumbered: false,
    };
    scanner.run();
    scanner.done
}

/// A row whose value is not complete: its tag and length, the word that its value begins with.
#[derive(Clone, Copy, Debug)]
struct Open {
    tag: u8,
    line: usize,
    length: u64,
    from: usize,
}

struct Scanner<'a> {
    lines: &'a [(u64, String)],
    words: &'a [Word<'a>],
    at: usize,
    done: Vec<Listing>,
    now: Option<Listing>,
    row: Option<Open>,
    /// The last record began with its first row; its heading may follow.
    is_unnumbered: bool,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        while self.at < self.words.len() {
            let used = self.step();
            self.at = self.at.saturating_add(used.max(1));
        }
        self.close_row(self.words.len());
        self.close();
    }

    /// The words from here on, a few of them.
    fn ahead(&self) -> Vec<&'a str> {
        let rest = self.words.get(self.at..).unwrap_or_default();
        rest.iter().take(10).map(|word| word.text).collect()
    }

    /// Number of the line that word `at` stands in.
    fn line_at(&self, at: usize) -> u64 {
        let line = self.words.get(at).map_or(0, |word| word.line);
        self.lines.get(line).map_or(0, |(number, _)| *number)
    }

    /// Reads what stands here; how many words that takes.
    fn step(&mut self) -> usize {
        let words = self.ahead();
        let line = self.line_at(self.at);
        match words.as_slice() {
            [kind, "Record", mark, rest @ ..]
                if kind_of(kind).is_some() && mark.starts_with('#') =>
            {
                let glued = mark.trim_start_matches(['#', ':']);
                let (word, used) = if glued.is_empty() {
                    (rest.first().copied().unwrap_or_default(), 4)
                } else {
                    (glued, 3)
                };
                let Some(number) = number(word).and_then(|number| u32::try_from(number).ok())
                else {
                    return 1;
                };
                self.close_row(self.at);
                self.begin_record(kind_of(kind).unwrap_or(TrustListType::Itl), number, line);
                used
            }
            ["The", "checksum", "value", "of", "the", kind, "file:", ..] => {
                self.head(kind_of(kind), |listing| listing.md5.is_some() || listing.sha1.is_some());
                7
            }
            ["Length", "of", kind, "file:", length, ..] => {
                self.head(kind_of(kind), |listing| listing.stated_length.is_some());
                let length = number(length);
                if let (Some(now), Some(length)) = (&mut self.now, length) {
                    now.stated_length = Some((length, line));
                }
                5
            }
            ["The", kind, "File", "was", "last", "modified", "on", date @ ..] => {
                self.head(kind_of(kind), |listing| listing.modified.is_some());
                // `Wed Jul 27 10:16:24 EDT 2011`: the year is the last word.
                let length =
                    date.iter().take(7).position(|word| is_year(word)).map_or(0, |at| at + 1);
                let date = date.get(..length).unwrap_or_default().join(" ");
                if let Some(now) = self.now.as_mut().filter(|_| !date.is_empty()) {
                    now.modified = Some(date);
                }
                7_usize.saturating_add(length)
            }
            [kind, "File", "not", "found.", ..] if kind_of(kind).is_some() => {
                self.head(kind_of(kind), |_| false);
                self.say(End::NotFound, line);
                4
            }
            ["Parse", kind, "File", ..] if kind_of(kind).is_some() => {
                self.head(kind_of(kind), |listing| listing.header_length.is_some());
                3
            }
            ["HeaderLength:", length, ..] if self.now.is_some() => {
                self.close_row(self.at);
                if let (Some(now), Some(length)) = (&mut self.now, number(length)) {
                    now.header_length = Some((length, line));
                }
                2
            }
            ["Version:", version, ..] if self.now.is_some() => {
                self.close_row(self.at);
                let version = version
                    .split_once('.')
                    .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
                match (&mut self.now, version) {
                    (Some(now), Some(version)) => {
                        now.list.header.version = Some(version);
                        2
                    }
                    _ => 1,
                }
            }
            ["BYTEPOS", "TAG", "LENGTH", "VALUE", ..] => {
                self.close_row(self.at);
                4
            }
            // "This etoken was used to sign the ITL file.": tables that came apart break the words around these.
            ["was", "used", "to", "sign", ..] => self.token(true, line, 4),
            ["was", "not", "used", "to", "sign", ..] => self.token(false, line, 5),
            ["This", ..] => {
                self.close_row(self.at);
                1
            }
            [] => 1,
            words => {
                if let Some((end, kind, used)) = end_of(words) {
                    self.close_row(self.at);
                    if self.now.as_ref().is_none_or(|now| now.kind != kind) {
                        self.close();
                        self.now = Some(empty(kind, line));
                    }
                    self.say(end, line);
                    return used;
                }
                self.word(words)
            }
        }
    }

    /// A word inside the rows.
    fn word(&mut self, words: &[&'a str]) -> usize {
        let Some(first) = words.first() else { return 1 };
        if is_omission(first) {
            self.close_row(self.at);
            if let Some(now) = &mut self.now {
                now.has_omissions = true;
            }
            return 1;
        }
        if first.len() >= 2 && first.bytes().all(|byte| matches!(byte, b'-' | b'_')) {
            self.close_row(self.at);
            return 1;
        }
        if let Some((tag, length, used)) = self.row_head(words) {
            self.close_row(self.at);
            if *first == "RECORDLENGTH" {
                self.begin_unnumbered();
            }
            let line = self.words.get(self.at).map_or(0, |word| word.line);
            self.row = Some(Open { tag, line, length, from: self.at.saturating_add(used) });
            return used;
        }
        let in_rows =
            self.now.as_ref().is_some_and(|now| !now.header.is_empty() || !now.records.is_empty());
        if !in_rows && is_checksum(first) {
            self.checksum(first);
        } else if *first == "admin:" || first.starts_with("admin:") {
            self.close_row(self.at);
        }
        1
    }

    /// "was used to sign", of the record that stands before it.
    fn token(&mut self, used: bool, line: u64, words: usize) -> usize {
        self.close_row(self.at);
        if let Some(record) = self.now.as_mut().and_then(|now| now.records.last_mut()) {
            record.signed = Some((used, line));
        }
        words
    }

    /// A name of a row and its LENGTH: tag, length, words used.
    fn row_head(&self, words: &[&str]) -> Option<(u8, u64, usize)> {
        let now = self.now.as_ref()?;
        let (name, rest) = words.split_first()?;
        let in_record = !now.records.is_empty() || *name == "RECORDLENGTH";
        let names: &[(&str, u8)] = if in_record { &RECORD_NAMES } else { &HEADER_NAMES };
        let before = self.at.checked_sub(1).and_then(|at| self.words.get(at));
        let before = before.and_then(|word| number(word.text));
        let (_, tag) = names.iter().find(|(known, tag)| {
            known == name || before == Some(u64::from(*tag)) && is_misread(name, known)
        })?;
        let (length, used) = match (*name, rest) {
            ("HASH", ["ALGORITHM", length, ..]) | ("SERIAL", ["NUMBER", length, ..]) => (length, 3),
            ("HASH" | "SERIAL", _) => return None,
            (_, [length, ..]) => (length, 2),
            _ => return None,
        };
        Some((*tag, number(length)?, used))
    }

    /// Keeps the row whose value ends in front of word `end`.
    fn close_row(&mut self, end: usize) {
        let Some(open) = self.row.take() else { return };
        let words = self.words.get(open.from..end).unwrap_or_default();
        // The number in front of the next row's name is that row's.
        let next = self.words.get(end).map(|word| word.text).unwrap_or_default();
        let next_tag = HEADER_NAMES.iter().chain(&RECORD_NAMES).filter(|(name, _)| *name == next);
        let words = match words.split_last() {
            Some((last, before))
                if next_tag.clone().any(|(_, tag)| number(last.text) == Some(u64::from(*tag))) =>
            {
                before
            }
            _ => words,
        };
        let value = self.value(open, words);
        let line = self.lines.get(open.line).map_or(0, |(number, _)| *number);
        let row = Row { tag: open.tag, line, length: open.length, value };
        let Some(now) = &mut self.now else { return };
        match now.records.last_mut() {
            Some(record) if record.rows.len() < limits::RECORD_ELEMENTS => record.rows.push(row),
            None if now.header.len() < limits::HEADER_ELEMENTS => now.header.push(row),
            _ => {}
        }
    }

    /// The words of a value as they stood: blanks inside a line are kept, line ends go.
    fn value(&self, open: Open, words: &[Word<'_>]) -> String {
        let mut value = String::new();
        // The same with the pieces of words that were broken in their middle put together.
        let mut unbroken = String::new();
        let in_record = self.now.as_ref().is_some_and(|now| !now.records.is_empty());
        let is_name = list::is_name(open.tag, in_record);
        let mut rest = words;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|word| word.line == first.line).count();
            let (line, behind) = rest.split_at_checked(count.max(1)).unwrap_or((rest, &[]));
            rest = behind;
            let end = line.last().map_or(0, |word| word.at.saturating_add(word.text.len()));
            let text = self.lines.get(first.line).and_then(|(_, text)| text.get(first.at..end));
            if !value.is_empty() && !value.ends_with(';') {
                value.push(' ');
            }
            // Two digits of one byte, or a serial number at one of its colons.
            let last = unbroken.rsplit(' ').next().unwrap_or_default();
            let is_broken = |last: &str| {
                last.len() == 1 && first.text.len() == 1
                    || last.contains(':')
                    || first.text.contains(':')
            };
            if !is_name && !unbroken.is_empty() && !is_broken(last) {
                unbroken.push(' ');
            }
            value.push_str(text.unwrap_or_default());
            unbroken.push_str(text.unwrap_or_default());
        }
        if is_name {
            let is_whole = |name: &String| name.len() as u64 + 1 == open.length;
            let name = list::name(&value, open.length);
            return Some(unbroken)
                .filter(|unbroken| is_whole(unbroken) && !is_whole(&name))
                .unwrap_or(name);
        }
        let digits = |value: &str| hexadecimal(value).map(|bytes| bytes.len() as u64);
        // A CERTIFICATE shows its SHA-1, not itself.
        let is_whole =
            |value: &str| digits(value).is_some_and(|count| count == open.length.min(20));
        if is_whole(&unbroken) && !is_whole(&value) { unbroken } else { value }
    }

    /// One of the lines above the rows. A listing that has it already, or rows, is over.
    fn head(&mut self, kind: Option<TrustListType>, has: impl Fn(&Listing) -> bool) {
        self.close_row(self.at);
        let Some(kind) = kind else { return };
        let line = self.line_at(self.at);
        let is_over = |now: &Listing| {
            now.kind != kind
                || has(now)
                || !now.header.is_empty()
                || !now.records.is_empty()
                || !now.ends.is_empty()
        };
        if self.now.as_ref().is_none_or(is_over) {
            self.close();
            self.now = Some(empty(kind, line));
        }
    }

    /// Every record begins with RECORDLENGTH; where a table came apart, the heading stands behind it.
    fn begin_unnumbered(&mut self) {
        let line = self.line_at(self.at);
        let Some(now) = &self.now else { return };
        let number = match now.records.last() {
            Some(last) if last.row(tag::RECORD_LENGTH).is_none() => return,
            Some(last) => last.number.saturating_add(1),
            None => 1,
        };
        self.begin_record(now.kind, number, line);
        self.is_unnumbered = true;
    }

    fn begin_record(&mut self, kind: TrustListType, number: u32, line: u64) {
        let was_unnumbered = core::mem::take(&mut self.is_unnumbered);
        if let Some(last) = self.now.as_mut().and_then(|now| now.records.last_mut())
            && was_unnumbered
            && last.number == number
        {
            return;
        }
        let is_over = |now: &Listing| {
            now.kind != kind
                || !now.ends.is_empty()
                || now.records.last().is_some_and(|last| number <= last.number)
        };
        if self.now.as_ref().is_none_or(is_over) {
            self.close();
            self.now = Some(empty(kind, line));
        }
        if let Some(now) = &mut self.now
            && now.records.len() < limits::TRUST_LIST_RECORDS
        {
            now.records.push(RecordRows { number, line, ..RecordRows::default() });
        }
    }

    fn say(&mut self, end: End, line: u64) {
        if let Some(now) = &mut self.now
            && now.ends.iter().all(|(said, _)| *said != end)
        {
            now.ends.push((end, line));
        }
    }

    fn checksum(&mut self, word: &str) {
        let Some(now) = &mut self.now else { return };
        let Some(bytes) = hexadecimal(word) else { return };
        if let Ok(md5) = bytes.as_slice().try_into() {
            now.md5 = Some(md5);
        } else if let Ok(sha1) = bytes.as_slice().try_into() {
            now.sha1 = Some(sha1);
        }
    }

    fn close(&mut self) {
        let last = self.at.min(self.words.len()).saturating_sub(1);
        let last_line = self.line_at(last);
        if let Some(mut listing) = self.now.take() {
            listing.last_line = last_line.max(listing.line);
            list::fill(&mut listing);
            self.done.push(listing);
        }
    }
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn empty(kind: TrustListType, line: u64) -> Listing {
    Listing {
        kind,
        line,
        last_line: line,
        md5: None,
        sha1: None,
        stated_length: None,
        modified: None,
        header_length: None,
        header: Vec::new(),
        records: Vec::new(),
        ends: Vec::new(),
        has_omissions: false,
        list: list::empty(kind),
    }
}
