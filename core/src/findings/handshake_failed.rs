//! A TLS handshake that did not come to its end for another reason than a certificate that an alert refused, or for
//! none that can be read (B39, B40).

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeMap;

use crate::evidence::facts::CaptureFacts;
use crate::findings::{Arguments, Check, Found, Outcome, handshake_refused, tls_version_refused};
use crate::phone::derived::Derived;
use crate::proto::Side;
use crate::proto::tls::AlertContent;
use crate::report::model::{Evidence, Severity};
use crate::traffic::{Flow, Handshake};

pub(super) const CHECK: Check = Check {
    code: "handshake_failed",
    severity: Severity::Warning,
    refs: &["B39", "B40"],
    evaluate,
};

/// How a handshake failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Failure {
    /// `alert`, `hidden-alert`, `left`.
    how: &'static str,
    /// Who ended it; `None` where the capture does not tell.
    by: Option<Side>,
    said: Option<&'static str>,
    /// `certificate`, `hello`, `nothing`: how far the server had come.
    after: &'static str,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for capture in &facts.captures {
        let mut alike: BTreeMap<_, Vec<(&Flow, u64)>> = BTreeMap::new();
        for flow in &capture.content.capture.flows {
            if let Some((failure, at)) = failure(flow) {
                let key = (flow.client.ip(), flow.server, failure);
                alike.entry(key).or_default().push((flow, at));
            }
        }
        let tell = |(key, flows): (_, Vec<_>)| tell(capture, key, &flows);
        found.extend(alike.into_iter().filter_map(tell));
    }
    Outcome::of(found)
}

/// How and in which packet a handshake failed; `None` where it did not, or where another finding says why.
fn failure(flow: &Flow) -> Option<(Failure, u64)> {
    let tls = flow.tls.as_deref()?;
    if tls_version_refused::how(flow).is_some() {
        return None;
    }
    let after = if !tls.server_certificates.is_empty() {
        "certificate"
    } else if tls.server_hello.is_some() {
        "hello"
    } else {
        "nothing"
    };
    let (how, by, said, at) = match flow.handshake()? {
        Handshake::Refused(alert) => {
            let AlertContent::Plain { description, .. } = alert.content else { return None };
            let about_certificate = handshake_refused::case(description).is_some();
            let shown = !tls.certificates(alert.from.peer()).is_empty();
            if about_certificate && (shown || description != INTERNAL_ERROR) {
                return None;
            }
            ("alert", Some(alert.from), alert.description(), alert.at.frame)
        }
        Handshake::BrokenOff { by, at } => {
            let hidden = tls.alerts.iter().any(|alert| alert.content == AlertContent::Presumed);
            (if hidden { "hidden-alert" } else { "left" }, by, None, at)
        }
        Handshake::Up | Handshake::Unknown => return None,
    };
    Some((Failure { how, by, said, after }, at))
}

const INTERNAL_ERROR: u8 = 80;

fn tell(
    capture: &CaptureFacts<'_>,
    (client, server, failure): (IpAddr, SocketAddr, Failure),
    flows: &[(&Flow, u64)],
) -> Option<Found> {
    let (flow, at) = flows.first()?;
    let hello = flow.tls.as_ref().and_then(|tls| tls.client_hello.as_ref())?;
    let mut evidence = Vec::new();
    for (flow, at) in flows {
        let hello = flow.tls.as_ref().and_then(|tls| tls.client_hello.as_ref());
        for frame in hello.map(|hello| hello.at.frame).into_iter().chain([*at]) {
            evidence.push(Evidence {
                input: capture.input,
                frame: Some(frame),
                ..Evidence::default()
            });
        }
    }
    let arguments = Arguments::new()
        .text("client", client.to_string())
        .text("server", server.to_string())
        .text("service", flow.service().unwrap_or("none"))
        .number("count", flows.len())
        .number("frame", hello.at.frame)
        .number("at", *at)
        .text("how", failure.how)
        .text("said", failure.said.unwrap_or("a number that has no name"))
        .text("after", failure.after)
        .text(
            "by",
            match failure.by {
                Some(Side::Client) => "client",
                Some(Side::Server) => "server",
                None => "nobody",
            },
        );
    Some(Found::at_all(Severity::Warning, evidence, arguments))
}
