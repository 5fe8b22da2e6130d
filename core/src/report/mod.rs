//! From facts and outcomes to the report, and its renderings.

pub mod build;
pub(crate) mod captures;
pub mod html;
pub mod json;
pub mod markdown;
pub mod model;
mod origins;
pub mod redact;
pub mod sarif;
mod story;
pub mod text;
mod texts;
mod words;
