//! From facts and outcomes to the report, and its renderings.

pub mod build;
pub(crate) mod captures;
pub mod json;
pub mod model;
mod origins;
pub mod text;
