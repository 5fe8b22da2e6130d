//! A TMS server and its endpoints, from everything that speaks of them: texts, captures, answers (D1 to D33).

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::exchanges::Exchanges;
use crate::evidence::facts::Facts;
use crate::evidence::packet_list::{Probes, conversations};
use crate::evidence::schannel::Schannel;
use crate::report::model::Evidence;
use crate::text::event::What;
use crate::text::tms::{self, Product, endpoint};
use crate::text::windows_event;

/// What is known.
#[derive(Clone, Debug, Default)]
pub struct Tms {
    /// The registry.
    pub schannel: Schannel,
    /// Versions of products, in their own order.
    pub versions: Vec<Version>,
    /// `TMS Tools > Security Settings`: `medium`, `medium-high`; only the user can say.
    pub security: Option<String>,
    /// Systems that TMS may not reach over Telnet or SNMP, by method.
    pub violations: BTreeMap<String, Vec<Evidence>>,
    /// `No HTTPS response`.
    pub no_https: Vec<Evidence>,
    /// Tickets `TMS Connection Error`.
    pub tickets: Vec<Evidence>,
    /// Events of the event log, by source and number, with what they name.
    pub events: BTreeMap<(String, u32), Vec<Logged>>,
    /// Services: the last state of each, and where it stands.
    pub services: BTreeMap<String, (bool, Evidence)>,
    /// `GET /tcs/systemunit.xml`, by which TMS looks for endpoints over HTTP.
    pub probes: Vec<Evidence>,
    /// Addresses of TMS: who asked for that file.
    pub addresses: BTreeSet<IpAddr>,
    /// ClientHellos of TMS, or of a client that a server on 443 turned away, with their highest version.
    pub hellos: Vec<(Evidence, u16)>,
}

/// Where an event stands, and the number that it names.
pub type Logged = (Evidence, Option<u32>);

/// A version of a product.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The product.
    pub product: Product,
    /// As it was written: `TC7.3.6`, `14.6.2`, `2008 R2`.
    pub text: String,
    /// Where it stands; `None` when the user gave it.
    pub at: Option<Evidence>,
}

/// TLS 1.2.
pub const TLS12: u16 = 0x0303;

impl Tms {
    /// What the inputs and the user say. `exchanges` has what each capture shows, in the order of `captures`.
    pub fn of(facts: &Facts<'_>, exchanges: &[Exchanges<'_>]) -> Self {
        let mut tms = Self { schannel: Schannel::of(facts), ..Self::default() };
        let keys = [
            ("endpoint.version", Product::Endpoint),
            ("sql.version", Product::SqlServer),
            ("tms.version", Product::Tms),
        ];
        for (key, product) in keys {
            if let Some(text) = facts.context.value(key) {
                let text = text.trim().to_owned();
                tms.versions.push(Version { product, text, at: None });
            }
        }
        tms.security =
            facts.context.value("tms.security").map(|value| value.trim().to_ascii_lowercase());
        for text in &facts.texts {
            for event in &text.text.events {
                let at =
                    Evidence { input: text.input, line: Some(event.line), ..Evidence::default() };
                match &event.what {
                    What::Tms(said) => tms.said(said, at),
                    What::Windows(said) => tms.logged(said, at),
                    _ => {}
                }
            }
        }
        tms.captured(facts, exchanges);
        tms.listed(facts);
        tms.versions.sort();
        tms
    }

    fn said(&mut self, said: &tms::Said, at: Evidence) {
        match said {
            tms::Said::NotAllowed(method) => {
                self.violations.entry(method.clone()).or_default().push(at);
            }
            tms::Said::NoHttpsResponse => self.no_https.push(at),
            tms::Said::ConnectionError(_) => self.tickets.push(at),
            tms::Said::Version(product, text) => {
                let (product, text) = (*product, text.clone());
                self.versions.push(Version { product, text, at: Some(at) });
            }
        }
    }

    fn logged(&mut self, said: &windows_event::Said, at: Evidence) {
        match said {
            windows_event::Said::Logged { source, id, number } => {
                self.events.entry((source.clone(), *id)).or_default().push((at, *number));
            }
            windows_event::Said::Service { name, running } => {
                // The last word of one input counts; of several inputs, the one that sees it run.
                let known = self.services.get(name);
                if known
                    .is_none_or(|(runs, before)| before.input == at.input || (*running && !runs))
                {
                    self.services.insert(name.clone(), (*running, at));
                }
            }
        }
    }

    fn captured(&mut self, facts: &Facts<'_>, exchanges: &[Exchanges<'_>]) {
        for (capture, exchanges) in facts.captures.iter().zip(exchanges) {
            let at = |frame: u64| Evidence {
                input: capture.input,
                frame: Some(frame),
                ..Evidence::default()
            };
            for flow in &capture.content.capture.flows {
                let hello = flow.tls.as_ref().and_then(|tls| tls.client_hello.as_ref());
                let Some(hello) = hello.filter(|_| flow.server.port() == 443) else { continue };
                let probe =
                    exchanges.tms_probe(flow.client.ip(), flow.server.ip(), flow.first_frame);
                self.probes.extend(probe.map(|one| at(one.frame)));
                if probe.is_some() {
                    self.addresses.insert(flow.client.ip());
                    self.hellos.push((at(hello.at.frame), hello.highest_version()));
                }
            }
        }
    }

    fn listed(&mut self, facts: &Facts<'_>) {
        let all = conversations(facts);
        let probes = Probes::of(&all);
        for one in all.iter().filter(|one| one.server.port() == 443) {
            let probe = probes.after(one).and_then(|one| one.probe.as_ref());
            let Some(probe) = probe else { continue };
            self.probes.push(probe.at.clone());
            self.addresses.insert(one.client.ip());
            if let (Some(hello), Some(version)) = (&one.hello, one.version()) {
                self.hellos.push((hello.at.clone(), version));
            }
        }
    }

    /// Something speaks of TMS.
    pub fn is_known(&self) -> bool {
        self.schannel.is_known() || self.speaks()
    }

    /// A capture or a text is about TMS itself, not only about its Windows.
    pub fn speaks(&self) -> bool {
        self.security.is_some()
            || self.versions.iter().any(|one| one.product == Product::Tms)
            || !(self.violations.is_empty()
                && self.no_https.is_empty()
                && self.tickets.is_empty()
                && self.probes.is_empty())
            || self.services.keys().any(|name| name.to_ascii_lowercase().starts_with("tms"))
    }

    /// TMS does not reach endpoints over HTTPS, by what the inputs show.
    pub fn is_in_trouble(&self) -> bool {
        !(self.no_https.is_empty() && self.probes.is_empty())
    }

    /// Its addresses, in words; `unknown` where nothing shows them.
    pub fn address(&self) -> String {
        let all: Vec<String> = self.addresses.iter().take(4).map(IpAddr::to_string).collect();
        if all.is_empty() { "unknown".to_owned() } else { all.join(", ") }
    }

    /// Versions of one product.
    pub fn versions_of(&self, product: Product) -> impl Iterator<Item = &Version> {
        self.versions.iter().filter(move |one| one.product == product)
    }

    /// A TMS before 15, whose Tools lack the option (D26).
    pub fn old_tms(&self) -> Option<&Version> {
        let major =
            |one: &&Version| one.text.split('.').next().and_then(|major| major.parse::<u32>().ok());
        self.versions_of(Product::Tms).find(|one| major(one).is_some_and(|major| major < 15))
    }

    /// Endpoints that refuse TLS 1.0: TC from 7.3.6, CE from 8.1.0 (D1).
    pub fn strict_endpoints(&self) -> impl Iterator<Item = &Version> {
        self.versions_of(Product::Endpoint).filter(|one| refuses_tls10(&one.text))
    }

    /// The SQL Server that is named, when it is this year's.
    pub fn sql(&self, year: &str) -> Option<&Version> {
        self.versions_of(Product::SqlServer).find(|one| one.text.starts_with(year))
    }

    /// The events of one number whose source begins with `source`.
    pub fn events_of<'t>(&'t self, source: &'t str, id: u32) -> impl Iterator<Item = &'t Logged> {
        let wanted = move |key: &&(String, u32)| key.1 == id && key.0.starts_with(source);
        self.events.keys().filter(wanted).filter_map(|key| self.events.get(key)).flatten()
    }
}

/// Does this software of an endpoint refuse TLS 1.0? `TC7.3.6`, `CE8.1.0`.
fn refuses_tls10(version: &str) -> bool {
    let Some(version) = endpoint(version) else { return false };
    let (family, numbers) = version.split_at_checked(2).unwrap_or_default();
    let parts: Vec<u32> = numbers.split('.').filter_map(|part| part.parse().ok()).collect();
    let first = if family == "TC" { [7, 3, 6] } else { [8, 1, 0] };
    parts.as_slice() >= first.as_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls10_ends_with_tc_7_3_6_and_ce_8_1_0() {
        for (version, refuses) in [
            ("TC7.3.5", false),
            ("TC7.3.6", true),
            ("TC7.3.21", true),
            ("CE8.0.1", false),
            ("CE8.1.0", true),
            ("CE9.15.3", true),
            ("7.3.6", false),
        ] {
            assert_eq!(refuses_tls10(version), refuses, "{version}");
        }
    }
}
