//! What happens to a connection or a request. Plain Rust: no hostcall, no clock, tested natively.
//!
//! `glue` turns the proxy's callbacks into calls of [`Passthrough`], [`Tcp`] and [`Exchange`], answers what they ask of a
//! [`Proxy`], and carries out the [`Step`] or [`Answer`] that comes back. Whatever has no accepted configuration behind it
//! is refused.
//!
//! - `tls`: the handshake in passthrough, read strictly. `trust`: chains. `verdict`: mode, exceptions, lines.
//! - `sessions`: verdicts on sessions that may be resumed. `report`: log, metrics, filter state.
//! - `passthrough` (A), `tcp` (B), `exchange` (C and D) with `destination` and `validator`.

mod destination;
mod exchange;
mod originated;
mod passthrough;
mod proxy;
mod report;
mod sessions;
mod tcp;
mod tls;
mod trust;
mod validator;
mod verdict;

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use tlvet_core::digest::sha256;
use tlvet_core::time::UnixTime;

pub use destination::Target;
pub use exchange::{Answer, Exchange, refusal_text};
pub use passthrough::Passthrough;
pub use proxy::{Buffer, Headers, Level, Proxy};
pub use report::{Counted, Counter};
pub use tcp::Tcp;
pub use verdict::{Outcome, Reason};

use crate::config::{Config, Exception, Mode, Name, Problem, Refusal, Role};
use crate::limits;
use report::Origins;
use trust::Trust;

/// What the proxy shall do with the bytes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// They pass.
    Pass,
    /// They pass, and what is held of the client as well.
    PassBoth,
    /// They wait.
    Hold,
    /// They pass (they were replaced by an alert, or by nothing), and the connection is closed afterwards.
    PassAndClose,
    /// Nothing passes, and the connection is closed.
    Close,
}

/// A configuration that can be carried out.
#[derive(Debug)]
pub struct Policy {
    config: Config,
    trust: Trust,
    origins: Origins,
    digest: [u8; 32],
    verdicts: RefCell<BTreeMap<Vec<u8>, Known>>,
    /// Bytes of unfinished handshakes, of all connections.
    unfinished: Cell<usize>,
}

/// A verdict on a connection that Envoy keeps for several requests.
#[derive(Clone, Copy, Debug)]
struct Known {
    outcome: Outcome,
    reason: Reason,
    /// Seconds since 1970.
    until: i64,
}

impl Policy {
    /// Reads a configuration and takes it if it can be carried out.
    ///
    /// # Errors
    /// Every problem: what is not valid, certificates that cannot be read, a trust list that does not verify, settings
    /// that the role cannot carry out.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let config = Config::read(bytes).map_err(|Refusal { problems }| problems)?;
        let trust = Trust::read(&config);
        let mut problems = contradictions(&config);
        let trust = match trust {
            Ok(trust) if problems.is_empty() => trust,
            Ok(_) => return Err(problems),
            Err(more) => {
                problems.extend(more);
                return Err(problems);
            }
        };
        Ok(Self {
            config,
            trust,
            origins: Origins::default(),
            digest: sha256(bytes),
            verdicts: RefCell::default(),
            unfinished: Cell::default(),
        })
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The line that says at start what is, and is not, done.
    pub fn announcement(&self) -> String {
        let Config { role, mode, verify, .. } = &self.config;
        let does = match mode {
            Mode::Off => "traffic passes, nothing is verified".to_owned(),
            Mode::Monitor => {
                format!("traffic passes, faults are logged; {}", self.checks(verify.signature))
            }
            Mode::Enforce => {
                format!("unverified origins are refused; {}", self.checks(verify.signature))
            }
        };
        format!("role {}, mode {}: {does}", role.as_str(), mode.as_str())
    }

    /// Lines for the start: what stands in the configuration and does nothing, or nothing any more.
    pub fn remarks(&self, nanoseconds: u64) -> Vec<String> {
        let Config { role, mode, exceptions, .. } = &self.config;
        if *mode == Mode::Off || exceptions.is_empty() {
            return Vec::new();
        }
        let mut remarks = Vec::new();
        if *role == Role::Http && *mode == Mode::Enforce {
            remarks.push(
                "exceptions: Envoy's validator, which enforces in role http, knows none of them; role upstream-http does"
                    .to_owned(),
            );
        }
        let now = originated::whole_seconds(nanoseconds);
        remarks.extend(
            exceptions
                .iter()
                .enumerate()
                .filter(|(_, exception)| verdict::has_ended(exception, now))
                .take(limits::PROBLEMS)
                .map(|(index, Exception { name, until, .. })| {
                    format!("exceptions[{index}]: {name} is excepted no longer, the last day was {until}")
                }),
        );
        remarks
    }

    fn checks(&self, signature: bool) -> String {
        let name = if self.config.verify.name { " name" } else { "" };
        let signature = if signature { " signature" } else { "" };
        format!("verified:{signature}{name}; trusted: {}", self.trust.summary())
    }

    fn trust(&self) -> &Trust {
        &self.trust
    }

    fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Tells policies apart: a session that another one let pass is not known to this one.
    fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Room for so many bytes more of unfinished handshakes; `false`: there is none.
    fn reserve(&self, bytes: usize) -> bool {
        let all = self.unfinished.get().saturating_add(bytes);
        let fits = all <= limits::UNFINISHED_BYTES;
        if fits {
            self.unfinished.set(all);
        }
        fits
    }

    /// Gives back what was reserved.
    fn release(&self, bytes: usize) {
        self.unfinished.set(self.unfinished.get().saturating_sub(bytes));
    }

    /// The verdict on a connection that was judged before and still holds.
    fn known(&self, key: &[u8], now: UnixTime) -> Option<(Outcome, Reason)> {
        let known = *self.verdicts.try_borrow().ok()?.get(key)?;
        (now.0 < known.until).then_some((known.outcome, known.reason))
    }

    fn remember(&self, key: Vec<u8>, outcome: Outcome, reason: Reason, until: i64) {
        if let Ok(mut verdicts) = self.verdicts.try_borrow_mut() {
            if verdicts.len() >= limits::CONNECTIONS_KNOWN {
                verdicts.clear();
            }
            verdicts.insert(key, Known { outcome, reason, until });
        }
    }
}

/// Settings that are valid by themselves and cannot be carried out together.
fn contradictions(config: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    if config.mode == Mode::Off {
        return problems;
    }
    let enforces_by_envoy = config.role == Role::Http && config.mode == Mode::Enforce;
    if config.verify.signature && config.trust.is_empty() && !enforces_by_envoy {
        problems.push(Problem::new(
            "trust",
            "nothing is trusted, and verify names signature: no origin could pass; allowed: at least one of ca_pem, \
             itl_base64, leaf_sha256",
        ));
    }
    if enforces_by_envoy && !config.verify.signature {
        problems.push(Problem::new(
            "verify",
            "Envoy's validator, which enforces in role http, checks no name without a signature; allowed: signature, or \
             role upstream-http",
        ));
    }
    if config.name == Name::MraPath {
        if config.role == Role::UpstreamHttp {
            problems.push(Problem::new(
                "name.from",
                "mra-path chooses the origin, which is chosen already in role upstream-http; allowed: host, sni, fixed, or \
                 role http",
            ));
        }
        if config.allow.is_empty() {
            problems.push(Problem::new(
                "allow",
                "nothing stands there: with name.from mra-path no request could go anywhere; allowed: at least one \
                 destination",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests;
