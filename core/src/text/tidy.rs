//! What mail, word processors and web pages do to lines that people copy, undone: marks of quotation in front, curly quotes, dashes and
//! blanks that do not break, entities of HTML.

use std::borrow::Cow;

use super::line::is_ascii;

/// What stands for what. Nothing that logs and listings print by themselves is among them, but in names; there the plain character is
/// as good.
const CHARACTERS: [(char, &str); 10] = [
    ('\u{a0}', " "),
    ('\u{2007}', " "),
    ('\u{2013}', "-"),
    ('\u{2018}', "'"),
    ('\u{2019}', "'"),
    ('\u{201c}', "\""),
    ('\u{201d}', "\""),
    ('\u{201e}', "\""),
    ('\u{2026}', "..."),
    ('\u{202f}', " "),
];

/// Entities that copied pages hold. `&amp;` is the last: what it stands for is not read again.
const ENTITIES: [(&str, &str); 8] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

/// The line as it was before it was copied; nearly always itself. Takes time in proportion to the line.
pub(super) fn tidy(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(unquoted(text));
    if !is_ascii(&text) && text.contains(|found| plain(found).is_some()) {
        let mut kept = String::with_capacity(text.len());
        for character in text.chars() {
            match plain(character) {
                Some(plain) => kept.push_str(plain),
                None => kept.push(character),
            }
        }
        text = Cow::Owned(kept);
    }
    // A line with a tag is markup, and whoever reads that knows entities.
    if memchr::memchr(b'&', text.as_bytes()).is_some()
        && memchr::memchr(b'<', text.as_bytes()).is_none()
        && ENTITIES.iter().any(|(entity, _)| text.contains(entity))
    {
        text = Cow::Owned(without_entities(&text));
    }
    text
}

fn plain(character: char) -> Option<&'static str> {
    CHARACTERS.iter().find(|(known, _)| *known == character).map(|(_, plain)| *plain)
}

/// Without `> `, `>> ` and `> > ` in front; the blanks behind them stay, which columns need.
fn unquoted(text: &str) -> &str {
    // Nearly no line is quoted, or indented.
    if !matches!(text.as_bytes(), [b' ' | b'\t' | b'>', ..]) {
        return text;
    }
    let mut rest = text;
    while let Some(inner) = rest.trim_start_matches([' ', '\t']).strip_prefix('>') {
        rest = inner;
    }
    match rest.strip_prefix(' ') {
        Some(inner) if rest.len() < text.len() => inner,
        _ => rest,
    }
}

fn without_entities(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        kept.push_str(before);
        let known = ENTITIES.iter().find(|(name, _)| entity.starts_with(name));
        let (written, length) = known.map_or(("&", 1), |(name, plain)| (*plain, name.len()));
        kept.push_str(written);
        rest = entity.get(length..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_copying_did_is_undone() {
        for (copied, line) in [
            ("plain, <tags> & all", "plain, <tags> & all"),
            ("> 3 SIGNERID 2 110", "3 SIGNERID 2 110"),
            (">>   rows keep their blanks", "  rows keep their blanks"),
            ("> > twice", "twice"),
            (">", ""),
            ("   indented", "   indented"),
            ("\u{201c}SNI\u{201d} \u{2013} it\u{2019}s\u{a0}cut\u{2026}", "\"SNI\" - it's cut..."),
            ("verify FAILED, &lt;/usr/ram/x&gt; &amp;lt;", "verify FAILED, </usr/ram/x> &lt;"),
            ("<a>&lt;</a>", "<a>&lt;</a>"),
            ("AT&T & others", "AT&T & others"),
            ("\u{c9}chec de la v\u{e9}rification", "\u{c9}chec de la v\u{e9}rification"),
        ] {
            assert_eq!(tidy(copied), line);
        }
    }

    #[test]
    fn plain_lines_are_not_copied() {
        assert!(matches!(tidy("plain & simple"), Cow::Borrowed(_)));
        assert!(matches!(tidy("> quoted"), Cow::Borrowed("quoted")));
    }
}
