//! One file for each command.

pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod context;
pub(crate) mod filter;
pub(crate) mod replay;
pub(crate) mod serve;
pub(crate) mod show;
