//! A server presents a self-signed certificate on one port and one that a CA signed on another: who trusts the CA gets an
//! answer here and none there (B16, B30, B31, B42).

use core::net::IpAddr;
use std::collections::BTreeMap;

use crate::evidence::facts::{CaptureFacts, CertificateFacts, Facts};
use crate::findings::{Arguments, Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "server_port_self_signed",
    severity: Severity::Warning,
    refs: &["B16", "B30", "B31", "B42"],
    evaluate,
};

/// Ports on which CUCM, IM and Presence and Unity serve HTTPS (B16).
const PORTS: [u16; 4] = [443, 6971, 6972, 8443];

/// A certificate that a server presented, with port and frame.
#[derive(Clone, Copy)]
struct Shown<'f, 'a> {
    port: u16,
    frame: u64,
    certificate: &'f CertificateFacts<'a>,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(facts.captures.iter().flat_map(|capture| of_capture(facts, capture)).collect())
}

fn of_capture(facts: &Facts<'_>, capture: &CaptureFacts<'_>) -> Vec<Found> {
    let mut hosts: BTreeMap<IpAddr, Vec<Shown<'_, '_>>> = BTreeMap::new();
    for flow in &capture.content.capture.flows {
        let port = flow.server.port();
        let Some(tls) = flow.tls.as_deref().filter(|_| PORTS.contains(&port)) else { continue };
        let Some(own) = tls.server_certificates.iter().find(|one| one.depth == 0) else { continue };
        let Some(certificate) = facts.certificates.get(&own.sha256) else { continue };
        let known = hosts.entry(flow.server.ip()).or_default();
        let sha256 = own.sha256;
        let same = |one: &Shown<'_, '_>| {
            one.port == port && one.certificate.certificate.digests.sha256 == sha256
        };
        // A server has a handful of certificates; more is no server of this kind.
        if known.len() < MOST && !known.iter().any(same) {
            known.push(Shown { port, frame: own.at.frame, certificate });
        }
    }
    let is_own = |one: &&Shown<'_, '_>| one.certificate.certificate.self_issued();
    let mut found = Vec::new();
    for (host, shown) in hosts {
        let Some(signed) = shown.iter().find(|one| !is_own(one)) else { continue };
        for own in shown.iter().filter(is_own) {
            let at = |frame: u64| Evidence {
                input: capture.input,
                frame: Some(frame),
                ..Evidence::default()
            };
            let key = |one: &Shown<'_, '_>| {
                if origins::is_ec(one.certificate) { "ECDSA" } else { "RSA" }
            };
            let arguments = Arguments::new()
                .text("host", host.to_string())
                .text("port", own.port.to_string())
                .text("name", own.certificate.label())
                .text("key", key(own))
                .number("frame", own.frame)
                .text("other-port", signed.port.to_string())
                .text("other-name", signed.certificate.label())
                .text("other-key", key(signed))
                .text("issuer", signed.certificate.certificate.issuer.to_string())
                .number("other-frame", signed.frame);
            let evidence = vec![at(own.frame), at(signed.frame)];
            found.push(Found::at_all(Severity::Warning, evidence, arguments));
        }
    }
    found
}

/// Different certificates of one server that are looked at.
const MOST: usize = 16;
