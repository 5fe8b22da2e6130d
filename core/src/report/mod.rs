//! From facts and outcomes to the report, and its renderings.

pub mod build;
pub mod json;
pub mod model;
pub mod text;
