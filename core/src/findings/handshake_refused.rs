//! A TLS handshake that one side refused by an alert about the other's certificate: who, whom, which (B39, B40, B55,
//! B56). Retries, and clients that refuse the same certificate, are one finding. An error that Expressway answered its client
//! with because of it is named (B36, B45).

use core::net::{IpAddr, SocketAddr};
use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::exchanges::Exchanges;
use crate::evidence::facts::{CaptureFacts, CertificateFacts, Facts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::boot::Service;
use crate::phone::derived::Derived;
use crate::phone::service::{Judged, Presented, Whose};
use crate::proto::Side;
use crate::proto::tls::{Alert, AlertContent, CertificateSeen, Summary};
use crate::report::model::{Evidence, Severity};
use crate::traffic::Flow;

pub(super) const CHECK: Check = Check {
    code: "handshake_refused",
    severity: Severity::Error,
    refs: &["B36", "B39", "B40", "B45", "B55", "B56", "CSCvz45074"],
    evaluate,
};

/// Clients that are named beside the first; the report lists them all.
const CLIENTS_NAMED: usize = 4;

/// One refused handshake.
struct Refusal<'f> {
    flow: &'f Flow,
    tls: &'f Summary,
    alert: &'f Alert,
    case: &'static str,
    /// The refused side's own certificate.
    own: Option<&'f CertificateSeen>,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    let presented = facts.presented();
    let named = named(presented);
    for (capture, exchanges) in facts.captures_with_exchanges() {
        let mut alike: BTreeMap<_, Vec<Refusal<'_>>> = BTreeMap::new();
        let mut order = Vec::new();
        for refusal in capture.content.capture.flows.iter().filter_map(refusal) {
            let key = refusal.key();
            let group = alike.entry(key).or_default();
            if group.is_empty() {
                order.push(key);
            }
            group.push(refusal);
        }
        for group in order.iter().filter_map(|key| alike.get(key)) {
            found.extend(tell(facts, capture, exchanges, &named, group));
        }
    }
    Outcome::of(found)
}

fn refusal(flow: &Flow) -> Option<Refusal<'_>> {
    let tls = flow.tls.as_deref()?;
    let (alert, case) = tls.alerts.iter().find_map(|alert| match alert.content {
        AlertContent::Plain { description, .. } if alert.is_fatal() => {
            Some((alert, case(description)?))
        }
        _ => None,
    })?;
    let own = tls.certificates(alert.from.peer()).iter().find(|one| one.depth == 0);
    // internal_error has other causes too: only after a certificate does it mean the certificate.
    (own.is_some() || case != "internal_error").then_some(Refusal { flow, tls, alert, case, own })
}

impl Refusal<'_> {
    /// What makes two refusals the same: whom, by which side, which certificate, and why. All clients that refuse one
    /// certificate of a server have one cause; the clients that a server refuses are told one by one.
    fn key(&self) -> (Option<IpAddr>, SocketAddr, &'static str, Option<[u8; 32]>) {
        let client = (self.alert.from == Side::Server).then_some(self.flow.client.ip());
        (client, self.flow.server, self.case, self.own.map(|own| own.sha256))
    }
}

fn tell(
    facts: &Facts<'_>,
    capture: &CaptureFacts<'_>,
    exchanges: &Exchanges<'_>,
    named: &Named<'_>,
    group: &[Refusal<'_>],
) -> Option<Found> {
    let Refusal { flow, tls, alert, case, own } = group.first()?;
    let certificate = own.and_then(|own| facts.certificates.get(&own.sha256));
    let at =
        |frame: u64| Evidence { input: capture.input, frame: Some(frame), ..Evidence::default() };
    let mut evidence: Vec<Evidence> = group
        .iter()
        .flat_map(|one| [Some(one.alert.at.frame), one.own.map(|own| own.at.frame)])
        .flatten()
        .map(at)
        .collect();
    // Only the proxy itself answers with 5xx for the server that it has just refused.
    let failure = match alert.from {
        Side::Client => exchanges.mra_failure(flow.server, alert.at.frame),
        Side::Server => None,
    };
    let failure_frame = failure.map_or(0, |one| one.answered());
    evidence.extend(failure.map(|_| at(failure_frame)));
    let issuer = certificate.map(|one| one.certificate.issuer.to_string());
    let self_signed = certificate.is_some_and(|one| one.certificate.self_issued());
    let service = Service::of(flow.server.port()).map(Service::name);
    let service = match (service, flow.server.port()) {
        (Some(service), _) => service,
        (None, 6971 | 6972 | 8443) => "origin",
        (None, 2443 | 5061) => "registration",
        (None, _) => "other",
    };
    let host = |end: SocketAddr| end.ip().to_string();
    let clients: BTreeSet<IpAddr> = group.iter().map(|one| one.flow.client.ip()).collect();
    let others: Vec<String> = clients
        .iter()
        .filter(|client| **client != flow.client.ip())
        .take(CLIENTS_NAMED)
        .map(IpAddr::to_string)
        .collect();
    let named = own.and_then(|own| named.get(&(flow.server, own.sha256)));
    let (named, list, record) = named.copied().unwrap_or(("none", "", 0));
    let arguments = Arguments::new()
        .text("from", if alert.from == Side::Client { "client" } else { "server" })
        .text("client", flow.client.to_string())
        .text("server", flow.server.to_string())
        .text("client-host", host(flow.client))
        .text("server-host", host(flow.server))
        .text("description", alert.description().unwrap_or_default())
        .text("case", *case)
        .number("frame", alert.at.frame)
        .number("count", group.len())
        .number("others", clients.len().saturating_sub(1))
        .number("unnamed", clients.len().saturating_sub(1 + others.len()))
        .text("other-clients", others.join(", "))
        .text("shown", certificate.map_or_else(|| "none".to_owned(), CertificateFacts::label))
        .text("issuer", issuer.unwrap_or_default())
        .text("self-signed", if self_signed { "yes" } else { "no" })
        .number("certificate-frame", own.map_or(0, |own| own.at.frame))
        .text("sni", sni(tls).unwrap_or("none"))
        .text("service", service)
        .text("named", named)
        .text("list", list)
        .number("record", record)
        .number("failure", failure_frame)
        .text(
            "status",
            failure
                .and_then(|one| one.exchange.status)
                .map_or_else(|| "none".to_owned(), |status| status.to_string()),
        )
        .text("asker", failure.map(|one| one.client.to_string()).unwrap_or_default());
    Some(Found::at_all(Severity::Error, evidence, arguments))
}

/// Lists that name a certificate of TVS or CAPF, though a client refused it: whose the list is, its name, the record.
type Named<'p> = BTreeMap<(SocketAddr, [u8; 32]), (&'static str, &'p str, u32)>;

fn named<'p>(presented: &'p [Presented<'_, '_>]) -> Named<'p> {
    let mut named = Named::new();
    for one in presented.iter().filter(|one| one.is_refused()) {
        let Judged::Named(list, record) = one.judged else { continue };
        let whose = match one.whose {
            Whose::Phone => "phone",
            Whose::Fetched => "fetched",
            Whose::Server | Whose::Nobody => "server",
        };
        let key = (one.server, one.certificate.certificate.digests.sha256);
        named.entry(key).or_insert((whose, list.artifact.name.as_str(), record.number));
    }
    named
}

fn sni(tls: &Summary) -> Option<&str> {
    tls.client_hello.as_ref()?.server_name.as_deref()
}

/// What an alert says about a certificate (RFC 5246 section 7.2.2); `None` for alerts about something else.
pub(super) fn case(description: u8) -> Option<&'static str> {
    Some(match description {
        42..=44 | 46 => "other",
        45 => "expired",
        48 => "unknown_ca",
        80 => "internal_error",
        _ => return None,
    })
}
