//! Message files: every sentence of a report, in Project Fluent, one folder for each language.
//!
//! A finding's message has its code as identifier, its title as value and the attributes `detail`,
//! `remedy-1` to `remedy-9`, `do-not-1` to `do-not-9` and `needs`. Adding a language adds a folder and a
//! line in [`Files`]; no other code changes.

use core::cell::OnceCell;
use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Pattern};

use crate::findings::{Arguments, Value};

/// The message files of a scope ([`crate::session::scope`]) in English.
#[derive(Debug)]
pub struct Files(&'static [&'static str]);

impl Files {
    /// All.
    pub const WHOLE: Self = Self(&[
        include_str!("en/archive.ftl"),
        include_str!("en/capture.ftl"),
        include_str!("en/certificate.ftl"),
        include_str!("en/certificate_file.ftl"),
        include_str!("en/configuration.ftl"),
        include_str!("en/container.ftl"),
        include_str!("en/expressway.ftl"),
        include_str!("en/headlines.ftl"),
        include_str!("en/input.ftl"),
        include_str!("en/listing.ftl"),
        include_str!("en/origin.ftl"),
        include_str!("en/packet_list.ftl"),
        include_str!("en/phone.ftl"),
        include_str!("en/plan.ftl"),
        include_str!("en/phone_log.ftl"),
        include_str!("en/report.ftl"),
        include_str!("en/signed_file.ftl"),
        include_str!("en/story.ftl"),
        include_str!("en/timeline.ftl"),
        include_str!("en/tms.ftl"),
        include_str!("en/trust_list.ftl"),
        include_str!("en/trust_store.ftl"),
    ]);

    /// Those of [`crate::findings::LISTS`].
    pub const LISTS: Self = Self(&[
        include_str!("en/certificate.ftl"),
        include_str!("en/configuration.ftl"),
        include_str!("en/input.ftl"),
        include_str!("en/phone.ftl"),
        include_str!("en/report.ftl"),
        include_str!("en/signed_file.ftl"),
        include_str!("en/story.ftl"),
        include_str!("en/trust_list.ftl"),
    ]);
}

/// The messages of one language. What a report does not say is not parsed: most of it, each time.
pub struct Messages {
    /// Formats: language and plural rules. No message refers to another, so it holds none.
    bundle: FluentBundle<FluentResource>,
    messages: BTreeMap<&'static str, Vec<Part>>,
}

/// The value of a message, or one of its attributes.
struct Part {
    /// Empty for the value.
    attribute: &'static str,
    /// Its lines.
    text: &'static str,
    parsed: OnceCell<FluentResource>,
}

impl Part {
    fn new(attribute: &'static str) -> Self {
        Self { attribute, text: "", parsed: OnceCell::new() }
    }

    /// `None` for what does not parse: it is missing from reports, and found by the tests.
    fn pattern(&self) -> Option<&Pattern<&str>> {
        let resource = self.parsed.get_or_init(|| {
            // An attribute needs a message to stand in.
            let head = if self.attribute.is_empty() { "" } else { "message =\n" };
            match FluentResource::try_new(format!("{head}{}", self.text)) {
                Ok(resource) | Err((resource, _)) => resource,
            }
        });
        match resource.get_entry(0)? {
            Entry::Message(message) if self.attribute.is_empty() => message.value.as_ref(),
            Entry::Message(message) => message.attributes.first().map(|one| &one.value),
            _ => None,
        }
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Messages")
    }
}

impl Messages {
    /// The English messages.
    pub fn english() -> Self {
        Self::english_of(&Files::WHOLE)
    }

    /// The English messages of a scope.
    pub fn english_of(files: &Files) -> Self {
        // Named: the undetermined language has no plural rules of its own.
        Self::load("en".parse().unwrap_or_default(), files.0)
    }

    fn load(language: unic_langid::LanguageIdentifier, files: &[&'static str]) -> Self {
        let mut bundle = FluentBundle::new(vec![language]);
        // Reports are data: no invisible isolation marks around values.
        bundle.set_use_isolating(false);
        let mut messages = BTreeMap::new();
        for file in files {
            take_apart(file, &mut messages);
        }
        Self { bundle, messages }
    }

    fn parts(&self, id: &str) -> &[Part] {
        self.messages.get(id).map_or(&[], Vec::as_slice)
    }

    /// The messages with these values, for one text or several.
    pub fn with<'m>(&'m self, arguments: &'m Arguments) -> Words<'m> {
        let mut values = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments.iter() {
            match value {
                Value::Number(number) => values.set(name, FluentValue::from(*number)),
                // The lines of a text are ours: a name that brings its own must not look like one of them.
                Value::Text(text) => values.set(name, FluentValue::from(one_line(text))),
                Value::Rows(rows) => {
                    let rows = rows.iter().filter_map(|(id, arguments)| self.text(id, arguments));
                    let rows: Vec<String> = rows.collect();
                    values.set(name, FluentValue::from(rows.join("\n")));
                }
            }
        }
        Words { messages: self, values }
    }

    /// The value of a message, or `None` when the language does not have it.
    pub fn text(&self, id: &str, arguments: &Arguments) -> Option<String> {
        self.with(arguments).text(id)
    }

    /// An attribute of a message.
    pub fn attribute(&self, id: &str, attribute: &str, arguments: &Arguments) -> Option<String> {
        self.with(arguments).attribute(id, attribute)
    }
}

/// Messages with values made ready for them.
pub struct Words<'m> {
    messages: &'m Messages,
    values: FluentArgs<'m>,
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

impl Words<'_> {
    /// The value of a message, or `None` when the language does not have it.
    pub fn text(&self, id: &str) -> Option<String> {
        self.part(id, "")
    }

    /// An attribute of a message.
    pub fn attribute(&self, id: &str, attribute: &str) -> Option<String> {
        self.part(id, attribute).filter(|text| !text.is_empty())
    }

    /// The attributes `<stem>-1`, `<stem>-2`, … in the order of the file; empty ones are left out.
    pub fn list(&self, id: &str, stem: &str) -> Vec<String> {
        let is_of = |part: &&Part| {
            part.attribute.strip_prefix(stem).is_some_and(|number| number.starts_with('-'))
        };
        let parts = self.messages.parts(id).iter().filter(is_of);
        parts
            .filter_map(|part| Some(self.format(part.pattern()?)))
            .filter(|text| !text.is_empty())
            .collect()
    }

    fn part(&self, id: &str, attribute: &str) -> Option<String> {
        let mut parts = self.messages.parts(id).iter();
        Some(self.format(parts.find(|part| part.attribute == attribute)?.pattern()?))
    }

    fn format(&self, pattern: &Pattern<&str>) -> String {
        let mut errors = Vec::new();
        let text = self.messages.bundle.format_pattern(pattern, Some(&self.values), &mut errors);
        let trimmed = text.trim();
        if trimmed.len() == text.len() { text.into_owned() } else { trimmed.to_owned() }
    }
}

/// Finds where messages and their attributes stand in a file, by the beginnings of its lines: a letter begins a message, and a
/// point behind blanks an attribute, because no line of a pattern may begin with one (Fluent's grammar, `indented_char`).
fn take_apart(file: &'static str, messages: &mut BTreeMap<&'static str, Vec<Part>>) {
    let name = |line: &'static str| line.split([' ', '=']).next().unwrap_or_default();
    let mut message: Option<&mut Vec<Part>> = None;
    let (mut begin, mut end) = (0, 0);
    for line in file.split_inclusive('\n') {
        let at = end;
        end += line.len();
        let part = match line.as_bytes().first() {
            Some(b'a'..=b'z' | b'A'..=b'Z') => {
                let parts = messages.entry(name(line)).or_default();
                parts.clear();
                message = Some(parts);
                Some(Part::new(""))
            }
            Some(b'#') => {
                message = None;
                None
            }
            _ => line.trim_start_matches(' ').strip_prefix('.').map(|rest| Part::new(name(rest))),
        };
        let Some(parts) = &mut message else { continue };
        if let Some(part) = part {
            begin = at;
            parts.push(part);
        }
        if let Some(last) = parts.last_mut() {
            last.text = file.get(begin..end).unwrap_or_default();
        }
    }
}

/// Control characters replaced, line feeds among them.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(char::is_control, "\u{fffd}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_file_parses_and_says_each_thing_once() {
        let messages = Messages::english();
        let mut known = BTreeMap::new();
        for file in Files::WHOLE.0 {
            let first = file.lines().next().unwrap_or_default();
            // What does not parse is junk to the library, and would be missing from reports without a word.
            let (resource, errors) = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) => (resource, Vec::new()),
                Err((resource, errors)) => (resource, errors),
            };
            assert!(errors.is_empty(), "{first}: {errors:?}");
            for entry in resource.entries() {
                let Entry::Message(message) = entry else {
                    assert!(
                        !matches!(entry, Entry::Term(_)),
                        "{first}: a term, which nothing resolves"
                    );
                    continue;
                };
                let id = message.id.name;
                let names: Vec<&str> = message.attributes.iter().map(|one| one.id.name).collect();
                for name in &names {
                    let count = names.iter().filter(|other| *other == name).count();
                    assert_eq!(count, 1, "{id}: an attribute twice");
                }
                let numbered = |stem: &str| -> Vec<&str> {
                    names.iter().copied().filter(|name| name.starts_with(stem)).collect()
                };
                for stem in ["remedy-", "do-not-"] {
                    assert!(numbered(stem).is_sorted(), "{id}: {stem} in another order");
                }
                let whole: Vec<(&str, &Pattern<&str>)> = message
                    .value
                    .iter()
                    .map(|value| ("", value))
                    .chain(message.attributes.iter().map(|one| (one.id.name, &one.value)))
                    .collect();
                let parts: Vec<(&str, &Pattern<&str>)> = messages
                    .parts(id)
                    .iter()
                    .filter_map(|part| Some((part.attribute, part.pattern()?)))
                    .collect();
                assert_eq!(parts, whole, "{id}: taken apart otherwise than the library reads it");
                assert!(known.insert(id.to_owned(), ()).is_none(), "{id}: said twice");
            }
        }
        assert_eq!(known.len(), messages.messages.len());
        assert!(known.len() > 100);
    }
}
