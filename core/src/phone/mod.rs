//! What a phone that holds certain trust lists does with new ones.

pub mod boot;
pub mod certificates;
pub mod derived;
pub mod enrolment;
pub mod log;
pub mod manufacturing;
pub mod plan;
pub mod received;
pub mod service;
pub mod signer;
pub mod simulate;
pub mod state;
pub mod tvs;
pub mod vouching;
