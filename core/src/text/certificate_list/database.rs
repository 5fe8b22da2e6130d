//! `run sql` on the table of certificates: names of columns, a line of `=`, rows (A82).
//!
//! A terminal breaks all of them at its last column, so every row stands in as many lines as the line of `=`. A mail program
//! breaks at blanks, of which it may lose those that columns were apart by: then cells are told by what stands in them.

use core::net::IpAddr;

use super::{CertificateLists, Stored, is_serial_end};
use crate::limits;
use crate::text::Line;
use crate::text::wrap::begins;

const SUBJECT: &str = "subjectname";
const SERIAL: &str = "serialnumber";
const ADDRESS: &str = "ipv4address";
const ROLE: &str = "name";

/// Columns that people ask for.
const COLUMNS: [&str; 8] =
    [SUBJECT, SERIAL, ADDRESS, ROLE, "issuername", "pkid", "servername", "certificate"];

/// The smallest width that mails are broken at: behind a shorter line there was room for a word.
const NARROW: usize = 60;

/// Lines that names of columns, or the line of `=`, are broken into at most.
const PIECES: usize = 8;

/// An answer of the database, while its lines come.
#[derive(Debug)]
pub(super) struct Answer {
    /// Blanks in front of it all.
    indent: usize,
    /// Lines of names, and of `=`.
    names: Vec<String>,
    rules: Vec<String>,
    /// What they say, once they do.
    table: Option<Table>,
    /// A row that may go on.
    row: Option<Row>,
}

#[derive(Debug)]
struct Table {
    names: Vec<String>,
    /// Where each column begins and ends.
    spans: Vec<(usize, usize)>,
    broken: Broken,
}

/// How its lines were broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    Not,
    /// Where a column ended, or at a blank.
    Soft,
    /// At the last column of a terminal, each row into this many lines.
    Hard {
        columns: usize,
        lines: usize,
    },
}

#[derive(Debug)]
struct Row {
    line: u64,
    pieces: Vec<String>,
}

impl Answer {
    /// One that begins with this line, which names columns.
    pub(super) fn begin(text: &str) -> Option<Self> {
        let is_first = || {
            let first = text.split_ascii_whitespace().next();
            first.is_some_and(|first| matches!(first, SUBJECT | SERIAL)) && are_names(text)
        };
        let names = text.len() < 4096
            && (text.contains(SERIAL) && text.contains(SUBJECT) || is_first())
            && !text.contains("select");
        let own = text.trim_start();
        names.then(|| Self {
            indent: text.len().saturating_sub(own.len()),
            names: vec![own.to_owned()],
            rules: Vec::new(),
            table: None,
            row: None,
        })
    }

    /// Takes the next line; `false` where it is none of the answer's, which has ended.
    pub(super) fn goes_on(&mut self, line: &Line<'_>, lists: &mut CertificateLists) -> bool {
        let blanks = line.text.len().saturating_sub(line.text.trim_start().len());
        let text = line.text.get(blanks.min(self.indent)..).unwrap_or_default();
        if self.row.is_none() && self.rules.len() < PIECES && is_rule(text) {
            self.rules.push(text.trim_end().to_owned());
            self.table = Table::of(&self.names, &self.rules);
            return true;
        }
        if self.rules.is_empty() {
            let is_more = self.names.len() < PIECES && are_names(text);
            self.names.push(text.to_owned());
            return is_more;
        }
        let Some(table) = &self.table else { return false };
        let is_other =
            text.trim_start().starts_with("admin:") || begins(text) || Self::begin(text).is_some();
        if let Some(row) = &mut self.row {
            if !is_other && table.goes_on(row, text) {
                row.pieces.push(text.to_owned());
                return true;
            }
            table.tell(row, lists);
            self.row = None;
        }
        if is_other || text.len() > limits::TEXT_EXCERPT.saturating_mul(4) {
            return false;
        }
        // What is no row ends the answer.
        let row = Row { line: line.number, pieces: vec![text.to_owned()] };
        if table.broken == Broken::Not {
            return table.tell(&row, lists);
        }
        self.row = table.begins_row(text).then_some(row);
        self.row.is_some()
    }

    /// An empty line ends a row. It may be what is left of blanks that a terminal broke, so there may be more.
    pub(super) fn goes_on_behind_nothing(&mut self, lists: &mut CertificateLists) {
        self.end(lists);
        self.row = None;
    }

    /// There are no more lines.
    pub(super) fn end(&self, lists: &mut CertificateLists) {
        if let (Some(table), Some(row)) = (&self.table, &self.row) {
            table.tell(row, lists);
        }
    }
}

impl Table {
    /// What names and lines of `=` say, once they agree.
    fn of(names: &[String], rules: &[String]) -> Option<Self> {
        let at_blanks = |pieces: &[String]| {
            pieces.iter().map(|piece| piece.trim()).collect::<Vec<_>>().join(" ")
        };
        if let ([names], [rule]) = (names, rules) {
            return Some(Self { names: words(names), spans: spans(rule), broken: Broken::Not });
        }
        // The blank between two columns may have been the last of a line.
        let columns = rules.iter().map(String::len).max()?;
        let lines = rules.len();
        let read = |names: &str, rules: &str, broken: Broken| {
            let table = Self { names: words(names), spans: spans(rules), broken };
            let has = |name: &str| table.names.iter().any(|word| word == name);
            let agrees = table.names.len() == table.spans.len() && has(SUBJECT) && has(SERIAL);
            agrees.then_some(table)
        };
        let soft = read(&at_blanks(names), &at_blanks(rules), Broken::Soft);
        let hard = read(
            &at_columns(names, columns),
            &at_columns(rules, columns),
            Broken::Hard { columns, lines },
        );
        // A name and its column may be broken alike, or end with the line both: the better reading has more names.
        let known = |table: &Self| {
            table.names.iter().filter(|name| COLUMNS.contains(&name.as_str())).count()
        };
        match (soft, hard) {
            (Some(soft), Some(hard)) if known(&hard) > known(&soft) => Some(hard),
            (soft, hard) => soft.or(hard),
        }
    }

    /// Whether the line is the next piece of a row.
    fn goes_on(&self, row: &Row, text: &str) -> bool {
        let is_complete = self.stored(row).is_some_and(|stored| !stored.role.is_empty());
        match self.broken {
            Broken::Not => false,
            // A terminal's line that held nothing but blanks may be missing.
            Broken::Hard { lines, .. } => {
                row.pieces.len() < lines && !(is_complete && self.begins_row(text))
            }
            Broken::Soft => {
                let last = row.pieces.last().map_or(0, |last| last.chars().count());
                let word = text.split_ascii_whitespace().next().unwrap_or_default();
                let had_room = last + 1 + word.chars().count() <= NARROW;
                row.pieces.len() < PIECES && !self.begins_row(text) && !(is_complete && had_room)
            }
        }
    }

    /// A line begins with what stands in the first column.
    fn begins_row(&self, text: &str) -> bool {
        let first = text.split_ascii_whitespace().next();
        let name = self.names.first().map(String::as_str).unwrap_or_default();
        first.is_some_and(|word| may_begin(name, word))
    }

    /// Puts a row among those of the text; `false` where it is none.
    fn tell(&self, row: &Row, lists: &mut CertificateLists) -> bool {
        let Some(stored) = self.stored(row) else { return false };
        if lists.stored.len() < limits::TEXT_CERTIFICATES {
            lists.stored.push(stored);
        }
        true
    }

    fn stored(&self, row: &Row) -> Option<Stored> {
        let text = match self.broken {
            Broken::Hard { columns, .. } => at_columns(&row.pieces, columns),
            Broken::Not | Broken::Soft => row.pieces.join(" "),
        };
        let cells = if self.broken == Broken::Soft { None } else { cells_at(&text, &self.spans) };
        let cells = cells.unwrap_or_else(|| cells_of(&text, &self.names));
        let cell = |name: &str| {
            let index = self.names.iter().position(|known| known == name)?;
            cells.get(index).cloned().filter(|cell| !cell.is_empty())
        };
        Some(Stored {
            line: row.line,
            subject: cell(SUBJECT).filter(|subject| may_begin(SUBJECT, subject))?,
            serial: cell(SERIAL)?,
            role: cell(ROLE).unwrap_or_default(),
        })
    }
}

/// Nothing but names of columns.
fn are_names(text: &str) -> bool {
    text.len() < 4096
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase()
                || byte.is_ascii_digit()
                || matches!(byte, b'_' | b' ' | b'\t')
        })
}

fn is_rule(text: &str) -> bool {
    text.contains('=') && text.bytes().all(|byte| matches!(byte, b'=' | b' ' | b'\t'))
}

fn words(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().map(str::to_owned).collect()
}

/// Lines of a terminal, joined as they stood in its columns.
fn at_columns(pieces: &[String], columns: usize) -> String {
    let mut joined = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            let missing = columns.saturating_mul(index).saturating_sub(joined.chars().count());
            joined.extend(core::iter::repeat_n(' ', missing.min(columns)));
        }
        joined.push_str(piece);
    }
    joined
}

/// Where the runs of `=` begin and end.
fn spans(rule: &str) -> Vec<(usize, usize)> {
    let mut at = 0_usize;
    let mut spans = Vec::new();
    for part in rule.split(' ') {
        if !part.is_empty() {
            spans.push((at, at.saturating_add(part.len())));
        }
        at = at.saturating_add(part.len()).saturating_add(1);
    }
    spans
}

/// The cells of a row under columns of fixed width; `None` where they do not stand there.
fn cells_at(text: &str, spans: &[(usize, usize)]) -> Option<Vec<String>> {
    let cells = spans.iter().enumerate().map(|(index, (from, to))| {
        let is_last = index.saturating_add(1) == spans.len();
        let to = if is_last { text.len() } else { (*to).min(text.len()) };
        let from = (*from).min(to);
        // A column that is not followed by a blank is not where it was.
        let fits = is_last || text.as_bytes().get(to).is_none_or(|byte| *byte == b' ');
        text.get(from..to).filter(|_| fits).map(|cell| cell.trim().to_owned())
    });
    cells.collect()
}

/// The cells of a row whose blanks were lost: a cell goes on until a word may begin the next one.
fn cells_of(text: &str, names: &[String]) -> Vec<String> {
    let mut cells = vec![String::new(); names.len()];
    let mut at = 0_usize;
    for word in text.split_ascii_whitespace() {
        let next = names.get(at.saturating_add(1));
        let has_begun = cells.get(at).is_some_and(|cell| !cell.is_empty());
        if has_begun && next.is_some_and(|next| may_begin(next, word)) {
            at = at.saturating_add(1);
        }
        if let Some(cell) = cells.get_mut(at) {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(word);
        }
    }
    cells
}

/// Whether a word may be the first of a cell in this column.
fn may_begin(column: &str, word: &str) -> bool {
    match column {
        SUBJECT => word.split_once('=').is_some_and(|(key, _)| {
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        }),
        SERIAL => is_serial_end(&word.replace(':', "")),
        ADDRESS => word == "NULL" || word.parse::<IpAddr>().is_ok(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::text::certificate_list::{CertificateLists, Stored};

    const SUBJECT: &str = "CN=cucm-pub.example.com;OU=Voice and Video;O=Example;L=Rome;ST=RM;C=IT";

    /// An answer with columns of the widest cells, as the database prints it.
    fn answer() -> Vec<String> {
        let serials = ["1a2b3c4d5e6f708192a3b4c5d6e7f809", "7c960759b844bfe5f167f94ddbdd83c2"];
        let names = ["subjectname", "serialnumber", "ipv4address", "name"];
        let rows = [
            [SUBJECT, serials[0], "NULL", "Authentication and Authorization"],
            [SUBJECT, serials[1], "10.48.36.1", "TVS"],
        ];
        let widths: Vec<usize> = (0..4)
            .map(|at| rows.iter().map(|row| row[at].len()).max().unwrap().max(names[at].len()))
            .collect();
        let line = |cells: &[&str; 4]| -> String {
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$} ")).collect()
        };
        let rules: Vec<String> = widths.iter().map(|width| "=".repeat(*width)).collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let rule = line(rules.as_slice().try_into().unwrap());
        vec![line(&names), rule, line(&rows[0]), line(&rows[1])]
    }

    fn read(text: &str) -> (CertificateLists, u64) {
        let mut reader = crate::text::Reader::default();
        reader.push(text.as_bytes());
        let text = reader.end();
        (text.certificate_lists.clone(), text.understood())
    }

    fn stored(text: &str) -> Vec<(String, String, String)> {
        let told = |row: Stored| (row.subject, row.serial, row.role);
        read(text).0.stored.into_iter().map(told).collect()
    }

    /// As a terminal breaks lines; copying keeps blanks at ends, or loses them.
    fn hard(lines: &[String], width: usize, trims: bool) -> String {
        let pieces = lines.iter().flat_map(|line| line.as_bytes().chunks(width));
        let texts = pieces.map(|piece| String::from_utf8(piece.to_vec()).unwrap());
        let kept = texts.map(|piece| if trims { piece.trim_end().to_owned() } else { piece });
        kept.collect::<Vec<_>>().join("\n")
    }

    /// As mail programs do: at the last blank in front of the width.
    fn soft(lines: &[String], width: usize) -> String {
        let mut out = Vec::new();
        for line in lines {
            let mut rest = line.trim_end();
            while rest.len() > width {
                let at = rest[..=width].rfind(' ').filter(|at| *at > 0);
                let at = at.or_else(|| rest.find(' ')).unwrap_or(rest.len());
                let (piece, behind) = rest.split_at(at);
                out.push(piece.trim_end().to_owned());
                rest = behind.trim_start();
            }
            out.push(rest.to_owned());
        }
        out.join("\n")
    }

    #[test]
    fn broken_answers_say_what_whole_ones_say() {
        let answer = answer();
        let whole = answer.join("\n");
        let expected = stored(&whole);
        assert_eq!(expected.len(), 2);
        assert_eq!(expected[0].2, "Authentication and Authorization");
        let mut broken: Vec<String> = (60..150).map(|width| soft(&answer, width)).collect();
        for width in 60..150 {
            broken.push(hard(&answer, width, false));
            broken.push(hard(&answer, width, true));
            // An empty line that somebody took away.
            broken.push(hard(&answer, width, true).replace("\n\n", "\n"));
        }
        for text in broken {
            let more = format!("{text}\n\nadmin:show itl\nprose\n");
            assert_eq!(stored(&text), expected, "{text}");
            assert_eq!(stored(&more), expected, "{more}");
        }
    }

    #[test]
    fn what_follows_an_answer_is_left_alone() {
        let text = soft(&answer(), 76);
        let lines = text.lines().count() as u64;
        let (found, understood) = read(&format!("{text}\nThis is what it says.\nCN=more\n"));
        assert_eq!((found.stored.len(), understood), (2, lines));
        let (found, understood) =
            read("subjectname\nprose follows.\nCN=x 1a2b3c4d5e6f7081 NULL TVS\n");
        assert_eq!((found.stored.len(), understood), (0, 1));
    }
}
