//! What happens to a connection or a request. Plain Rust: no hostcall, no clock, tested natively.
//!
//! `glue` turns the proxy's callbacks into calls of [`Connection`] and [`Exchange`] and carries out the [`Step`]
//! that comes back. Whatever has no accepted configuration behind it is refused.

mod connection;
mod exchange;

pub use connection::Connection;
pub use exchange::Exchange;

use crate::config::{AskedMode, Config, Mode, Problem, Refusal};

/// What the proxy shall do with what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Let it pass unchanged.
    Pass,
    /// End it: close the connection, answer the request with 502. Nothing of it reaches the other side.
    Refuse,
}

/// A configuration that this build can carry out.
#[derive(Clone, Debug)]
pub struct Policy {
    config: Config,
}

impl Policy {
    /// Reads a configuration and takes it if this build can do what it says.
    ///
    /// # Errors
    /// Every problem of the configuration, and a mode other than `off`: checking is not built yet, and a filter
    /// that let traffic pass under the name `monitor` would be taken for one that looks at it.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        match Config::read(bytes) {
            Ok(config) => match unsupported(config.mode) {
                None => Ok(Self { config }),
                Some(problem) => Err(vec![problem]),
            },
            Err(Refusal { mut problems, mode }) => {
                // Said along with the rest, so that nobody repairs the rest only to meet this.
                problems.extend(mode.and_then(unsupported));
                Err(problems)
            }
        }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The line that says at start what is, and is not, done.
    pub fn announcement(&self) -> String {
        let Config { role, mode, .. } = &self.config;
        format!(
            "role {}, mode {}: traffic passes, nothing is verified",
            role.as_str(),
            mode.mode.as_str()
        )
    }
}

fn unsupported(asked: AskedMode) -> Option<Problem> {
    let what = match (asked.mode, asked.written) {
        (Mode::Off, _) => return None,
        (mode, true) => format!("\"{}\" stands there", mode.as_str()),
        (mode, false) => format!("nothing stands there, which means {}", mode.as_str()),
    };
    Some(Problem::new("mode", format!("{what}; this build passes traffic only in mode off")))
}

#[cfg(test)]
mod tests;
