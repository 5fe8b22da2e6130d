//! Walks over XML without asking that it is well-formed: one pass, no error, every byte belongs to one piece.
//!
//! Used where an XML parser is too strict: to find the root element of damaged files, and to mask credentials in any
//! text. Comments are walked into, because a password that is commented out is still readable.

use core::ops::Range;

/// A piece of the text; ranges are byte ranges of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Character data, also inside comments.
    Text(Range<usize>),
    /// The content of a CDATA section.
    Data(Range<usize>),
    /// A start tag, from `<` to `>`.
    Open {
        /// The whole tag.
        tag: Range<usize>,
        /// The element's name, without prefix.
        name: Range<usize>,
        /// The tag also ends its element: `<name/>`.
        empty: bool,
    },
    /// An end tag.
    Close {
        /// The whole tag.
        tag: Range<usize>,
        /// The element's name, without prefix.
        name: Range<usize>,
    },
    /// Marks that are neither: processing instructions, declarations, the ends of comments and CDATA sections.
    Markup(Range<usize>),
}

/// The pieces of a text in order; together they cover it.
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// Offset of the `]]>` that ends the section walked through.
    cdata_end: Option<usize>,
    in_comment: bool,
    /// No `]]>` follows: a section that is never closed is none, and is not searched for again.
    no_cdata_end: bool,
    /// No `?>` follows.
    no_instruction_end: bool,
}

/// Walks over `text`.
pub(super) fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        text,
        at: 0,
        cdata_end: None,
        in_comment: false,
        no_cdata_end: false,
        no_instruction_end: false,
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let mut take = |length: usize| {
            self.at = start.saturating_add(length).min(self.text.len());
            start..self.at
        };
        if let Some(end) = self.cdata_end {
            if start < end {
                return Some(Piece::Data(take(end.saturating_sub(start))));
            }
            let range = take(3);
            self.cdata_end = None;
            return Some(Piece::Markup(range));
        }
        if !rest.starts_with('<') {
            let range = take(rest.find('<').unwrap_or(rest.len()));
            self.in_comment &= !self.text.get(range.clone()).unwrap_or_default().contains("-->");
            return Some(Piece::Text(range));
        }
        if !self.in_comment && !self.no_cdata_end && rest.starts_with("<![CDATA[") {
            if let Some(length) = rest.find("]]>") {
                let range = take(9);
                self.cdata_end = Some(start.saturating_add(length));
                return Some(Piece::Markup(range));
            }
            self.no_cdata_end = true;
        }
        if rest.starts_with("<!--") {
            let range = take(4);
            self.in_comment = true;
            return Some(Piece::Markup(range));
        }
        if rest.starts_with("<?") {
            let mut length = 2;
            if !self.in_comment && !self.no_instruction_end {
                match rest.find("?>") {
                    Some(end) => length = end.saturating_add(2),
                    None => self.no_instruction_end = true,
                }
            }
            let range = start..start.saturating_add(length);
            self.at = range.end;
            return Some(Piece::Markup(range));
        }
        if rest.starts_with("<!") {
            return Some(Piece::Markup(take(tag_length(rest))));
        }
        let length = tag_length(rest);
        let tag = take(length);
        let whole = rest.get(..length).unwrap_or_default();
        // `<!-- <x -->`: the end of the comment looks like the end of a tag.
        self.in_comment &= !whole.ends_with("-->");
        let close = whole.starts_with("</");
        let skip = if close { 2 } else { 1 };
        let inner = whole.get(skip..).unwrap_or_default();
        let name_length = inner
            .find(|character: char| {
                character.is_whitespace() || matches!(character, '/' | '>' | '<')
            })
            .unwrap_or(inner.len());
        let full = inner.get(..name_length).unwrap_or_default();
        if full.is_empty() {
            // A lone `<` is no tag; what follows is shown as text is.
            return Some(Piece::Text(tag));
        }
        let prefix = full.rfind(':').map_or(0, |colon| colon + 1);
        let from = start.saturating_add(skip);
        let name = from.saturating_add(prefix)..from.saturating_add(name_length);
        Some(if close {
            Piece::Close { tag, name }
        } else {
            let empty = whole.trim_end_matches('>').ends_with('/');
            Piece::Open { tag, name, empty }
        })
    }
}

/// Length of a tag that starts with `<`: to its `>`, quotes respected. A `<` ends it too, even inside quotes, where
/// XML forbids it: a quote that is never closed must not hide the elements behind it.
fn tag_length(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (_, b'<') => return at,
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    rest.len()
}

/// The name of the first element; `None` when there is none, or text stands before it.
pub(super) fn root_element(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('\u{feff}');
    let mut comment = false;
    for piece in pieces(text) {
        match piece {
            Piece::Data(_) => return None,
            Piece::Markup(range) => comment |= text.get(range) == Some("<!--"),
            Piece::Text(range) => {
                let part = text.get(range)?;
                if comment {
                    comment = !part.contains("-->");
                } else if !part.trim().is_empty() {
                    return None;
                }
            }
            Piece::Open { name, .. } if !comment => return text.get(name),
            Piece::Close { .. } if !comment => return None,
            // `<!-- <x -->`: the end of the comment looks like the end of a tag.
            Piece::Open { tag, .. } | Piece::Close { tag, .. } => {
                comment = !text.get(tag).unwrap_or_default().ends_with("-->");
            }
        }
    }
    None
}

/// The text with every colon in the names of elements and attributes replaced by `_`: same length, no prefixes left.
pub(super) fn without_prefixes(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut comment = false;
    for piece in pieces(text) {
        let (range, is_tag) = match piece {
            Piece::Open { tag, .. } | Piece::Close { tag, .. } => (tag, true),
            Piece::Markup(range) => {
                comment |= text.get(range.clone()) == Some("<!--");
                (range, false)
            }
            Piece::Data(range) => (range, false),
            Piece::Text(range) => {
                comment &= !text.get(range.clone()).unwrap_or_default().contains("-->");
                (range, false)
            }
        };
        let part = text.get(range).unwrap_or_default();
        if !is_tag || comment {
            comment &= !(is_tag && part.ends_with("-->"));
            result.push_str(part);
            continue;
        }
        let mut quote = None;
        for character in part.chars() {
            match (quote, character) {
                (None, ':') => result.push('_'),
                (None, '"' | '\'') => {
                    quote = Some(character);
                    result.push(character);
                }
                _ => {
                    if quote == Some(character) {
                        quote = None;
                    }
                    result.push(character);
                }
            }
        }
    }
    result
}

/// Name and value of the attributes of a start tag: byte ranges of `text`, values without quotes.
pub(super) fn attributes(text: &str, tag: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let base = tag.start;
    let Some(part) = text.get(tag) else { return found };
    let mut at = 0;
    while let Some(equals) = part.get(at..).and_then(|rest| rest.find('=')).map(|found| at + found)
    {
        let before = part.get(at..equals).unwrap_or_default().trim_end();
        let name_end = at.saturating_add(before.len());
        let name_start = before
            .rfind(|character: char| {
                character.is_whitespace() || matches!(character, '"' | '\'' | ':')
            })
            .map_or(at, |blank| at.saturating_add(blank).saturating_add(1));
        let after = part.get(equals + 1..).unwrap_or_default();
        let lead = after.len().saturating_sub(after.trim_start().len());
        let value = after.trim_start();
        let mut characters = value.chars();
        let (start, length) = match characters.next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = characters.as_str();
                (1, inner.find(quote).unwrap_or(inner.len()))
            }
            // Without quotes: to the next blank, as lenient readers do.
            _ => {
                let ends = |character: char| character.is_whitespace() || character == '>';
                (0, value.find(ends).unwrap_or(value.len()))
            }
        };
        let value_start = equals.saturating_add(1).saturating_add(lead).saturating_add(start);
        let value_end = value_start.saturating_add(length);
        let name_start = name_start.min(name_end);
        found.push((
            base.saturating_add(name_start)..base.saturating_add(name_end),
            base.saturating_add(value_start)..base.saturating_add(value_end),
        ));
        at = value_end.saturating_add(start);
    }
    found
}

/// Offset of the first tag with more than `limit` attributes: the XML parser compares each with every other.
pub(super) fn crowded_tag(text: &str, limit: usize) -> Option<usize> {
    pieces(text).find_map(|piece| match piece {
        Piece::Open { tag, .. } => {
            let equals =
                text.get(tag.clone()).unwrap_or_default().bytes().filter(|byte| *byte == b'=');
            (equals.count() > limit).then_some(tag.start)
        }
        _ => None,
    })
}
