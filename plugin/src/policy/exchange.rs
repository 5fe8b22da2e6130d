//! One request and its response through an HTTP filter (roles `http` and `upstream-http`).

use std::rc::Rc;

use super::{Policy, Step};
use crate::config::Mode;

/// One request and its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    policy: Option<Rc<Policy>>,
}

impl Exchange {
    /// An exchange under `policy`; without one, everything is refused.
    pub fn new(policy: Option<Rc<Policy>>) -> Self {
        Self { policy }
    }

    /// The headers of the request have come; nothing has gone to the origin.
    pub fn request(&mut self) -> Step {
        match self.policy.as_deref().map(|policy| policy.config().mode.mode) {
            Some(Mode::Off) => Step::Pass,
            Some(Mode::Enforce | Mode::Monitor) | None => Step::Refuse,
        }
    }
}
