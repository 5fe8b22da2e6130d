//! The options of the report, as the host passes them.

use std::collections::BTreeMap;

use serde::Deserialize;
use tlvet_core::report::text::Style;
use tlvet_core::time::UnixTime;

/// The options of the report.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {
    /// Form of the report.
    pub(crate) format: Format,
    /// The time that validity is judged at: RFC 3339 in UTC, a date, or seconds since 1970.
    now: String,
    /// What no file says.
    pub(crate) context: BTreeMap<String, String>,
    /// Names and addresses are replaced by aliases.
    pub(crate) redact: bool,
    /// In text, only the verdict, errors and warnings.
    brief: bool,
    /// Escape sequences for colours in text.
    colour: bool,
    /// Columns that text is wrapped to.
    width: u16,
}

/// Form of the report.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Html,
    Json,
    Jsonl,
    Markdown,
    Sarif,
    #[default]
    Text,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::default(),
            now: "0".to_owned(),
            context: BTreeMap::new(),
            redact: false,
            brief: false,
            colour: false,
            width: 100,
        }
    }
}

impl Options {
    /// Reads and checks the options.
    ///
    /// # Errors
    /// What is wrong, in words for the user.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, String> {
        let options: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if UnixTime::parse(&options.now).is_none() {
            let now = &options.now;
            return Err(format!(
                "--now {now}: not a time; write 2026-11-20, 2026-11-20T10:00:00Z or seconds since 1970"
            ));
        }
        Ok(options)
    }

    /// The time that validity is judged at.
    pub(crate) fn now(&self) -> UnixTime {
        UnixTime::parse(&self.now).unwrap_or(UnixTime(0))
    }

    /// How text looks.
    pub(crate) fn style(&self) -> Style {
        Style { colour: self.colour, width: self.width.into(), brief: self.brief }
    }
}
