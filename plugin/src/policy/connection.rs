//! One connection through the network filter (roles `passthrough` and `tcp`).

use std::rc::Rc;

use super::{Policy, Step};
use crate::config::Mode;

/// One connection.
#[derive(Clone, Debug)]
pub struct Connection {
    policy: Option<Rc<Policy>>,
}

impl Connection {
    /// A connection under `policy`; without one, everything is refused.
    pub fn new(policy: Option<Rc<Policy>>) -> Self {
        Self { policy }
    }

    /// The client has connected.
    pub fn opened(&mut self) -> Step {
        self.step()
    }

    /// Bytes have come from one side. Mode `off` looks at none of them.
    pub fn data(&mut self) -> Step {
        self.step()
    }

    fn step(&self) -> Step {
        match self.policy.as_deref().map(|policy| policy.config().mode.mode) {
            Some(Mode::Off) => Step::Pass,
            Some(Mode::Enforce | Mode::Monitor) | None => Step::Refuse,
        }
    }
}
