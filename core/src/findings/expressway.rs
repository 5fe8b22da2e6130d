//! What the findings about Expressway's logs share.

use crate::evidence::expressway::{Lines, Refusal};
use crate::evidence::facts::{CertificateFacts, Facts};
use crate::findings::{Arguments, Found, Outcome, origins};
use crate::report::model::{Evidence, Severity};
use crate::x509::name_check;

/// Asks about every origin that the logs say was refused. Not applicable without a log.
pub(super) fn each_refusal(facts: &Facts<'_>, ask: impl Fn(&Refusal) -> Option<Found>) -> Outcome {
    if facts.texts.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(facts.expressway.refusals.iter().filter_map(ask).collect())
}

/// How often, when, by whom and for which requests.
pub(super) fn told(lines: &Lines) -> Arguments {
    let time = |at: Option<crate::time::UnixTime>| {
        at.map_or_else(|| "unknown".to_owned(), |at| at.to_string())
    };
    let nodes: Vec<&str> = lines.nodes.iter().map(String::as_str).collect();
    let tracking: Vec<&str> = lines.tracking.iter().map(String::as_str).collect();
    let transactions: Vec<String> = lines.transactions.iter().map(u64::to_string).collect();
    Arguments::new()
        .number("count", lines.count)
        .text("first", time(lines.first))
        .text("last", time(lines.last))
        .number("node-count", nodes.len())
        .text("nodes", some_of(&nodes))
        .text("tracking", if tracking.is_empty() { "none".to_owned() } else { some_of(&tracking) })
        .text(
            "transactions",
            if transactions.is_empty() { "none".to_owned() } else { transactions.join(", ") },
        )
}

fn some_of(words: &[&str]) -> String {
    const SHOWN: usize = 4;
    words.get(..words.len().min(SHOWN)).unwrap_or_default().join(", ")
}

/// What is known of a refused origin, beside [`told`].
pub(super) fn arguments(
    facts: &Facts<'_>,
    refusal: &Refusal,
    seen: Option<&Seen<'_, '_>>,
) -> Arguments {
    let others: Vec<String> = facts
        .expressway
        .answered
        .keys()
        .filter(|(address, port)| {
            Some(address) == refusal.address.as_ref() && Some(*port) != refusal.port
        })
        .map(|(_, port)| port.to_string())
        .collect();
    let certificate = seen.map(|seen| seen.certificate);
    told(&refusal.lines)
        .text("name", refusal.name.as_str())
        .text("server", server(refusal))
        .text("port", refusal.port.map_or_else(|| "unknown".to_owned(), |port| port.to_string()))
        .text("terminated", origins::yes_or_no(refusal.terminated))
        .number("errors", refusal.errors.count)
        .text("answers", if others.is_empty() { "none".to_owned() } else { others.join(", ") })
        .text("shown", certificate.map_or_else(|| "none".to_owned(), CertificateFacts::label))
        .text(
            "issuer",
            certificate.map(|one| one.certificate.issuer.to_string()).unwrap_or_default(),
        )
        .text("names", certificate.map(origins::names_of).unwrap_or_default())
        .text("ec", origins::yes_or_no(certificate.is_some_and(origins::is_ec)))
        .number("frame", seen.and_then(|seen| seen.place.frame).unwrap_or_default())
        .text("file", seen.map(|seen| facts.name(seen.place.input)).unwrap_or_default())
}

/// `cucm.steven.lab (10.48.36.215), port 6972`, as far as it is known.
fn server(refusal: &Refusal) -> String {
    let address = refusal.address.as_deref().filter(|address| *address != refusal.name);
    let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
    let port = refusal.port.map(|port| format!(", port {port}")).unwrap_or_default();
    format!("{}{address}{port}", refusal.name)
}

/// Lines, errors that came of them, and the handshake that a capture shows.
pub(super) fn evidence(refusal: &Refusal, seen: Option<&Seen<'_, '_>>) -> Vec<Evidence> {
    let mut evidence = refusal.lines.evidence.clone();
    evidence.extend(refusal.errors.evidence.iter().cloned());
    evidence.extend(seen.map(|seen| seen.place.clone()));
    evidence
}

/// What was only said ends no connection.
pub(super) fn severity(refusal: &Refusal) -> Severity {
    if refusal.terminated { Severity::Error } else { Severity::Warning }
}

/// A certificate that the refused server shows, by a capture or by the files that were given.
pub(super) struct Seen<'f, 'a> {
    /// The certificate.
    pub(super) certificate: &'f CertificateFacts<'a>,
    /// Where.
    pub(super) place: Evidence,
}

/// The certificate of a refused server: one that a capture shows at its address and port; else, of those given, the
/// only one that fits the name and `fits` the fault.
pub(super) fn seen<'f, 'a>(
    facts: &'f Facts<'a>,
    refusal: &Refusal,
    fits: impl Fn(&CertificateFacts<'a>) -> bool,
) -> Option<Seen<'f, 'a>> {
    let address = refusal.address.as_deref().unwrap_or(&refusal.name).parse().ok();
    let mut shown = None;
    for capture in facts.captures.iter().filter(|_| address.is_some()) {
        for flow in &capture.content.capture.flows {
            let is_port = refusal.port.is_none_or(|port| port == flow.server.port());
            let Some(tls) =
                flow.tls.as_ref().filter(|_| Some(flow.server.ip()) == address && is_port)
            else {
                continue;
            };
            let own = tls.server_certificates.iter().find(|one| one.depth == 0);
            let Some(own) = own else { continue };
            let Some(certificate) = facts.certificates.get(&own.sha256) else { continue };
            let frame = Some(own.at.frame);
            if fits(certificate) {
                let place = Evidence { input: capture.input, frame, ..Evidence::default() };
                shown.get_or_insert(Seen { certificate, place });
            }
        }
    }
    if shown.is_some() {
        return shown;
    }
    let mut given = facts.origins.list.iter().filter_map(|origin| {
        let certificate = facts.certificates.get(&origin.sha256)?;
        let host = facts.host_of(&origin.sha256);
        let check = name_check::side_by_side(certificate.certificate, &refusal.name);
        let is_named = host.eq_ignore_ascii_case(&refusal.name) || origins::accepted(&check);
        (is_named && fits(certificate)).then_some(certificate)
    });
    let (certificate, None) = (given.next()?, given.next()) else { return None };
    let first = certificate.evidence().into_iter().next()?;
    Some(Seen { certificate, place: first })
}
