//! The first look at a line, which tells the readers that need to see it: nearly every line of a log is one reader's or nobody's.

use super::Recognise;
use super::marks::Marks;

/// Readers: bit n is reader n, in the order in which they are asked.
pub(super) type Readers = u16;

/// What the lines have in common that a reader may take while it is in the middle of nothing. All others it would refuse, and be as it was.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    /// How they begin, behind blanks, marks of quotations (`>`, `` ` ``, `|`), and perhaps `"`, `-`, `+`, `*`, `[`, `]`. The first two characters
    /// count, letters in any case; `0` is any digit, and one character stands for all lines that begin with it.
    pub(super) beginnings: &'static [&'static str],
    /// What stands somewhere in those that begin otherwise; at least five bytes, or all searches get slower.
    pub(super) marks: &'static [&'static str],
    /// What the others end with, in front of blanks and marks of quotations.
    pub(super) endings: &'static [u8],
}

/// Kinds of characters that beginnings are told apart by.
const KINDS: usize = 32;

/// The signs of all readers.
#[derive(Debug)]
pub(super) struct Look {
    /// Readers by the kinds of the first two characters.
    beginnings: Box<[Readers; KINDS * KINDS]>,
    /// Readers by the last character.
    endings: Vec<(u8, Readers)>,
    marks: Marks,
    /// The reader of each mark.
    of_mark: Vec<Readers>,
    all: Readers,
}

impl Look {
    pub(super) fn new(readers: &[Box<dyn Recognise>]) -> Self {
        let mut beginnings = Box::new([0; KINDS * KINDS]);
        let (mut endings, mut marks, mut of_mark) = (Vec::new(), Vec::new(), Vec::new());
        let mut all = 0;
        for (index, reader) in readers.iter().enumerate() {
            let bit = 1 << index;
            all |= bit;
            let signs = reader.signs();
            for beginning in signs.beginnings {
                let (first, second) = match *beginning.as_bytes() {
                    [first] => (first, None),
                    [first, second, ..] => (first, Some(kind(second))),
                    [] => continue,
                };
                let firsts = if first == b'0' { &[DIGIT, TWO][..] } else { &[kind(first)][..] };
                for (place, entry) in beginnings.iter_mut().enumerate() {
                    let fits = second.is_none_or(|second| place % KINDS == second);
                    if fits && firsts.contains(&(place / KINDS)) {
                        *entry |= bit;
                    }
                }
            }
            marks.extend(signs.marks);
            of_mark.extend(signs.marks.iter().map(|_| bit));
            endings.extend(signs.endings.iter().map(|ending| (*ending, bit)));
        }
        Self { beginnings, endings, marks: Marks::new(&marks), of_mark, all }
    }

    /// Readers that the ends of the line tell.
    pub(super) fn at_ends(&self, line: &str) -> Readers {
        let bytes = line.as_bytes();
        let Some(lead) = bytes.iter().position(|byte| !is_blank(*byte)) else { return 0 };
        let own = bytes.get(lead..).unwrap_or_default();
        let inner = own.iter().position(|byte| !is_around(*byte)).unwrap_or_default();
        let last = bytes.iter().rev().find(|byte| !is_blank(**byte)).copied().unwrap_or_default();
        let inner = own.get(inner..).unwrap_or_default();
        let (Some(first), Some(behind)) = (own.first(), inner.first()) else { return 0 };
        // A blank or a sign beyond ASCII: there are too many to know.
        if !(first.is_ascii() && behind.is_ascii() && last.is_ascii()) {
            return self.all;
        }
        let mut readers = self.beginning(own) | self.beginning(inner);
        for (ending, of) in &self.endings {
            if *ending == last {
                readers |= of;
            }
        }
        readers
    }

    fn beginning(&self, text: &[u8]) -> Readers {
        let at = |index: usize| text.get(index).map_or(0, |byte| kind(*byte));
        self.beginnings.get(at(0) * KINDS + at(1)).copied().unwrap_or_default()
    }

    /// Readers that marks inside the line tell.
    pub(super) fn within(&self, line: &str) -> Readers {
        let mut found = self.marks.within(line);
        let mut readers = 0;
        while found != 0 {
            readers |=
                self.of_mark.get(found.trailing_zeros() as usize).copied().unwrap_or_default();
            found &= found - 1;
        }
        readers
    }
}

const DIGIT: usize = 27;
const TWO: usize = 28;

/// The kind of a character: nothing is 0.
fn kind(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => usize::from(byte & 0x1f),
        b'2' => TWO,
        b'0'..=b'9' => DIGIT,
        b'[' => 29,
        b'<' => 30,
        _ => 31,
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c | b'>' | b'`' | b'|')
}

fn is_around(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'"' | b'-' | b'+' | b'*' | b'[' | b']')
}
