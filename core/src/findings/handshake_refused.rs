//! A TLS handshake that one side refused by an alert about the other's certificate: who, whom, which (B39, B40, B56).

use crate::evidence::facts::{CertificateFacts, Facts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::proto::Side;
use crate::proto::tls::{AlertContent, CertificateSeen};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "handshake_refused",
    severity: Severity::Error,
    refs: &["B39", "B40", "B56"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.captures.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for capture in &facts.captures {
        for flow in &capture.content.capture.flows {
            let Some(tls) = &flow.tls else { continue };
            let Some((alert, case)) = tls.alerts.iter().find_map(|alert| match alert.content {
                AlertContent::Plain { description, .. } if alert.is_fatal() => {
                    Some((alert, case(description)?))
                }
                _ => None,
            }) else {
                continue;
            };
            let (from, shown) = match alert.from {
                Side::Client => ("client", &tls.server_certificates),
                Side::Server => ("server", &tls.client_certificates),
            };
            let own: Option<&CertificateSeen> = shown.iter().find(|one| one.depth == 0);
            // internal_error has other causes too: only after a certificate does it mean the certificate.
            if own.is_none() && case == "internal_error" {
                continue;
            }
            let certificate = own.and_then(|own| facts.certificates.get(&own.sha256));
            let mut evidence = vec![at(capture.input, alert.at.frame)];
            evidence.extend(own.map(|own| at(capture.input, own.at.frame)));
            let issuer = certificate.map(|one| one.certificate.issuer.to_string());
            let arguments = Arguments::new()
                .text("from", from)
                .text("client", flow.client.to_string())
                .text("server", flow.server.to_string())
                .text("description", alert.description().unwrap_or_default())
                .text("case", case)
                .number("frame", alert.at.frame)
                .text(
                    "shown",
                    certificate.map_or_else(|| "none".to_owned(), CertificateFacts::label),
                )
                .text("issuer", issuer.unwrap_or_default())
                .number("certificate-frame", own.map_or(0, |own| own.at.frame))
                .text("sni", sni(tls).unwrap_or("none"));
            found.push(Found::at_all(Severity::Error, evidence, arguments));
        }
    }
    Outcome::of(found)
}

fn sni(tls: &crate::proto::tls::Summary) -> Option<&str> {
    tls.client_hello.as_ref()?.server_name.as_deref()
}

/// What an alert says about a certificate (RFC 5246 section 7.2.2); `None` for alerts about something else.
fn case(description: u8) -> Option<&'static str> {
    Some(match description {
        42..=44 | 46 => "other",
        45 => "expired",
        48 => "unknown_ca",
        80 => "internal_error",
        _ => return None,
    })
}

fn at(input: u32, frame: u64) -> Evidence {
    Evidence { input, frame: Some(frame), ..Evidence::default() }
}
