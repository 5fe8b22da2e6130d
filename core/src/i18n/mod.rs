//! Message files: every sentence of a report, in Project Fluent, one folder for each language.
//!
//! A finding's message has its code as identifier, its title as value and the attributes `detail`,
//! `remedy-1` to `remedy-9`, `do-not-1` to `do-not-9` and `needs`. Adding a language adds a folder and a
//! line in [`Files`]; no other code changes.

use core::fmt;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

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

/// The messages of one language.
pub struct Messages {
    bundle: FluentBundle<FluentResource>,
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

    fn load(language: unic_langid::LanguageIdentifier, files: &[&str]) -> Self {
        let mut bundle = FluentBundle::new(vec![language]);
        // Reports are data: no invisible isolation marks around values.
        bundle.set_use_isolating(false);
        for file in files {
            // A message that does not parse is left out here, and found missing by the tests.
            let resource = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { bundle }
    }

    /// The value of a message, or `None` when the language does not have it.
    pub fn text(&self, id: &str, arguments: &Arguments) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        Some(self.format(pattern, arguments))
    }

    /// An attribute of a message.
    pub fn attribute(&self, id: &str, attribute: &str, arguments: &Arguments) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.get_attribute(attribute)?.value();
        let text = self.format(pattern, arguments);
        (!text.is_empty()).then_some(text)
    }

    /// The attributes `<stem>-1`, `<stem>-2`, …; empty ones are left out.
    pub fn list(&self, id: &str, stem: &str, arguments: &Arguments) -> Vec<String> {
        (1..=9).filter_map(|n| self.attribute(id, &format!("{stem}-{n}"), arguments)).collect()
    }

    fn format(&self, pattern: &fluent_syntax::ast::Pattern<&str>, arguments: &Arguments) -> String {
        let mut values = FluentArgs::new();
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
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&values), &mut errors).trim().to_owned()
    }
}

/// Control characters replaced, line feeds among them.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_file_parses_and_says_each_thing_once() {
        let mut known = std::collections::BTreeSet::new();
        for file in Files::WHOLE.0 {
            let first = file.lines().next().unwrap_or_default();
            // What does not parse is junk to the library, and would be missing from reports without a word.
            let (resource, errors) = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) => (resource, Vec::new()),
                Err((resource, errors)) => (resource, errors),
            };
            assert!(errors.is_empty(), "{first}: {errors:?}");
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(message) = entry {
                    let mut names: Vec<&str> =
                        message.attributes.iter().map(|one| one.id.name).collect();
                    names.sort_unstable();
                    let count = names.len();
                    names.dedup();
                    assert_eq!(names.len(), count, "{}: an attribute twice", message.id.name);
                    let is_new = known.insert(message.id.name.to_owned());
                    assert!(is_new, "{}: said twice", message.id.name);
                }
            }
        }
        assert!(known.len() > 100);
    }
}
