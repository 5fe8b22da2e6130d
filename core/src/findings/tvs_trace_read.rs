//! What a trace of TVS holds as a whole: sessions with their ciphers, questions, answers (A59 to A62, E27 to E30).

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::text::What;
use crate::text::tvs_log::TvsSaid;

pub(super) const CHECK: Check = Check {
    code: "tvs_trace_read",
    severity: Severity::Info,
    refs: &["A59", "A60", "A64", "E27", "E28", "E30"],
    evaluate,
};

/// Clients that are told.
const ROWS: usize = 30;

/// What one client did.
#[derive(Default)]
struct Client {
    asked: usize,
    bytes: Vec<u32>,
    evidence: Vec<Evidence>,
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut clients: BTreeMap<&str, Client> = BTreeMap::new();
    let mut ciphers: BTreeSet<&str> = BTreeSet::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    let (mut answered, mut sessions, mut reloaded, mut any) = (0_usize, 0_usize, 0_usize, false);
    for text in &facts.texts {
        for event in &text.text.events {
            let What::Tvs(said) = &event.what else { continue };
            any = true;
            let place =
                Evidence { input: text.input, line: Some(event.line), ..Evidence::default() };
            match said {
                TvsSaid::Asked(question) => {
                    let name = question.device.as_deref().or(question.address.as_deref());
                    let client = clients.entry(name.unwrap_or("a phone")).or_default();
                    client.asked += 1;
                    if client.evidence.is_empty() {
                        client.evidence.push(place);
                    }
                    if client.bytes.len() < ROWS {
                        client.bytes.extend(question.length);
                    }
                }
                TvsSaid::Answered(_) => answered += 1,
                TvsSaid::Session { cipher, .. } => {
                    sessions += 1;
                    if ciphers.insert(cipher) {
                        evidence.push(place);
                    }
                }
                TvsSaid::Sessions { .. } => {}
                TvsSaid::ListReloaded => {
                    reloaded += 1;
                    evidence.push(place);
                }
            }
        }
    }
    if !any {
        return Outcome::NotApplicable;
    }
    let asked: usize = clients.values().map(|client| client.asked).sum();
    let more = clients.len().saturating_sub(ROWS);
    let mut rows = Vec::new();
    for (name, client) in clients.into_iter().take(ROWS) {
        evidence.extend(client.evidence);
        let bytes: Vec<String> = client.bytes.iter().map(ToString::to_string).collect();
        let arguments = Arguments::new()
            .text("client", name)
            .number("asked", client.asked)
            .text("bytes", if bytes.is_empty() { "none".to_owned() } else { bytes.join(", ") });
        rows.push(("tvs-trace-row", arguments));
    }
    if evidence.is_empty() {
        return Outcome::Clear;
    }
    evidence.sort_by_key(|place| (place.input, place.line));
    evidence.dedup();
    evidence.truncate(EVIDENCE);
    let arguments = Arguments::new()
        .number("sessions", sessions)
        .number("asked", asked)
        .number("answered", answered)
        .number("reloaded", reloaded)
        .text("ciphers", Vec::from_iter(ciphers).join(", "))
        .number("more", more)
        .rows("rows", rows);
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}

/// Lines that are shown.
const EVIDENCE: usize = 50;
