//! Arrangement B: clients speak plain TCP with Envoy, Envoy speaks TLS with the origin. In arrangement E the client is Envoy
//! itself: its HTTP side sends the requests for one host over a connection to an internal listener, and leaves the host in
//! filter state.
//!
//! `tcp_proxy` reads the client only when the handshake with the origin is over, so the certificate is known before the
//! first byte goes out. Where it is not (`upstream_connect_mode`, no TLS at all), nothing can be verified.

use std::rc::Rc;

use super::originated::{host_of, judge, leaf, no_certificate, server_name};
use super::proxy::{Buffer, Proxy, path};
use super::verdict::{Reason, Subject};
use super::{Policy, Step};
use crate::config::Name;

/// One connection.
#[derive(Debug)]
pub struct Tcp {
    policy: Rc<Policy>,
    /// `None` until there is a verdict; then whether bytes may pass.
    passes: Option<bool>,
}

impl Tcp {
    /// A connection under `policy`.
    pub fn new(policy: Rc<Policy>) -> Self {
        Self { policy, passes: None }
    }

    /// The client's bytes.
    pub fn client(&mut self, proxy: &dyn Proxy) -> Step {
        if self.decide(proxy) { Step::Pass } else { Step::Close }
    }

    /// `size` bytes of the origin.
    pub fn origin(&mut self, size: usize, proxy: &dyn Proxy) -> Step {
        if self.decide(proxy) {
            Step::Pass
        } else if proxy.replace(Buffer::Origin, size, &[]) {
            Step::PassAndClose
        } else {
            Step::Close
        }
    }

    /// The connection is to be closed.
    pub fn is_refused(&self) -> bool {
        self.passes == Some(false)
    }

    fn decide(&mut self, proxy: &dyn Proxy) -> bool {
        if let Some(passes) = self.passes {
            return passes;
        }
        let name = match &self.policy.config().name {
            Name::Fixed(host) => Some(host.clone()),
            Name::Host => proxy.property(path::HOST).and_then(|asked| host_of(&asked)),
            Name::Sni | Name::MraPath => server_name(proxy),
        };
        let mut subject = Subject { name, address: None };
        let verdict = match leaf(proxy) {
            Some(leaf) => judge(&self.policy, &mut subject, &leaf, None, None, proxy),
            None => no_certificate(&self.policy, &mut subject, Reason::NotVisible, proxy),
        };
        *self.passes.insert(verdict.outcome.passes())
    }
}
